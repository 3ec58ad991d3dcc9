/** The copy of one open document on this device: written as one types, failing loudly but never in the way. */

import type * as Y from "yjs";
import type { CopyHead, LocalCopies, LocalCopy } from "./local";
import type { Scope } from "./messages";

/** A change made here that the server may not have yet; `stored` is its number in the copy, null when it is not kept. */
export interface Change {
  readonly update: Uint8Array;
  stored: Promise<number | null>;
}

interface Waiting {
  readonly change: Change;
  readonly settle: (stored: number | null) => void;
}

/** Changes are written together this long after the first: by then the server has most of them, and they need no row of their own. */
export const KEEP_MS = 60;
const FLUSH_MS = 2_000;
const COMPACT_AT_ROWS = 400;

export class Keeping {
  private copy: LocalCopy | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isCompacting = false;
  private writing = 0;
  private waiting: Waiting[] = [];
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly copies: LocalCopies | null,
    private readonly document: string,
    private readonly onState: (state: "none" | "kept" | "failed") => void,
  ) {}

  /** A change is on its way to the device's storage: closing the page now could lose it. */
  get isWriting(): boolean {
    return this.writing > 0 || this.waiting.length > 0;
  }

  get epoch(): string {
    return this.copy?.head.epoch ?? "";
  }

  /** Opens the copy used last and puts it into `doc`: its head and unsent changes, or null when there is none. */
  async restore(doc: Y.Doc): Promise<{ head: CopyHead; changes: Change[] } | null> {
    const head = (await this.copies?.findCopy(this.document)) ?? null;
    if (this.copies === null || head === null) {
      return null;
    }
    const copy = this.copies.copyOf(head);
    const [unsent] = await Promise.all([copy.load(doc), this.copies.noteUse(head)]);
    this.copy = copy;
    this.onState("kept");
    return { head, changes: unsent.map(({ id, update }) => ({ update, stored: Promise.resolve(id) })) };
  }

  /** The server said which history this is and what we may do: from here on a copy is kept, with what is already unsent. */
  async begin(doc: Y.Doc, epoch: string, scope: Scope, title: string, unsent: readonly Change[]): Promise<void> {
    if (this.copies === null) {
      return;
    }
    await this.attempt(async (copies) => {
      const isNew = this.copy === null;
      const copy = await copies.openCopy(this.document, epoch, scope, title);
      if (!isNew) {
        return;
      }
      this.copy = copy;
      await copy.compact(doc);
      for (const change of unsent) this.wait(change);
      this.keepNow();
    });
  }

  /** Keep a change made here; how it went is in `stored`. */
  keep(update: Uint8Array, doc: Y.Doc): Change {
    const change: Change = { update, stored: Promise.resolve(null) };
    if (this.copy !== null) this.wait(change);
    this.compactWhenLong(doc);
    return change;
  }

  /** Write what waits to be kept at once: nobody knows what becomes of this page. */
  keepNow(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    const { copy, waiting } = this;
    this.waiting = [];
    if (copy !== null && waiting.length > 0) void this.store(copy, waiting);
  }

  receive(update: Uint8Array, doc: Y.Doc): void {
    this.copy?.receive(update);
    this.timer ??= setTimeout(() => this.flush(doc), FLUSH_MS);
  }

  /** The server has these on disk. */
  acknowledge(changes: readonly Change[], doc: Y.Doc): void {
    const copy = this.copy;
    if (copy === null || changes.length === 0) return;
    const saved = new Set(changes);
    const unwritten = this.waiting.filter(({ change }) => saved.has(change));
    this.waiting = this.waiting.filter(({ change }) => !saved.has(change));
    for (const { change, settle } of unwritten) {
      saved.delete(change);
      settle(null);
      this.receive(change.update, doc);
    }
    if (saved.size > 0) {
      void this.attempt(async () => {
        const ids = await Promise.all([...saved].map((change) => change.stored));
        await copy.acknowledge(ids.filter((id) => id !== null));
      });
    }
  }

  /** Take this history from the device. */
  async remove(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.soon);
    this.soon = undefined;
    const { copy, waiting } = this;
    this.copy = null;
    this.waiting = [];
    for (const { settle } of waiting) settle(null);
    await this.attempt(async () => copy?.remove());
  }

  close(): void {
    clearTimeout(this.timer);
    this.keepNow();
    const copy = this.copy;
    if (copy !== null) {
      void this.attempt(() => copy.flush());
    }
  }

  private flush(doc: Y.Doc): void {
    this.timer = undefined;
    const copy = this.copy;
    if (copy !== null) {
      void this.attempt(() => copy.flush());
      this.compactWhenLong(doc);
    }
  }

  private compactWhenLong(doc: Y.Doc): void {
    const copy = this.copy;
    if (copy !== null && copy.rowCount > COMPACT_AT_ROWS && !this.isCompacting) {
      this.isCompacting = true;
      void this.attempt(() => copy.compact(doc)).finally(() => {
        this.isCompacting = false;
      });
    }
  }

  private wait(change: Change): void {
    change.stored = new Promise((settle) => this.waiting.push({ change, settle }));
    this.soon ??= setTimeout(() => this.keepNow(), KEEP_MS);
  }

  private async store(copy: LocalCopy, waiting: readonly Waiting[]): Promise<void> {
    let ids: readonly number[] = [];
    this.writing += 1;
    await this.attempt(async () => {
      ids = await copy.keep(waiting.map(({ change }) => change.update));
    });
    this.writing -= 1;
    for (const [at, { settle }] of waiting.entries()) settle(ids[at] ?? null);
  }

  /** A full or forbidden storage is told to the person (`failed`: closing the page would lose changes), editing goes on. */
  private async attempt(work: (copies: LocalCopies) => Promise<unknown>): Promise<void> {
    if (this.copies === null) {
      return;
    }
    try {
      await work(this.copies);
      this.onState(this.copy ? "kept" : "none");
    } catch (error) {
      console.warn("the copy on this device could not be written", error);
      this.onState("failed");
    }
  }
}
