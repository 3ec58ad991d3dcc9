/** The number of one unit, written by hand, by place, or none. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/Field.tsx";
import { setLabel } from "./commands.ts";
import type { EditorHandle } from "./editor.ts";
import { afterOverlay } from "./hooks.ts";
import { AUTO } from "./numbering.ts";

export function LabelDialog({ editor, bid, onClose }: { editor: EditorHandle; bid: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(editor.snapshot().facts.numbering.labels.get(bid) ?? "");
  const apply = (label: string) => {
    onClose();
    afterOverlay(() => {
      editor.run(setLabel(bid, label));
      editor.focus();
    });
  };
  const foot = (
    <>
      <Button look="quiet" onPress={() => apply("")}>
        {t("editor.label.none")}
      </Button>
      <Button onPress={() => apply(AUTO)}>{t("editor.label.auto")}</Button>
      <Button look="primary" type="submit" onPress={() => apply(value)}>
        {t("editor.label.save")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("editor.label.title")} isOpen onClose={onClose} foot={foot}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply(value);
        }}
      >
        <TextField label={t("editor.label.value")} value={value} onChange={setValue} help={t("editor.label.help")} autoFocus />
      </form>
    </Dialog>
  );
}
