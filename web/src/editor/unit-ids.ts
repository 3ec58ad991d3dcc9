/** Every block has its own id: new ones get a new id, copies too; what is cut and pasted, undone or moved keeps the one it had (D1). */

import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { sharedChange } from "./binding.ts";
import { newBid } from "./schema.ts";

export function unitIds(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, _before, state) => {
      const local = transactions.filter((transaction) => transaction.docChanged && transaction.getMeta(sharedChange) === undefined);
      return local.some((transaction) => !staysInline(transaction)) ? giveIds(local, state) : null;
    },
  });
}

/** True when no step inserted or copied a block. */
function staysInline(transaction: Transaction): boolean {
  return transaction.steps.every((step, index) => {
    let inline = true;
    step.getMap().forEach((from, to) => {
      const $from = (transaction.docs[index] as Node).resolve(from);
      inline &&= $from.parent.inlineContent && to <= $from.end();
    });
    return inline;
  });
}

function giveIds(transactions: readonly Transaction[], state: EditorState): Transaction | null {
  const seen = new Map<string, { position: number; fresh: boolean }>();
  const renamed: number[] = [];
  const fresh = freshRanges(transactions);
  state.doc.descendants((node, position) => {
    if (node.type.spec.attrs?.bid === undefined) return false;
    const isFresh = fresh.some(([from, to]) => position >= from && position < to);
    const earlier = seen.get(node.attrs.bid);
    if (node.attrs.bid === "") renamed.push(position);
    else if (earlier === undefined) seen.set(node.attrs.bid, { position, fresh: isFresh });
    else if (isFresh || !earlier.fresh) renamed.push(position);
    else {
      // The block that was there before keeps its id, wherever the copy was put.
      renamed.push(earlier.position);
      seen.set(node.attrs.bid, { position, fresh: false });
    }
    return !node.isTextblock;
  });
  if (renamed.length === 0) return null;
  const tr = state.tr;
  for (const position of renamed) tr.setNodeAttribute(position, "bid", newBid());
  return tr;
}

/** The ranges of the final document that these transactions inserted. */
function freshRanges(transactions: readonly Transaction[]): [number, number][] {
  const ranges: [number, number][] = [];
  transactions.forEach((transaction, which) => {
    transaction.mapping.maps.forEach((map, index) => {
      map.forEach((_from, _to, newFrom, newTo) => {
        let [from, to] = [transaction.mapping.slice(index + 1).map(newFrom, -1), transaction.mapping.slice(index + 1).map(newTo, 1)];
        for (const later of transactions.slice(which + 1)) [from, to] = [later.mapping.map(from, -1), later.mapping.map(to, 1)];
        ranges.push([from, to]);
      });
    });
  });
  return ranges;
}
