/**
 * What a reviewer's browser still has to tell the server: a pure reducer; whoever holds it stores it and does the requests.
 *
 * Promises: at most one request per record is under way; edits made meanwhile are sent after it; a record that was never stored and is
 * withdrawn is not sent at all; after a race the server's record wins and the reviewer is shown both.
 */

import { type Proposal, sameJson } from "./record.ts";

export type Request =
  | { readonly what: "put"; readonly record: Proposal; readonly version: number }
  | { readonly what: "withdraw"; readonly id: string; readonly version: number };

interface Entry {
  /** The version the server has; 0 when it has none. */
  readonly version: number;
  /** What it should have; null: withdrawn; undefined: nothing to tell. */
  readonly wanted: Proposal | null | undefined;
  /** What is being sent now. */
  readonly sending: Proposal | null | undefined;
}

export interface Outbox {
  readonly entries: Readonly<Record<string, Entry>>;
  /** Own wordings that lost a race or were refused, with the reason; shown until the reviewer has seen them. */
  readonly lost: readonly { readonly record: Proposal; readonly reason: string }[];
}

export type Action =
  /** `versions`: what the server has of these records; 0 where nothing is said. */
  | {
      readonly type: "edited";
      readonly put: readonly Proposal[];
      readonly withdrawn: readonly string[];
      readonly versions?: ReadonlyMap<string, number>;
    }
  | { readonly type: "sent"; readonly request: Request }
  | { readonly type: "stored"; readonly id: string; readonly version: number }
  /** The network failed: the request is made again. */
  | { readonly type: "failed"; readonly id: string }
  /**
   * News from the server, also of what this browser itself has just sent; `isOpen` is false when the record was decided. `isKnown`: the own
   * wording was made on this one (another tab showed it), so there is no race.
   */
  | { readonly type: "news"; readonly record: Proposal; readonly version: number; readonly isOpen: boolean; readonly isKnown?: boolean }
  /** 409: the version the server has. */
  | { readonly type: "raced"; readonly id: string; readonly version: number; readonly isOpen: boolean; readonly isKnown?: boolean }
  /** The server will never take it (limits, an invisible character). */
  | { readonly type: "refused"; readonly id: string; readonly reason: string }
  | { readonly type: "seen" };

export const EMPTY: Outbox = { entries: {}, lost: [] };

export function reduce(box: Outbox, action: Action): Outbox {
  switch (action.type) {
    case "edited": {
      const held = (id: string) => action.versions?.get(id) ?? 0;
      const withPut = action.put.reduce((next, record) => want(next, record.id, record, held(record.id)), box);
      return action.withdrawn.reduce((next, id) => want(next, id, null, held(id)), withPut);
    }
    case "sent":
      return start(box, action.request);
    case "stored":
      return stored(box, action.id, action.version);
    case "failed":
      return failed(box, action.id);
    case "news":
      return hear(box, action);
    case "raced":
      return action.isKnown === true && action.isOpen
        ? rebase(box, action.id, action.version)
        : raced(box, action.id, action.version, action.isOpen);
    case "refused":
      return lose(box, action.id, action.reason);
    case "seen":
      return { ...box, lost: [] };
  }
}

/** The requests that can be made now. */
export function due(box: Outbox): Request[] {
  return Object.entries(box.entries).flatMap(([id, { version, wanted, sending }]): Request[] => {
    if (wanted === undefined || sending !== undefined) return [];
    return wanted === null ? [{ what: "withdraw", id, version }] : [{ what: "put", record: wanted, version }];
  });
}

export function isIdle(box: Outbox): boolean {
  return Object.values(box.entries).every(({ wanted, sending }) => wanted === undefined && sending === undefined);
}

/** What was under way when the browser was closed is told again: a put is idempotent by id and version. */
export function restore(box: Outbox): Outbox {
  return Object.keys(box.entries).reduce(failed, box);
}

function entryOf(box: Outbox, id: string): Entry {
  return box.entries[id] ?? { version: 0, wanted: undefined, sending: undefined };
}

function set(box: Outbox, id: string, entry: Entry | null): Outbox {
  const { [id]: _old, ...rest } = box.entries;
  return { ...box, entries: entry === null ? rest : { ...rest, [id]: entry } };
}

function want(box: Outbox, id: string, wanted: Proposal | null, held: number): Outbox {
  const entry = box.entries[id] ?? { version: held, wanted: undefined, sending: undefined };
  if (wanted === null && entry.version === 0 && entry.sending === undefined) return set(box, id, null);
  return set(box, id, { ...entry, wanted });
}

function start(box: Outbox, request: Request): Outbox {
  const id = request.what === "put" ? request.record.id : request.id;
  return set(box, id, { ...entryOf(box, id), wanted: undefined, sending: request.what === "put" ? request.record : null });
}

function stored(box: Outbox, id: string, version: number): Outbox {
  const { wanted } = entryOf(box, id);
  return set(box, id, wanted === undefined ? null : { version, wanted, sending: undefined });
}

function failed(box: Outbox, id: string): Outbox {
  const { version, wanted, sending } = entryOf(box, id);
  return set(box, id, { version, wanted: wanted === undefined ? sending : wanted, sending: undefined });
}

/** What is under way is answered by its own request; only what nobody here meant, or what ends a record, counts at once. */
function hear(box: Outbox, { record, version, isOpen, isKnown }: Extract<Action, { type: "news" }>): Outbox {
  const { version: held, wanted, sending } = entryOf(box, record.id);
  if (!isOpen && sending === null) return box; // our own withdrawal, about to be answered
  if (!(record.id in box.entries)) return box;
  if (!isOpen) return raced(box, record.id, version, false);
  if (version <= held || sending !== undefined) return box;
  if (isKnown === true) return rebase(box, record.id, version);
  return wanted === undefined || sameJson(wanted, record) ? set(box, record.id, null) : raced(box, record.id, version, true);
}

/** The own wording replaces this version. */
function rebase(box: Outbox, id: string, version: number): Outbox {
  const entry = box.entries[id];
  if (entry === undefined) return box;
  return set(box, id, { version, wanted: entry.wanted === undefined ? entry.sending : entry.wanted, sending: undefined });
}

/** The server's record wins. A withdrawal of what is still open is made again on its version. */
function raced(box: Outbox, id: string, version: number, isOpen: boolean): Outbox {
  const { wanted, sending } = entryOf(box, id);
  const meant = wanted === undefined ? sending : wanted;
  const next = isOpen ? { version, wanted: meant === null ? null : undefined, sending: undefined } : null;
  const lost = meant === null || meant === undefined ? box.lost : [...box.lost, { record: meant, reason: isOpen ? "changed" : "decided" }];
  return { ...set(box, id, next), lost };
}

function lose(box: Outbox, id: string, reason: string): Outbox {
  const { version, wanted, sending } = entryOf(box, id);
  const record = wanted ?? sending;
  const kept = version === 0 ? null : { version, wanted: undefined, sending: undefined };
  return { ...set(box, id, kept), lost: record === null || record === undefined ? box.lost : [...box.lost, { record, reason }] };
}
