/**
 * What an update says it brought home.
 *
 * Whoever brings words home names their original characters in the update's deletions, although these are deleted already: only so can the
 * others tell which characters the new ones stand for, and that two editors did the same work.
 */

import * as Y from "yjs";
import { align, type Characters, isGone, type Relocations } from "./relocations.ts";
import { type Changed, charactersOf, key } from "./transaction.ts";

export type DeleteSet = Y.Transaction["deleteSet"];

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

/** What there is to read claims from. */
interface Heard {
  /** Ids of stranded characters by the text they were typed into. */
  readonly stranded: ReadonlyMap<Y.XmlText, ReadonlySet<string>>;
  readonly names: DeleteSet;
  /** It names every deletion there ever was. */
  readonly isAnswer: boolean;
  readonly transaction: Y.Transaction;
  readonly changed: Changed;
  readonly relocations: Relocations;
}

/** A character that an update names, and whether it says by it where it stands now: else it simply deletes it. */
interface Named {
  readonly id: Y.ID;
  readonly character: string;
  readonly isClaimed: boolean;
}

/** What an update names of one text, in order; empty when it only repeats old deletions, as an answer does. */
function namedIn(source: Y.XmlText, { stranded, names, isAnswer, transaction, relocations }: Heard): Named[] {
  const named: Named[] = [];
  const here = stranded.get(source) ?? NONE;
  const all = charactersOf(source, () => true);
  for (const [index, id] of all.ids.entries()) {
    if (!Y.isDeleted(names, id)) continue;
    const isLate = id.clock >= (transaction.beforeState.get(id.client) ?? 0);
    const isDeletedNow = Y.isDeleted(transaction.deleteSet, id);
    const isMoved = relocations.find(id) !== null && !relocations.isAstray(id);
    const isClaimed = here.has(key(id)) || isLate || !(isAnswer || isDeletedNow || isMoved);
    if (!isClaimed && !isDeletedNow) return [];
    named.push({ id, character: all.text[index] ?? "", isClaimed });
  }
  return named;
}

/** Which characters an update brought home, and where. */
export function findBrought(heard: Heard): Brought[] {
  const { names, transaction, changed } = heard;
  const { inserted, buried, isNew } = changed;
  if (names.clients.size === 0) return [];
  const places = new Map([...inserted.keys(), ...buried].map((text) => [text, charactersOf(text, isNew)] as const));
  // A text that came and went within the update was moved twice: nothing in it is stranded.
  const lateIn = [...buried].filter((text) => text._item !== null && !isNew(text._item));
  const sources = new Set([...heard.stranded.keys(), ...lateIn, ...(heard.isAnswer ? [] : namedTexts(names, transaction))]);
  const all = [...sources].flatMap((source) => {
    const named = namedIn(source, heard);
    const claimed = named.filter((one) => one.isClaimed);
    if (claimed.length === 0) return [];
    // Whoever brought some home that live on, for this editor, wrote them all side by side.
    const found = broughtFrom(source, named, places, heard) ?? broughtFrom(source, claimed, places, heard) ?? [];
    const wanted = new Set(claimed.map((one) => one.id));
    return found.filter(({ from }) => wanted.has(from));
  });
  const further = new Set(all.map(({ from }) => key(from)));
  return all.filter(({ to }) => further.has(key(to)) || !isTakenBack(transaction.doc, to));
}

function broughtFrom(
  source: Y.XmlText,
  named: readonly Named[],
  places: ReadonlyMap<Y.XmlText, Characters>,
  { stranded, changed }: Heard,
): Brought[] | null {
  const words = named.map((one) => one.character).join("");
  // A single letter may stand anywhere by chance.
  const isPlain = words.length > 1 || named.some((one) => stranded.get(source)?.has(key(one.id)));
  for (const [target, written] of places) {
    const isMade = target._item !== null && changed.isNew(target._item);
    const blocks = target === source || !(isPlain || isMade) ? [] : align(words, written.text);
    if (blocks.reduce((sum, block) => sum + block.length, 0) < words.length) continue;
    return blocks.flatMap(({ from, to, length }) =>
      named
        .slice(from, from + length)
        .map(({ id, character }, index) => ({ source, from: id, text: character, to: written.ids[to + index] as Y.ID })),
    );
  }
  return null;
}

/** A copy that went in the update in which it came. */
function isTakenBack(doc: Y.Doc, id: Y.ID): boolean {
  const item = Y.getItem(doc.store, id);
  return item instanceof Y.Item && item.deleted && item.parent instanceof Y.XmlText && !isGone(item.parent);
}

/** The texts of characters that an update names although they are deleted already. */
function namedTexts(names: DeleteSet, { doc, deleteSet }: Y.Transaction): Set<Y.XmlText> {
  const texts = new Set<Y.XmlText>();
  for (const [client, ranges] of names.clients) {
    for (const { clock } of ranges) {
      const id = Y.createID(client, clock);
      const item = clock < Y.getState(doc.store, client) && !Y.isDeleted(deleteSet, id) ? Y.getItem(doc.store, id) : null;
      if (item instanceof Y.Item && item.parent instanceof Y.XmlText) texts.add(item.parent);
    }
  }
  return texts;
}

/**
 * Characters that an update copied with what it moved, although others had brought them home by then: whoever moved had not heard of that. Their
 * deletion is named again; they stand in the copy where they stood.
 */
export function findCopiedAgain(names: DeleteSet, { deleted, inserted }: Changed, relocations: Relocations): Brought[] {
  return [...deleted].flatMap(([source, gone]) => {
    const now = new Set(gone.ids.map(key));
    const all = charactersOf(source, (item) => item.deleted);
    const indexes = [...all.ids.keys()].filter((at) => Y.isDeleted(names, all.ids[at] as Y.ID));
    const isPlain = indexes.every((at) => now.has(key(all.ids[at] as Y.ID)) || relocations.isAstray(all.ids[at] as Y.ID));
    if (!isPlain) return [];
    if (indexes.every((at) => now.has(key(all.ids[at] as Y.ID)))) return [];
    const text = indexes.map((at) => all.text[at]).join("");
    for (const [target, copied] of inserted) {
      const start = target === source ? -1 : copied.text.indexOf(text);
      if (start < 0) continue;
      return indexes.flatMap((at, index) => {
        const from = all.ids[at] as Y.ID;
        return now.has(key(from)) ? [] : [{ source, from, text: all.text[at] ?? "", to: copied.ids[start + index] as Y.ID }];
      });
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
