/** Where a record stands in the text now: by its ids, else by quote and context near its old block, else nowhere (an orphan). */

import * as Y from "yjs";
import { containerOf } from "../../editor/elements.ts";
import { textsOf } from "../../editor/ytext.ts";
import type { Base, BaseText } from "./base.ts";
import type { Changes, Id, IdRange, Proposal } from "./record.ts";

/** `exact`: all it names lives; `quote`: found again by its words; `partly`: some of what it names is gone. */
export type How = "exact" | "quote" | "partly";

/** A record's place: the block's key, offset of the insertion and offsets of the characters it names (sorted). */
export interface Placed {
  readonly proposal: Proposal;
  readonly how: How;
  readonly key: string;
  readonly offset: number;
  readonly offsets: readonly number[];
}

/** Null: an orphan, shown in a list with its quote. */
export function place(base: Base, proposal: Proposal): Placed | null {
  switch (proposal.kind) {
    case "text":
      return placeText(base, proposal, proposal.change, proposal.change.delete, proposal.change.anchor);
    case "format":
      return placeText(base, proposal, proposal.change, proposal.change.ranges, null);
    case "split":
      return placeText(base, proposal, { ...proposal.change, quote: "" }, [], proposal.change.anchor);
    case "unit_insert":
      return proposal.change.after === "" || base.isBlock(proposal.change.after) ? at(proposal, proposal.change.after) : null;
    case "move":
      return placeMove(base, proposal, proposal.change);
    case "row_insert":
      return placeRow(base, proposal, proposal.change);
    case "row_delete":
      return isIn(base, proposal.change.bid, proposal.change.table) ? at(proposal, proposal.change.table) : null;
    case "column_insert":
      return proposal.change.after < columnsOf(base, proposal.change.table)
        ? { ...at(proposal, proposal.change.table), offset: proposal.change.after }
        : null;
    case "column_delete":
      return placeColumn(base, proposal, proposal.change);
    default:
      return base.isBlock(proposal.change.bid) ? at(proposal, proposal.change.bid) : null;
  }
}

function at(proposal: Proposal, key: string, how: How = "exact"): Placed {
  return { proposal, how, key, offset: 0, offsets: [] };
}

function placeMove(base: Base, proposal: Proposal, { bid, after }: Changes["move"]): Placed | null {
  return base.isBlock(bid) && (after === "" || (base.isBlock(after) && after !== bid)) ? at(proposal, bid) : null;
}

function placeRow(base: Base, proposal: Proposal, { table, after }: Changes["row_insert"]): Placed | null {
  if (base.node(table)?.type.name !== "table") return null;
  return after === "" || isIn(base, after, table) ? at(proposal, table) : null;
}

function isIn(base: Base, bid: string, table: string): boolean {
  const parent = base.find(bid)?.parent;
  return parent instanceof Y.XmlElement && base.keyOf(parent) === table;
}

/** Number of columns of a table whose rows all have as many cells and none spans; 0 for any other. */
export function columnsOf(base: Base, key: string): number {
  const table = base.node(key);
  if (table?.type.name !== "table") return 0;
  const count = table.firstChild?.childCount ?? 0;
  const isPlain = table.children.every(
    (row) => row.childCount === count && row.children.every(({ attrs }) => attrs.colspan === 1 && attrs.rowspan === 1),
  );
  return isPlain ? count : 0;
}

/** The words of a column, by which a deletion of it is known again. */
export function columnQuote(base: Base, key: string, index: number): string {
  return (base.node(key)?.children ?? []).map((row) => row.maybeChild(index)?.textContent ?? "").join(" | ");
}

function placeColumn(base: Base, proposal: Proposal, { table, index, quote }: Changes["column_delete"]): Placed | null {
  const count = columnsOf(base, table);
  if (index < count && columnQuote(base, table, index) === quote) return { ...at(proposal, table), offset: index };
  const same = Array.from({ length: count }, (_, column) => column).filter((column) => columnQuote(base, table, column) === quote);
  if (same.length === 1) return { ...at(proposal, table, "quote"), offset: same[0] as number };
  return index < count ? { ...at(proposal, table, "partly"), offset: index } : null;
}

interface Words {
  readonly bid: string;
  readonly quote: string;
  readonly before: string;
  readonly after: string;
  readonly at: number;
}

function placeText(base: Base, proposal: Proposal, words: Words, ranges: readonly IdRange[], anchor: Id | null): Placed | null {
  const named = ranges.flatMap(expand);
  const alive = locateIds(base, named);
  const isHead = anchor === null && proposal.kind !== "format";
  const anchored = isHead ? locateHead(base, words.bid) : anchor === null ? null : locateAnchor(base, anchor);
  const key = alive?.key ?? anchored?.key;
  const isWhole = named.length === (alive?.offsets.length ?? 0);
  if (key !== undefined && isWhole && (named.length > 0 || anchored?.living)) {
    const offset = anchored !== null && anchored.key === key ? anchored.offset : (alive?.offsets[0] ?? 0);
    return { proposal, how: "exact", key, offset, offsets: alive?.offsets ?? [] };
  }
  const found = search(base, words);
  if (found !== null) return { proposal, how: "quote", ...found };
  if (alive !== null) {
    const offset = anchored !== null && anchored.key === alive.key ? anchored.offset : (alive.offsets[0] ?? 0);
    return { proposal, how: "partly", key: alive.key, offset, offsets: alive.offsets };
  }
  // The words around the place are gone, the place itself is still between two neighbours of its block.
  if (anchored !== null && named.length === 0) return { proposal, how: "partly", key: anchored.key, offset: anchored.offset, offsets: [] };
  return null;
}

function expand([client, clock, length]: IdRange): Id[] {
  return Array.from({ length }, (_, offset): Id => [client, clock + offset]);
}

/** Offsets of the living ones among the ids, all in one block: the block that has most of them. */
function locateIds(base: Base, ids: readonly Id[]): { key: string; offsets: number[] } | null {
  const found = new Map<string, number[]>();
  for (const [client, clock] of ids) {
    const item = itemAt(base.doc, [client, clock]);
    if (item === null || item.deleted || !(item.parent instanceof Y.XmlText)) continue;
    const key = keyOfText(base, item.parent);
    if (key === null) continue;
    const offset = offsetOf(base, key, [client, clock]);
    if (offset >= 0) found.set(key, [...(found.get(key) ?? []), offset]);
  }
  let best: { key: string; offsets: number[] } | null = null;
  for (const [key, offsets] of found) if (best === null || offsets.length > best.offsets.length) best = { key, offsets };
  return best === null ? null : { key: best.key, offsets: best.offsets.sort((a, b) => a - b) };
}

const OFFSETS = new WeakMap<BaseText, Map<number, Map<number, number>>>();

/** The offset of a living character in a block; -1 when it is not there. */
function offsetOf(base: Base, key: string, [client, clock]: Id): number {
  const text = base.textOf(key);
  if (text === null) return -1;
  let known = OFFSETS.get(text);
  if (known === undefined) {
    known = new Map();
    for (let index = 0; index < text.ids.length; index++) {
      const [owner, time] = text.ids[index] as Id;
      const own = known.get(owner) ?? new Map<number, number>();
      known.set(owner, own.set(time, index));
    }
    OFFSETS.set(text, known);
  }
  return known.get(client)?.get(clock) ?? -1;
}

function itemAt(doc: Y.Doc, [client, clock]: Id): Y.Item | null {
  if (Y.getState(doc.store, client) <= clock) return null;
  const item = Y.getItem(doc.store, Y.createID(client, clock));
  return item instanceof Y.Item ? item : null;
}

function keyOfText(base: Base, text: Y.XmlText): string | null {
  const element = containerOf(text);
  return element === null ? null : base.keyOf(element);
}

interface Anchored {
  readonly key: string;
  readonly offset: number;
  /** False when the character itself is deleted. */
  readonly living: boolean;
}

/** Behind a character. Behind a deleted one: where it was, when its block still stands. */
function locateAnchor(base: Base, anchor: Id): Anchored | null {
  const item = itemAt(base.doc, anchor);
  if (item === null || !(item.parent instanceof Y.XmlText)) return null;
  const key = keyOfText(base, item.parent);
  const element = key === null ? null : base.find(key);
  if (key === null || element === null) return null;
  if (!item.deleted) return { key, offset: offsetOf(base, key, anchor) + 1, living: true };
  let offset = 0;
  for (const text of textsOf(element)) {
    if (text === item.parent) break;
    offset += text.length;
  }
  for (let left = item.left; left !== null; left = left.left) if (!left.deleted && left.countable) offset += left.length;
  return { key, offset, living: false };
}

/** The head of a block is a place as long as the block is. */
function locateHead(base: Base, bid: string): Anchored | null {
  return base.textOf(bid) === null ? null : { key: bid, offset: 0, living: true };
}

/** Widths of context tried, widest first. */
const WIDTHS: readonly (readonly [before: number, after: number])[] = [
  [24, 24],
  [24, 0],
  [0, 24],
  [12, 12],
  [6, 6],
  [6, 0],
  [0, 6],
];
/** Narrower than this the words must be unique in the whole text, not only in the nearest block that has them. */
const LOCAL = 12;
/** A shorter needle may be chance. */
const NEEDLE = 8;

interface Hit {
  readonly key: string;
  readonly offset: number;
  readonly offsets: number[];
}

/** The one place with these words, in the block nearest to where the record was made. Most are in that block itself. */
function search(base: Base, words: Words): Hit | null {
  let near: readonly string[] | null = null;
  for (const [before, after] of WIDTHS) {
    const left = before === 0 ? "" : words.before.slice(-before);
    const needle = left + words.quote + words.after.slice(0, after);
    if (needle.length < NEEDLE) continue;
    const isLocal = Math.max(before, after) >= LOCAL;
    const own = isLocal ? hitIn(base, words.bid, needle, left.length, words.quote.length) : null;
    if (own !== null) return own;
    near ??= nearest(base, words);
    const hits = near.filter((key) => base.textOf(key)?.text.includes(needle));
    if (hits.length > 1 && !isLocal) continue;
    for (const key of hits) {
      const hit = hitIn(base, key, needle, left.length, words.quote.length);
      if (hit !== null) return hit;
    }
  }
  return null;
}

/** Null when the block does not have the needle exactly once. */
function hitIn(base: Base, key: string, needle: string, left: number, length: number): Hit | null {
  const text = base.textOf(key)?.text ?? "";
  const index = text.indexOf(needle);
  if (index < 0 || text.indexOf(needle, index + 1) >= 0) return null;
  const offset = index + left;
  return { key, offset, offsets: Array.from({ length }, (_, place) => offset + place) };
}

/** Keys of all texts, the one where the record was made first. */
function nearest(base: Base, { bid, at }: Words): string[] {
  return [...base.textKeys()]
    .map((key) => ({ key, distance: key === bid ? -1 : Math.abs(base.indexOf(key) - at) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ key }) => key);
}
