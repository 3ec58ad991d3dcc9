/** The view as a row of tokens, and the marks and ids that tell the reviewer's own from the text's. */

import { Fragment, type Mark, type Node } from "prosemirror-model";
import { newBid, schema } from "../../editor/schema.ts";
import { DELETION, INSERTION } from "./view.ts";

/** True for a block, row or cell of the text. */
export type IsBase = (bid: string) => boolean;

export interface Start {
  readonly kind: "start";
  readonly node: Node;
  readonly position: number;
}

export interface Char {
  readonly kind: "char";
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly position: number;
}

export interface Table {
  readonly kind: "table";
  readonly node: Node;
  readonly position: number;
}

export type Token = Start | Char | Table;

export function tokens(blocks: readonly Node[], start: number): Token[] {
  const found: Token[] = [];
  let position = start;
  for (const node of blocks) {
    if (node.type === schema.nodes.table) found.push({ kind: "table", node, position });
    else {
      found.push({ kind: "start", node, position });
      found.push(...chars(node, position + 1));
    }
    position += node.nodeSize;
  }
  return found;
}

/** Characters, never half a surrogate pair. */
export function chars(node: Node, start: number): Char[] {
  const found: Char[] = [];
  let position = start;
  for (const child of node.children) {
    for (const text of child.text ?? "") {
      found.push({ kind: "char", text, marks: child.marks, position });
      position += text.length;
    }
  }
  return found;
}

export function hasMark(marks: readonly Mark[], mark: Mark): boolean {
  return marks.some((other) => other.type === mark.type);
}

/** Formats may change by an edit; whether words are proposed, deleted or neither does not. */
export function keptMarks(old: readonly Mark[], now: readonly Mark[]): readonly Mark[] {
  const wanted = [INSERTION, DELETION].filter((mark) => hasMark(old, mark));
  const has = [INSERTION, DELETION].filter((mark) => hasMark(now, mark));
  if (wanted.length === has.length && wanted.every((mark) => has.includes(mark))) return now;
  return wanted.reduce((set, mark) => mark.addToSet(set), withoutView(now));
}

export function insertedMarks(marks: readonly Mark[]): readonly Mark[] {
  return INSERTION.addToSet(withoutView(marks));
}

function withoutView(marks: readonly Mark[]): readonly Mark[] {
  return marks.filter((mark) => mark.type !== INSERTION.type && mark.type !== DELETION.type);
}

/** A new table: its own ids, and every word of it new. */
export function asInserted(node: Node, isBase: IsBase): Node {
  const bid = isBase(node.attrs.bid) || node.attrs.bid === "" ? newBid() : node.attrs.bid;
  if (!node.inlineContent)
    return node.type.create(
      { ...node.attrs, bid, sug: "" },
      node.children.map((child) => asInserted(child, isBase)),
    );
  const content = node.children.map((child) => child.mark(insertedMarks(child.marks)));
  return node.type.create({ ...node.attrs, bid, sug: "" }, Fragment.fromArray(content));
}
