/** Between anchors and the editor's document. A private view also shows proposed words, which the act does not have: they do not count. */

import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import type { Spot } from "../suggestions/cards/positions.ts";
import { type Base, rangesOf, textId } from "../suggestions/core/base.ts";
import { contextAfter, contextBefore, type Proposal, quoteOf } from "../suggestions/core/record.ts";
import type { Anchor, Stretch } from "./model.ts";

/** Its parts as the kind of records that `place` finds again by ids, then by quote and context: one for each block, none for the whole act. */
export function asProposals(id: string, anchor: Anchor): readonly Proposal[] {
  switch (anchor.kind) {
    case "act":
      return [];
    case "unit":
      return [{ id, kind: "unit_delete", change: { bid: anchor.bid, quote: anchor.quote } }];
    case "range": {
      const { kind: _, ...words } = anchor;
      return [asFormat(id, words)];
    }
    case "passage":
      return anchor.stretches.map((words, index) => asFormat(index === 0 ? id : `${id}/${index}`, words));
  }
}

function asFormat(id: string, words: Stretch): Proposal {
  return { id, kind: "format", change: { ...words, set: {} } };
}

/** The words to comment on: those that are selected, or all of the block when nothing is. Null where there are none. */
export function anchorAt(view: EditorView, base: Base, from: number, to: number): Anchor | null {
  const { doc } = view.state;
  const $from = doc.resolve(Math.min(from, doc.content.size));
  if (to <= from) return $from.parent.inlineContent ? wholeBlock(base, $from.parent) : null;
  const stretches: Stretch[] = [];
  doc.nodesBetween(from, Math.min(to, doc.content.size), (node, at) => {
    if (!node.inlineContent) return true;
    const stretch = stretchOf(base, node, Math.max(0, from - at - 1), Math.min(node.content.size, to - at - 1));
    if (stretch !== null) stretches.push(stretch);
    return false;
  });
  const [first, ...others] = stretches;
  if (first === undefined) return null;
  return others.length === 0 ? { kind: "range", ...first } : { kind: "passage", stretches };
}

function wholeBlock(base: Base, block: Node): Anchor | null {
  const bid = block.attrs.bid as string;
  const text = base.textOf(bid);
  if (text !== null && base.isBlock(bid)) return { kind: "unit", bid, quote: quoteOf(text.text) };
  const stretch = stretchOf(base, block, 0, block.content.size);
  return stretch && { kind: "range", ...stretch };
}

/** Words of a shown block between two offsets in it; null where the act has none. */
function stretchOf(base: Base, block: Node, from: number, to: number): Stretch | null {
  const bid = block.attrs.bid as string;
  const text = base.textOf(bid);
  const element = base.find(bid);
  if (text === null || element === null) return null;
  const [start, end] = [actOffset(block, from), actOffset(block, to)];
  if (end <= start) return null;
  return {
    bid,
    text: textId(element),
    ranges: rangesOf(text.ids.slice(start, end)),
    quote: quoteOf(text.text.slice(start, end)),
    before: contextBefore(text.text, start),
    after: contextAfter(text.text, end),
    at: Math.max(0, base.indexOf(bid)),
  };
}

/** The offset in the act of an offset in a shown block. */
function actOffset(block: Node, offset: number): number {
  let count = 0;
  block.forEach((child, at) => {
    if (!isProposed(child)) count += Math.max(0, Math.min(child.nodeSize, offset - at));
  });
  return count;
}

function isProposed(node: Node): boolean {
  return node.marks.some(({ type }) => type.name === "insertion");
}

/** Where the first of these characters stands, else the block. */
export function startIn(spot: Spot, offsets: readonly number[]): number {
  if (!spot.node.inlineContent) return spot.at;
  return stretchesIn(spot, offsets.slice(0, 1))[0]?.[0] ?? spot.at + 1;
}

/** The stretches of a shown block that hold these characters of the act, as positions in the document. */
export function stretchesIn({ at, node }: Spot, offsets: readonly number[]): [from: number, to: number][] {
  const wanted = new Set(offsets);
  const found: [number, number][] = [];
  let count = 0;
  node.forEach((child, start) => {
    if (isProposed(child)) return;
    for (let index = 0; index < child.nodeSize; index++, count++) {
      if (!wanted.has(count)) continue;
      const from = at + 1 + start + index;
      const last = found.at(-1);
      if (last !== undefined && last[1] === from) last[1] = from + 1;
      else found.push([from, from + 1]);
    }
  });
  return found;
}
