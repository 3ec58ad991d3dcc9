/** Sending a formal remark of one's body: what it says, what should stand there, and the one sentence about what cannot be undone. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/session.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/Field.tsx";
import { Banner } from "../ui/Pieces.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { useComments, useNames } from "./use.ts";

interface RemarkDialogProps {
  readonly of: { readonly comment: string } | { readonly suggestion: string };
  readonly words: string;
  readonly onClose: () => void;
}

export function RemarkDialog({ of, words, onClose }: RemarkDialogProps) {
  const { t } = useTranslation();
  const { body } = useMe();
  const names = useNames();
  const store = useComments();
  const [text, setText] = useState(words);
  const [proposed, setProposed] = useState("");
  const [isPending, setPending] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const isReady = text.trim() !== "" || "suggestion" in of;
  const send = async () => {
    setPending(true);
    const reason = (await store?.remark(of, { text: text.trim(), proposed: proposed.trim() })) ?? null;
    setPending(false);
    setFailed(reason);
    if (reason !== null) return;
    showToast(t("comments.remark.sent"));
    onClose();
  };
  return (
    <Dialog
      role="alertdialog"
      title={t("comments.remark.title", { body: names.body(body) })}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t("comments.cancel")}</Button>
          <Button look="primary" icon="stamp" isPending={isPending} isDisabled={!isReady} onPress={() => void send()}>
            {t("comments.remark.send")}
          </Button>
        </>
      }
    >
      <Banner tone="warn">{t("comments.remark.consequence")}</Banner>
      <TextField multiline label={t("comments.remark.text")} value={text} onChange={setText} maxLength={10_000} />
      {"comment" in of && (
        <TextField
          multiline
          label={t("comments.remark.proposed")}
          help={t("comments.remark.proposedHelp")}
          value={proposed}
          onChange={setProposed}
          maxLength={10_000}
        />
      )}
      {failed !== null && (
        <Banner tone="bad" live>
          {failed}
        </Banner>
      )}
    </Dialog>
  );
}
