/**
 * Where words went that an edit deleted in one place and wrote again in another: a split, a join, a move, a merge of cells, an undo.
 *
 * Yjs cannot move words, so their copies have other ids. This log maps the id of each deleted character to the id of its copy. It is derived
 * from what a transaction deleted and inserted, so every editor that saw the transaction has the same log, whoever made it.
 */

import type * as Y from "yjs";
import { bidOf, containerOf } from "./elements.ts";
import { type Changed, charactersOf, key } from "./transaction.ts";

/** Characters in document order with their Yjs ids; one entry per UTF-16 unit. */
export interface Characters {
  readonly text: string;
  readonly ids: readonly Y.ID[];
}

/** Equal stretches of two strings. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

export interface Relocation {
  readonly source: Y.XmlText;
  readonly target: Y.XmlText;
  /** The client that wrote the copies. */
  readonly mover: number;
  /** Words that the mover cannot have heard of, although the update names their deletion. */
  readonly unheard: readonly Y.ID[];
}

/** Words of one place that two drafters copied to two places at once. */
export interface DoubleCopy {
  readonly source: Y.XmlText;
  readonly one: Y.XmlText;
  readonly other: Y.XmlText;
  readonly text: string;
  /** What the second edit wrote into `other`. */
  readonly copied: Characters;
  /** They were brought home, and not moved with their unit. */
  readonly isAstray: boolean;
}

/** Above this product of lengths the middle of two differing texts is not aligned letter by letter. */
const ALIGN_LIMIT = 400_000;
/** A partial copy counts as one when at least this share of the shorter text is in both. */
const SHARE = 0.5;

/** Shorter equal texts may be chance; an update that carries much of the document (after a reconnect) must match as a whole. */
const DOUBLE_LENGTH = { small: 2, large: 12 };
const REMEMBERED = 300;
/** How many newest words of a client are tried. */
const MOST_UNHEARD = 200;

interface Logged {
  readonly relocation: Relocation;
  readonly from: Characters;
}

export class Relocations {
  private readonly entries = new Map<number, Map<number, Y.ID>>();
  /** Characters that somebody brings or brought home; others are moved with the rest of their unit. */
  private readonly astray = new Set<string>();
  private readonly logged: Logged[] = [];
  /** Blocks deleted without a copy so far: cut, perhaps to be pasted with the same id. */
  private readonly cut = new Map<string, { source: Y.XmlText; characters: Characters }>();

  /** The id of the copy of a deleted character. */
  find(id: Y.ID | null): Y.ID | null {
    return id === null ? null : (this.entries.get(id.client)?.get(id.clock) ?? null);
  }

  isAstray(id: Y.ID): boolean {
    return this.astray.has(key(id));
  }

  noteAstray(ids: readonly Y.ID[]): void {
    for (const id of ids) this.astray.add(key(id));
  }

  add(from: readonly Y.ID[], to: readonly Y.ID[]): void {
    from.forEach((id, index) => {
      const target = to[index];
      if (target === undefined) return;
      const own = this.entries.get(id.client) ?? new Map<number, Y.ID>();
      own.set(id.clock, target);
      this.entries.set(id.client, own);
    });
  }

  /**
   * Copies that an update brings of words it deletes and that somebody else had copied away before: two splits of one unit, two joins, a split and a join.
   * One goes where that is plain (`doubles.ts`); else both stay and the drafters are asked.
   */
  findDoubles(inserted: ReadonlyMap<Y.XmlText, Characters>, knows: (id: Y.ID) => boolean, isLarge: boolean): DoubleCopy[] {
    const found: DoubleCopy[] = [];
    for (const [other, { text, ids }] of inserted) {
      for (const { relocation, from } of this.logged) {
        const last = from.ids.at(-1);
        const same = commonText(from.text, text, isLarge);
        const isOthers = relocation.mover !== ids[0]?.client;
        if (
          last === undefined ||
          same.length < DOUBLE_LENGTH[isLarge ? "large" : "small"] ||
          !isOthers ||
          !knows(last) ||
          isGone(relocation.target)
        )
          continue;
        found.push({
          source: relocation.source,
          one: relocation.target,
          other,
          text: same,
          copied: { text, ids },
          isAstray: this.isAstray(last),
        });
      }
    }
    return found;
  }

  /**
   * Finds and logs what one transaction relocated. `deleted` and `inserted` are by text. `isDoubtful`: the update may name deletions of words that
   * were unknown to the mover.
   */
  log({ deleted, inserted, buried, isNew }: Changed, isDoubtful = false): Relocation[] {
    const made: Relocation[] = [];
    // What was moved twice in one update went through texts that are gone by now.
    const passed = new Map([...buried].filter(isGone).map((text) => [text, charactersOf(text, isNew)] as const));
    const pool = new Map([...inserted].filter(([, characters]) => characters.text !== ""));
    for (const [source, characters] of [...deleted].sort((a, b) => b[1].text.length - a[1].text.length)) {
      const living = characters.text === "" ? null : chooseTarget(source, characters, pool, isNew);
      const target = living ?? (isGone(source) ? findPassed(source, characters, passed) : null);
      const to = target === null ? undefined : (pool.get(target) ?? passed.get(target));
      if (target !== null && to !== undefined) {
        const copy = isDoubtful ? asCopied(characters, target, to, isNew) : to;
        made.push(this.logHeard(source, characters, target, copy, isDoubtful));
        // Words of a living unit that went into another living one were brought home.
        if (!isStructural(source, target, isNew)) this.noteAstray(characters.ids);
      } else if (isGone(source)) this.remember(source, characters);
    }
    const taken = new Set(made.map((one) => one.target));
    for (const [target, characters] of pool) {
      const bid = containerBid(target);
      const cut = taken.has(target) ? undefined : this.cut.get(bid);
      if (cut === undefined || cut.source === target) continue;
      this.cut.delete(bid);
      made.push(this.logPair(cut.source, cut.characters, target, characters));
    }
    return made;
  }

  private logHeard(source: Y.XmlText, from: Characters, target: Y.XmlText, to: Characters, isDoubtful: boolean): Relocation {
    const heard = isDoubtful ? withoutUnheard(from, to) : from;
    if (heard === from) return this.logPair(source, from, target, to);
    const kept = new Set(heard.ids);
    return { ...this.logPair(source, heard, target, to), unheard: from.ids.filter((id) => !kept.has(id)) };
  }

  /** Logs a block found again under its own id, for a text whose deletion was not seen (before a reload). */
  logPair(source: Y.XmlText, from: Characters, target: Y.XmlText, to: Characters): Relocation {
    for (const block of align(from.text, to.text)) {
      this.add(from.ids.slice(block.from, block.from + block.length), to.ids.slice(block.to, block.to + block.length));
    }
    const relocation: Relocation = { source, target, mover: to.ids[0]?.client ?? 0, unheard: [] };
    this.logAs(relocation, from);
    return relocation;
  }

  /** Logs copies that go because the same words stand elsewhere already: whoever copies them once more is found out too. */
  logTaken(source: Y.XmlText, from: Characters, target: Y.XmlText, to: readonly Y.ID[]): void {
    this.add(from.ids, to);
    this.logAs({ source, target, mover: to[0]?.client ?? 0, unheard: [] }, from);
  }

  private logAs(relocation: Relocation, from: Characters): void {
    this.logged.push({ relocation, from });
    if (this.logged.length > REMEMBERED) this.logged.shift();
  }

  private remember(source: Y.XmlText, characters: Characters): void {
    const bid = containerBid(source);
    if (bid !== "") this.cut.set(bid, { source, characters });
    if (this.cut.size > 200) this.cut.delete(this.cut.keys().next().value as string);
  }
}

/** The copy as it was made, if parts of it were moved on in the same update: what was copied is told better by the whole. */
function asCopied(from: Characters, target: Y.XmlText, to: Characters, isNew: (item: Y.Item) => boolean): Characters {
  if (to.text.includes(from.text)) return to;
  const written = charactersOf(target, isNew);
  return written.text.includes(withoutUnheard(from, written).text) ? written : to;
}

/** Whoever copies has heard all of a client's words up to one of them: the copy is what was there before this client's newest words. */
function withoutUnheard(from: Characters, to: Characters): Characters {
  if (to.text.includes(from.text)) return from;
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (const client of new Set(from.ids.map((id) => id.client))) {
    if (client === to.ids[0]?.client) continue;
    const clocks = from.ids.filter((id) => id.client === client).map((id) => id.clock);
    const newest = clocks.sort((a, b) => b - a).slice(0, MOST_UNHEARD);
    for (const [index, clock] of newest.entries()) {
      if (index + 1 >= least || index + 1 >= from.ids.length) break;
      const heard = charactersWhere(from, (id) => id.client !== client || id.clock < clock);
      if (to.text.includes(heard.text)) [best, least] = [heard, index + 1];
    }
  }
  return best;
}

function charactersWhere({ text, ids }: Characters, wanted: (id: Y.ID) => boolean): Characters {
  return { text: ids.map((id, index) => (wanted(id) ? (text[index] ?? "") : "")).join(""), ids: ids.filter(wanted) };
}

/** True for a text that is deleted, itself or with what holds it. */
export function isGone(text: Y.XmlText): boolean {
  for (let type: Pick<Y.XmlText, "parent" | "_item"> | null = text; type !== null; type = type.parent) if (type._item?.deleted) return true;
  return false;
}

export function containerBid(text: Y.XmlText): string {
  const container = containerOf(text);
  return container === null ? "" : bidOf(container);
}

function chooseTarget(
  source: Y.XmlText,
  characters: Characters,
  pool: ReadonlyMap<Y.XmlText, Characters>,
  isNew: (item: Y.Item) => boolean,
): Y.XmlText | null {
  let best: Y.XmlText | null = null;
  let score = 0;
  const bid = containerBid(source);
  for (const [target, candidate] of pool) {
    if (target === source || isGone(target)) continue;
    const matched = align(characters.text, candidate.text).reduce((sum, block) => sum + block.length, 0);
    const shorter = Math.min(characters.text.length, candidate.text.length);
    const sameBlock = bid !== "" && containerBid(target) === bid;
    const structural = isStructural(source, target, isNew);
    const whole = matched === characters.text.length || matched === candidate.text.length;
    const plausible = sameBlock || (whole && (structural || matched > 3)) || (structural && matched >= 4 && matched >= shorter * SHARE);
    const value = matched + (sameBlock ? 1_000_000 : 0);
    if (matched > 0 && plausible && value > score) [best, score] = [target, value];
  }
  return best;
}

/** A text that was written anew and went in the same update, with all that was deleted or all of it that its author had heard of. */
function findPassed(source: Y.XmlText, characters: Characters, passed: ReadonlyMap<Y.XmlText, Characters>): Y.XmlText | null {
  if (characters.text === "") return null;
  for (const [text, written] of passed) {
    if (text !== source && written.text.includes(withoutUnheard(characters, written).text)) return text;
  }
  return null;
}

/** A split, a join or a move: the unit went, or the one it went to was made for it. */
function isStructural(source: Y.XmlText, target: Y.XmlText, isNew: (item: Y.Item) => boolean): boolean {
  return isGone(source) || isNew(containerOf(target)?._item as Y.Item);
}

/** Equal stretches in order; exact containment first, then common ends, then letter by letter between them. */
export function align(from: string, to: string): Block[] {
  const inside = to.indexOf(from);
  if (inside >= 0) return [{ from: 0, to: inside, length: from.length }];
  const around = from.indexOf(to);
  if (around >= 0) return [{ from: around, to: 0, length: to.length }];
  const limit = Math.min(from.length, to.length);
  let head = 0;
  while (head < limit && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < limit - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  const middle = alignLetters(from.slice(head, from.length - tail), to.slice(head, to.length - tail));
  return [
    { from: 0, to: 0, length: head },
    ...middle.map((block) => ({ from: block.from + head, to: block.to + head, length: block.length })),
    { from: from.length - tail, to: to.length - tail, length: tail },
  ];
}

/** The longest common subsequence as stretches. */
function alignLetters(from: string, to: string): Block[] {
  if (from === "" || to === "" || from.length * to.length > ALIGN_LIMIT) return [];
  const width = to.length + 1;
  const lengths = new Uint16Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] = from[i] === to[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const blocks: Block[] = [];
  for (let i = 0, j = 0; i < from.length && j < to.length; ) {
    if (from[i] === to[j]) blocks.push({ from: i++, to: j++, length: 1 });
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return blocks;
}

/** The longest stretch of both; with `isWhole` only if it is all of one of them. */
function commonText(one: string, other: string, isWhole: boolean): string {
  const blocks = align(one, other).sort((a, b) => b.length - a.length);
  const longest = blocks[0] ?? { from: 0, length: 0 };
  if (isWhole && longest.length !== one.length && longest.length !== other.length) return "";
  return one.slice(longest.from, longest.from + longest.length);
}
