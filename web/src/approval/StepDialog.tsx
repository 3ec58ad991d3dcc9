/** A step of the procedure that can't be taken back: one sentence about what follows, naming the revision and its fingerprint. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { sentenceOf } from "../api/problems";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { type Approval, type Step, useAdvance, useSeal } from "./data";

interface StepDialogProps {
  act: Act;
  step: Step;
  approval: Approval;
  onClose: () => void;
}

export function StepDialog({ act, step, approval, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const advance = useAdvance(act.id);
  const seal = useSeal(act.id);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const isSeal = step.verb === "seal";
  const isTyped = !isSeal || typed.trim() === String(approval.revision);
  const needsReason = step.missing.some(({ need }) => need === "reason");
  const revision = approval.revision ?? 0;
  const run = () => {
    const done = { onSuccess: onClose };
    if (step.verb === "seal") seal.mutate({ revision, revision_hash: approval.revision_hash }, done);
    else advance.mutate({ verb: step.verb, reason: reason.trim(), revision: approval.revision }, done);
  };
  const error = advance.error ?? seal.error;
  return (
    <Dialog
      title={t(`approval.steps.${step.verb}`)}
      isOpen
      onClose={onClose}
      role="alertdialog"
      foot={
        <>
          <Button look="quiet" onPress={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button
            look={step.verb === "withdraw" || isSeal ? "danger" : "primary"}
            onPress={run}
            isPending={advance.isPending || seal.isPending}
            isDisabled={(needsReason && reason.trim() === "") || !isTyped}
          >
            {t(`approval.steps.${step.verb}`)}
          </Button>
        </>
      }
    >
      <div className="z-stack">
        <p>
          {t(`approval.consequences.${step.verb}`, { defaultValue: "" })}{" "}
          {revision > 0 && t("approval.onWhich", { number: revision, hash: approval.revision_hash.slice(0, 12) })}
        </p>
        {error && (
          <Banner tone="bad" live>
            {sentenceOf(error)}
          </Banner>
        )}
        {isSeal && (
          <>
            <Banner tone="warn" icon="lock">
              {t("approval.sealWarning")}
            </Banner>
            <TextField
              label={t("approval.sealType", { number: revision })}
              value={typed}
              onChange={setTyped}
              maxLength={10}
              autoComplete="off"
              isRequired
              autoFocus
            />
          </>
        )}
        {needsReason && (
          <TextField label={t("approval.reason")} value={reason} onChange={setReason} maxLength={2000} multiline isRequired autoFocus />
        )}
      </div>
    </Dialog>
  );
}
