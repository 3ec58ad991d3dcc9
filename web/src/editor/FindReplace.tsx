/** Find and replace, as a small panel over the corner of the text; Escape closes it and gives the caret back. */

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Choice.tsx";
import { showToast } from "../ui/Toasts.tsx";
import type { EditorHandle } from "./editor.ts";
import { replaceAll, replaceCurrent, setQuery, stepMatch } from "./find.ts";
import { useSnapshot } from "./hooks.ts";

export function FindReplace({ editor, onClose }: { editor: EditorHandle; onClose: () => void }) {
  const { t } = useTranslation();
  const { view } = editor;
  const state = useSnapshot(editor);
  const [text, setText] = useState(() => view.state.doc.textBetween(view.state.selection.from, view.state.selection.to).slice(0, 200));
  const [replacement, setReplacement] = useState("");
  const [matchCase, setMatchCase] = useState(false);
  const [wholeWord, setWholeWord] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  useEffect(() => setQuery(view, { text, matchCase, wholeWord }), [view, text, matchCase, wholeWord]);
  const close = () => {
    setQuery(view, null);
    onClose();
    editor.focus();
  };
  const { count, current } = state.found;
  return (
    <search
      className="act-find"
      aria-label={t("editor.find.title")}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div className="act-find-row">
        <input
          ref={input}
          className="z-input"
          aria-label={t("editor.find.find")}
          placeholder={t("editor.find.find")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") stepMatch(view, event.shiftKey ? -1 : 1);
          }}
        />
        <output className="act-find-count">
          {text !== "" && (count === 0 ? t("editor.find.none") : t("editor.find.count", { current, count }))}
        </output>
        <IconButton small icon="up" label={t("editor.find.previous")} onPress={() => stepMatch(view, -1)} isDisabled={count === 0} />
        <IconButton small icon="down" label={t("editor.find.next")} onPress={() => stepMatch(view, 1)} isDisabled={count === 0} />
        <IconButton small icon="close" label={t("editor.find.close")} onPress={close} />
      </div>
      {!state.readOnly && (
        <div className="act-find-row">
          <input
            className="z-input"
            aria-label={t("editor.find.replace")}
            placeholder={t("editor.find.replace")}
            value={replacement}
            onChange={(event) => setReplacement(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") replaceCurrent(view, replacement);
            }}
          />
          <Button small onPress={() => replaceCurrent(view, replacement)} isDisabled={count === 0}>
            {t("editor.find.one")}
          </Button>
          <Button small onPress={() => showToast(t("editor.find.done", { count: replaceAll(view, replacement) }))} isDisabled={count === 0}>
            {t("editor.find.all")}
          </Button>
        </div>
      )}
      <div className="act-find-row">
        <Checkbox isSelected={matchCase} onChange={setMatchCase}>
          {t("editor.find.case")}
        </Checkbox>
        <Checkbox isSelected={wholeWord} onChange={setWholeWord}>
          {t("editor.find.word")}
        </Checkbox>
      </div>
    </search>
  );
}
