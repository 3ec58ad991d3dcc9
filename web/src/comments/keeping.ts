/** What this device keeps of a document's comments (D15): threads it has read, and own words that the server does not have yet. */

import type { LocalCopies, Note } from "../sync";
import type { Pending, Remark, Thread } from "./model.ts";

const READ = "comments";
const OWN = "comment ";

interface Read {
  readonly threads: readonly Thread[];
  readonly remarks: readonly Remark[];
}

export interface Restored extends Read {
  readonly pending: readonly Pending[];
}

/** Two tabs may send the same words: they carry their id, so the server has them once. */
export class CommentKeeping {
  private readonly kept = new Map<string, Pick<Note, "document" | "epoch" | "name">>();
  private chain: Promise<void> = Promise.resolve();

  constructor(
    private readonly copies: LocalCopies | null,
    private readonly document: string,
    private readonly onState: (isKept: boolean) => void,
  ) {}

  async restore(): Promise<Restored> {
    const nothing: Restored = { threads: [], remarks: [], pending: [] };
    const { copies } = this;
    if (copies === null) return nothing;
    try {
      const notes = await copies.listNotes(this.document);
      const own = notes.filter(({ name }) => name.startsWith(OWN));
      for (const note of own) this.kept.set(note.name, note);
      const read = notes.find(({ name }) => name === READ)?.value as Read | undefined;
      this.onState(true);
      return { ...nothing, ...read, pending: own.map(({ value }) => value as Pending) };
    } catch (error) {
      this.failed(error);
      return nothing;
    }
  }

  /** Keeps exactly these words that are on their way. */
  keepPending(pending: readonly Pending[]): void {
    this.later(async (copies, epoch) => {
      const put = pending.map((one): Note => ({ document: this.document, epoch, name: OWN + one.id, isUnsent: true, value: one }));
      const names = new Set(put.map(({ name }) => name));
      const removed = [...this.kept.values()].filter((note) => !names.has(note.name) || note.epoch !== epoch);
      if (put.length + removed.length === 0) return;
      await copies.changeNotes(put, removed);
      this.kept.clear();
      for (const note of put) this.kept.set(note.name, note);
    });
  }

  keepRead(read: Read): void {
    this.later((copies, epoch) => copies.changeNotes([{ document: this.document, epoch, name: READ, isUnsent: false, value: read }], []));
  }

  private later(work: (copies: LocalCopies, epoch: string) => Promise<void>): void {
    const { copies } = this;
    if (copies === null) return;
    this.chain = this.chain.then(async () => {
      try {
        await work(copies, (await copies.findCopy(this.document))?.epoch ?? "");
        this.onState(true);
      } catch (error) {
        this.failed(error);
      }
    });
  }

  /** A full or forbidden storage: what waits is said to be lost with the page, work goes on. */
  private failed(error: unknown): void {
    console.warn("comments could not be kept on this device", error);
    this.onState(false);
  }
}
