/** What a record says, in data that a card, a mark in the text and a screen reader put into words. */

import type { Block, Piece, Proposal, UnitSet } from "../core/record.ts";

/** `before` goes, `after` comes; empty where there is none. */
export interface Said {
  readonly what: What;
  readonly before: string;
  readonly after: string;
  /** Attributes or marks that change: name, old value (null: none), new value (null: taken off). */
  readonly changes: readonly Change[];
  /** The block a moved or inserted one is to follow; null where that says nothing. */
  readonly behind: string | null;
}

export type What =
  | "insert"
  | "delete"
  | "replace"
  | "format"
  | "split"
  | "join"
  | "unitInsert"
  | "tableInsert"
  | "unitDelete"
  | "attributes"
  | "move"
  | "rowInsert"
  | "rowDelete"
  | "columnInsert"
  | "columnDelete";

export interface Change {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

const NOTHING = { before: "", after: "", changes: [], behind: null } as const;

export function describe(proposal: Proposal): Said {
  const { kind, change } = proposal;
  switch (kind) {
    case "text": {
      const [before, after] = [change.quote, textOf(change.insert)];
      return { ...NOTHING, what: before === "" ? "insert" : after === "" ? "delete" : "replace", before, after };
    }
    case "format":
      return { ...NOTHING, what: "format", after: change.quote, changes: marksOf(change.set) };
    case "split":
      return {
        ...NOTHING,
        what: "split",
        after: `${change.before}¶${change.after}`,
        changes: setOf(change.set, {}).filter(({ name }) => name !== "level"),
      };
    case "join":
      return { ...NOTHING, what: "join", after: change.quote };
    case "unit_insert":
      return insertOf(change.blocks, change.after);
    case "unit_delete":
      return { ...NOTHING, what: "unitDelete", before: change.quote };
    case "unit_attributes":
      return { ...NOTHING, what: "attributes", changes: setOf(change.set, change.was) };
    case "move":
      return { ...NOTHING, what: "move", after: change.quote, behind: change.after };
    case "row_insert":
      return { ...NOTHING, what: "rowInsert", after: cellsOf(change.cells) };
    case "row_delete":
      return { ...NOTHING, what: "rowDelete", before: change.quote };
    case "column_insert":
      return { ...NOTHING, what: "columnInsert", after: cellsOf(change.cells) };
    case "column_delete":
      return { ...NOTHING, what: "columnDelete", before: change.quote };
  }
}

function insertOf(blocks: readonly Block[], behind: string): Said {
  const isTable = blocks.every(({ name }) => name === "table");
  return { ...NOTHING, what: isTable ? "tableInsert" : "unitInsert", after: blocks.map(blockText).join("\n"), behind };
}

function blockText({ runs, children }: Block): string {
  return runs === undefined ? (children ?? []).map(blockText).join(" | ") : textOf(runs);
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ t }) => t).join("");
}

function cellsOf(cells: readonly (readonly Piece[])[]): string {
  const texts = cells.map(textOf);
  return texts.every((text) => text === "") ? "" : texts.join(" | ");
}

function marksOf(set: Readonly<Record<string, unknown>>): Change[] {
  return Object.entries(set).map(([name, value]) => ({ name, before: value === null ? name : null, after: value === null ? null : name }));
}

function setOf(set: UnitSet, was: UnitSet): Change[] {
  return Object.entries(set).map(([name, after]) => ({ name, before: was[name as keyof UnitSet] ?? null, after }));
}
