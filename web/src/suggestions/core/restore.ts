/** The inverse of an acceptance that somebody made elsewhere: from the record and the text as it is, or not at all. */

import type * as Y from "yjs";
import { isTextElement, writeAttribute } from "../../editor/elements.ts";
import { PLACEHOLDER } from "../../editor/schema.ts";
import { deleteRange, insertRuns } from "../../editor/ytext.ts";
import type { Base } from "./base.ts";
import type { Changes, Marks, Proposal } from "./record.ts";
import { sameJson } from "./record.ts";
import { attributesFrom } from "./view.ts";

/** Words with less around them are not looked for: they could stand anywhere. */
const LEAST_CONTEXT = 8;

/**
 * What takes an accepted record out of the text, to be called within a transaction. Null when the text beside its words is not as it was, when
 * its words stand there twice, and for what a record does not say how to take back: the marks of deleted words, whole units, tables.
 */
export function inverseOf(base: Base, proposal: Proposal): (() => void) | null {
  if (proposal.kind === "text") return wordsBack(base, proposal.change);
  if (proposal.kind === "unit_attributes") return attributesBack(base, proposal.change);
  return null;
}

function wordsBack(base: Base, { bid, quote, before, after, insert, delete: ranges }: Changes["text"]): (() => void) | null {
  const element = base.find(bid);
  const isWhole = ranges.reduce((sum, [, , count]) => sum + count, 0) === quote.length && !quote.includes(PLACEHOLDER);
  if (element === null || !isTextElement(element) || !isWhole || before.length + after.length < LEAST_CONTEXT) return null;
  const words = insert.map(({ t }) => t).join("");
  const { text, marks } = base.text(element);
  const needle = before + words + after;
  const found = text.indexOf(needle);
  if (found < 0 || text.indexOf(needle, found + 1) >= 0) return null;
  const from = found + before.length;
  const [left, right] = [marks[from - 1] ?? {}, marks[from + words.length] ?? {}];
  return () => replace(base, element, from, words.length, quote, sameJson(left, right) ? left : {});
}

function replace(base: Base, element: Y.XmlElement, from: number, length: number, quote: string, attributes: Marks): void {
  if (length > 0) deleteRange(element, from, length);
  if (quote !== "") insertRuns(element, from, [{ text: quote, attributes }]);
  base.forget(element);
}

function attributesBack(base: Base, { bid, set, was }: Changes["unit_attributes"]): (() => void) | null {
  const [element, attrs] = [base.find(bid), base.node(bid)?.attrs];
  if (element === null || attrs === undefined) return null;
  const isAsAccepted = Object.entries(set).every(([name, value]) => String(attrs[name]) === value && name in was);
  if (!isAsAccepted) return null;
  return () => {
    for (const [name, value] of Object.entries(attributesFrom(was))) writeAttribute(element, name, value);
    base.forget(element);
  };
}
