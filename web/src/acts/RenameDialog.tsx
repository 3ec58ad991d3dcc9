import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Act, useRenameAct } from "../api/acts";
import { fieldSentence, formSentence } from "../api/problems";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";

export function RenameDialog({ act, isOpen, onClose }: { act: Act; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const rename = useRenameAct(act.id);
  const [title, setTitle] = useState<string | null>(null);
  const form = useId();
  const close = () => {
    setTitle(null);
    rename.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(title ?? act.title, {
      onSuccess: () => {
        showToast(t("acts.page.renamed"));
        close();
      },
    });
  };
  const problem = formSentence(rename.error, ["title"]);
  return (
    <Dialog
      title={t("acts.page.rename")}
      isOpen={isOpen}
      onClose={close}
      foot={
        <>
          <Button look="quiet" onPress={close}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" type="submit" form={form} isPending={rename.isPending}>
            {t("ui.save")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="z-stack">
        {problem && <Banner tone="bad">{problem}</Banner>}
        <TextField
          label={t("acts.new.name")}
          value={title ?? act.title}
          onChange={setTitle}
          maxLength={2000}
          multiline
          autoFocus
          error={fieldSentence(rename.error, "title")}
        />
      </form>
    </Dialog>
  );
}
