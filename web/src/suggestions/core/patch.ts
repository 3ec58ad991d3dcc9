/** Turns what an editor shows into what it should show, by the smallest steps. */

import { type Node, Slice } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";

/** Makes the document's children equal to `wanted` with the smallest steps, so that carets stay. False when they were. */
export function patch(tr: Transaction, wanted: readonly Node[], same: (a: Node, b: Node) => boolean): boolean {
  const shown = tr.doc.children;
  let left = 0;
  let position = 0;
  while (left < shown.length && left < wanted.length && same(shown[left] as Node, wanted[left] as Node))
    position += (shown[left++] as Node).nodeSize;
  let right = 0;
  while (
    right < shown.length - left &&
    right < wanted.length - left &&
    same(shown[shown.length - 1 - right] as Node, wanted[wanted.length - 1 - right] as Node)
  )
    right++;
  const [old, now] = [shown.slice(left, shown.length - right), wanted.slice(left, wanted.length - right)];
  if (old.length === 0 && now.length === 0) return false;
  if (old.length !== now.length || old.some((node, index) => node.attrs.bid !== now[index]?.attrs.bid)) {
    tr.replaceWith(position, position + old.reduce((size, node) => size + node.nodeSize, 0), [...now]);
    return true;
  }
  let at = position;
  for (const [index, node] of now.entries()) {
    if (!same(old[index] as Node, node)) patchBlock(tr, at, old[index] as Node, node);
    at += node.nodeSize;
  }
  return true;
}

function patchBlock(tr: Transaction, at: number, old: Node, now: Node): void {
  if (old.type !== now.type) {
    tr.replaceWith(at, at + old.nodeSize, now);
    return;
  }
  for (const [name, value] of Object.entries(now.attrs)) if (old.attrs[name] !== value) tr.setNodeAttribute(at, name, value);
  const from = old.content.findDiffStart(now.content);
  const end = old.content.findDiffEnd(now.content);
  if (from === null || end === null) return;
  const overlap = from - Math.min(end.a, end.b);
  const [a, b] = overlap > 0 ? [end.a + overlap, end.b + overlap] : [end.a, end.b];
  if (now.inlineContent) tr.replace(at + 1 + from, at + 1 + a, new Slice(now.content.cut(from, b), 0, 0));
  else tr.replaceWith(at, at + old.nodeSize, now);
}
