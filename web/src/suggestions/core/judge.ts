/** Can a record be done to the text as it is, and beside the others that are accepted with it? Changes nothing. */

import type { Base } from "./base.ts";
import { type Placed, place } from "./place.ts";
import { type Proposal, sameJson } from "./record.ts";

/** `clean`: what was proposed is what happens. `flagged`: not, or only in part. `orphan`: it has no place in the text any more. */
export type Outcome = "clean" | "flagged" | "orphan";

export interface Judged {
  readonly proposal: Proposal;
  readonly placed: Placed | null;
  readonly outcome: Outcome;
}

/** Judges records that are to be accepted together; of two that contradict each other the first is clean. */
export function judgeAll(base: Base, proposals: readonly Proposal[]): Judged[] {
  const taken = new Map<string, unknown>();
  const placed = proposals.map((proposal) => place(base, proposal));
  const deleted = new Set(placed.flatMap((one) => (one?.proposal.kind === "unit_delete" ? [one.key] : [])));
  return proposals.map((proposal, index) => {
    const one = placed[index] ?? null;
    if (one === null) return { proposal, placed: null, outcome: "orphan" };
    const isClean = one.how !== "partly" && fits(base, one, deleted) && !isBuried(base, one, deleted) && takes(one, taken);
    return { proposal, placed: one, outcome: isClean ? "clean" : "flagged" };
  });
}

/** Words put into a block that is deleted by another record would be lost in silence. */
function isBuried(base: Base, { proposal, key }: Placed, deleted: ReadonlySet<string>): boolean {
  if (deleted.size === 0 || !(proposal.kind === "text" && proposal.change.insert.length > 0)) return false;
  return deleted.has(base.order()[base.indexOf(key)] ?? "");
}

/** What a record uses up, and to what end; another record may want the same end only. */
export function uses({ proposal, key, offset, offsets }: Placed): readonly (readonly [what: string, end: unknown])[] {
  switch (proposal.kind) {
    case "text":
      return offsets.map((place) => [`${key}#${place}`, proposal.id]);
    case "format":
      return offsets.flatMap((place) =>
        Object.entries(proposal.change.set).map(([mark, value]) => [`${key}#${place}:${mark}`, value] as const),
      );
    case "unit_attributes":
      return Object.entries(proposal.change.set).map(([name, value]) => [`${key}.${name}`, value] as const);
    case "unit_delete":
    case "join":
      return [[`${key} stays`, proposal.id]];
    case "move":
      return [[`${key} moves`, proposal.id]];
    case "row_delete":
      return [[`${proposal.change.bid} stays`, proposal.id]];
    case "column_delete":
      return [[`${key} column ${offset}`, proposal.id]];
    default:
      return [];
  }
}

function takes(placed: Placed, taken: Map<string, unknown>): boolean {
  const wanted = uses(placed);
  if (wanted.some(([what, end]) => taken.has(what) && !sameJson(taken.get(what), end))) return false;
  for (const [what, end] of wanted) taken.set(what, end);
  return true;
}

/** False when the record's place is there but what it says cannot be done to it as it was meant. */
function fits(base: Base, { proposal, key, offset }: Placed, deleted: ReadonlySet<string>): boolean {
  switch (proposal.kind) {
    case "text":
      return proposal.change.delete.length > 0 || isBetween(base, key, offset, proposal.change);
    case "split":
      return isBetween(base, key, offset, proposal.change);
    case "join":
      return followsUnit(base, key, deleted);
    case "unit_attributes": {
      const attrs = base.node(key)?.attrs ?? {};
      return Object.entries(proposal.change.was).every(([name, value]) => String(attrs[name]) === value);
    }
    case "unit_delete":
      return saysStill(base, key, proposal.change.quote);
    case "row_delete":
      return saysStill(base, proposal.change.bid, proposal.change.quote);
    case "column_insert":
      return base.node(key)?.childCount === proposal.change.cells.length;
    case "unit_insert":
      return proposal.change.blocks.every(({ attributes }) => !base.has(String(attributes.bid)));
    default:
      return true;
  }
}

/** True when the characters on both sides are those it was proposed between; else somebody wrote or split at this very place. */
function isBetween(base: Base, key: string, offset: number, { before, after }: { before: string; after: string }): boolean {
  const text = base.textOf(key)?.text ?? "";
  return (text[offset - 1] ?? "") === (before.at(-1) ?? "") && (text[offset] ?? "") === (after[0] ?? "");
}

/** True when what stands before, without the blocks that go at the same time, is a unit. */
function followsUnit(base: Base, key: string, deleted: ReadonlySet<string>): boolean {
  let index = base.indexOf(key) - 1;
  while (index >= 0 && deleted.has(base.order()[index] ?? "")) index--;
  return base.find(base.order()[index] ?? "")?.nodeName === "unit";
}

/** Words that came into a block after its deletion was proposed must not go with it unseen. */
function saysStill(base: Base, key: string, quote: string): boolean {
  const text = base.node(key)?.textContent ?? "";
  return text === quote || (quote.length >= 10_000 && text.startsWith(quote));
}

/** Pairs of records that contradict each other, by id: both delete the same words, set the same attribute, move the same unit. */
export function conflicts(placed: readonly Placed[]): [string, string][] {
  const users = new Map<string, [Placed, unknown][]>();
  const found = new Map<string, [string, string]>();
  for (const one of placed) {
    for (const [what, end] of uses(one)) {
      const others = users.get(what) ?? [];
      for (const [other, otherEnd] of others) {
        if (other.proposal.id === one.proposal.id || sameJson(end, otherEnd)) continue;
        found.set(`${other.proposal.id} ${one.proposal.id}`, [other.proposal.id, one.proposal.id]);
      }
      users.set(what, [...others, [one, end]]);
    }
  }
  return [...found.values()];
}
