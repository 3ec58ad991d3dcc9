/** The table of contents of the act: goes to a provision, shows where the caret is. */

import { memo, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { EditorHandle } from "./editor.ts";
import { useOutline, useSnapshot } from "./hooks.ts";
import type { OutlineEntry } from "./outline.ts";

export function Outline({ editor, onGo }: { editor: EditorHandle; onGo?: () => void }) {
  const { t } = useTranslation();
  const state = useSnapshot(editor);
  const entries = useOutline(editor);
  const { parents } = state.facts.numbering;
  const shown = new Set(entries.map((entry) => entry.bid));
  let current = state.unit?.bid ?? "";
  for (let hops = 0; current !== "" && !shown.has(current) && hops < 32; hops++) current = parents.get(current) ?? "";
  const go = useCallback(
    (bid: string) => {
      editor.goTo(bid);
      onGo?.();
    },
    [editor, onGo],
  );
  if (entries.length === 0) return <p className="act-outline-empty">{t("editor.outline.empty")}</p>;
  return (
    <nav className="act-outline" aria-label={t("editor.outline.title")}>
      <ul>
        {entries.map((entry) => (
          <Entry key={entry.bid} {...entry} isCurrent={entry.bid === current} onGo={go} />
        ))}
      </ul>
    </nav>
  );
}

interface EntryProps extends OutlineEntry {
  isCurrent: boolean;
  onGo: (bid: string) => void;
}

/** A long act has hundreds; only those that changed are rendered again. */
const Entry = memo(function Entry({ bid, kind, label, text, depth, isCurrent, onGo }: EntryProps) {
  const { t } = useTranslation();
  return (
    <li data-depth={Math.min(depth, 4)} data-kind={kind}>
      <button type="button" aria-current={isCurrent ? "location" : undefined} onClick={() => onGo(bid)}>
        {label !== "" && <b>{label}</b>} <span>{text || (label === "" ? t("editor.outline.untitled") : "")}</span>
      </button>
    </li>
  );
});
