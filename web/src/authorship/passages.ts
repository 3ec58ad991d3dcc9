/** Who wrote which characters: the server's passages, found again by the Yjs id of a character, wherever it stands by now. Pure. */

import type { Answer } from "../api/client.ts";
import type { Id } from "../suggestions/core/record.ts";

export type Page = Answer<"read_authorship">;
export type Passage = Page["blocks"][number]["passages"][number];

/** Sorted stretches of one client's characters. */
interface Stretches {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly passages: readonly Passage[];
}

export class Passages {
  private readonly clients = new Map<number, Stretches>();
  readonly people: ReadonlyMap<string, Page["people"][number]>;
  readonly proposers: ReadonlyMap<string, Page["proposers"][number]>;
  /** The bodies whose colours stand in the text. */
  readonly bodies: readonly string[];

  constructor(pages: readonly Page[]) {
    this.people = new Map(pages.flatMap(({ people }) => people.map((one) => [one.id, one] as const)));
    this.proposers = new Map(pages.flatMap(({ proposers }) => proposers.map((one) => [one.suggestion, one] as const)));
    const all = new Map<number, [start: number, end: number, passage: Passage][]>();
    for (const { blocks } of pages) {
      for (const passage of blocks.flatMap((block) => block.passages)) {
        for (const [client = 0, clock = 0, count = 0] of passage.ids as readonly (readonly number[])[]) {
          const own = all.get(client) ?? [];
          if (own.length === 0) all.set(client, own);
          own.push([clock, clock + count, passage]);
        }
      }
    }
    const passages = pages.flatMap(({ blocks }) => blocks.flatMap((block) => block.passages));
    this.bodies = [...new Set(passages.map((passage) => this.bodyOf(passage)).filter((body) => body !== ""))].sort();
    for (const [client, own] of all) {
      own.sort((a, b) => a[0] - b[0]);
      this.clients.set(client, {
        starts: own.map(([start]) => start),
        ends: own.map(([, end]) => end),
        passages: own.map(([, , passage]) => passage),
      });
    }
  }

  /** Null for a character that was not saved yet when the server was asked. */
  find([client, clock]: Id): Passage | null {
    const own = this.clients.get(client);
    if (own === undefined) return null;
    let [low, high] = [0, own.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((own.starts[middle] as number) <= clock) low = middle + 1;
      else high = middle;
    }
    return low > 0 && clock < (own.ends[low - 1] as number) ? (own.passages[low - 1] as Passage) : null;
  }

  /** The body whose colour a passage has: that of the proposer where one is known. Empty for what the act began with. */
  bodyOf(passage: Passage): string {
    if (passage.initial) return "";
    const proposer = this.proposers.get(passage.suggestion);
    return proposer?.body ?? this.people.get(passage.author)?.body ?? "";
  }

  /** Characters as runs of one passage; `null` for those not saved yet. */
  runs(ids: readonly Id[]): { readonly from: number; readonly to: number; readonly passage: Passage | null }[] {
    const found: { from: number; to: number; passage: Passage | null }[] = [];
    for (let index = 0; index < ids.length; index++) {
      const passage = this.find(ids[index] as Id);
      const last = found.at(-1);
      if (last !== undefined && last.passage === passage) last.to = index + 1;
      else found.push({ from: index, to: index + 1, passage });
    }
    return found;
  }
}
