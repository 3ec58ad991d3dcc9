/** The text of one unit or cell in Yjs: positions are UTF-16 units over all its Y.XmlText children in order. */

import * as Y from "yjs";
import type { Run } from "./schema.ts";

type Attributes = Record<string, unknown>;

/** The text types of an element, in order; several exist after a merge (D1). */
export function textsOf(element: Y.XmlElement): Y.XmlText[] {
  return element.toArray().filter((child): child is Y.XmlText => child instanceof Y.XmlText);
}

/** The runs of an element's text. A foreign embed counts as one placeholder, so that offsets stay true. */
export function readRuns(element: Y.XmlElement): { text: string; attributes: Attributes | undefined }[] {
  return textsOf(element).flatMap((text) =>
    (text.toDelta() as { insert: unknown; attributes?: Attributes }[]).map((part) => ({
      text: typeof part.insert === "string" ? part.insert : "\ufffc",
      attributes: part.attributes,
    })),
  );
}

/** The text and the index in it of an offset; an offset between two texts belongs to the first. */
export function locate(element: Y.XmlElement, offset: number): { text: Y.XmlText; index: number } | null {
  let rest = offset;
  for (const text of textsOf(element)) {
    if (rest <= text.length) return { text, index: rest };
    rest -= text.length;
  }
  return null;
}

/** Where a text begins within its element's offsets. */
export function startOf(element: Y.XmlElement, text: Y.XmlText): number {
  let offset = 0;
  for (const other of textsOf(element)) {
    if (other === text) return offset;
    offset += other.length;
  }
  return offset;
}

/** Inserts runs at an offset; creates the text of an element that has none. */
export function insertRuns(element: Y.XmlElement, offset: number, runs: readonly Run[]): void {
  let place = locate(element, offset);
  if (place === null) {
    const text = new Y.XmlText();
    element.insert(element.length, [text]);
    place = { text, index: 0 };
  }
  let index = place.index;
  for (const run of runs) {
    insertInto(place.text, index, run);
    index += run.text.length;
  }
}

/**
 * Inserts a run so that its origin is the living character on its left, never a deleted one behind it.
 *
 * Yjs itself skips deleted characters to the right of the cursor. Then words typed at the end of a unit whose tail was split
 * off would look exactly like words typed into that tail by somebody who had not seen the split, and `Rescue` would move them.
 */
export function insertInto(text: Y.XmlText, index: number, run: Run): void {
  const doc = text.doc;
  if (doc === null) throw new Error("a text outside a document has no positions");
  doc.transact((transaction) => {
    const left = findLeft(text, index, run.attributes);
    if (left === undefined) {
      text.insert(index, run.text, run.attributes as Attributes);
      return;
    }
    const right = left === null ? text._start : left.right;
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID));
    const item = new Y.Item(id, left, left?.lastId ?? null, right, right?.id ?? null, text, null, new Y.ContentString(run.text));
    item.integrate(transaction, 0);
    if (text._searchMarker !== null) text._searchMarker.length = 0;
  });
}

/** The item to insert after so that the run has its marks without new format items; undefined when there is no such place. */
function findLeft(text: Y.XmlText, index: number, wanted: Run["attributes"]): Y.Item | null | undefined {
  const current: Attributes = {};
  let left: Y.Item | null = null;
  let rest = index;
  let item = text._start;
  while (item !== null && rest > 0) {
    if (!item.deleted) {
      if (item.content instanceof Y.ContentFormat) updateAttributes(current, item.content);
      else if (item.countable) {
        if (rest < item.length) item = splitAt(text, item, rest);
        rest -= item.length;
      }
    }
    left = item;
    item = item.right;
  }
  while (!sameAttributes(current, wanted)) {
    while (item?.deleted) item = item.right;
    if (item === null || !(item.content instanceof Y.ContentFormat)) return undefined;
    updateAttributes(current, item.content);
    left = item;
    item = item.right;
  }
  return left;
}

function splitAt(text: Y.XmlText, item: Y.Item, length: number): Y.Item {
  const doc = text.doc;
  const transaction = doc?._transaction;
  if (!doc || !transaction) throw new Error("splitting needs a transaction");
  return Y.getItemCleanEnd(transaction, doc.store, Y.createID(item.id.client, item.id.clock + length - 1));
}

function updateAttributes(current: Attributes, format: Y.ContentFormat): void {
  const { key, value } = format as unknown as { key: string; value: unknown };
  if (value === null) delete current[key];
  else current[key] = value;
}

/** True when two attribute sets say the same. */
export function sameAttributes(a: Attributes, b: Attributes): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

/** Calls `each` for the parts of the range in each text; from the right, so that earlier offsets stay true. */
function overRange(
  element: Y.XmlElement,
  offset: number,
  length: number,
  each: (text: Y.XmlText, index: number, length: number) => void,
): void {
  const parts: [Y.XmlText, number, number][] = [];
  let start = 0;
  for (const text of textsOf(element)) {
    const from = Math.max(0, offset - start);
    const to = Math.min(text.length, offset + length - start);
    if (to > from) parts.push([text, from, to - from]);
    start += text.length;
  }
  for (const part of parts.reverse()) each(...part);
}

export function deleteRange(element: Y.XmlElement, offset: number, length: number): void {
  overRange(element, offset, length, (text, index, count) => text.delete(index, count));
}

/** Sets marks on a range; null removes one. */
export function formatRange(element: Y.XmlElement, offset: number, length: number, attributes: Attributes): void {
  overRange(element, offset, length, (text, index, count) => text.format(index, count, attributes));
}
