/** Claims of decisions that stand in the text here and perhaps not at the server yet: without them they would be refused as a whole (R20). */

import type { Records } from "../store.ts";

export interface Claim {
  readonly id: string;
  readonly version: number;
}

/** Requests for claims under way at once. */
const AT_ONCE = 6;
/** A claim lasts 60 s at the server. While its edit is not confirmed it is renewed after this. */
const RENEW_MS = 20_000;

export class Claims {
  private readonly unconfirmed = new Map<string, Claim>();
  private readonly renewNow = () => void this.renew();
  private readonly timer = setInterval(this.renewNow, RENEW_MS);

  constructor(private readonly records: Pick<Records, "find" | "ask">) {
    addEventListener("online", this.renewNow);
  }

  destroy(): void {
    clearInterval(this.timer);
    removeEventListener("online", this.renewNow);
  }

  hold(claims: readonly Claim[]): void {
    for (const claim of claims) this.unconfirmed.set(claim.id, claim);
  }

  drop(id: string): void {
    this.unconfirmed.delete(id);
  }

  private async renew(): Promise<void> {
    for (const { id, version } of [...this.unconfirmed.values()]) {
      if (this.records.find(id)?.decided?.what === "accepted") {
        this.unconfirmed.delete(id);
        continue;
      }
      const outcome = await this.records.ask("accept", id, version);
      if (!outcome.ok && outcome.reason === "offline") return;
      if (!outcome.ok) this.unconfirmed.delete(id);
    }
  }
}

export async function inGroups<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) await Promise.all(items.slice(from, from + AT_ONCE).map(work));
}
