/** What the reviewer sees -> records, for one block and what stands right behind it. The inverse of `view.ts`. */

import type { Node } from "prosemirror-model";
import { schema } from "../../editor/schema.ts";
import { type Base, rangesOf, textId } from "./base.ts";
import { columnQuote, columnsOf } from "./place.ts";
import {
  addPiece,
  type Block,
  contextAfter,
  contextBefore,
  type Id,
  type Marks,
  ownMarks,
  type Piece,
  type Proposal,
  quoteOf,
  sameJson,
  type UnitSet,
} from "./record.ts";

/** A record without an id. `offset` orders those at one place; `mark` is what it is matched by with the records there were. */
export type Derived = { [K in Proposal["kind"]]: Pick<Extract<Proposal, { kind: K }>, "kind" | "change"> & Where }[Proposal["kind"]];

interface Where {
  /** Key of the block or cell. */
  readonly key: string;
  readonly offset: number;
  readonly offsets: readonly number[];
}

/** The view holds something that no record can say; `reason` names it. */
export class Unsayable extends Error {
  constructor(readonly reason: "text" | "attributes" | "table" | "order") {
    super(`the view cannot be said as suggestions: ${reason}`);
  }
}

/** A block of the text in the view, with all that stands between it and the next block of the text. `key` is "" at the beginning. */
export interface Extent {
  readonly key: string;
  readonly nodes: readonly Node[];
}

export function derive(base: Base, { key, nodes }: Extent): Derived[] {
  const head = nodes[0];
  if (key === "" || head === undefined) return deriveInserted(key, nodes);
  if (head.type === schema.nodes.table) return [...deriveTable(base, key, head), ...deriveInserted(key, nodes.slice(1))];
  let end = 1;
  nodes.forEach((node, index) => {
    if (index > 0 && holdsBaseText(node)) end = index + 1;
  });
  return [...deriveUnit(base, key, nodes.slice(0, end)), ...deriveInserted(key, nodes.slice(end))];
}

/** True when some of a unit's words are the text's own. */
function holdsBaseText(node: Node): boolean {
  return node.type === schema.nodes.unit && node.children.some((child) => !isInserted(child));
}

function isInserted(text: Node): boolean {
  return text.marks.some((mark) => mark.type.name === "insertion");
}

function isDeleted(text: Node): boolean {
  return text.marks.some((mark) => mark.type.name === "deletion");
}

function deriveInserted(key: string, nodes: readonly Node[]): Derived[] {
  if (nodes.length === 0) return [];
  return [{ kind: "unit_insert", key, offset: 0, offsets: [], change: { after: key, blocks: nodes.map(blockOf) } }];
}

/** A block of the view as JSON, with attributes as Yjs stores them. */
export function blockOf(node: Node): Block {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node.attrs)) {
    const fallback: unknown = node.type.spec.attrs?.[name]?.default;
    if (name === "sug" || value === null || (value === fallback && name !== "kind")) continue;
    attributes[name] = name === "level" ? String(value) : value;
  }
  if (!node.inlineContent) return { name: node.type.name, attributes, children: node.children.map(blockOf) };
  return { name: node.type.name, attributes, runs: piecesOf(node) };
}

function piecesOf(node: Node): Piece[] {
  const pieces: Piece[] = [];
  for (const child of node.children) addPiece(pieces, child.text ?? "", ownMarks(child.marks));
  return pieces;
}

function setOf({ kind, level, label }: Node["attrs"]): Required<UnitSet> {
  return { kind: String(kind), level: String(level), label: String(label) };
}

function deriveUnit(base: Base, key: string, pieces: readonly Node[]): Derived[] {
  const [head, node] = [pieces[0] as Node, base.node(key) as Node];
  const quote = quoteOf(node.textContent);
  const found: Derived[] = [];
  const [now, before] = [setOf(head.attrs), setOf(node.attrs)];
  const changed = (["kind", "level", "label"] as const).filter((name) => now[name] !== before[name]);
  const choose = (set: Required<UnitSet>): UnitSet => Object.fromEntries(changed.map((name) => [name, set[name]]));
  if (changed.length > 0)
    found.push({ kind: "unit_attributes", ...at(key), change: { bid: key, set: choose(now), was: choose(before), quote } });
  if (head.attrs.sug === "delete") found.push({ kind: "unit_delete", ...at(key), change: { bid: key, quote } });
  if (head.attrs.sug === "join") found.push({ kind: "join", ...at(key), change: { bid: key, quote } });
  return [...found, ...new TextReader(base, key).read(pieces)];
}

function at(key: string): Where {
  return { key, offset: 0, offsets: [] };
}

interface Open {
  at: number;
  readonly offsets: number[];
  insert: Piece[] | null;
}

/** Walks the pieces of one text beside the text itself. */
class TextReader {
  private readonly found: Derived[] = [];
  private readonly formats: { set: Record<string, Marks[string] | null>; offsets: number[] }[] = [];
  private offset = 0;
  private open: Open | null = null;
  private readonly base: { text: string; ids: readonly Id[]; marks: readonly Marks[] };
  private readonly id: Id;
  private readonly index: number;

  constructor(
    base: Base,
    readonly key: string,
  ) {
    const element = base.find(key);
    if (element === null) throw new Unsayable("text");
    this.base = base.text(element);
    this.id = textId(element);
    this.index = Math.max(0, base.indexOf(key));
  }

  read(pieces: readonly Node[]): Derived[] {
    pieces.forEach((piece, index) => {
      if (index > 0) this.split(piece);
      for (const child of piece.children) {
        if (isInserted(child)) this.insert(child.text ?? "", ownMarks(child.marks));
        else this.pass(child.text ?? "", ownMarks(child.marks), isDeleted(child));
      }
    });
    this.close();
    if (this.offset !== this.base.text.length) throw new Unsayable("text");
    for (const format of this.formats) this.format(format);
    return this.found;
  }

  private split(piece: Node): void {
    this.close();
    const change = { bid: this.key, text: this.id, anchor: this.anchor(this.offset), ...this.context(this.offset, this.offset) };
    this.found.push({
      kind: "split",
      key: this.key,
      offset: this.offset,
      offsets: [],
      change: { ...change, set: setOf(piece.attrs) },
    });
  }

  private insert(text: string, marks: Marks): void {
    if (this.open?.insert && this.open.at !== this.offset) this.close();
    this.open ??= { at: this.offset, offsets: [], insert: null };
    if (this.open.insert === null) this.open.at = this.offset;
    this.open.insert ??= [];
    addPiece(this.open.insert, text, marks);
  }

  private pass(text: string, marks: Marks, deleted: boolean): void {
    if (!this.base.text.startsWith(text, this.offset)) throw new Unsayable("text");
    if (!deleted) this.close();
    for (let index = 0; index < text.length; index++) {
      if (deleted) {
        this.open ??= { at: this.offset, offsets: [], insert: null };
        this.open.offsets.push(this.offset);
      }
      this.compareMarks(marks);
      this.offset++;
    }
  }

  private compareMarks(marks: Marks): void {
    const own = this.base.marks[this.offset] ?? {};
    if (own === marks || sameJson(own, marks)) return;
    const set: Record<string, Marks[string] | null> = {};
    for (const name of Object.keys(own)) if (!(name in marks)) set[name] = null;
    for (const [name, value] of Object.entries(marks)) if (!sameJson(own[name], value)) set[name] = value;
    const last = this.formats.at(-1);
    if (last !== undefined && last.offsets.at(-1) === this.offset - 1 && sameJson(last.set, set)) last.offsets.push(this.offset);
    else this.formats.push({ set, offsets: [this.offset] });
  }

  private close(): void {
    const open = this.open;
    this.open = null;
    if (open === null) return;
    const [first, last] = [open.offsets[0] ?? open.at, (open.offsets.at(-1) ?? open.at - 1) + 1];
    this.found.push({
      kind: "text",
      key: this.key,
      offset: open.at,
      offsets: open.offsets,
      change: {
        bid: this.key,
        text: this.id,
        anchor: this.anchor(open.at),
        delete: rangesOf(open.offsets.map((offset) => this.base.ids[offset] as Id)),
        quote: quoteOf(this.base.text.slice(first, last)),
        ...this.context(first, last),
        insert: open.insert ?? [],
      },
    });
  }

  private format({ set, offsets }: { set: Record<string, Marks[string] | null>; offsets: number[] }): void {
    const [first, last] = [offsets[0] ?? 0, (offsets.at(-1) ?? 0) + 1];
    this.found.push({
      kind: "format",
      key: this.key,
      offset: first,
      offsets,
      change: {
        bid: this.key,
        text: this.id,
        ranges: rangesOf(offsets.map((offset) => this.base.ids[offset] as Id)),
        quote: quoteOf(this.base.text.slice(first, last)),
        ...this.context(first, last),
        set,
      },
    });
  }

  private anchor(offset: number): Id | null {
    return this.base.ids[offset - 1] ?? null;
  }

  private context(from: number, to: number): { before: string; after: string; at: number } {
    return { before: contextBefore(this.base.text, from), after: contextAfter(this.base.text, to), at: this.index };
  }
}

function deriveTable(base: Base, key: string, table: Node): Derived[] {
  const own = base.node(key) as Node;
  const found: Derived[] = [];
  if (table.attrs.sug === "delete") found.push({ kind: "unit_delete", ...at(key), change: { bid: key, quote: quoteOf(own.textContent) } });
  let after = "";
  const rows: Node[] = [];
  for (const row of table.children) {
    if (base.has(row.attrs.bid)) {
      rows.push(row);
      after = row.attrs.bid;
      if (row.attrs.sug === "delete")
        found.push({ kind: "row_delete", ...at(key), change: { table: key, bid: row.attrs.bid, quote: quoteOf(row.textContent) } });
    } else {
      found.push({ kind: "row_insert", ...at(key), change: { table: key, after, cells: row.children.map(piecesOf) } });
    }
  }
  if (!sameJson(rows.map(bidOf), own.children.map(bidOf))) throw new Unsayable("order");
  return [...found, ...deriveColumns(base, key, own, rows), ...rows.flatMap((row) => deriveCells(base, row))];
}

function bidOf(node: Node): string {
  return node.attrs.bid;
}

function deriveCells(base: Base, row: Node): Derived[] {
  return row.children.flatMap((cell) => (base.has(cell.attrs.bid) ? new TextReader(base, cell.attrs.bid).read([cell]) : []));
}

/** New and deleted columns: the same in every row of the text. */
function deriveColumns(base: Base, key: string, own: Node, rows: readonly Node[]): Derived[] {
  const shapes = rows.map((row) =>
    row.children.map((cell) => (base.has(cell.attrs.bid) ? (cell.attrs.sug === "delete" ? "x" : ".") : "+")).join(""),
  );
  const shape = shapes[0] ?? "";
  const isSame = shapes.every((other) => other === shape);
  if (isSame && !/[x+]/.test(shape)) return [];
  if (!isSame || columnsOf(base, key) !== (own.firstChild?.childCount ?? 0)) throw new Unsayable("table");
  const found: Derived[] = [];
  let column = -1;
  [...shape].forEach((sign, index) => {
    if (sign !== "+") column++;
    if (sign === "x")
      found.push({
        kind: "column_delete",
        ...at(key),
        offset: column,
        change: { table: key, index: column, quote: columnQuote(base, key, column) },
      });
    if (sign === "+")
      found.push({
        kind: "column_insert",
        ...at(key),
        offset: column,
        change: { table: key, after: column, cells: rows.map((row) => piecesOf(row.child(index))) },
      });
  });
  return found;
}

/** The moves that turn the order of the text into the order of the view; as few blocks as possible move. */
export function deriveMoves(base: Base, order: readonly string[]): Derived[] {
  const still = new Set(longestRising(order.map((key) => base.indexOf(key))).map((place) => order[place] as string));
  return order.flatMap((key, place): Derived[] => {
    if (still.has(key)) return [];
    const quote = quoteOf(base.node(key)?.textContent ?? "");
    return [{ kind: "move", ...at(key), change: { bid: key, after: order[place - 1] ?? "", quote } }];
  });
}

/** Places of a longest rising subsequence. */
function longestRising(numbers: readonly number[]): number[] {
  const tails: number[] = [];
  const previous = numbers.map(() => -1);
  numbers.forEach((number, place) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[tails[middle] as number] as number) < number) low = middle + 1;
      else high = middle;
    }
    previous[place] = tails[low - 1] ?? -1;
    tails[low] = place;
  });
  const rising: number[] = [];
  for (let place = tails.at(-1) ?? -1; place >= 0; place = previous[place] ?? -1) rising.unshift(place);
  return rising;
}
