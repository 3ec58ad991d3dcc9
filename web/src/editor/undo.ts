/** Undo and redo of one's own edits only. */

import * as Y from "yjs";
import type { Binding } from "./binding.ts";

/** Typing within this time is one step back. */
const CAPTURE_MS = 600;

/** Nothing that holds words of others is removed by an undo: an element or text goes only when one's own words have left it empty. */
export function mayUndo(item: Y.Item): boolean {
  const type = item.content instanceof Y.ContentType ? item.content.type : null;
  return !((type instanceof Y.XmlText || type instanceof Y.XmlElement) && type.length > 0);
}

export function createUndo(binding: Binding): Y.UndoManager {
  const manager = new ExactUndo(binding.root, {
    trackedOrigins: new Set<unknown>([binding.origin]),
    captureTimeout: CAPTURE_MS,
    deleteFilter: mayUndo,
    captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
  });
  const straighten = (transaction: Y.Transaction): void => {
    if (transaction.origin === manager) straightenNeighbours(transaction);
  };
  binding.doc.on("afterTransaction", straighten);
  const destroy = manager.destroy.bind(manager);
  manager.destroy = () => {
    binding.doc.off("afterTransaction", straighten);
    destroy();
  };
  return manager;
}

/**
 * In a block that was deleted and brought back, Yjs's undo may name neighbours in the wrong order, or one of them twice; the server refuses that
 * (rule G15), because editors would put such words in different places. Before anything is sent they get the neighbours they stand between here.
 */
export function straightenNeighbours({ doc, beforeState }: Y.Transaction): void {
  const start = beforeState.get(doc.clientID) ?? 0;
  for (const item of doc.store.clients.get(doc.clientID) ?? []) {
    if (!(item instanceof Y.Item) || item.id.clock < start || item.parentSub !== null) continue;
    item.origin = neighbour(item, (one) => one.left)?.lastId ?? null;
    item.rightOrigin = neighbour(item, (one) => one.right)?.id ?? null;
  }
}

/** The nearest one to that side that was there when `item` came. */
function neighbour(item: Y.Item, towards: (item: Y.Item) => Y.Item | null): Y.Item | null {
  let found = towards(item);
  while (found !== null && found.id.client === item.id.client && found.id.clock > item.id.clock) found = towards(found);
  return found;
}

/**
 * Yjs' undo manager, which alone takes too much or too little: words that an earlier undo brought back are one item with what was written
 * beside them since, and several where something was written between them. Here such items are cut to the step's own words first.
 */
export class ExactUndo extends Y.UndoManager {
  override undo(): ReturnType<Y.UndoManager["undo"]> {
    return this.exactly("undoing", this.undoStack, () => super.undo());
  }

  override redo(): ReturnType<Y.UndoManager["redo"]> {
    return this.exactly("redoing", this.redoStack, () => super.redo());
  }

  private exactly<Step>(flag: "undoing" | "redoing", stack: Y.UndoManager["undoStack"], step: () => Step): Step {
    this[flag] = true;
    try {
      return this.doc.transact((transaction) => {
        for (const { insertions } of stack) {
          for (const [client, ranges] of insertions.clients) {
            for (const { clock, len } of ranges) cut(transaction, client, clock, clock + len);
          }
        }
        const done = step();
        this[flag] = true; // the step has put it down, its transaction still goes on
        return done;
      }, this);
    } finally {
      this[flag] = false;
    }
  }
}

/** Cuts items that were brought back, and the deleted ones they stand for, so that each stands for exactly one. */
function cut(transaction: Y.Transaction, client: number, from: number, to: number): void {
  const { store } = transaction.doc;
  for (let clock = from; clock < to; ) {
    const item = Y.getItem(store, Y.createID(client, clock));
    const end = Math.min(to, item.id.clock + item.length);
    const back = item instanceof Y.Item && item.redone !== null ? follow(store, item, clock) : null;
    if (back === null) {
      clock = end;
      continue;
    }
    const length = Math.min(end - clock, back.length);
    const { item: copy, offset } = back;
    if (offset > 0) Y.getItemCleanStart(transaction, Y.createID(copy.id.client, copy.id.clock + offset));
    const next = copy.id.clock + offset + length;
    if (copy.length > offset + length) Y.getItemCleanStart(transaction, Y.createID(copy.id.client, next));
    if (clock + length < item.id.clock + item.length) Y.getItemCleanStart(transaction, Y.createID(client, clock + length));
    clock += length;
  }
}

interface Back {
  readonly item: Y.Item;
  /** Where the character stands in the item. */
  readonly offset: number;
  /** How many characters from there on belong together in all the items between. */
  readonly length: number;
}

/** The item that a character came back in; null when that is gone for good. */
function follow(store: Y.Doc["store"], from: Y.Item, clock: number): Back | null {
  let [item, offset] = [from, clock - from.id.clock];
  let length = item.length - offset;
  while (item.redone !== null) {
    const id = Y.createID(item.redone.client, item.redone.clock + offset);
    const next = Y.getItem(store, id);
    if (!(next instanceof Y.Item)) return null;
    item = next;
    offset = id.clock - item.id.clock;
    length = Math.min(length, item.length - offset);
  }
  return { item, offset, length };
}
