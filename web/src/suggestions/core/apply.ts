/** Writes judged records to the text, within the caller's transaction. Places were found before the first of them was applied. */

import type { Node } from "prosemirror-model";
import * as Y from "yjs";
import { createElement, writeAttribute } from "../../editor/elements.ts";
import { marksOf, schema } from "../../editor/schema.ts";
import { deleteRange, formatRange, insertRuns, readRuns } from "../../editor/ytext.ts";
import type { Base } from "./base.ts";
import type { Placed } from "./place.ts";
import type { Kind, Piece, ProposalOf } from "./record.ts";
import { attributesFrom, compareIds, Layout, viewOrder } from "./view.ts";

interface PlacedOf<K extends Kind> extends Placed {
  readonly proposal: ProposalOf<K>;
}

/**
 * Blocks come to their places first (each right behind the one it follows, so the halves of a split still go between), then the text of
 * each block from its end to its head, then what goes away. Returns the ids of records that the others left no way to apply.
 */
export function applyAll(base: Base, placed: readonly Placed[]): ReadonlySet<string> {
  const sorted = [...placed].sort((a, b) => compareIds(b.proposal.id, a.proposal.id));
  const of = <K extends Kind>(kind: K) => sorted.filter((one): one is PlacedOf<K> => one.proposal.kind === kind);
  for (const { key, proposal } of of("unit_attributes")) applyAttributes(base, key, proposal.change.set);
  applyMoves(base, of("move"));
  for (const { key, proposal } of of("unit_insert"))
    base.root.insertAfter(base.find(key), proposal.change.blocks.map(nodeOf).map(createElement));
  base.forget(null);
  for (const [key, list] of byKey(sorted.filter(isText))) applyText(base, key, list);
  base.forget(null);
  applyColumns(base, [...of("column_insert"), ...of("column_delete")]);
  for (const one of of("row_insert")) insertRow(base, one);
  for (const { proposal } of of("row_delete")) remove(base.find(proposal.change.bid));
  for (const { key } of of("unit_delete")) remove(base.find(key));
  base.forget(null);
  const joins = of("join").sort((a, b) => base.indexOf(b.key) - base.indexOf(a.key));
  const left = joins.filter(({ key }) => !applyJoin(base, key));
  base.forget(null);
  return new Set(left.map(({ proposal }) => proposal.id));
}

function isText({ proposal }: Placed): boolean {
  return proposal.kind === "text" || proposal.kind === "format" || proposal.kind === "split";
}

function byKey(placed: readonly Placed[]): Map<string, Placed[]> {
  const found = new Map<string, Placed[]>();
  for (const one of placed) found.set(one.key, [...(found.get(one.key) ?? []), one]);
  return found;
}

function applyAttributes(base: Base, key: string, set: Readonly<Record<string, unknown>>): void {
  const element = base.find(key);
  for (const [name, value] of Object.entries(attributesFrom(set))) if (element !== null) writeAttribute(element, name, value);
  base.forget(element);
}

function applyMoves(base: Base, moves: readonly PlacedOf<"move">[]): void {
  if (moves.length === 0) return;
  const moved = new Set(moves.map(({ key }) => key));
  const order = viewOrder(base, new Layout(moves));
  const elements = new Map(order.map((key) => [key, base.find(key)]));
  const nodes = new Map(moves.map(({ key }) => [key, base.node(key) as Node]));
  order.forEach((key, index) => {
    if (!moved.has(key)) return;
    const copy = createElement(nodes.get(key) as Node);
    const behind = elements.get(order[index - 1] ?? "") ?? null;
    base.root.insertAfter(behind, [copy]);
    remove(elements.get(key) ?? null);
    elements.set(key, copy);
  });
  base.forget(null);
}

/** All that happens to one text, from its end to its head, so that offsets stay true. At one place what has the greater id comes later. */
function applyText(base: Base, key: string, placed: readonly Placed[]): void {
  const element = base.find(key);
  if (element === null) return;
  const length = base.text(element).text.length;
  const deleted = new Set<number>();
  const here = new Map<number, Placed[]>();
  for (const one of placed) {
    if (one.proposal.kind === "format") {
      for (const [from, count] of stretches(one.offsets)) formatRange(element, from, count, one.proposal.change.set);
      continue;
    }
    for (const offset of one.offsets) deleted.add(offset);
    here.set(one.offset, [...(here.get(one.offset) ?? []), one]);
  }
  let end = length;
  const places = [...here.keys()].sort((a, b) => b - a);
  for (const offset of places) {
    deleteBetween(element, deleted, offset, end);
    for (const one of here.get(offset) ?? []) applyHere(base, element, key, one);
    end = offset;
  }
  deleteBetween(element, deleted, 0, end);
}

function deleteBetween(element: Y.XmlElement, deleted: ReadonlySet<number>, from: number, to: number): void {
  const offsets: number[] = [];
  for (let offset = from; offset < to; offset++) if (deleted.has(offset)) offsets.push(offset);
  for (const [start, count] of stretches(offsets).reverse()) deleteRange(element, start, count);
}

function applyHere(base: Base, element: Y.XmlElement, key: string, { proposal, offset }: Placed): void {
  if (proposal.kind === "split") applySplit(base, element, key, offset, proposal);
  if (proposal.kind !== "text" || proposal.change.insert.length === 0) return;
  const runs = proposal.change.insert.map(({ t, m }) => ({ text: t, attributes: m }));
  insertRuns(element, offset, runs);
}

/** Offsets in a row as [from, length]. */
export function stretches(offsets: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const offset of offsets) {
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === offset) last[1]++;
    else found.push([offset, 1]);
  }
  return found;
}

/** The tail goes into a unit of its own, whose id is the record's. */
function applySplit(base: Base, element: Y.XmlElement, key: string, offset: number, { id, change }: ProposalOf<"split">): void {
  const head = base.node(key) as Node;
  base.forget(element);
  const now = base.node(key) as Node;
  const attrs = { ...head.attrs, ...attributesFrom(change.set), bid: id };
  base.root.insertAfter(element, [createElement(schema.node("unit", attrs, now.content.cut(offset)))]);
  const length = now.content.size - offset;
  if (length > 0) deleteRange(element, offset, length);
}

/** From the last to the first, so that the block before is still whole. False when there is no unit before. */
function applyJoin(base: Base, key: string): boolean {
  const element = base.find(key);
  const previous = base.order()[base.indexOf(key) - 1];
  const target = previous === undefined ? null : base.find(previous);
  if (element === null || target?.nodeName !== "unit") return false;
  const runs = readRuns(element).map(({ text, attributes = {} }) => ({ text, attributes: attributes as Piece["m"] }));
  if (runs.length > 0) insertRuns(target, base.text(target).text.length, runs);
  remove(element);
  base.forget(null);
  return true;
}

function remove(element: Y.XmlElement | null): void {
  const parent = element?.parent;
  if (element === null || !(parent instanceof Y.XmlFragment)) return;
  const index = parent.toArray().indexOf(element);
  if (index >= 0) parent.delete(index, 1);
}

function nodeOf({ name, attributes, runs, children }: ProposalOf<"unit_insert">["change"]["blocks"][number]): Node {
  return schema.node(name, attributesFrom(attributes), runs === undefined ? (children ?? []).map(nodeOf) : inline(runs));
}

function inline(pieces: readonly Piece[]): Node[] {
  return pieces.map(({ t, m }) => schema.text(t, marksOf(m)));
}

function cellOf(bid: string, pieces: readonly Piece[]): Y.XmlElement {
  return createElement(schema.node("cell", { bid }, inline(pieces)));
}

function insertRow(base: Base, { key, proposal }: PlacedOf<"row_insert">): void {
  const { cells, after } = proposal.change;
  const row = new Y.XmlElement("row");
  row.setAttribute("bid", proposal.id);
  row.insert(
    0,
    cells.map((cell, index) => cellOf(`${proposal.id}-${index}`, cell)),
  );
  base.find(key)?.insertAfter(after === "" ? null : base.find(after), [row]);
}

/** From the last column to the first; a new column goes in before the one on its left goes. */
function applyColumns(base: Base, columns: readonly (PlacedOf<"column_insert"> | PlacedOf<"column_delete">)[]): void {
  const rank = ({ proposal }: Placed) => (proposal.kind === "column_insert" ? 0 : 1);
  for (const { key, offset, proposal } of [...columns].sort((a, b) => b.offset - a.offset || rank(a) - rank(b))) {
    const rows = base.find(key)?.toArray() ?? [];
    rows.forEach((row, index) => {
      if (!(row instanceof Y.XmlElement)) return;
      if (proposal.kind === "column_delete") row.delete(offset, 1);
      else row.insert(proposal.change.after + 1, [cellOf(`${proposal.id}-${index}`, proposal.change.cells[index] ?? [])]);
    });
  }
}
