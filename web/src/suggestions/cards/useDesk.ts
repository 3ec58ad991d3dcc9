/** The desk of the one act in sight, for the components around its text. */

import i18next from "i18next";
import type { Node } from "prosemirror-model";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../../acts/slots.ts";
import { findKept, keep } from "../../api/kept.ts";
import { useBodies } from "../../api/people.ts";
import { useMe } from "../../api/session.tsx";
import type { EditorHandle } from "../../editor";
import type { Queue } from "../core/waiting.ts";
import { useRecords } from "../records.ts";
import { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import type { KeyName } from "./keys.ts";
import type { Told } from "./told.ts";
import { lookOf, type Names } from "./words.ts";

let current: Desk | null = null;
const listeners = new Set<() => void>();

function setCurrent(desk: Desk | null): void {
  current = desk;
  for (const listener of listeners) listener();
}

/** Null until the text stands. */
export function useDesk(): Desk | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export function useDeskView(desk: Desk): DeskView {
  return useSyncExternalStore(desk.subscribe, desk.get);
}

/** How long a name for a place without a number may be. */
const PLACE = 40;

/** A new object when names may have changed. */
export function useNames(): Names {
  const { t } = useTranslation();
  const { act, editor } = useActView();
  const bodies = useBodies();
  const { all } = bodies;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `bodies` is another object each time; what it says changes with `all` and the language
  return useMemo(() => {
    const member = (id: string) => act.members.find(({ user }) => user === id);
    return {
      body: bodies.shortOf,
      hue: (code) => bodies.hueOf(code) ?? 0,
      person: (id, body) => member(id)?.name ?? bodies.shortOf(body),
      role: (id) => {
        const role = member(id)?.roles[0];
        return role === undefined ? "" : t(`acts.role.${role}`).toLocaleLowerCase();
      },
      place: (bid) => (editor === null ? "" : placeName(editor, bid)),
    };
  }, [act, all, editor, t]);
}

/** "Стаття 2, 1", "таблиця «Вид робіт…»", or the first words. */
function placeName(editor: EditorHandle, bid: string): string {
  if (bid === "") return "";
  const { labels } = editor.snapshot().facts.numbering;
  const labelOf = (id: string) => (labels.get(id) ?? "").replace(/\.$/, "");
  let article = "";
  for (const block of editor.view.state.doc.children) {
    if (block.attrs.kind === "article") article = labelOf(block.attrs.bid);
    if (block.type.name === "table" && holds(block, bid)) return i18next.t("cards.table", { words: firstWords(block) });
    if (block.attrs.bid !== bid) continue;
    const label = labelOf(bid);
    if (label === "") return `«${firstWords(block)}»`;
    return article === "" || article === label ? label : `${article}, ${label}`;
  }
  return "";
}

function holds(table: Node, bid: string): boolean {
  return (
    table.attrs.bid === bid || table.children.some((row) => row.attrs.bid === bid || row.children.some((cell) => cell.attrs.bid === bid))
  );
}

function firstWords(block: Node): string {
  const text = block.inlineContent ? block.textContent : block.textBetween(0, block.content.size, " ");
  const letters = [...text.trim()];
  return letters.length <= PLACE ? letters.join("") : `${letters.slice(0, PLACE).join("")}…`;
}

interface Hears {
  readonly onTold: (told: Told) => void;
  readonly onKey: (name: KeyName) => void;
}

/** Keeps the desk of the act in sight for as long as the component is mounted. */
export function useDeskKeeper(hears: Hears): Desk | null {
  const { act, document, doc, editor, isOnline } = useActView();
  const me = useMe();
  const records = useRecords();
  const names = useNames();
  const [desk, setDesk] = useState<Desk | null>(null);
  const mayDecide = act.abilities.includes("accept");
  const kept = me.shared_computer ? null : `accepts.${me.id}.${document.id}`;
  const latest = useRef({ hears, names, isOnline });
  latest.current = { hears, names, isOnline };

  useEffect(() => {
    if (editor === null || editor.view.isDestroyed) return;
    const made = new Desk({
      doc,
      records,
      user: me.id,
      editor,
      mayDecide,
      isOnline: latest.current.isOnline,
      look: (record) => lookOf(record, latest.current.names),
      load: () => (kept === null ? null : findKept<Queue>(kept)),
      save: (queue) => kept !== null && keep(kept, queue),
      onTold: (told) => latest.current.hears.onTold(told),
      onKey: (name) => latest.current.hears.onKey(name),
    });
    setDesk(made);
    setCurrent(made);
    return () => {
      setCurrent(null);
      setDesk(null);
      made.destroy();
    };
  }, [doc, records, me.id, editor, mayDecide, kept]);

  useEffect(() => desk?.setOnline(isOnline), [desk, isOnline]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other names are drawn anew
  useEffect(() => desk?.relook(), [desk, names]);
  return desk;
}
