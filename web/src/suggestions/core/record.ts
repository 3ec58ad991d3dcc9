/** A suggestion as JSON (`schema/suggestion.json`): types, ids that can be ordered, context around a place. */

import type { Mark } from "prosemirror-model";
import { attributesOf, type Run } from "../../editor/schema.ts";

/** A character of the text by its Yjs id. */
export type Id = readonly [client: number, clock: number];
/** Characters with ids in a row; the length counts UTF-16 units. */
export type IdRange = readonly [client: number, clock: number, length: number];
export type Marks = Run["attributes"];

export interface Piece {
  readonly t: string;
  readonly m: Marks;
}

export interface Block {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly runs?: readonly Piece[];
  readonly children?: readonly Block[];
}

/** New values of a unit's attributes, as Yjs stores them (all strings). */
export type UnitSet = Readonly<Partial<Record<"kind" | "level" | "label", string>>>;

interface Context {
  readonly before: string;
  readonly after: string;
  /** Index of the block when the record was made. */
  readonly at: number;
}

export interface Changes {
  text: Context & {
    readonly bid: string;
    readonly text: Id;
    /** The character the insertion stands behind; null at the head of the block. */
    readonly anchor: Id | null;
    readonly delete: readonly IdRange[];
    readonly quote: string;
    readonly insert: readonly Piece[];
  };
  format: Context & {
    readonly bid: string;
    readonly text: Id;
    readonly ranges: readonly IdRange[];
    readonly quote: string;
    readonly set: Readonly<Record<string, Marks[string] | null>>;
  };
  split: Context & { readonly bid: string; readonly text: Id; readonly anchor: Id | null; readonly set: UnitSet };
  join: { readonly bid: string; readonly quote: string };
  unit_insert: { readonly after: string; readonly blocks: readonly Block[] };
  unit_delete: { readonly bid: string; readonly quote: string };
  unit_attributes: { readonly bid: string; readonly set: UnitSet; readonly was: UnitSet; readonly quote: string };
  move: { readonly bid: string; readonly after: string; readonly quote: string };
  row_insert: { readonly table: string; readonly after: string; readonly cells: readonly (readonly Piece[])[] };
  row_delete: { readonly table: string; readonly bid: string; readonly quote: string };
  column_insert: { readonly table: string; readonly after: number; readonly cells: readonly (readonly Piece[])[] };
  column_delete: { readonly table: string; readonly index: number; readonly quote: string };
}

export type Kind = keyof Changes;

/** What a client sends of a suggestion; the server stamps the rest. */
export type Proposal = {
  [K in Kind]: { readonly id: string; readonly kind: K; readonly change: Changes[K]; readonly group?: string };
}[Kind];

export type ProposalOf<K extends Kind> = Extract<Proposal, { kind: K }>;

/** Length of context kept on each side, in UTF-16 units. */
const CONTEXT = 24;
const QUOTE = 20_000;

const SPACE = 1n << 128n;

/** A new record id that sorts between two others; records at one place apply in the order of their ids. */
export function newId(after: string | null = null, before: string | null = null): string {
  const low = after === null ? 0n : BigInt(`0x${after}`) + 1n;
  const high = before === null ? SPACE : BigInt(`0x${before}`);
  if (high <= low) throw new Error("no id fits between the two");
  const random = BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`);
  return (low + (random * (high - low)) / SPACE).toString(16).padStart(32, "0");
}

/** What stands before an offset, at most 24 units and never half a character. */
export function contextBefore(text: string, offset: number): string {
  const cut = text.slice(Math.max(0, offset - CONTEXT), offset);
  return isLow(cut.charCodeAt(0)) ? cut.slice(1) : cut;
}

export function contextAfter(text: string, offset: number): string {
  const cut = text.slice(offset, offset + CONTEXT);
  return isHigh(cut.charCodeAt(cut.length - 1)) ? cut.slice(0, -1) : cut;
}

export function quoteOf(text: string): string {
  return text.length <= QUOTE ? text : text.slice(0, isHigh(text.charCodeAt(QUOTE - 1)) ? QUOTE - 1 : QUOTE);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Marks of the act, without the two of the view. */
export function ownMarks(marks: readonly Mark[]): Marks {
  return attributesOf(marks.filter((mark) => mark.type.name !== "insertion" && mark.type.name !== "deletion"));
}

/** Adds a run, joining it to the last one when the marks say the same. */
export function addPiece(pieces: Piece[], t: string, m: Marks): void {
  const last = pieces.at(-1);
  if (t === "") return;
  if (last !== undefined && sameJson(last.m, m)) pieces[pieces.length - 1] = { t: last.t + t, m: last.m };
  else pieces.push({ t, m });
}

/** Equality of JSON values; the order of an object's keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && sameJson(one[key], other[key]));
}
