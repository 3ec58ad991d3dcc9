/** Which of the records there were a derived one continues, so that it keeps its id, its history and its comments. */

import type { Derived } from "./derive.ts";
import type { Placed } from "./place.ts";
import { newId, type Proposal, sameJson } from "./record.ts";
import { compareIds } from "./view.ts";

export interface Matched {
  readonly put: readonly Proposal[];
  readonly withdrawn: readonly string[];
  /** All records of the place now, unchanged ones too. */
  readonly now: readonly Proposal[];
}

/** What may differ between two records that say the same: context that drafters changed meanwhile. */
const CONTEXT_FIELDS = new Set(["before", "at", "text", "quote", "was"]);

/** Records of these ids are only kept or withdrawn, never changed: another wording becomes a record of its own. */
export type IsFixed = (id: string) => boolean;

/** `derived` in document order; `before` are the records that were placed there. */
export function match(derived: readonly Derived[], before: readonly Placed[], isFixed: IsFixed = () => false): Matched {
  const left = new Map(before.map((placed) => [placed.proposal.id, placed]));
  const chosen = new Map<Derived, Placed>();
  for (const wanted of [isSame, isNear]) {
    for (const one of derived) {
      if (chosen.has(one)) continue;
      const mayTake = (placed: Placed) => wanted === isSame || !isFixed(placed.proposal.id);
      const found = [...left.values()].find((placed) => placed.proposal.kind === one.kind && wanted(one, placed) && mayTake(placed));
      if (found === undefined) continue;
      chosen.set(one, found);
      left.delete(found.proposal.id);
    }
  }
  dropDisordered(derived, chosen, left);
  const group = derived.length - chosen.size > 1 ? { group: newId() } : {};
  const now: Proposal[] = [];
  const put: Proposal[] = [];
  derived.forEach((one, index) => {
    const old = chosen.get(one);
    if (old !== undefined && (old.how === "exact" || isFixed(old.proposal.id)) && isSame(one, old)) {
      now.push(old.proposal);
      return;
    }
    const id = old?.proposal.id ?? freshId(derived, index, chosen, now);
    const made = { id, kind: one.kind, change: one.change, ...(old?.proposal.group ? { group: old.proposal.group } : group) } as Proposal;
    now.push(made);
    put.push(made);
  });
  return { put, withdrawn: [...left.keys()], now };
}

/** Records at one spot apply in the order of their ids; null for a record whose order does not matter. */
function spotOf({ kind, key, offset, change }: Derived): string | null {
  if (kind === "split" || (kind === "text" && change.insert.length > 0)) return `${key}@${offset}`;
  if (kind === "row_insert" || kind === "column_insert") return `${kind} ${key} ${change.after}`;
  return null;
}

/** A record that would come before its predecessor at the same spot gives up its id. */
function dropDisordered(derived: readonly Derived[], chosen: Map<Derived, Placed>, left: Map<string, Placed>): void {
  const last = new Map<string, string>();
  for (const one of derived) {
    const spot = spotOf(one);
    const old = chosen.get(one);
    if (spot === null || old === undefined) continue;
    const { id } = old.proposal;
    if (compareIds(last.get(spot) ?? "", id) < 0) last.set(spot, id);
    else {
      chosen.delete(one);
      left.set(id, old);
    }
  }
}

function freshId(derived: readonly Derived[], index: number, chosen: ReadonlyMap<Derived, Placed>, now: readonly Proposal[]): string {
  const one = derived[index] as Derived;
  const spot = spotOf(one);
  if (spot === null) return newId();
  let after: string | null = null;
  now.forEach((made, place) => {
    if (spotOf(derived[place] as Derived) === spot) after = made.id;
  });
  const next = derived.slice(index + 1).find((other) => spotOf(other) === spot && chosen.has(other));
  return newId(after, next === undefined ? null : (chosen.get(next)?.proposal.id ?? null));
}

/** Says the same at the same place. */
function isSame(one: Derived, { proposal, key, offset, offsets }: Placed): boolean {
  if (one.key !== key || one.offset !== offset || !sameJson(one.offsets, offsets)) return false;
  return sameJson(essence(one), essence(proposal));
}

function essence({ kind, change }: { kind: Proposal["kind"]; change: object }): unknown {
  const entries = Object.entries(change).filter(([name]) => !CONTEXT_FIELDS.has(name));
  const isText = kind === "text" || kind === "format" || kind === "split";
  return Object.fromEntries(isText ? entries.filter(([name]) => name !== "after") : entries);
}

/** About the same place: a word that grows, a deletion that widens, another value for the same attribute. */
function isNear(one: Derived, { proposal, key, offset, offsets }: Placed): boolean {
  if (one.kind === "move" && proposal.kind === "move") return one.change.bid === proposal.change.bid;
  if (one.kind === "row_delete" && proposal.kind === "row_delete") return one.change.bid === proposal.change.bid;
  if (one.key !== key) return false;
  if (one.kind === "row_insert" && proposal.kind === "row_insert") return one.change.after === proposal.change.after;
  if (one.kind === "column_insert" && proposal.kind === "column_insert") return one.change.after === proposal.change.after;
  if (one.kind !== "text" && one.kind !== "format") return one.offset === offset;
  const places = new Set(offsets);
  return one.offset === offset || one.offsets.some((place) => places.has(place));
}
