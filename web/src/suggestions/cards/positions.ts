/** Where blocks, rows and cells stand in the editor's document, under the keys that `Base` gives them. */

import type { Node } from "prosemirror-model";

export interface Spot {
  /** The position before the node. */
  readonly at: number;
  readonly node: Node;
  /** Where an offset of the text stands, in a reviewer's view: own words are not counted; `isStart` goes behind own words at that place. */
  readonly textAt?: (offset: number, isStart: boolean) => number;
  /** Behind the last piece of a unit that is proposed to be split. */
  readonly end?: number;
}

/** One walk over the blocks; texts are not looked into. A copy that has the same id gets the same suffix as in `Base`. */
export function spotsOf(doc: Node): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot>();
  const add = (node: Node, at: number) => {
    const bid = node.attrs.bid as string;
    let key = bid;
    for (let copy = 2; key === "" || spots.has(key); copy++) key = `${bid}~${copy}`;
    spots.set(key, { at, node });
    if (!node.inlineContent) walk(node, at + 1);
  };
  const walk = (parent: Node, start: number) => {
    let at = start;
    for (const child of parent.children) {
      add(child, at);
      at += child.nodeSize;
    }
  };
  walk(doc, 0);
  return spots;
}

/** The same in a reviewer's private view, where units hold own words and may stand in several pieces. */
export function viewSpotsOf(doc: Node, isBase: (bid: string) => boolean): ReadonlyMap<string, Spot> {
  const spots = new Map(spotsOf(doc));
  let pieces: Spot[] = [];
  const close = () => {
    const [head] = pieces;
    if (head === undefined) return;
    const held = pieces.slice(0, 1 + pieces.findLastIndex(({ node }, index) => index === 0 || node.children.some(isOfText)));
    const last = held.at(-1) as Spot;
    spots.set(head.node.attrs.bid, {
      ...head,
      end: last.at + last.node.nodeSize,
      textAt: (offset, isStart) => placeIn(held, offset, isStart),
    });
  };
  let at = 0;
  for (const node of doc.children) {
    if (isBase(node.attrs.bid)) {
      close();
      pieces = node.inlineContent ? [{ at, node }] : [];
    } else if (node.inlineContent) pieces.push({ at, node });
    at += node.nodeSize;
  }
  close();
  for (const [key, spot] of spots) {
    if (spot.node.inlineContent && spot.textAt === undefined)
      spots.set(key, { ...spot, textAt: (offset, isStart) => placeIn([spot], offset, isStart) });
  }
  return spots;
}

function isOfText(text: Node): boolean {
  return !text.marks.some(({ type }) => type.name === "insertion");
}

function placeIn(pieces: readonly Spot[], offset: number, isStart: boolean): number {
  let left = offset;
  let end = (pieces[0]?.at ?? 0) + 1;
  for (const { at, node } of pieces) {
    let position = at + 1;
    for (const text of node.children) {
      const size = text.nodeSize;
      if (isOfText(text)) {
        if (left < size || (left === size && !isStart)) return position + left;
        left -= size;
        end = position + size;
      }
      position += size;
    }
  }
  return end;
}
