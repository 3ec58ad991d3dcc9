/** Tells an update from an answer after a reconnect, which names every deletion there ever was. */

import * as Y from "yjs";
import type { DeleteSet } from "./claims.ts";
import type { Changed } from "./transaction.ts";

/** Enough of the oldest: whoever answers has heard of most of them. */
const REMEMBERED = 5;

export class Deletions {
  /** One character of each of the first deletions seen. */
  private readonly oldest: Y.ID[] = [];

  note({ deleted }: Changed): void {
    if (this.oldest.length >= REMEMBERED) return;
    for (const { ids } of deleted.values()) if (ids[0] !== undefined) this.oldest.push(ids[0]);
  }

  /** True when most of the oldest deletions are named, or none is known yet: then nobody can tell. */
  areNamedIn(names: DeleteSet): boolean {
    const named = this.oldest.filter((id) => Y.isDeleted(names, id)).length;
    return named * 2 > this.oldest.length || this.oldest.length === 0;
  }
}
