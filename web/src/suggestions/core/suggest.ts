/**
 * An ordinary edit of the view, turned into a proposal: what it deleted of the text comes back marked, what it wrote is marked.
 *
 * Works on the state before and after, not on commands: typing, paste, cut, drag, split, join, tables, what a phone's keyboard or an input
 * method rewrote are all the same to it. The view is a row of tokens (block starts and characters); those of the text are never lost.
 */

import { Fragment, type Mark, type Node } from "prosemirror-model";
import type { Mapping } from "prosemirror-transform";
import { newBid, schema } from "../../editor/schema.ts";
import { suggestTable } from "./suggest-table.ts";
import { asInserted, type Char, hasMark, type IsBase, insertedMarks, keptMarks, type Start, type Token, tokens } from "./tokens.ts";
import { DELETION, INSERTION } from "./view.ts";

/** The blocks to put in place of the children `from`..`to` of the document after the edit, and where its positions come to stand. */
export interface Suggested {
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly Node[];
  /** Where a position of the edited document comes to stand; `side` chooses around deleted words. */
  readonly map: (position: number, side: -1 | 1) => number;
}

/** Caret or selection when the edit began: positions in the document before. */
export interface Selected {
  readonly from: number;
  readonly to: number;
}

/** Null when the edit touched nothing. */
export function suggest(before: Node, after: Node, mapping: Mapping, isBase: IsBase, selected: Selected): Suggested | null {
  const region = changedChildren(before, after);
  if (region === null) return null;
  const { left, oldEnd, newEnd } = region;
  const old = before.children.slice(left, oldEnd);
  const now = after.children.slice(left, newEnd);
  if (isReordered(old, now)) return { from: left, to: newEnd, blocks: now, map: (position) => position };
  const was = tokens(old, startOf(before, left));
  const is = tokens(now, startOf(after, left));
  const out = new Builder(isBase, startOf(after, left));
  merge(was, is, survivors(was, is, mapping), { out, isBase, selected });
  return { from: left, to: newEnd, blocks: out.blocks(), map: out.mapper(is) };
}

export function changedChildren(before: Node, after: Node): { left: number; oldEnd: number; newEnd: number } | null {
  if (before === after) return null;
  const [old, now] = [before.children, after.children];
  let left = 0;
  while (left < old.length && left < now.length && old[left] === now[left]) left++;
  let right = 0;
  while (right < old.length - left && right < now.length - left && old[old.length - 1 - right] === now[now.length - 1 - right]) right++;
  if (left === old.length && left === now.length) return null;
  return { left, oldEnd: old.length - right, newEnd: now.length - right };
}

function startOf(doc: Node, index: number): number {
  let position = 0;
  for (let i = 0; i < index; i++) position += doc.child(i).nodeSize;
  return position;
}

/** Blocks changed places and nothing else. */
function isReordered(old: readonly Node[], now: readonly Node[]): boolean {
  if (old.length !== now.length || old.length < 2) return false;
  const known = new Map(old.map((node) => [node.attrs.bid, node]));
  return (
    known.size === old.length &&
    now.every((node) => known.get(node.attrs.bid)?.eq(node)) &&
    new Set(now.map((node) => node.attrs.bid)).size === now.length
  );
}

/** Pairs of tokens (old index -> new index) that the edit left in place, rising in both. */
function survivors(was: readonly Token[], is: readonly Token[], mapping: Mapping): Map<number, number> {
  const byPosition = new Map(is.map((token, index) => [token.position, index]));
  const byBid = new Map<string, number>();
  is.forEach((token, index) => {
    if (token.kind !== "char" && !byBid.has(token.node.attrs.bid)) byBid.set(token.node.attrs.bid, index);
  });
  const pairs = new Map<number, number>();
  let last = -1;
  was.forEach((token, index) => {
    const found = token.kind === "char" ? findChar(token, is, byPosition, mapping) : byBid.get(token.node.attrs.bid);
    if (found === undefined || found <= last || is[found]?.kind !== token.kind) return;
    pairs.set(index, found);
    last = found;
  });
  return pairs;
}

function findChar(token: Char, is: readonly Token[], byPosition: ReadonlyMap<number, number>, mapping: Mapping): number | undefined {
  const from = mapping.map(token.position, 1);
  if (mapping.map(token.position + token.text.length, -1) - from !== token.text.length) return undefined;
  const index = byPosition.get(from);
  const found = index === undefined ? undefined : is[index];
  return found?.kind === "char" && found.text === token.text ? index : undefined;
}

interface Merging {
  readonly out: Builder;
  readonly isBase: IsBase;
  readonly selected: Selected;
}

/** Goes along both rows; between two survivors first come the lost words, then the new ones, then the lost blocks. */
function merge(was: readonly Token[], is: readonly Token[], pairs: ReadonlyMap<number, number>, merging: Merging): void {
  let [i, j] = [0, 0];
  for (const [oldIndex, newIndex] of [...pairs, [was.length, is.length] as const]) {
    fill(was.slice(i, oldIndex), is.slice(j, newIndex), j, merging, was[oldIndex]);
    const [old, now] = [was[oldIndex], is[newIndex]];
    if (old !== undefined && now !== undefined) merging.out.keep(old, now, newIndex);
    [i, j] = [oldIndex + 1, newIndex + 1];
  }
}

function fill(
  lost: readonly Token[],
  fresh: readonly Token[],
  freshIndex: number,
  { out, isBase, selected }: Merging,
  next: Token | undefined,
): void {
  if (lost.length === 0 && fresh.length === 0) return;
  const { head, tail } = rewritten(lost, fresh, selected);
  for (let index = 0; index < head; index++) out.keep(lost[index] as Token, fresh[index] as Token, freshIndex + index);
  const gone = lost.slice(head, lost.length - tail);
  const made = fresh.slice(head, fresh.length - tail);
  const firstBlock = gone.findIndex((token) => token.kind !== "char");
  const words = firstBlock < 0 ? gone : gone.slice(0, firstBlock);
  const blocks = firstBlock < 0 ? [] : gone.slice(firstBlock);
  for (const token of words) out.lose(token);
  const boundary = pairBoundary(made, blocks, isBase);
  const madeEnd = boundary === null ? made.length : boundary.made;
  for (let index = 0; index < madeEnd; index++) out.add(made[index] as Token, freshIndex + head + index);
  blocks.forEach((token, index) => {
    if (boundary !== null && index === boundary.lost) out.keepStart(token as Start, freshIndex + head + boundary.made);
    else if (token.kind === "start") out.loseStart(token, survives(blocks, index, tail > 0 ? lost.at(-tail) : next));
    else out.lose(token);
  });
  for (let index = madeEnd + 1; index < made.length; index++) out.add(made[index] as Token, freshIndex + head + index);
  for (let index = tail; index > 0; index--) {
    out.keep(lost[lost.length - index] as Token, fresh[fresh.length - index] as Token, freshIndex + fresh.length - index);
  }
}

/**
 * How many words at both ends the edit wrote again as they were, as input methods and corrected pastes do: they count as left in place. Who types over a
 * selection writes something else: that its first letter was the last one selected is chance.
 */
function rewritten(lost: readonly Token[], fresh: readonly Token[], selected: Selected): { head: number; tail: number } {
  const head = common(lost, fresh);
  const tail = common(lost.slice(head).reverse(), fresh.slice(head).reverse());
  const isTypedOver = lost.every(({ position }) => position >= selected.from && position < selected.to);
  return isTypedOver && 2 * (head + tail) <= lost.length ? { head: 0, tail: 0 } : { head, tail };
}

function common(a: readonly Token[], b: readonly Token[]): number {
  let count = 0;
  for (; count < a.length && count < b.length; count++) {
    const [one, other] = [a[count], b[count]];
    if (one?.kind !== "char" || other?.kind !== "char" || one.text !== other.text) break;
  }
  return count;
}

/** A new block start where one of the text was deleted takes its place: the boundary stays. */
function pairBoundary(made: readonly Token[], lost: readonly Token[], isBase: IsBase): { made: number; lost: number } | null {
  const start = made.findLastIndex((token) => token.kind === "start");
  const block = lost.findLastIndex((token) => token.kind === "start" && isBase(token.node.attrs.bid));
  return start < 0 || block < 0 ? null : { made: start, lost: block };
}

/** True when words of a lost unit of the text are still there: then it was joined to the one before, else it was deleted. */
function survives(lost: readonly Token[], index: number, next: Token | undefined): boolean {
  const isLast = !lost.slice(index + 1).some((token) => token.kind !== "char");
  return isLast && next?.kind === "char";
}

/** Collects blocks; remembers where each token of the edited document came to stand. */
class Builder {
  private readonly done: Node[] = [];
  private start: Node | null = null;
  private runs: { text: string; marks: readonly Mark[] }[] = [];
  private position: number;
  private readonly places = new Map<number, number>();
  private inDeleted = false;

  constructor(
    private readonly isBase: IsBase,
    start: number,
  ) {
    this.position = start;
  }

  keep(old: Token, now: Token, index: number): void {
    if (now.kind === "char" && old.kind === "char") this.char(now.text, keptMarks(old.marks, now.marks), index);
    else if (now.kind === "table" && old.kind === "table") this.table(suggestTable(old.node, now.node, this.isBase), index);
    else if (now.kind === "start" && old.kind === "start") {
      const { quoted, scope, sug } = old.node.attrs;
      const fixed = this.isBase(old.node.attrs.bid) ? { quoted, scope, sug } : { sug: "" };
      this.open(now.node.type.create({ ...now.node.attrs, ...fixed }), index);
    }
  }

  keepStart(old: Start, index: number): void {
    this.open(old.node, index);
  }

  add(token: Token, index: number): void {
    if (token.kind === "char") this.char(token.text, insertedMarks(token.marks), index);
    else if (token.kind === "table") this.table(asInserted(token.node, this.isBase), index);
    else this.open(token.node.type.create({ ...token.node.attrs, bid: this.ownBid(token.node), sug: "" }), index);
  }

  lose(token: Token): void {
    if (token.kind === "char") {
      if (!hasMark(token.marks, INSERTION)) this.char(token.text, this.inDeleted ? token.marks : DELETION.addToSet(token.marks), null);
    } else if (token.kind === "table" && this.isBase(token.node.attrs.bid)) {
      this.table(token.node.type.create({ ...token.node.attrs, sug: "delete" }, token.node.content), null);
    } else if (token.kind === "start") this.loseStart(token, false);
  }

  loseStart({ node }: Start, survives: boolean): void {
    if (!this.isBase(node.attrs.bid)) return;
    this.open(node.type.create({ ...node.attrs, sug: survives ? "join" : "delete" }), null);
    this.inDeleted = !survives;
  }

  /** Something pasted with the id of a block of the text is a block of its own. */
  private ownBid(node: Node): string {
    return this.isBase(node.attrs.bid) || node.attrs.bid === "" ? newBid() : node.attrs.bid;
  }

  private open(node: Node, index: number | null): void {
    this.flush();
    this.inDeleted = false;
    this.start = node;
    this.note(index);
    this.position++;
  }

  private char(text: string, marks: readonly Mark[], index: number | null): void {
    this.note(index);
    this.position += text.length;
    const last = this.runs.at(-1);
    if (last !== undefined && last.marks === marks) last.text += text;
    else this.runs.push({ text, marks });
  }

  private table(node: Node, index: number | null): void {
    this.flush();
    this.note(index);
    this.position += node.nodeSize;
    this.done.push(node);
  }

  private note(index: number | null): void {
    if (index !== null) this.places.set(index, this.position);
  }

  private flush(): void {
    const start = this.start;
    if (start === null) return;
    this.start = null;
    this.done.push(start.copy(Fragment.fromArray(this.runs.map(({ text, marks }) => schema.text(text, marks)))));
    this.runs = [];
    this.position++;
  }

  blocks(): Node[] {
    this.flush();
    return this.done;
  }

  /** Left: behind the token before the position; right: before the token behind it. Within a table the offset stays. */
  mapper(is: readonly Token[]): (position: number, side: -1 | 1) => number {
    return (position, side) => {
      const next = is.findIndex((token) => token.position >= position);
      const before = is[(next < 0 ? is.length : next) - 1];
      const after = next < 0 ? undefined : is[next];
      const beforePlace = this.places.get((next < 0 ? is.length : next) - 1);
      const afterPlace = this.places.get(next);
      if (side === 1 && after?.kind === "char" && afterPlace !== undefined) return afterPlace + (position - after.position);
      if (before !== undefined && beforePlace !== undefined) return beforePlace + (position - before.position);
      return position;
    };
  }
}
