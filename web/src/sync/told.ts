/** What the server says of a document besides its bytes, for features that keep records beside the text (suggestions, comments). */

import type * as Y from "yjs";
import { parseObject } from "./messages";

/** The fields of a stateless message; `type` says what the others are. `welcome` begins every connection. */
export type Told = Readonly<Record<string, unknown>>;

type Listener = (told: Told) => void;

const listeners = new WeakMap<Y.Doc, Set<Listener>>();

/** Hears every stateless message about a document; returns how to stop. */
export function onTold(doc: Y.Doc, listener: Listener): () => void {
  const own = listeners.get(doc) ?? new Set<Listener>();
  listeners.set(doc, own.add(listener));
  return () => own.delete(listener);
}

export function tellTold(doc: Y.Doc, payload: string): void {
  const own = listeners.get(doc);
  const told = own === undefined || own.size === 0 ? null : parseObject(payload);
  if (told !== null) for (const listener of own ?? []) listener(told);
}
