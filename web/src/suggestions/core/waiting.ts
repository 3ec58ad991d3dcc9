/** Decisions of a drafter without network: acceptances wait for the server's claim, and nothing of the text changes before it. A pure reducer. */

export interface Waiting {
  readonly id: string;
  /** The version the drafter was looking at; another one is not accepted unseen. */
  readonly version: number;
  readonly state: "waiting" | "claiming" | "claimed";
  /** Why it is to be rejected; nothing is said here about one that is to be accepted. */
  readonly rejected?: string;
}

export interface Queue {
  readonly waiting: readonly Waiting[];
  /** Records that could not be decided, with the reason; shown until seen. */
  readonly failed: readonly { readonly id: string; readonly reason: "changed" | "decided" | "taken" | "flagged" | "orphan" }[];
}

export type QueueAction =
  | { readonly type: "accept"; readonly id: string; readonly version: number }
  | { readonly type: "reject"; readonly id: string; readonly version: number; readonly reason: string }
  | { readonly type: "cancel"; readonly id: string }
  | { readonly type: "claiming" | "claimed" | "offline" | "applied"; readonly id: string }
  | { readonly type: "refused"; readonly id: string; readonly reason: Queue["failed"][number]["reason"] }
  | { readonly type: "seen" };

export const NOTHING: Queue = { waiting: [], failed: [] };

export function enqueue(queue: Queue, action: QueueAction): Queue {
  switch (action.type) {
    case "accept":
      if (queue.waiting.some(({ id }) => id === action.id)) return queue;
      return { ...queue, waiting: [...queue.waiting, { id: action.id, version: action.version, state: "waiting" }] };
    case "reject":
      if (queue.waiting.some(({ id }) => id === action.id)) return queue;
      return {
        ...queue,
        waiting: [...queue.waiting, { id: action.id, version: action.version, state: "waiting", rejected: action.reason }],
      };
    case "cancel":
      return { ...queue, waiting: queue.waiting.filter(({ id, state }) => id !== action.id || state !== "waiting") };
    case "claiming":
    case "claimed":
      return move(queue, action.id, action.type);
    case "offline":
      return move(queue, action.id, "waiting");
    case "applied":
      return without(queue, action.id);
    case "refused":
      return { ...without(queue, action.id), failed: [...queue.failed, { id: action.id, reason: action.reason }] };
    case "seen":
      return { ...queue, failed: [] };
  }
}

/** The next ones to claim, in the order in which the drafter accepted them. */
export function toClaim(queue: Queue): readonly Waiting[] {
  return queue.waiting.filter(({ state, rejected }) => state === "waiting" && rejected === undefined);
}

/** The next ones to be rejected. */
export function toReject(queue: Queue): readonly (Waiting & { readonly rejected: string })[] {
  return queue.waiting.filter(
    (one): one is Waiting & { readonly rejected: string } => one.state === "waiting" && one.rejected !== undefined,
  );
}

function move(queue: Queue, id: string, state: Waiting["state"]): Queue {
  return { ...queue, waiting: queue.waiting.map((one) => (one.id === id ? { ...one, state } : one)) };
}

function without(queue: Queue, id: string): Queue {
  return { ...queue, waiting: queue.waiting.filter((one) => one.id !== id) };
}
