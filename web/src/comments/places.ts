/** Between anchors and the editor's document. A private view also shows proposed words, which the act does not have: they do not count. */

import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import type { Spot } from "../suggestions/cards/positions.ts";
import { type Base, rangesOf, textId } from "../suggestions/core/base.ts";
import { contextAfter, contextBefore, type Proposal, quoteOf } from "../suggestions/core/record.ts";
import type { Anchor } from "./model.ts";

/** A range as the kind of record that `place` finds again by ids, then by quote and context. */
export function asProposal(id: string, anchor: Anchor): Proposal | null {
  if (anchor.kind === "act") return null;
  if (anchor.kind === "unit") return { id, kind: "unit_delete", change: { bid: anchor.bid, quote: anchor.quote } };
  const { kind: _, ...words } = anchor;
  return { id, kind: "format", change: { ...words, set: {} } };
}

/** The stretch to comment on: the selected words of the first block, or all of the block when nothing is selected. Null where there is none. */
export function anchorAt(view: EditorView, base: Base, from: number, to: number): Anchor | null {
  const $from = view.state.doc.resolve(Math.min(from, view.state.doc.content.size));
  if (!$from.parent.inlineContent) return null;
  const bid = $from.parent.attrs.bid as string;
  const text = base.textOf(bid);
  const element = base.find(bid);
  if (text === null || element === null) return null;
  const isWhole = to <= from;
  if (isWhole && base.isBlock(bid)) return { kind: "unit", bid, quote: quoteOf(text.text) };
  const start = isWhole ? 0 : actOffset($from.parent, $from.parentOffset);
  const end = isWhole ? text.text.length : actOffset($from.parent, Math.min($from.parent.content.size, to - $from.start()));
  if (end <= start) return null;
  return {
    kind: "range",
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
