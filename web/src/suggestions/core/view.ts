/** Text + records -> what the reviewer sees and types into. The same text and records give the same view, whoever makes it and whenever. */

import { Fragment, type Mark, type Node } from "prosemirror-model";
import { clampLevel, marksOf, schema } from "../../editor/schema.ts";
import type { Base } from "./base.ts";
import type { Placed } from "./place.ts";
import type { Block, Marks, Piece, ProposalOf, UnitSet } from "./record.ts";

export const INSERTION: Mark = schema.mark("insertion");
export const DELETION: Mark = schema.mark("deletion");

/** Placed records by the block they stand in, sorted by id; `""` holds what stands before the first block. */
export class Layout {
  /** Blocks stand in another order than in the text. */
  readonly hasMoves: boolean;
  private readonly byKey = new Map<string, Placed[]>();

  constructor(placed: Iterable<Placed>) {
    let hasMoves = false;
    for (const one of placed) {
      hasMoves ||= one.proposal.kind === "move";
      const list = this.byKey.get(one.key);
      if (list === undefined) this.byKey.set(one.key, [one]);
      else list.push(one);
    }
    this.hasMoves = hasMoves;
    for (const list of this.byKey.values()) list.sort((a, b) => compareIds(a.proposal.id, b.proposal.id));
  }

  of(key: string): readonly Placed[] {
    return this.byKey.get(key) ?? [];
  }

  *all(): Generator<Placed> {
    for (const list of this.byKey.values()) yield* list;
  }
}

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function pick<K extends Placed["proposal"]["kind"]>(placed: readonly Placed[], kind: K): ProposalOf<K>[] {
  return placed.flatMap(({ proposal }) => (proposal.kind === kind ? [proposal as ProposalOf<K>] : []));
}

/** Blocks of the view as they were built last, each with what it was built from. */
export type ViewCache = Map<string, { readonly node: Node | null; readonly placed: readonly Placed[]; readonly blocks: Node[] }>;

/** What `viewBlock` gives, from the cache where nothing differs from the last time. Tables are always built, for the sake of their cells. */
export function viewBlocks(base: Base, layout: Layout, key: string, cache: ViewCache): readonly Node[] {
  const [node, placed, known] = [base.node(key), layout.of(key), cache.get(key)];
  const isSame = known?.node === node && known.placed.length === placed.length && known.placed.every((one, index) => one === placed[index]);
  if (known !== undefined && isSame && node?.type !== schema.nodes.table) return known.blocks;
  const blocks = viewBlock(base, layout, key);
  cache.set(key, { node, placed, blocks });
  return blocks;
}

/** The whole view. */
export function viewAll(base: Base, layout: Layout): Node[] {
  return ["", ...viewOrder(base, layout)].flatMap((key) => viewBlock(base, layout, key));
}

/** The keys of the text's blocks in the order of the view: as in the text, with moved ones behind the block they are to follow. */
export function viewOrder(base: Base, layout: Layout): string[] {
  const moves = new Map<string, string>();
  for (const { proposal } of layout.all()) if (proposal.kind === "move") moves.set(proposal.change.bid, proposal.change.after);
  if (moves.size === 0) return [...base.order()];
  const order = base.order().filter((key) => !moves.has(key));
  for (let progress = true; progress && moves.size > 0; ) {
    progress = false;
    for (const [bid, after] of moves) {
      if (after !== "" && moves.has(after)) continue;
      order.splice(order.indexOf(after) + 1, 0, bid);
      moves.delete(bid);
      progress = true;
    }
  }
  // Blocks that are to follow each other in a circle (two tabs) stay where the text has them.
  for (const bid of base.order()) if (moves.has(bid)) order.splice(Math.min(base.indexOf(bid), order.length), 0, bid);
  return order;
}

/** One block of the text with what is proposed in it and right behind it; `""` is the place before the first block. */
export function viewBlock(base: Base, layout: Layout, key: string): Node[] {
  const node = base.node(key);
  if (node === null) return viewInserted(layout, key);
  const own = node.type === schema.nodes.table ? [viewTable(base, layout, key, node)] : viewUnit(base, layout.of(key), key, node);
  return [...own, ...viewInserted(layout, key)];
}

function viewInserted(layout: Layout, key: string): Node[] {
  return pick(layout.of(key), "unit_insert").flatMap(({ change }) => change.blocks.map(nodeOf));
}

function viewUnit(base: Base, placed: readonly Placed[], key: string, node: Node): Node[] {
  if (placed.length === 0) return [node];
  let attrs = { ...node.attrs };
  for (const { change } of pick(placed, "unit_attributes")) attrs = { ...attrs, ...attributesFrom(change.set) };
  attrs.sug = flagOf(placed);
  const { pieces, splits } = viewText(base, placed, key);
  return pieces.map((content, index) => {
    const split = splits[index - 1];
    const own = split === undefined ? attrs : { ...attrs, ...attributesFrom(split.change.set), bid: split.id, sug: "" };
    return schema.node("unit", own, content);
  });
}

/** A deletion hides a join. */
function flagOf(placed: readonly Placed[]): "" | "delete" | "join" {
  const kinds = new Set(placed.map(({ proposal }) => proposal.kind));
  return kinds.has("unit_delete") ? "delete" : kinds.has("join") ? "join" : "";
}

export function attributesFrom(set: UnitSet | Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...set, ...(set.level === undefined ? {} : { level: clampLevel(Number(set.level)) }) };
}

interface Run {
  text: string;
  readonly marks: readonly Mark[];
}

function viewText(base: Base, placed: readonly Placed[], key: string): { pieces: Fragment[]; splits: ProposalOf<"split">[] } {
  const { text, marks } = base.textOf(key) ?? { text: "", marks: [] };
  const deleted = new Set<number>();
  const formats = new Map<number, Record<string, Marks[string] | null>>();
  const here = new Map<number, Placed[]>();
  for (const one of placed) {
    const { proposal, offset, offsets } = one;
    if (proposal.kind === "text") for (const place of offsets) deleted.add(place);
    if (proposal.kind === "format") for (const place of offsets) formats.set(place, { ...formats.get(place), ...proposal.change.set });
    if (proposal.kind === "split" || (proposal.kind === "text" && proposal.change.insert.length > 0))
      here.set(offset, [...(here.get(offset) ?? []), one]);
  }
  const pieces: Run[][] = [[]];
  const splits: ProposalOf<"split">[] = [];
  for (let offset = 0; offset <= text.length; offset++) {
    for (const { proposal } of here.get(offset) ?? []) {
      if (proposal.kind === "text") for (const piece of proposal.change.insert) addRun(pieces.at(-1), piece.t, insertedMarks(piece.m));
      if (proposal.kind !== "split") continue;
      splits.push(proposal);
      pieces.push([]);
    }
    if (offset === text.length) break;
    addRun(pieces.at(-1), text[offset] ?? "", charMarks(marks[offset] ?? {}, formats.get(offset), deleted.has(offset)));
  }
  return { pieces: pieces.map(fragmentOf), splits };
}

function charMarks(marks: Marks, format: Record<string, Marks[string] | null> | undefined, isDeleted: boolean): readonly Mark[] {
  const set = marksOf(format === undefined ? marks : { ...marks, ...format });
  return isDeleted ? DELETION.addToSet(set) : set;
}

export function insertedMarks(marks: Marks): readonly Mark[] {
  return INSERTION.addToSet(marksOf(marks));
}

function addRun(runs: Run[] | undefined, text: string, marks: readonly Mark[]): void {
  const last = runs?.at(-1);
  if (last !== undefined && sameMarks(last.marks, marks)) last.text += text;
  else runs?.push({ text, marks });
}

function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return a === b || (a.length === b.length && a.every((mark, index) => mark.eq(b[index] as Mark)));
}

function fragmentOf(runs: readonly Run[]): Fragment {
  return Fragment.fromArray(runs.map(({ text, marks }) => schema.text(text, marks)));
}

function viewTable(base: Base, layout: Layout, key: string, table: Node): Node {
  const placed = layout.of(key);
  const inserts = pick(placed, "row_insert");
  const deleted = new Set(pick(placed, "row_delete").map(({ change }) => change.bid));
  const rowsAfter = (bid: string) => inserts.filter(({ change }) => change.after === bid).map(insertedRow);
  const rows = table.children.flatMap((row, index) => [
    row.type.create({ ...row.attrs, sug: deleted.has(row.attrs.bid) ? "delete" : "" }, viewCells(base, layout, placed, row, index)),
    ...rowsAfter(row.attrs.bid),
  ]);
  return table.type.create({ ...table.attrs, sug: flagOf(placed) }, [...rowsAfter(""), ...rows]);
}

function viewCells(base: Base, layout: Layout, placed: readonly Placed[], row: Node, index: number): Node[] {
  const gone = new Set(placed.flatMap(({ proposal, offset }) => (proposal.kind === "column_delete" ? [offset] : [])));
  const added = pick(placed, "column_insert");
  const after = (column: number) =>
    added
      .filter(({ change }) => change.after === column)
      .map(({ id, change }) => insertedCell(`${id}-${index}`, change.cells[index] ?? []));
  return [
    ...after(-1),
    ...row.children.flatMap((cell, column) => {
      if (gone.size === 0 && layout.of(cell.attrs.bid).length === 0) return [cell, ...after(column)];
      const { pieces } = viewText(base, layout.of(cell.attrs.bid), cell.attrs.bid);
      const sug = gone.has(column) ? "delete" : "";
      return [cell.type.create({ ...cell.attrs, sug }, pieces[0] ?? Fragment.empty), ...after(column)];
    }),
  ];
}

function insertedRow({ id, change }: ProposalOf<"row_insert">): Node {
  return schema.node(
    "row",
    { bid: id },
    change.cells.map((cell, index) => insertedCell(`${id}-${index}`, cell)),
  );
}

function insertedCell(bid: string, pieces: readonly Piece[]): Node {
  return schema.node("cell", { bid }, inserted(pieces));
}

function inserted(pieces: readonly Piece[]): Node[] {
  return pieces.map(({ t, m }) => schema.text(t, insertedMarks(m)));
}

function nodeOf({ name, attributes, runs, children }: Block): Node {
  return schema.node(name, attributesFrom(attributes), runs === undefined ? (children ?? []).map(nodeOf) : inserted(runs));
}

/** Equality of two views of a place. Ids that only the view has (of new rows, cells and the second half of a split) do not count. */
export function sameView(base: Base, a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.type !== b.type) return false;
  if (a.isText) return a.eq(b);
  const own = a.attrs.bid !== b.attrs.bid && !base.has(a.attrs.bid) && !base.has(b.attrs.bid);
  for (const [name, value] of Object.entries(a.attrs)) {
    const other: unknown = b.attrs[name];
    if (value !== other && !(own && name === "bid") && JSON.stringify(value) !== JSON.stringify(other)) return false;
  }
  if (a.inlineContent) return a.content.eq(b.content);
  return a.childCount === b.childCount && a.children.every((child, index) => sameView(base, child, b.child(index)));
}
