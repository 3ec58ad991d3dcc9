/** Sending the text for approval: which bodies, by when; it freezes the text first, and says so. */
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { useBodies } from "../api/people";
import { fieldSentence, sentenceOf } from "../api/problems";
import { formatDateTime } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Checkbox, Select } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { type Approval, useOpenRound } from "./data";
import { ScopeField } from "./ScopeField";

interface RoundDialogProps {
  act: Act;
  kind: "approval" | "legal";
  approval: Approval;
  onClose: () => void;
}

export function RoundDialog({ act, kind, approval, onClose }: RoundDialogProps) {
  const { t } = useTranslation();
  const open = useOpenRound(act.id);
  const form = useId();
  const [asked, setAsked] = useState<readonly Asked[]>(() => usuallyAsked(act, kind, approval));
  const [deadline, setDeadline] = useState("");
  const [note, setNote] = useState("");
  const chosen = asked.filter((each) => each.isAsked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate(
      {
        kind,
        deadline,
        note: note.trim(),
        requests: chosen.map(({ body, scope }) => ({ body, scope: [...scope] })),
        invited: chosen.map(({ body }) => body).filter((body) => !takesPart(act, body)),
      },
      {
        onSuccess: (round) => {
          showToast(t("approval.sent", { round: round.number, number: round.revision, hash: round.revision_hash.slice(0, 12) }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={t(`approval.steps.${kind === "legal" ? "open_legal" : "open_round"}`)}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onPress={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" icon="send" type="submit" form={form} isPending={open.isPending} isDisabled={chosen.length === 0}>
            {t("approval.send")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="z-stack">
        <p>{t(kind === "legal" ? "approval.sendLegalText" : "approval.sendText")}</p>
        <Refused error={open.error} />
        <ToWhom act={act} kind={kind} asked={asked} onChange={setAsked} />
        <DeadlineChoice classes={approval.labels.deadlines[kind] ?? []} value={deadline} onChange={setDeadline} />
        <TextField label={t("approval.note")} value={note} onChange={setNote} maxLength={2000} multiline />
      </form>
    </Dialog>
  );
}

/** A body that may be asked. */
interface Asked {
  readonly body: string;
  readonly isAsked: boolean;
  readonly scope: readonly string[];
}

function Refused({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Banner tone="bad" live>
      {fieldSentence(error, "requests") ?? fieldSentence(error, "class") ?? sentenceOf(error)}
    </Banner>
  );
}

interface ToWhomProps {
  act: Act;
  kind: "approval" | "legal";
  asked: readonly Asked[];
  onChange: (asked: readonly Asked[]) => void;
}

function ToWhom({ act, kind, asked, onChange }: ToWhomProps) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const put = (body: string, change: Partial<Asked>) => onChange(asked.map((each) => (each.body === body ? { ...each, ...change } : each)));
  const others = bodies.all.filter(({ code }) => code !== act.lead_body && !asked.some(({ body }) => body === code));
  return (
    <fieldset className="z-choices">
      <legend>{t("approval.toWhom")}</legend>
      {asked.length === 0 && <Banner tone="warn">{t("approval.noBodies")}</Banner>}
      {asked.map(({ body, isAsked, scope }) => (
        <div key={body}>
          <Checkbox isSelected={isAsked} onChange={(is) => put(body, { isAsked: is })}>
            {bodies.nameOf(body)}
            {!takesPart(act, body) && <span className="z-quiet z-small"> {t("approval.willBeInvited")}</span>}
          </Checkbox>
          {isAsked && kind === "approval" && (
            <ScopeField act={act.id} body={bodies.shortOf(body)} scope={scope} onChange={(next) => put(body, { scope: next })} />
          )}
        </div>
      ))}
      {kind === "approval" && others.length > 0 && (
        <Select
          label={t("approval.anotherBody")}
          value=""
          options={[{ id: "", label: t("approval.chooseBody") }, ...others.map(({ code }) => ({ id: code, label: bodies.nameOf(code) }))]}
          onChange={(body) => body && onChange([...asked, { body, isAsked: true, scope: [] }])}
        />
      )}
    </fieldset>
  );
}

interface DeadlineChoiceProps {
  classes: Approval["labels"]["deadlines"][string];
  value: string;
  onChange: (id: string) => void;
}

function DeadlineChoice({ classes, value, onChange }: DeadlineChoiceProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={t("approval.deadline")}
      value={value}
      options={[
        { id: "", label: t("approval.usualDeadline") },
        ...classes.map(({ id, label, due_at: due }) => ({ id, label: t("approval.deadlineUntil", { label, due: formatDateTime(due) }) })),
      ]}
      onChange={onChange}
    />
  );
}

/**
 * Who is asked: those whom the procedure names, and the interested bodies. In a later round only those are marked whose position is
 * missing, stale or a refusal; a body that gives the legal expertise is asked for that, and offered here unmarked.
 */
function usuallyAsked(act: Act, kind: "approval" | "legal", approval: Approval): Asked[] {
  const rows = approval.bodies.filter((row) => row.kind === kind);
  const mandatory = rows.filter((row) => row.mandatory).map((row) => row.body);
  const interested =
    kind === "legal" ? [] : act.bodies.filter(({ part }) => part === "interested" || part === "co_developer").map(({ body }) => body);
  const legal = approval.bodies.filter((row) => row.kind === "legal").map((row) => row.body);
  return [...new Set([...mandatory, ...interested])].map((body) => {
    const row = rows.find((each) => each.body === body);
    const isSettled = row?.position?.counts && row.validity?.state !== "stale";
    const isElsewhere = kind === "approval" && legal.includes(body) && !mandatory.includes(body);
    return { body, isAsked: kind === "legal" || !(isSettled || isElsewhere), scope: row?.request?.scope ?? [] };
  });
}

function takesPart(act: Act, body: string): boolean {
  return act.bodies.some((each) => each.body === body);
}
