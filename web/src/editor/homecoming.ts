/**
 * What was brought home, by whom, and that it stands there once.
 *
 * Two editors may bring the same words home, neither having heard of the other. By claims (`claims.ts`) or by neighbours (`again.ts`) both find
 * out and agree which copy stays: the one of the words' author, else the one of the lower client id. What still stands twice after a while is told.
 */

import * as Y from "yjs";
import { originOf, wroteAgain } from "./again.ts";
import type { Brought } from "./claims.ts";
import { isGone, type Relocations } from "./relocations.ts";
import type { RescueOptions } from "./rescue.ts";
import { type Changed, charactersOf, deleteIds, indexOf, key } from "./transaction.ts";

/** How long editors wait that neither wrote the words nor moved them. */
export const OTHERS_WAIT_MS = 3000;
/** Fewer equal characters at one place may be chance: two people typed the same. */
const LONG_ENOUGH = 3;
const MOST_MOVES = 64;

/** Words brought home. */
export interface Copies {
  /** Where they were typed, and by whom. */
  readonly source: Y.XmlText;
  readonly author: number;
  readonly text: string;
  readonly ids: readonly Y.ID[];
}

type Options = Pick<RescueOptions, "schedule" | "mayWrite" | "onDouble">;

export class Homecoming {
  private readonly home: Copies[] = [];
  private readonly takenAway = new Set<Copies>();
  private readonly watched = new Set<Y.XmlText>();
  /** The copy that stays, by the one that goes. */
  private readonly staying = new Map<string, Y.ID>();

  /** `soon` runs what writes once the running transactions are through. */
  constructor(
    private readonly doc: Y.Doc,
    private readonly relocations: Relocations,
    private readonly options: Options,
    private readonly soon: (run: () => void) => void,
  ) {}

  note(copies: Copies): void {
    this.home.push(copies);
  }

  /** What an update brought home is done; of two copies of a character one goes. */
  settle(brought: readonly Brought[], changed: Changed): void {
    const goes: Y.ID[] = [];
    for (const { from, to } of brought) {
      const known = this.relocations.find(from);
      const isDouble = known !== null && known.client !== to.client;
      const [stays, other] = isDouble ? winner(from, known, to) : [to, null];
      this.relocations.add([from], [stays]);
      if (other === null) continue;
      const last = this.follow(other);
      if (Y.compareIDs(last, this.follow(stays))) continue;
      goes.push(last);
      this.relocations.add([last], [stays]);
      this.staying.set(key(last), stays);
    }
    this.home.push(...copiesOf(brought));
    this.takeAway(goes);
    this.settleWrittenAgain(changed);
    for (const text of changed.inserted.keys()) this.watch(text);
  }

  /** True when words that belong behind a character stand there, written by their author; unless `onlyByAuthor`, by anybody else. */
  isDone(place: Y.ID, author: number, words: string, onlyByAuthor: boolean): boolean {
    const behind = [place];
    for (let id = this.relocations.find(place); id !== null && behind.length < MOST_MOVES; id = this.relocations.find(id)) behind.push(id);
    const last = behind.at(-1) as Y.ID;
    const text = indexOf(this.doc, last)?.text;
    if (text === undefined) return false;
    const writers = onlyByAuthor ? [author] : writersOf(text).filter((client) => client !== this.doc.clientID);
    if (writers.some((writer) => wroteAgain(text, writer, words, { behind, unaware: null }))) return true;
    const before = this.endingAt(last, author);
    return before !== undefined && this.areWrittenAgain(text, writers, before, before.text + words);
  }

  private endingAt(last: Y.ID, author: number): Copies | undefined {
    return this.home.find((one) => one.author === author && Y.compareIDs(one.ids.at(-1) ?? null, last));
  }

  /** Whether one of them wrote `words` at the place of some copies, or of those that these continue, and did not know of these. */
  private areWrittenAgain(text: Y.XmlText, writers: readonly number[], copies: Copies, words: string, hops = 0): boolean {
    const first = copies.ids[0];
    const origin = first === undefined ? null : originOf(this.doc, first);
    if (first === undefined || origin === null || hops > MOST_MOVES) return false;
    if (writers.some((writer) => wroteAgain(text, writer, words, { behind: [origin], unaware: first }))) return true;
    const before = this.endingAt(origin, copies.author);
    return before !== undefined && this.areWrittenAgain(text, writers, before, before.text + words, hops + 1);
  }

  /** Copies of words that a stronger one, who did not know of them, wrote as well: these go. */
  private settleWrittenAgain(changed: Changed): void {
    for (const copies of this.home) {
      const first = copies.ids[0];
      if (first === undefined || first.client === copies.author || this.takenAway.has(copies)) continue;
      const text = indexOf(this.doc, first)?.text;
      if (text === undefined || !changed.inserted.has(text)) continue;
      const stronger = copies.text.length < LONG_ENOUGH ? [] : writersOf(text).filter((client) => client < first.client);
      if (!this.areWrittenAgain(text, [copies.author, ...stronger], copies, copies.text)) continue;
      this.takenAway.add(copies);
      this.takeAway(copies.ids);
    }
  }

  /** Where a copy is now, if it was moved before it could go. */
  private follow(copy: Y.ID): Y.ID {
    let id = copy;
    for (let hops = 0; hops < MOST_MOVES; hops++) {
      const next = this.relocations.find(id);
      const stays = this.staying.get(key(id)) ?? null;
      if (next === null || Y.compareIDs(next, stays)) break;
      id = next;
    }
    return id;
  }

  /** Those who wrote one of the copies do it at once; the others only if it is still to be done later. */
  private takeAway(ids: readonly Y.ID[]): void {
    if (ids.length === 0) return;
    const run = () => {
      if (this.options.mayWrite?.() === false) return;
      const living = ids.map((id) => this.follow(id)).filter((id) => isLiving(this.doc, id));
      const wanted = new Set(living.map(key));
      for (const text of new Set(living.map((id) => indexOf(this.doc, id)?.text)))
        if (text !== undefined && !isGone(text)) deleteIds(text, wanted);
    };
    if (ids.some((id) => id.client === this.doc.clientID)) this.soon(run);
    else this.options.schedule(() => this.soon(run), OTHERS_WAIT_MS);
  }

  /** Where words were brought home, whatever stands there twice after a while is told. */
  private watch(text: Y.XmlText): void {
    if (this.watched.has(text)) return;
    const here = this.home.filter(
      ({ ids, text: words }) => words.length >= LONG_ENOUGH && indexOf(this.doc, ids[0] as Y.ID)?.text === text,
    );
    if (here.length === 0) return;
    this.watched.add(text);
    this.options.schedule(() => {
      this.watched.delete(text);
      for (const copies of isGone(text) ? [] : here) this.tellIfTwice(text, copies);
    }, 2 * OTHERS_WAIT_MS);
  }

  private tellIfTwice(text: Y.XmlText, { source, text: words, ids }: Copies): void {
    const now = charactersOf(text, (item) => !item.deleted).text;
    const before = charactersOf(source, () => true).text;
    if (now.split(words).length > before.split(words).length)
      this.options.onDouble?.({ source, one: text, other: text, text: words, copied: { text: words, ids }, isAstray: true });
  }
}

export function isLiving(doc: Y.Doc, id: Y.ID): boolean {
  const item = Y.getItem(doc.store, id);
  return item instanceof Y.Item && !item.deleted;
}

/** Of two copies of a character the author's own stays, else the one of the lower client id; every editor chooses alike. */
function winner(from: Y.ID, one: Y.ID, other: Y.ID): [stays: Y.ID, goes: Y.ID] {
  const rank = (id: Y.ID) => (id.client === from.client ? -1 : id.client);
  return rank(one) <= rank(other) ? [one, other] : [other, one];
}

function copiesOf(brought: readonly Brought[]): Copies[] {
  const authors = new Set(brought.map(({ from }) => from.client));
  return [...authors].map((author) => {
    const own = brought.filter(({ from }) => from.client === author);
    return { source: own[0]?.source as Y.XmlText, author, text: own.map(({ text }) => text).join(""), ids: own.map(({ to }) => to) };
  });
}

function writersOf(text: Y.XmlText): number[] {
  const writers = new Set<number>();
  for (let item = text._start; item !== null; item = item.right) writers.add(item.id.client);
  return [...writers];
}
