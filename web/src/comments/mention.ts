/** Calling people and bodies by name while one writes. Pure. */

import { type Mentions, NOBODY, type Words } from "./model.ts";

/** Somebody who can be called: they would see the comment. */
export interface Callable {
  readonly kind: "people" | "bodies";
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly hue: number;
}

export interface Query {
  /** Where the `@` stands. */
  readonly at: number;
  readonly text: string;
}

const ASKED = /(?:^|[\s(«"])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u;
const MOST = 6;

/** What is being asked for right before the caret; null when nothing is. */
export function queryAt(text: string, caret: number): Query | null {
  const found = ASKED.exec(text.slice(0, caret));
  return found === null ? null : { at: caret - (found[1] ?? "").length - 1, text: found[1] ?? "" };
}

/** Those one of whose words begins so, first those whose name does. */
export function find(all: readonly Callable[], query: string): readonly Callable[] {
  const wanted = fold(query);
  const rank = ({ name, note }: Callable) => {
    const [own, other] = [fold(name), fold(note)];
    if (own.startsWith(wanted)) return 0;
    return `${own} ${other}`.split(/[\s,«»"()-]+/u).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return all
    .map((one) => ({ one, order: rank(one) }))
    .filter(({ order }) => order < 2)
    .sort((a, b) => a.order - b.order || a.one.name.localeCompare(b.one.name, "uk"))
    .slice(0, MOST)
    .map(({ one }) => one);
}

function fold(text: string): string {
  return text.toLocaleLowerCase("uk").replace(/[’ʼ`]/gu, "'").trim();
}

/** The text with the name in place of what was asked, and where the caret goes. */
export function complete(text: string, { at, text: asked }: Query, { name }: Callable): { text: string; caret: number } {
  const inserted = `@${name} `;
  return { text: text.slice(0, at) + inserted + text.slice(at + 1 + asked.length).replace(/^ /, ""), caret: at + inserted.length };
}

/** Only those whose name still stands in the text are called. */
export function wordsOf(text: string, called: readonly Callable[]): Words {
  const still = called.filter(({ name }) => text.includes(`@${name}`));
  const ids = (kind: Callable["kind"]) => [...new Set(still.filter((one) => one.kind === kind).map(({ id }) => id))];
  return {
    text: text.trim(),
    mentions: still.length === 0 ? NOBODY : ({ people: ids("people"), bodies: ids("bodies") } satisfies Mentions),
  };
}
