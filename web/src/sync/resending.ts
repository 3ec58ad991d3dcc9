/**
 * What a server lacks after a reconnect, sent as it was made: change by change.
 *
 * The stock answer merges all of it and names every deletion there ever was; from that nobody reads what belongs together (ADR 0024).
 */

import * as Y from "yjs";

interface Made {
  readonly update: Uint8Array;
}

/** More are not sent one by one. */
const MOST_FRAMES = 200;
/** Merging takes longer than many times as long for many times as much. */
const MOST_TOGETHER = 100;
const MOST_BYTES = 64 * 1024;

/** Changes in their order, those that delete nothing with their neighbours: each group is one frame. */
export function grouped<Change extends Made>(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let open: Change[] = [];
  let size = 0;
  for (const change of changes) {
    const isPlain = Y.decodeUpdate(change.update).ds.clients.size === 0;
    size += change.update.length;
    if (!isPlain || open.length === 0 || open.length >= MOST_TOGETHER || size > MOST_BYTES) {
      open = [];
      size = change.update.length;
      groups.push(isPlain ? open : [change]);
    }
    if (isPlain) open.push(change);
  }
  return groups;
}

/**
 * The changes to be sent one by one to a server at `state`, of those it has not acknowledged; null when these are not all that it lacks, or are
 * too many: then the stock answer serves.
 */
export function planResend<Change extends Made>(doc: Y.Doc, state: Uint8Array, unsent: readonly Change[]): Change[][] | null {
  const held = Y.decodeStateVector(state);
  const lacking = new Map<number, number>();
  for (const [client, end] of Y.decodeStateVector(Y.encodeStateVector(doc)))
    if (end > (held.get(client) ?? 0)) lacking.set(client, held.get(client) ?? 0);
  const left = unsent.filter(({ update }) => {
    const { from, to } = Y.parseUpdateMeta(update);
    for (const [client, start] of from) if (start <= (lacking.get(client) ?? -1)) lacking.delete(client);
    return to.size === 0 || [...to].some(([client, end]) => end > (held.get(client) ?? 0));
  });
  const groups = lacking.size > 0 ? [] : grouped(left);
  return lacking.size > 0 || groups.length > MOST_FRAMES ? null : groups;
}

export function mergedUpdate(group: readonly Made[]): Uint8Array {
  const [first, ...others] = group.map(({ update }) => update);
  if (first === undefined) throw new Error("a frame without changes");
  return others.length === 0 ? first : Y.mergeUpdates([first, ...others]);
}
