/** Chooses the provision a reference points at and how it is worded; shows the words as they will stand. */

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { RadioGroup, Select } from "../ui/Choice.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/Field.tsx";
import { insertReference } from "./commands.ts";
import type { EditorHandle } from "./editor.ts";
import { afterOverlay } from "./hooks.ts";
import { listTargets } from "./targets.ts";

const CASES = ["nominative", "genitive", "dative", "accusative", "instrumental", "locative"] as const;
const SHOWN = 40;

export function ReferenceDialog({ editor, onClose }: { editor: EditorHandle; onClose: () => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [target, setTarget] = useState("");
  const [form, setForm] = useState<(typeof CASES)[number]>("nominative");
  const [extent, setExtent] = useState<"whole" | "number">("whole");
  const { facts, unit } = editor.snapshot();
  const targets = useMemo(() => listTargets(editor.view.state.doc, facts), [editor, facts]);
  const found = targets.filter((one) => one.search.includes(search.trim().toLowerCase())).slice(0, SHOWN);
  const words = extent === "number" ? `${form} number` : form;
  const insert = () => {
    onClose();
    afterOverlay(() => {
      editor.run(insertReference(target, words));
      editor.focus();
    });
  };
  return (
    <Dialog
      title={t("editor.cite.title")}
      size="wide"
      isOpen
      onClose={onClose}
      foot={
        <Button look="primary" isDisabled={target === ""} onPress={insert}>
          {t("editor.cite.insert")}
        </Button>
      }
    >
      <TextField label={t("editor.cite.search")} value={search} onChange={setSearch} autoFocus />
      <div className="act-targets" role="radiogroup" aria-label={t("editor.cite.target")}>
        {found.length === 0 && <p>{t("editor.cite.none")}</p>}
        {found.map((one) => (
          <label key={one.bid}>
            <input type="radio" name="act-target" checked={one.bid === target} onChange={() => setTarget(one.bid)} />
            <b>{one.name}</b> <span>{one.text}</span>
          </label>
        ))}
      </div>
      <Select
        label={t("editor.cite.form")}
        value={form}
        onChange={setForm}
        options={CASES.map((id) => ({ id, label: t(`editor.cite.case.${id}`) }))}
      />
      <RadioGroup
        label={t("editor.cite.target")}
        value={extent}
        onChange={setExtent}
        options={[
          { id: "whole", label: t("editor.cite.whole") },
          { id: "number", label: t("editor.cite.number") },
        ]}
      />
      {target !== "" && (
        <p className="act-preview">
          {t("editor.cite.preview")}: <b>{facts.citations.cite(target, words, unit?.bid ?? "")}</b>
        </p>
      )}
    </Dialog>
  );
}
