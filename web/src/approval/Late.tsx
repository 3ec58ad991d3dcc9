/** What a body sends after its deadline: kept beside the silence that holds, and answered like everything else. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import { sentenceOf } from "../api/problems";
import { formatDateTime } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner, Chip } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { type Approval, type BodyRow, OUTCOME_LOOKS, type Stated, useAddLate } from "./data";
import { useNameOf } from "./people";

const CHOICES = ["AGREED", "AGREED_WITH_REMARKS", "REFUSED", "NOT_COMPETENT"] as const satisfies readonly Stated[];

export function LatePapers({ late }: { late: BodyRow["late"] }) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  if (late.length === 0) return null;
  return (
    <ul className="z-late">
      {late.map((paper) => (
        <li key={paper.id}>
          <span className="z-small z-quiet">
            {t("approval.late.came", { at: formatDateTime(paper.at), name: nameOf(paper.signatory) })}
          </span>
          <Chip {...OUTCOME_LOOKS[paper.outcome]}>{paper.label}</Chip>
          <p className="z-small z-wide-line">{paper.note}</p>
        </li>
      ))}
    </ul>
  );
}

export function AddLate({ round, body, labels }: { round: number; body: string; labels: Approval["labels"] }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button small icon="plus" onPress={() => setOpen(true)}>
        {t("approval.late.add")}
      </Button>
      {isOpen && <LateDialog round={round} body={body} labels={labels} onClose={() => setOpen(false)} />}
    </>
  );
}

interface LateDialogProps {
  round: number;
  body: string;
  labels: Approval["labels"];
  onClose: () => void;
}

function LateDialog({ round, body, labels, onClose }: LateDialogProps) {
  const { t } = useTranslation();
  const { act } = useActView();
  const add = useAddLate(act.id, round);
  const [outcome, setOutcome] = useState<Stated>("AGREED_WITH_REMARKS");
  const [note, setNote] = useState("");
  const send = () =>
    add.mutate(
      { body, outcome, note: note.trim() },
      {
        onSuccess: () => {
          showToast(t("approval.late.added"));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={t("approval.late.add")}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onPress={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" icon="send" onPress={send} isPending={add.isPending} isDisabled={note.trim() === ""}>
            {t("approval.late.send")}
          </Button>
        </>
      }
    >
      <div className="z-stack">
        <Banner tone="info">{t("approval.late.text")}</Banner>
        {add.error && <Banner tone="bad">{sentenceOf(add.error)}</Banner>}
        <Select
          label={t("approval.choose")}
          value={outcome}
          options={CHOICES.map((id) => ({ id, label: labels.outcomes[id] ?? id }))}
          onChange={setOutcome}
        />
        <TextField label={t("approval.late.what")} value={note} onChange={setNote} maxLength={8000} multiline isRequired />
      </div>
    </Dialog>
  );
}
