/** Records as cards: those of one action are one card; in the order of the text, filtered, with what stands against them. */

import type { Base } from "../core/base.ts";
import { conflicts } from "../core/judge.ts";
import type { Placed } from "../core/place.ts";
import { proposalOf, type Suggestion } from "../model.ts";
import { describe, type What } from "./describe.ts";

/** One card. `key` is the group's id, or the record's own. */
export interface Entry {
  readonly key: string;
  readonly records: readonly Suggestion[];
  readonly first: Suggestion;
  /** The block it is shown at, and the offset there; null for an orphan. */
  readonly at: { readonly key: string; readonly offset: number } | null;
  /** Some of its words are gone or others than they were. */
  readonly isPartly: boolean;
  /** Cards that contradict it. */
  readonly against: readonly string[];
}

export interface Filter {
  readonly body: string;
  readonly author: string;
  readonly what: Group | "";
}

export const EVERYTHING: Filter = { body: "", author: "", what: "" };

/** Kinds as people choose them. */
export type Group = "words" | "structure" | "looks" | "table";

const GROUPS: Readonly<Record<What, Group>> = {
  insert: "words",
  delete: "words",
  replace: "words",
  format: "looks",
  split: "structure",
  join: "structure",
  unitInsert: "structure",
  tableInsert: "table",
  unitDelete: "structure",
  attributes: "structure",
  move: "structure",
  rowInsert: "table",
  rowDelete: "table",
  columnInsert: "table",
  columnDelete: "table",
};

export function groupOf(record: Suggestion): Group {
  return GROUPS[describe(proposalOf(record)).what];
}

export function keyOf(record: Suggestion): string {
  return record.group === "" ? record.id : record.group;
}

export function matches({ records, first }: Entry, { body, author, what }: Filter): boolean {
  if (body !== "" && first.body !== body) return false;
  if (author !== "" && first.author !== author) return false;
  return what === "" || records.some((record) => groupOf(record) === what);
}

/** Cards of records, those with a place first, in the order of the text; orphans by time. */
export function entriesOf(records: readonly Suggestion[], find: (id: string) => Placed | null, base: Base): Entry[] {
  const groups = new Map<string, Suggestion[]>();
  for (const record of records) groups.set(keyOf(record), [...(groups.get(keyOf(record)) ?? []), record]);
  const placed = records.flatMap((record) => find(record.id) ?? []);
  const against = opponents(placed, new Map(records.map((record) => [record.id, keyOf(record)])));
  const ranked = [...groups].map(([key, own]) => rank(key, own, find, base, against.get(key) ?? []));
  return ranked.sort(compare).map(({ entry }) => entry);
}

interface Ranked {
  readonly entry: Entry;
  readonly index: number;
  readonly offset: number;
}

function rank(
  key: string,
  records: readonly Suggestion[],
  find: (id: string) => Placed | null,
  base: Base,
  against: readonly string[],
): Ranked {
  const places = records.flatMap((record) => {
    const placed = find(record.id);
    return placed === null ? [] : [{ record, placed, index: base.indexOf(placed.key) }];
  });
  places.sort((a, b) => a.index - b.index || startOf(a.placed) - startOf(b.placed));
  const top = places[0];
  const entry: Entry = {
    key,
    records: [...places.map(({ record }) => record), ...records.filter((record) => find(record.id) === null)],
    first: top?.record ?? (records[0] as Suggestion),
    at: top === undefined ? null : { key: top.placed.key, offset: startOf(top.placed) },
    isPartly: places.length < records.length || places.some(({ placed }) => placed.how === "partly"),
    against,
  };
  return { entry, index: top?.index ?? Number.POSITIVE_INFINITY, offset: entry.at?.offset ?? 0 };
}

/** The first character an entry is about, or the place between two; a new unit stands behind all of the one it follows. */
export function startOf({ proposal, offset, offsets }: Placed): number {
  if (proposal.kind === "unit_insert") return Number.MAX_SAFE_INTEGER;
  return Math.min(offset, offsets[0] ?? offset);
}

function compare(a: Ranked, b: Ranked): number {
  if (a.index !== b.index) return a.index < b.index ? -1 : 1;
  return a.offset - b.offset || a.entry.first.created_at - b.entry.first.created_at || (a.entry.key < b.entry.key ? -1 : 1);
}

function opponents(placed: readonly Placed[], keys: ReadonlyMap<string, string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const note = (one: string, other: string) => {
    const list = found.get(one) ?? [];
    if (!list.includes(other)) found.set(one, [...list, other]);
  };
  for (const [a, b] of conflicts(placed)) {
    const [one, other] = [keys.get(a), keys.get(b)];
    if (one === undefined || other === undefined || one === other) continue;
    note(one, other);
    note(other, one);
  }
  return found;
}

export function sameEntry(one: Entry, other: Entry): boolean {
  return (
    one.isPartly === other.isPartly &&
    one.at?.key === other.at?.key &&
    one.at?.offset === other.at?.offset &&
    sameItems(one.records, other.records) &&
    sameItems(one.against, other.against)
  );
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
