/** Differences between two states of one text, as the smallest edit that keeps every untouched character's identity in Yjs. */

import type { Fragment, Node } from "prosemirror-model";
import { attributesOf, type Run } from "./schema.ts";
import { sameAttributes } from "./ytext.ts";

/** `from` and `removed` in the old text, `inserted` runs in its place. UTF-16 units. */
export interface TextEdit {
  readonly from: number;
  readonly removed: number;
  readonly inserted: readonly Run[];
}

/** Marks that change on a kept range of the new text; null removes. */
export interface FormatEdit {
  readonly from: number;
  readonly length: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a step says it replaced: `from`, `removed` in the old text and `added` in the new one. */
export interface Hint {
  readonly from: number;
  readonly removed: number;
  readonly added: number;
}

export function textOf(fragment: Fragment): string {
  return fragment.textBetween(0, fragment.size);
}

/** The text of a unit or cell. */
export function nodeText(node: Node): string {
  return node.textContent;
}

/** The one replaced range between two strings; never cuts a surrogate pair. */
export function findReplaced(before: string, after: string): Hint {
  const limit = Math.min(before.length, after.length);
  let from = 0;
  while (from < limit && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  if (from > 0 && isHigh(before.charCodeAt(from - 1))) from--;
  let end = 0;
  while (end < limit - from && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  if (end > 0 && isLow(before.charCodeAt(before.length - end))) end--;
  return { from, removed: before.length - from - end, added: after.length - from - end };
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** The text edit and the format edits (in offsets after it) that turn `before` into `after`. */
export function diffInline(before: Fragment, after: Fragment, hint?: Hint): { edit: TextEdit | null; formats: FormatEdit[] } {
  const old = textOf(before);
  const now = textOf(after);
  const replaced = hint !== undefined && fits(hint, old, now) ? hint : findReplaced(old, now);
  const inserted = runsBetween(after, replaced.from, replaced.from + replaced.added);
  const edit = replaced.removed > 0 || replaced.added > 0 ? { from: replaced.from, removed: replaced.removed, inserted } : null;
  const tail = now.length - replaced.from - replaced.added;
  const formats = [
    ...diffFormats(runsBetween(before, 0, replaced.from), runsBetween(after, 0, replaced.from), 0),
    ...diffFormats(
      runsBetween(before, old.length - tail, old.length),
      runsBetween(after, now.length - tail, now.length),
      now.length - tail,
    ),
  ];
  return { edit, formats };
}

function fits(hint: Hint, old: string, now: string): boolean {
  return (
    old.length - hint.removed === now.length - hint.added &&
    old.slice(0, hint.from) === now.slice(0, hint.from) &&
    old.slice(hint.from + hint.removed) === now.slice(hint.from + hint.added)
  );
}

/** The runs of a range of inline content. */
export function runsBetween(fragment: Fragment, from: number, to: number): Run[] {
  const runs: Run[] = [];
  if (to <= from) return runs;
  fragment.nodesBetween(from, to, (node, start) => {
    const text = node.text ?? "";
    runs.push({ text: text.slice(Math.max(0, from - start), to - start), attributes: attributesOf(node.marks) });
  });
  return runs;
}

/** Walks two run lists of the same text and reports where their marks differ. */
function diffFormats(before: readonly Run[], after: readonly Run[], offset: number): FormatEdit[] {
  const edits: FormatEdit[] = [];
  let at = offset;
  let i = 0;
  let used = 0;
  for (const run of after) {
    let rest = run.text.length;
    while (rest > 0) {
      const old = before[i];
      if (old === undefined) return edits;
      const length = Math.min(rest, old.text.length - used);
      const attributes = changedAttributes(old.attributes, run.attributes);
      if (attributes !== null) edits.push({ from: at, length, attributes });
      at += length;
      rest -= length;
      used += length;
      if (used === old.text.length) {
        i++;
        used = 0;
      }
    }
  }
  return edits;
}

function changedAttributes(before: Run["attributes"], after: Run["attributes"]): Record<string, unknown> | null {
  if (sameAttributes(before, after)) return null;
  const changed: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!(key in after)) changed[key] = null;
  for (const [key, value] of Object.entries(after)) if (JSON.stringify(before[key]) !== JSON.stringify(value)) changed[key] = value;
  return changed;
}
