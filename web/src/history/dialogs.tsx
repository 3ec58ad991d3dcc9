import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { sentenceOf } from "../api/problems";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { type Entry, useFreeze, useRestore } from "./data";

/** Freezing can't be undone: one sentence says so. */
export function FreezeDialog({ act, isOpen, onClose }: { act: Act; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const freeze = useFreeze(act.id);
  const [note, setNote] = useState("");
  const form = useId();
  const close = () => {
    setNote("");
    freeze.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    freeze.mutate(note.trim(), {
      onSuccess: ({ number, hash }) => {
        showToast(t("history.frozen", { number, hash: hash.slice(0, 12) }));
        close();
      },
    });
  };
  return (
    <Dialog
      title={t("history.freeze")}
      isOpen={isOpen}
      onClose={close}
      foot={
        <>
          <Button look="quiet" onPress={close}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" type="submit" form={form} isPending={freeze.isPending}>
            {t("history.freezeNow")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="z-stack">
        <p>{t("history.freezeText")}</p>
        {freeze.error && <Banner tone="bad">{sentenceOf(freeze.error)}</Banner>}
        <TextField
          label={t("history.note")}
          help={t("history.noteHelp")}
          value={note}
          onChange={setNote}
          maxLength={2000}
          multiline
          autoFocus
        />
      </form>
    </Dialog>
  );
}

/** Restoring is an edit like any other: it can be undone by restoring what was there before. */
export function RestoreDialog({ act, entry, onClose }: { act: Act; entry: Entry | null; onClose: () => void }) {
  const { t } = useTranslation();
  const restore = useRestore(act.id);
  const number = entry?.number ?? 0;
  const close = () => {
    restore.reset();
    onClose();
  };
  const run = () =>
    restore.mutate(number, {
      onSuccess: () => {
        showToast(t("history.restored", { number }));
        close();
      },
    });
  return (
    <Dialog
      title={t("history.restoreOf", { number })}
      isOpen={entry !== null}
      onClose={close}
      role="alertdialog"
      foot={
        <>
          <Button look="quiet" onPress={close}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" onPress={run} isPending={restore.isPending}>
            {t("history.restore")}
          </Button>
        </>
      }
    >
      <div className="z-stack">
        {restore.error && <Banner tone="bad">{sentenceOf(restore.error)}</Banner>}
        <p>{t("history.restoreText", { number })}</p>
      </div>
    </Dialog>
  );
}
