/** Comments of the one act in sight, for the components around its text. */

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { useBodies } from "../api/people.ts";
import { useMe } from "../api/session.tsx";
import { useSyncSession } from "../sync";
import { Desk, type DeskView } from "./desk.ts";
import { type Anchor, blocksOf, type CommentsState } from "./model.ts";
import { Comments } from "./store.ts";

/** What is open now: one act at a time. */
class Current<T> {
  private value: T | null = null;
  private readonly listeners = new Set<() => void>();
  readonly get = (): T | null => this.value;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  set(value: T | null): void {
    this.value = value;
    for (const listener of this.listeners) listener();
  }
}

const comments = new Current<Comments>();
const desk = new Current<Desk>();
const never = () => () => undefined;
const NOTHING: CommentsState = { isLoaded: false, threads: [], remarks: [], pending: [], isKept: false };
const EMPTY: DeskView = { entries: [], orphans: [], active: null, writing: null };

/** Null until the text stands. */
export function useComments(): Comments | null {
  return useSyncExternalStore(comments.subscribe, comments.get);
}

export function useCommentsState(): CommentsState {
  const found = useComments();
  return useSyncExternalStore(found?.subscribe ?? never, found?.get ?? nothing);
}

const nothing = () => NOTHING;

export function useDesk(): Desk | null {
  return useSyncExternalStore(desk.subscribe, desk.get);
}

export function useDeskView(): DeskView {
  const found = useDesk();
  return useSyncExternalStore(found?.subscribe ?? never, found?.get ?? empty);
}

const empty = () => EMPTY;

/** How many threads wait: the number on the panel's tab. */
export function useOpenCount(): number {
  const { threads } = useCommentsState();
  return threads.filter(({ status, suggestion }) => status === "open" && suggestion === "").length;
}

export interface Names {
  body(code: string): string;
  hue(code: string): number;
  person(id: string, body: string): string;
  /** "пункт 5", or nothing for a block without a number. */
  place(bid: string): string;
  /** "пункт 5 – пункт 7"; "весь акт" when it is about no words of it. */
  anchor(anchor: Anchor): string;
}

/** A new object when names may have changed. */
export function useNames(): Names {
  const { act, editor } = useActView();
  const bodies = useBodies();
  const { i18n } = useTranslation();
  const { all } = bodies;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `bodies` is another object each time; what it says changes with `all` and the language
  return useMemo(() => {
    const place = (bid: string) => (editor?.snapshot().facts.numbering.labels.get(bid) ?? "").replace(/\.$/, "");
    return {
      body: bodies.shortOf,
      hue: (code) => bodies.hueOf(code) ?? 0,
      person: (id, body) => act.members.find(({ user }) => user === id)?.name ?? bodies.shortOf(body),
      place,
      anchor: (anchor) => {
        const blocks = blocksOf(anchor);
        if (blocks.length === 0) return i18n.t("comments.wholeAct");
        const ends = [blocks[0], blocks.at(-1)].map((bid) => place(bid ?? ""));
        return [...new Set(ends)].filter((label) => label !== "").join(" – ");
      },
    };
  }, [act, all, editor, i18n.language]);
}

interface Hears {
  readonly onPress: (thread: string) => void;
  readonly onAsk: () => void;
}

/** Keeps store and desk of the act in sight for as long as the component is mounted. */
export function useKeeper(hears: Hears): void {
  const { act, document, doc, editor } = useActView();
  const session = useSyncSession();
  const names = useNames();
  const { t } = useTranslation();
  const [store, setStore] = useState<Comments | null>(null);
  const me = useMe();
  const latest = useRef({ hears, names, t, me });
  latest.current = { hears, names, t, me };
  const { id, title } = act;
  useEffect(() => {
    const made = new Comments({ act: id, document: document.id, title, session });
    setStore(made);
    comments.set(made);
    made.start().catch((error: unknown) => console.error(error));
    return () => {
      made.close();
      comments.set(null);
      setStore(null);
    };
  }, [id, document.id, title, session]);
  useEffect(() => store?.listen(doc), [store, doc]);
  useEffect(() => {
    if (store === null || editor === null || editor.view.isDestroyed) return;
    const made = new Desk({
      doc,
      comments: store,
      editor,
      look: (thread) => {
        const { names: called, t: say, me: self } = latest.current;
        if (thread === null) return { hue: called.hue(self.body), says: say("comments.newLabel") };
        const { author, body } = thread;
        return { hue: called.hue(body), says: say("comments.mark", { name: called.person(author, body), body: called.body(body) }) };
      },
      onPress: (thread) => latest.current.hears.onPress(thread),
      onAsk: () => latest.current.hears.onAsk(),
    });
    desk.set(made);
    return () => {
      desk.set(null);
      made.destroy();
    };
  }, [doc, store, editor]);
  const found = useDesk();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other names are drawn anew
  useEffect(() => found?.relook(), [found, names]);
}

/** Who is here, and what they may do with comments. */
export function useRights() {
  const { act } = useActView();
  const me = useMe();
  const may = (ability: (typeof act.abilities)[number]) => act.abilities.includes(ability);
  return {
    me,
    mayComment: may("comment"),
    mayRelease: may("release"),
    /** Drafters and those who speak for a body talk to everyone. */
    mayShow: may("release") || may("accept"),
    maySettle: may("accept"),
    mayAnswer: may("answer"),
  };
}
