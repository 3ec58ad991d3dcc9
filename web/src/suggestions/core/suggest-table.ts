/** Edits within a table: rows, columns and cells that went come back marked, new ones are the reviewer's own. */

import { Fragment, type Mark, type Node } from "prosemirror-model";
import { schema } from "../../editor/schema.ts";
import { asInserted, chars, hasMark, type IsBase, insertedMarks, keptMarks } from "./tokens.ts";
import { DELETION, INSERTION } from "./view.ts";

/** The table to show after an edit. Spans, header cells and widths stay as the text has them: no record can change these. */
export function suggestTable(old: Node, now: Node, isBase: IsBase): Node {
  if (old === now) return now;
  const rows = mergeChildren(old, now, isBase, (was, is) => {
    const cells = mergeChildren(was, is, isBase, (one, other) => suggestCell(one, other, isBase));
    return is.type.create(isBase(was.attrs.bid) ? was.attrs : { ...is.attrs, sug: "" }, cells);
  });
  return now.type.create(isBase(old.attrs.bid) ? old.attrs : { ...now.attrs, sug: "" }, rows);
}

/** Children of both in order: matched by id, lost ones of the text marked as deleted, new ones the reviewer's own. */
function mergeChildren(old: Node, now: Node, isBase: IsBase, both: (was: Node, is: Node) => Node): Node[] {
  const places = new Map(now.children.map((child, index) => [child.attrs.bid as string, index]));
  const merged: Node[] = [];
  let next = 0;
  const add = (end: number) => {
    for (; next < end; next++) merged.push(asInserted(now.child(next), isBase));
  };
  for (const child of old.children) {
    const place = places.get(child.attrs.bid);
    if (place !== undefined && place >= next) {
      add(place);
      merged.push(child === now.child(place) ? child : both(child, now.child(place)));
      next = place + 1;
    } else if (isBase(child.attrs.bid)) merged.push(child.type.create({ ...child.attrs, sug: "delete" }, child.content));
  }
  add(now.childCount);
  return merged;
}

function suggestCell(old: Node, now: Node, isBase: IsBase): Node {
  const attrs = isBase(old.attrs.bid) ? old.attrs : { ...now.attrs, sug: "" };
  const [was, is] = [chars(old, 0), chars(now, 0)];
  let left = 0;
  while (left < was.length && left < is.length && was[left]?.text === is[left]?.text) left++;
  let right = 0;
  while (right < was.length - left && right < is.length - left && was.at(-1 - right)?.text === is.at(-1 - right)?.text) right++;
  const runs: { text: string; marks: readonly Mark[] }[] = [];
  for (let index = 0; index < left; index++) runs.push(kept(was[index], is[index]));
  for (const { text, marks } of was.slice(left, was.length - right)) {
    if (!hasMark(marks, INSERTION)) runs.push({ text, marks: DELETION.addToSet(marks) });
  }
  for (const { text, marks } of is.slice(left, is.length - right)) runs.push({ text, marks: insertedMarks(marks) });
  for (let index = right; index > 0; index--) runs.push(kept(was.at(-index), is.at(-index)));
  return now.type.create(attrs, Fragment.fromArray(runs.map(({ text, marks }) => schema.text(text, marks))));
}

type Chars = ReturnType<typeof chars>[number] | undefined;

function kept(old: Chars, now: Chars): { text: string; marks: readonly Mark[] } {
  return { text: now?.text ?? "", marks: keptMarks(old?.marks ?? [], now?.marks ?? []) };
}
