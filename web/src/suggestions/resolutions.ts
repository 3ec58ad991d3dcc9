/** Decisions as the text has them: it tells of one before the server's message does, and then that counts (V7). */

import type * as Y from "yjs";
import type { Suggestion } from "./model.ts";

interface Entry {
  readonly v: number;
  readonly a: "accept" | "reopen";
}

export class Resolutions {
  private entries: Y.Map<Entry> | null = null;
  private readonly effective = new WeakMap<Suggestion, Suggestion>();

  /** Follows those of a document; returns how to stop. */
  listen(doc: Y.Doc, onChange: () => void): () => void {
    const entries = doc.getMap<Entry>("resolutions");
    this.entries = entries;
    entries.observe(onChange);
    return () => {
      entries.unobserve(onChange);
      if (this.entries === entries) this.entries = null;
    };
  }

  /** The record with the status that the text gives it; the same object for the same answer. */
  read(record: Suggestion): Suggestion {
    const entry = this.entries?.get(record.id);
    const status = entry === undefined ? null : entry.a === "accept" ? "accepted" : "open";
    const was = status === "accepted" ? "open" : "accepted";
    if (entry === undefined || status === null || record.status !== was || entry.v !== record.version) return record;
    const known = this.effective.get(record);
    if (known?.status === status) return known;
    const made: Suggestion = { ...record, status };
    this.effective.set(record, made);
    return made;
  }
}
