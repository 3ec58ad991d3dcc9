/** What this person may do next with the act as a whole; a step that waits for something says for what. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import type { Act } from "../api/acts";
import { Button } from "../ui/Button";
import type { Approval, Step } from "./data";
import { RoundDialog } from "./RoundDialog";
import { StepDialog } from "./StepDialog";

const ROUNDS = { open_round: "approval", open_legal: "legal" } as const;
/** What the server does by itself, and visas, which have their own place. */
const NO_BUTTONS: readonly Step["verb"][] = ["close_round", "close_legal", "close_legal_remarks", "start_visas"];
/** Ways out of the usual procedure: they stand last and look so. */
const RARE: readonly Step["verb"][] = ["declare_emergency", "withdraw", "return", "rework"];

export function Steps({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const [step, setStep] = useState<Step | null>(null);
  const steps = approval.steps.filter(({ verb }) => !NO_BUTTONS.includes(verb));
  if (steps.length === 0) return null;
  const kind = step && step.verb in ROUNDS ? ROUNDS[step.verb as keyof typeof ROUNDS] : null;
  const usual = steps.filter(({ verb }) => !RARE.includes(verb));
  const ready = usual.find((each) => blocking(each, act).length === 0);
  const inOrder = [...usual, ...steps.filter(({ verb }) => RARE.includes(verb))];
  return (
    <section aria-label={t("approval.next")}>
      <h3>{t("approval.next")}</h3>
      <ul className="z-steps">
        {inOrder.map((each) => (
          <li key={each.verb}>
            <Button
              small
              look={each === ready ? "primary" : RARE.includes(each.verb) ? "quiet" : "plain"}
              isDisabled={blocking(each, act).length > 0}
              onPress={() => setStep(each)}
            >
              {t(`approval.steps.${each.verb}`)}
            </Button>
            {blocking(each, act).map(({ why }) => (
              <span key={why} className="z-quiet z-small">
                {why}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {kind && <RoundDialog act={act} kind={kind} approval={approval} onClose={() => setStep(null)} />}
      {step && !kind && <StepDialog act={act} step={step} approval={approval} onClose={() => setStep(null)} />}
    </section>
  );
}

/** What a step waits for that its dialog does not bring: a reason is asked for there, and a round freezes the text with its papers. */
function blocking(step: Step, act: Act) {
  const hasNote = act.documents.some((document) => document.part === "note");
  const solved = ["reason", ...(step.verb in ROUNDS ? ["revision", "current_revision", ...(hasNote ? ["papers"] : [])] : [])];
  return step.missing.filter(({ need }) => !solved.includes(need));
}
