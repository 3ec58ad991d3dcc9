/**
 * The same words copied twice, because two drafters split or joined the same unit at once: one of the copies goes.
 *
 * Which characters are copies of which is told by ids alone: both edits name the characters they deleted, in order. Of two copies of a character
 * the one that stands earlier in the document goes. Every editor sees the same order, so it does not matter who repairs, or how many do. Where
 * that is not plain (other words in between, blocks that are not neighbours) both stay and the drafters are asked.
 */

import * as Y from "yjs";
import { containerOf, visibleChildren } from "./elements.ts";
import { containerBid, type DoubleCopy, isGone, type Relocations } from "./relocations.ts";
import { charactersOf, deleteIds, key } from "./transaction.ts";

/** A block whose text was written so soon after it was made with it: an element, its attributes, its text. */
const MADE_WITHIN = 32;

interface Pair {
  /** The copy that was known before, and the one that came now. */
  readonly first: Y.ID;
  readonly second: Y.ID;
  readonly character: string;
}

/** Takes one of two copies away and remembers where its characters stand now. False when the drafters have to be asked. */
export function settleDouble(
  doc: Y.Doc,
  double: DoubleCopy,
  deletes: (id: Y.ID) => boolean,
  relocations: Relocations,
  origin: unknown,
): boolean {
  if (isMoved(double)) return false;
  const pairs = findPairs(double, deletes, relocations);
  const isWhole = pairs.length > 0 && pairs.length >= double.text.length;
  const order = isWhole ? inOrder(doc, double, pairs[0] as Pair) : null;
  if (order === null) return false;
  const goes = pairs.map((pair) => (order.isFirstEarlier ? pair.first : pair.second));
  const stays = pairs.map((pair) => (order.isFirstEarlier ? pair.second : pair.first));
  if (!isOneStretch(order.earlier, goes, order.earlier !== order.later)) return false;
  const text = pairs.map((pair) => pair.character).join("");
  relocations.logTaken(order.earlier, { text, ids: goes }, order.later, stays);
  doc.transact(() => takeAway(doc, order.earlier, goes), origin);
  return true;
}

/** A block that was moved as a whole keeps its id; of such copies the drafters choose (`duplicates.ts`). */
function isMoved({ source, one, other }: DoubleCopy): boolean {
  const bid = containerBid(source);
  return [one, other].some((text) => text !== source && containerBid(text) === bid);
}

/** The living copies of the same characters. Empty unless the words that came are exactly one run of what their edit deleted. */
function findPairs({ source, one, other, copied }: DoubleCopy, deletes: (id: Y.ID) => boolean, relocations: Relocations): Pair[] {
  const all = charactersOf(source, () => true);
  const ids = all.ids.filter(deletes);
  const text = all.ids.map((id, index) => (deletes(id) ? (all.text[index] ?? "") : "")).join("");
  const at = text.indexOf(copied.text);
  if (at < 0 || text.lastIndexOf(copied.text) !== at) return [];
  const inFirst = new Set(charactersOf(one, (item) => !item.deleted).ids.map(key));
  const inSecond = new Set(charactersOf(other, (item) => !item.deleted).ids.map(key));
  return copied.ids.flatMap((second, index) => {
    const first = relocations.find(ids[at + index] ?? null);
    if (first === null || !inFirst.has(key(first)) || !inSecond.has(key(second)) || Y.compareIDs(first, second)) return [];
    return [{ first, second, character: copied.text[index] ?? "" }];
  });
}

/** Which of the two texts comes earlier; null unless they are one text or those of neighbours. */
function inOrder(
  doc: Y.Doc,
  { one, other }: DoubleCopy,
  pair: Pair,
): { earlier: Y.XmlText; later: Y.XmlText; isFirstEarlier: boolean } | null {
  if (one === other) {
    const { ids } = charactersOf(one, () => true);
    const place = (id: Y.ID) => ids.findIndex((candidate) => Y.compareIDs(candidate, id));
    return { earlier: one, later: one, isFirstEarlier: place(pair.first) < place(pair.second) };
  }
  const blocks = visibleChildren(doc.getXmlFragment("default"));
  const place = (text: Y.XmlText) => blocks.findIndex((block) => block._item === containerOf(text)?._item);
  const [first, second] = [place(one), place(other)];
  if (first < 0 || second < 0 || Math.abs(first - second) !== 1) return null;
  const isFirstEarlier = first < second;
  return { earlier: isFirstEarlier ? one : other, later: isFirstEarlier ? other : one, isFirstEarlier };
}

/** True when nothing of others stands among the characters; `atEnd`: nor behind them. */
function isOneStretch(text: Y.XmlText, ids: readonly Y.ID[], atEnd: boolean): boolean {
  const living = charactersOf(text, (item) => !item.deleted).ids.map(key);
  const start = living.indexOf(key(ids[0] as Y.ID));
  const isStretch = start >= 0 && ids.every((id, index) => living[start + index] === key(id));
  return isStretch && (!atEnd || start + ids.length === living.length);
}

function takeAway(doc: Y.Doc, text: Y.XmlText, ids: readonly Y.ID[]): void {
  deleteIds(text, new Set(ids.map(key)));
  const block = containerOf(text);
  const made = block?._item?.id;
  const written = ids[0] as Y.ID;
  const isOfTheCopy = made?.client === written.client && written.clock > made.clock && written.clock - made.clock < MADE_WITHIN;
  if (block === null || !isOfTheCopy || isGone(text) || text.length > 0) return;
  const root = doc.getXmlFragment("default");
  const at = root.toArray().indexOf(block);
  if (at >= 0) root.delete(at, 1);
}

export function standsTwice({ one, other, text }: DoubleCopy): boolean {
  const times = (place: Y.XmlText) => (isGone(place) ? 0 : charactersOf(place, (item) => !item.deleted).text.split(text).length - 1);
  return one === other ? times(one) > 1 : times(one) > 0 && times(other) > 0;
}

/** The texts of the act that hold some words, once for each time they do. */
export function textsWith(doc: Y.Doc, words: string): Y.XmlText[] {
  const found: Y.XmlText[] = [];
  for (const node of doc.getXmlFragment("default").createTreeWalker((one) => one instanceof Y.XmlText)) {
    if (!(node instanceof Y.XmlText)) continue;
    const times = charactersOf(node, (item) => !item.deleted).text.split(words).length - 1;
    for (let time = 0; time < times; time++) found.push(node);
  }
  return found;
}
