/** What arrives for a document, told before it is applied: whoever must know what an update itself deletes can read it there. */

import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import * as Y from "yjs";

type Listener = (update: Uint8Array) => void;

const listeners = new WeakMap<Y.Doc, Set<Listener>>();

/** Documents that are behind: by client, the clock from which their characters were not known to be on disk when the connection was lost. */
const behind = new WeakMap<Y.Doc, Map<number, number>>();

/** False from the loss of a connection until the server's answer after it: what others did meanwhile is not known. A document of nobody else's is never behind. */
export function isCaughtUp(doc: Y.Doc): boolean {
  return !behind.has(doc);
}

/** `unsaved`: the local updates not known to be on disk, asked for once when the document falls behind. */
export function tellCaughtUp(doc: Y.Doc, isCaughtUp: boolean, unsaved: () => Iterable<Uint8Array>): void {
  if (isCaughtUp) {
    behind.delete(doc);
  } else if (!behind.has(doc)) {
    behind.set(doc, firstOf(doc, unsaved()));
  }
}

/**
 * True for a character that was not known to be on disk when the connection was lost, until the document is caught up: nobody else saw it, so
 * nobody deleted it on purpose, whatever the server's answer names.
 */
export function isUnseen(doc: Y.Doc, { client, clock }: Y.ID): boolean {
  const first = behind.get(doc)?.get(client);
  return first !== undefined && clock >= first;
}

function firstOf(doc: Y.Doc, updates: Iterable<Uint8Array>): Map<number, number> {
  const first = new Map([[doc.clientID, Y.getState(doc.store, doc.clientID)]]);
  for (const update of updates) {
    for (const [client, clock] of Y.parseUpdateMeta(update).from) {
      first.set(client, Math.min(clock, first.get(client) ?? clock));
    }
  }
  return first;
}

/** Hears every update of the server for a document before it is applied; returns how to stop. */
export function onIncoming(doc: Y.Doc, listener: Listener): () => void {
  const own = listeners.get(doc) ?? new Set<Listener>();
  listeners.set(doc, own.add(listener));
  return () => own.delete(listener);
}

/** Tells the listeners of a document about a Hocuspocus frame (address ‖ type ‖ body); frames without an update say nothing. */
export function tellIncoming(doc: Y.Doc, frame: Uint8Array): void {
  const own = listeners.get(doc);
  const update = own === undefined || own.size === 0 ? null : readUpdate(frame);
  if (update !== null) {
    for (const listener of own ?? []) {
      listener(update);
    }
  }
}

const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;

function readUpdate(frame: Uint8Array): Uint8Array | null {
  try {
    const decoder = createDecoder(frame);
    readVarString(decoder);
    if (readVarUint(decoder) !== SYNC) {
      return null;
    }
    const step = readVarUint(decoder);
    return step === STEP_2 || step === UPDATE ? readVarUint8Array(decoder) : null;
  } catch {
    return null; // a cut frame says nothing we could read; the provider reports it
  }
}
