/**
 * What an update says it brought home.
 *
 * Whoever brings words home names their original characters in the update's deletions, although these are deleted already: only so can the
 * others tell which characters the new ones stand for, and that two editors did the same work.
 */

import * as Y from "yjs";
import { align, type Characters } from "./relocations.ts";
import { type Changed, charactersOf, key } from "./transaction.ts";

type DeleteSet = Y.Transaction["deleteSet"];

const NONE: ReadonlySet<string> = new Set();

/** One original character and its copy. */
export interface Brought {
  readonly source: Y.XmlText;
  readonly text: string;
  readonly from: Y.ID;
  readonly to: Y.ID;
}

/** Names characters in the deletions of the running transaction; deleted ones too, which Yjs itself would not. */
export function claim({ deleteSet }: Y.Transaction, ids: readonly Y.ID[]): void {
  for (const { client, clock } of ids) {
    const own = deleteSet.clients.get(client) ?? [];
    deleteSet.clients.set(client, own);
    own.push({ clock, len: 1 } as (typeof own)[number]);
  }
}

/** The stranded characters of one text that an update names, in order; empty when it names others that were deleted before: then it only repeats. */
function claimedIn(
  source: Y.XmlText,
  stranded: ReadonlySet<string>,
  names: DeleteSet,
  { beforeState, deleteSet }: Y.Transaction,
): Characters {
  const ids: Y.ID[] = [];
  let text = "";
  const all = charactersOf(source, () => true);
  for (const [index, id] of all.ids.entries()) {
    if (!Y.isDeleted(names, id)) continue;
    if (stranded.has(key(id)) || id.clock >= (beforeState.get(id.client) ?? 0)) {
      ids.push(id);
      text += all.text[index] ?? "";
    } else if (!Y.isDeleted(deleteSet, id)) return { text: "", ids: [] };
  }
  return { text, ids };
}

/** Which stranded characters an update brought home, and where. `stranded` has their ids by the text they were typed into. */
export function findBrought(
  stranded: ReadonlyMap<Y.XmlText, ReadonlySet<string>>,
  names: DeleteSet,
  transaction: Y.Transaction,
  { inserted, buried, isNew }: Changed,
): Brought[] {
  if (names.clients.size === 0) return [];
  const places = new Map([...inserted, ...[...buried].map((text) => [text, charactersOf(text, isNew)] as const)]);
  // A text that came and went within the update was moved twice: nothing in it is stranded.
  const lateIn = [...buried].filter((text) => text._item !== null && !isNew(text._item));
  return [...new Set([...stranded.keys(), ...lateIn])].flatMap((source) => {
    const claimed = claimedIn(source, stranded.get(source) ?? NONE, names, transaction);
    for (const [target, written] of claimed.text === "" ? [] : places) {
      const blocks = target === source ? [] : align(claimed.text, written.text);
      if (blocks.reduce((sum, block) => sum + block.length, 0) < claimed.text.length) continue;
      return blocks.flatMap(({ from, to, length }) =>
        claimed.ids
          .slice(from, from + length)
          .map((id, index) => ({ source, from: id, text: claimed.text[from + index] ?? "", to: written.ids[to + index] as Y.ID })),
      );
    }
    return [];
  });
}

/** Without what the update brought home: that is known by ids, nothing has to be guessed from the text. */
export function withoutBrought(inserted: Changed["inserted"], brought: readonly Brought[]): Changed["inserted"] {
  if (brought.length === 0) return inserted;
  const home = new Set(brought.map(({ to }) => key(to)));
  return new Map(
    [...inserted].map(([place, { ids, text }]) => {
      const rest = [...ids.keys()].filter((at) => !home.has(key(ids[at] as Y.ID)));
      return [place, { ids: rest.map((at) => ids[at] as Y.ID), text: rest.map((at) => text[at]).join("") }] as const;
    }),
  );
}
