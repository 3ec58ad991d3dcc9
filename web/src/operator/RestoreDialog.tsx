import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../api/problems";
import { TextField } from "../ui/Field";
import { showToast } from "../ui/Toasts";
import { Ask } from "./Ask";
import { type Document, useRestore } from "./data";

/** Which change the document is to read as after. */
export function RestoreDialog({ document, onClose }: { document: Document; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const restore = useRestore();
  const seq = /^\d+$/.test(text.trim()) ? Number(text) : 0;
  const isPlace = seq >= 1 && seq <= document.last_seq;
  return (
    <Ask
      title={t("operator.documents.restoreTitle")}
      isOpen
      answer={t("operator.documents.restore")}
      isPending={restore.isPending}
      isDisabled={!isPlace}
      onClose={onClose}
      onAnswer={() =>
        restore.mutate(
          { document: document.document, seq },
          {
            onSuccess: ({ changed }) => {
              showToast(t(changed ? "operator.documents.restored" : "operator.documents.same"));
              onClose();
            },
            onError: (failure) => showToast(sentenceOf(failure), "bad"),
          },
        )
      }
    >
      <p>{t("operator.documents.restoreText", { name: document.document })}</p>
      <TextField
        label={t("operator.documents.seq")}
        help={t("operator.documents.seqHelp", { last: document.last_seq })}
        value={text}
        onChange={setText}
        autoFocus
      />
    </Ask>
  );
}
