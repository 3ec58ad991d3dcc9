/** The five steps of a position, for one thumb: what is asked, the difference, remarks, the choice, the confirmation. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Button, LinkButton } from "../ui/Button";
import { RadioGroup } from "../ui/Choice";
import { TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { Asked } from "./Asked";
import { Changes } from "./Changes";
import { type Approval, type Difference, type Stated, useStatePosition } from "./data";
import { type Draft, useDraft } from "./draft";
import { newRemark, Remarks } from "./Remarks";
import { Trouble } from "./Trouble";

const STEPS = ["asked", "difference", "remarks", "choice", "confirm"] as const;
const CHOICES = ["AGREED", "AGREED_WITH_REMARKS", "REFUSED", "NOT_COMPETENT"] as const satisfies readonly Stated[];
/** Outcomes that say why. */
const WITH_REMARKS: readonly Stated[] = ["AGREED_WITH_REMARKS", "REFUSED"];

interface StatingProps {
  act: { id: string; title: string };
  round: number;
  approval: Approval;
  difference: Difference;
}

export function Stating({ act, round, approval, difference }: StatingProps) {
  const { t } = useTranslation();
  const { at, go, heading } = useSteps();
  const kept = useDraft(act.id);
  const { draft, put } = kept;
  const [read] = useState(difference); // the position is about what was shown, whatever comes meanwhile
  const position = usePosition(act.id, round, read, draft, kept.drop);
  const step = STEPS[at] ?? "asked";
  const isReady = step !== "choice" || isSaid(draft);
  return (
    <main id="main" tabIndex={-1} className="z-position">
      <header>
        <LinkButton look="quiet" icon="left" href={`/acts/${act.id}?panel=approval`}>
          {t("compare.back")}
        </LinkButton>
        <p className="z-quiet z-small" role="status">
          {t("approval.stepOf", { at: at + 1, of: STEPS.length })}
        </p>
        <progress max={STEPS.length} value={at + 1} aria-hidden="true" />
        <h1 ref={heading} tabIndex={-1}>
          {t(`approval.flow.${step}`)}
        </h1>
      </header>
      <div className="z-position-body">
        <Trouble act={act.id} round={round} approval={approval} read={read} error={position.error} />
        {kept.wasKept && !kept.isEmpty && at === 0 && <Banner tone="info">{t("approval.draftKept")}</Banner>}
        {step === "asked" && <Asked act={act} round={round} approval={approval} difference={read} />}
        {step === "difference" && <Changes act={act.id} difference={read} />}
        {step === "remarks" && (
          <Remarks act={act.id} remarks={draft.remarks} places={read.changes} onChange={(remarks) => put({ remarks })} />
        )}
        {step === "choice" && <Choice act={act.id} round={round} approval={approval} difference={read} draft={draft} put={put} />}
        {step === "confirm" && <Confirm approval={approval} difference={read} draft={draft} />}
      </div>
      <footer className="z-position-foot">
        {at > 0 && (
          <Button onPress={() => go(at - 1)} icon="left">
            {t("approval.backStep")}
          </Button>
        )}
        {step === "confirm" ? (
          <Button look="primary" icon="stamp" onPress={position.send} isPending={position.isPending}>
            {t("approval.stateNow")}
          </Button>
        ) : (
          <Button look="primary" onPress={() => go(at + 1)} isDisabled={!isReady}>
            {t("approval.forward")}
          </Button>
        )}
      </footer>
    </main>
  );
}

/** Which step is in sight; a new one begins at its heading, for the eye and for a reader of the screen. */
function useSteps() {
  const [at, setAt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the step changes
  useEffect(() => {
    if (!isFirst.current) {
      heading.current?.focus();
      window.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [at]);
  return { at, go: setAt, heading };
}

function usePosition(act: string, round: number, read: Difference, draft: Draft, drop: () => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const state = useStatePosition(act, round);
  const { outcome, note } = draft;
  const send = () =>
    outcome &&
    state.mutate(
      {
        body: read.body,
        outcome,
        revision_hash: read.to_hash,
        note: note.trim(),
        remarks: saidIn(draft).map(({ text, proposed, bid, part }) => ({ text, proposed, bid, part })),
      },
      {
        onSuccess: () => {
          drop();
          showToast(t("approval.stated"));
          void navigate(`/acts/${act}?panel=approval`);
        },
      },
    );
  return { send, error: state.error, isPending: state.isPending };
}

/** The remarks that go with the chosen position: those with words, where the position has any. */
function saidIn({ outcome, remarks }: Draft) {
  return outcome !== null && WITH_REMARKS.includes(outcome) ? remarks.filter(({ text }) => text.trim() !== "") : [];
}

function isSaid(draft: Draft): boolean {
  return draft.outcome !== null && (!WITH_REMARKS.includes(draft.outcome) || saidIn(draft).length > 0);
}

interface ChoiceProps {
  act: string;
  round: number;
  approval: Approval;
  difference: Difference;
  draft: Draft;
  put: (change: Partial<Draft>) => void;
}

function Choice({ act, round, approval, difference, draft, put }: ChoiceProps) {
  const { t } = useTranslation();
  const { outcome, remarks, note } = draft;
  const isLegal = approval.bodies.some((row) => row.kind === "legal" && row.request?.round === round);
  const needsRemarks = outcome !== null && WITH_REMARKS.includes(outcome);
  const hasSpare = !needsRemarks && remarks.some(({ text }) => text.trim() !== "");
  const choose = (chosen: Stated) =>
    put({ outcome: chosen, ...(WITH_REMARKS.includes(chosen) && remarks.length === 0 && { remarks: [newRemark()] }) });
  return (
    <>
      <RadioGroup
        look="cards"
        label={t("approval.choose")}
        value={outcome ?? ("" as Stated)}
        options={CHOICES.filter((id) => !isLegal || id !== "NOT_COMPETENT").map((id) => ({
          id,
          label: approval.labels.outcomes[id] ?? id,
          help: t(`approval.means.${id}`),
        }))}
        onChange={choose}
      />
      {outcome !== null && hasSpare && <Banner tone="warn">{t("approval.remarksStay")}</Banner>}
      {needsRemarks && !isSaid(draft) && <Banner tone="warn">{t("approval.sayWhy")}</Banner>}
      {needsRemarks && <Remarks act={act} remarks={remarks} places={difference.changes} onChange={(next) => put({ remarks: next })} />}
      <TextField label={t("approval.covering")} value={note} onChange={(next) => put({ note: next })} maxLength={8000} multiline />
    </>
  );
}

function Confirm({ approval, difference, draft }: { approval: Approval; difference: Difference; draft: Draft }) {
  const { t } = useTranslation();
  if (draft.outcome === null) return null;
  const said = saidIn(draft);
  return (
    <div className="z-stack">
      <p className="z-position-final">
        {t("approval.confirm", {
          outcome: approval.labels.outcomes[draft.outcome] ?? draft.outcome,
          number: difference.to,
          hash: difference.to_hash.slice(0, 12),
          count: said.length,
        })}
      </p>
      {said.length > 0 && (
        <ol className="z-final-remarks">
          {said.map((remark) => (
            <li key={remark.key}>{remark.text}</li>
          ))}
        </ol>
      )}
      {draft.note.trim() !== "" && <p className="z-quiet">{draft.note}</p>}
    </div>
  );
}
