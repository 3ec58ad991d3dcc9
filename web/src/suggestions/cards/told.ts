/** What became of decisions, and what deciding is given. */

import type * as Y from "yjs";
import type * as waiting from "../core/waiting.ts";
import type { Records } from "../store.ts";

/** What became of one record. `refused`: the server will not (a right is gone), `sentence` says why. */
export type Result = "accepted" | "waiting" | "offline" | "flagged" | "orphan" | "changed" | "decided" | "taken" | "refused";

export interface Told {
  readonly results: ReadonlyMap<string, Result>;
  /** The server's own words where there are any. */
  readonly sentence: string;
}

export interface DecidingOptions {
  readonly doc: Y.Doc;
  readonly records: Pick<Records, "find" | "ask">;
  /** The server answers, and our edits are on their way at once. */
  readonly isOnline: () => boolean;
  /** Acceptances that wait, as they were kept; and keeps them. */
  readonly load: () => waiting.Queue;
  readonly save: (queue: waiting.Queue) => void;
  readonly onChange: () => void;
  /** Acceptances that waited were done, or could not be. */
  readonly onWaited: (told: Told) => void;
}
