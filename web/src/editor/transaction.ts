/** What one Yjs transaction did to the texts of the act, character by character. */

import * as Y from "yjs";
import type { Characters } from "./relocations.ts";

export interface Changed {
  /** Characters that lived before and are deleted now, by text. */
  readonly deleted: ReadonlyMap<Y.XmlText, Characters>;
  /** Characters that are new and live, by text. */
  readonly inserted: ReadonlyMap<Y.XmlText, Characters>;
  /** Texts that got new characters although they are deleted. */
  readonly buried: ReadonlySet<Y.XmlText>;
  readonly isNew: (item: Y.Item) => boolean;
  readonly doc: Y.Doc;
}

/** Null when the transaction changed no text. */
export function collectChanged(transaction: Y.Transaction): Changed | null {
  const isNew = (item: Y.Item) => item.id.clock >= (transaction.beforeState.get(item.id.client) ?? 0);
  const from = new Set<Y.XmlText>();
  const to = new Set<Y.XmlText>();
  const buried = new Set<Y.XmlText>();
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    const text = textOf(struct);
    if (text !== null && !isNew(struct as Y.Item)) from.add(text);
  });
  for (const item of newItems(transaction)) {
    const text = textOf(item);
    if (text !== null) (item.deleted ? buried : to).add(text);
  }
  if (from.size === 0 && to.size === 0 && buried.size === 0) return null;
  const wasDeleted = (item: Y.Item) => item.deleted && !isNew(item) && Y.isDeleted(transaction.deleteSet, item.id);
  return {
    deleted: new Map([...from].map((text) => [text, charactersOf(text, wasDeleted)])),
    inserted: new Map([...to].map((text) => [text, charactersOf(text, (item) => !item.deleted && isNew(item))])),
    buried,
    isNew,
    doc: transaction.doc,
  };
}

function textOf(struct: Y.Item | Y.GC): Y.XmlText | null {
  if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return null;
  return struct.parent instanceof Y.XmlText ? struct.parent : null;
}

function* newItems(transaction: Y.Transaction): Generator<Y.Item> {
  for (const [client, after] of transaction.afterState) {
    const before = transaction.beforeState.get(client) ?? 0;
    if (after <= before) continue;
    const structs = transaction.doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, before); index < structs.length; index++) {
      const struct = structs[index];
      if (struct instanceof Y.Item) yield struct;
    }
  }
}

/** The characters of the items that `wanted` chooses, in order. */
export function charactersOf(text: Y.XmlText, wanted: (item: Y.Item) => boolean): Characters {
  const ids: Y.ID[] = [];
  let string = "";
  for (let item = text._start; item !== null; item = item.right) {
    if (!(item.content instanceof Y.ContentString) || !wanted(item)) continue;
    string += item.content.str;
    for (let offset = 0; offset < item.length; offset++) ids.push(Y.createID(item.id.client, item.id.clock + offset));
  }
  return { text: string, ids };
}

/** The text a character belongs to and its index there; for a deleted one, the index where it would be. Null when it is not kept. */
export function indexOf(doc: Y.Doc, id: Y.ID): { text: Y.XmlText; index: number; living: boolean } | null {
  const item = Y.getItem(doc.store, id);
  if (!(item instanceof Y.Item) || !(item.parent instanceof Y.XmlText)) return null;
  let index = item.deleted ? 0 : id.clock - item.id.clock;
  for (let left = item.left; left !== null; left = left.left) if (!left.deleted && left.countable) index += left.length;
  return { text: item.parent, index, living: !item.deleted };
}

/** True when two stretches of living characters stand side by side. */
export function isWithin(text: Y.XmlText, one: readonly Y.ID[], other: readonly Y.ID[]): boolean {
  const { ids } = charactersOf(text, (item) => !item.deleted);
  const place = (id: Y.ID | undefined) => ids.findIndex((candidate) => id !== undefined && Y.compareIDs(candidate, id));
  const [a, b] = [place(one[0]), place(other[0])];
  return a >= 0 && b >= 0 && (a + one.length === b || b + other.length === a);
}

/** An id as a key of sets and maps. */
export function key(id: Y.ID): string {
  return `${id.client}:${id.clock}`;
}

/** Deletes the living characters with these ids. */
export function deleteIds(text: Y.XmlText, ids: ReadonlySet<string>): void {
  const living = charactersOf(text, (item) => !item.deleted);
  for (let end = living.ids.length; end > 0; end--) {
    if (!ids.has(key(living.ids[end - 1] as Y.ID))) continue;
    let start = end - 1;
    while (start > 0 && ids.has(key(living.ids[start - 1] as Y.ID))) start--;
    text.delete(start, end - start);
    end = start + 1;
  }
}
