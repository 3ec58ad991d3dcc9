/** What the browser keeps of an act's suggestions (D15): the records it has read, and own proposals that the server does not have yet. */

import { KEEP_MS, type LocalCopies, type Note } from "../sync";
import type { Proposal } from "./core/record.ts";
import type { Lost, Suggestion } from "./model.ts";

/** An own proposal on its way; `wanted` null withdraws the record. */
export interface Draft {
  readonly id: string;
  readonly version: number;
  readonly wanted: Proposal | null;
  /** Set when the server did not take it: it is not sent again, only shown. */
  readonly lost?: string;
}

export interface Restored {
  readonly records: readonly Suggestion[];
  /** Left by a tab that is gone. */
  readonly drafts: readonly Draft[];
  /** Not to be sent: refused, or of a history that was replaced, where their places no longer mean anything. */
  readonly lost: readonly Lost[];
}

const READ = "suggestions";
const DRAFT = "suggestion";
const TAB = "zlahoda.tab.";
const NOTHING: Restored = { records: [], drafts: [], lost: [] };

/** One tab's share. What a tab that still lives has to send is left to it. */
export class SuggestionKeeping {
  private readonly tab = crypto.randomUUID();
  private readonly kept = new Map<string, Pick<Note, "document" | "epoch" | "name">>();
  private release: (() => void) | null = null;
  private chain: Promise<void> = Promise.resolve();
  private drafts: readonly Draft[] | null = null;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private isBusy = false;
  private state: "none" | "kept" | "failed" = "none";

  constructor(
    private readonly copies: LocalCopies | null,
    private readonly document: string,
    private readonly onState: (state: "none" | "kept" | "failed") => void,
  ) {
    if (copies === null) return;
    window.document.addEventListener("visibilitychange", this.keepNow);
    addEventListener("pagehide", this.keepNow);
    if (!("locks" in navigator)) return;
    const gone = new Promise<void>((resolve) => {
      this.release = resolve;
    });
    navigator.locks.request(TAB + this.tab, () => gone).catch((error: unknown) => console.warn("the tab has no lock", error));
  }

  async restore(): Promise<Restored> {
    if (this.copies === null) return NOTHING;
    const copies = this.copies;
    const restored = await this.attempt(NOTHING, async () => {
      const [notes, epoch, tabs] = await Promise.all([copies.listNotes(this.document), this.epoch(), livingTabs()]);
      const left = notes.filter(({ name }) => name.startsWith(`${DRAFT} `) && !tabs.has(TAB + name.split(" ")[2]));
      for (const note of left) this.kept.set(note.name, note);
      const read = notes.find(({ name, epoch: of }) => name === READ && of === epoch);
      const found: { drafts: Draft[]; lost: Lost[] } = { drafts: [], lost: [] };
      for (const { epoch: of, value } of left) {
        const { wanted, lost = of === epoch ? undefined : "outdated" } = value as Draft;
        if (lost === undefined) found.drafts.push(value as Draft);
        else if (wanted !== null) found.lost.push({ record: wanted, reason: lost });
      }
      return { records: (read?.value as readonly Suggestion[] | undefined) ?? [], ...found };
    });
    this.onState(this.state);
    return restored;
  }

  /** Something is on its way to the device's storage: closing the page now could lose it. */
  get isWriting(): boolean {
    return this.drafts !== null || this.isBusy;
  }

  /** Keeps exactly these drafts of this tab. Of several states that wait to be written only the last one is. */
  keepDrafts(drafts: readonly Draft[]): void {
    if (this.copies === null) return;
    const isWaiting = this.drafts !== null;
    this.drafts = drafts;
    if (!isWaiting) this.soon = setTimeout(this.keepNow, KEEP_MS);
  }

  /** Writes what waits at once: nobody knows what becomes of a page that is out of sight. */
  readonly keepNow = (): void => {
    clearTimeout(this.soon);
    if (this.copies !== null && this.drafts !== null) this.writeDrafts(this.copies);
  };

  private writeDrafts(copies: LocalCopies): void {
    this.later(async () => {
      const { drafts } = this;
      if (drafts === null) return; // written with what was asked for before
      this.drafts = null;
      const epoch = await this.epoch();
      const put = drafts.map(
        (draft): Note => ({ document: this.document, epoch, name: this.nameOf(draft.id), isUnsent: true, value: draft }),
      );
      const names = new Set(put.map(({ name }) => name));
      const removed = [...this.kept.values()].filter(({ name, epoch: of }) => !names.has(name) || of !== epoch);
      if (put.length === 0 && removed.length === 0) return;
      await copies.changeNotes(put, removed);
      this.kept.clear();
      for (const note of put) this.kept.set(note.name, note);
    });
  }

  /** Keeps the records read, so that the act can be opened with them without a network. */
  keepRecords(records: readonly Suggestion[]): void {
    const copies = this.copies;
    if (copies === null) return;
    this.later(async () => {
      const note = { document: this.document, epoch: await this.epoch(), name: READ };
      await copies.changeNotes([{ ...note, isUnsent: false, value: records }], []);
    });
  }

  close(): void {
    window.document.removeEventListener("visibilitychange", this.keepNow);
    removeEventListener("pagehide", this.keepNow);
    this.keepNow();
    this.later(async () => this.release?.());
  }

  private nameOf(id: string): string {
    return `${DRAFT} ${id} ${this.tab}`;
  }

  private async epoch(): Promise<string> {
    return (await this.copies?.findCopy(this.document))?.epoch ?? "";
  }

  private later(work: () => Promise<void>): void {
    this.chain = this.chain.then(async () => {
      this.isBusy = true;
      await this.attempt(undefined, work);
      this.isBusy = false;
      if (!this.isWriting) this.onState(this.state);
    });
  }

  /** A full or forbidden storage is told to the person, work goes on. */
  private async attempt<Value>(instead: Value, work: () => Promise<Value>): Promise<Value> {
    try {
      const value = await work();
      this.state = "kept";
      return value;
    } catch (error) {
      console.warn("proposals could not be kept on this device", error);
      this.state = "failed";
      this.onState("failed");
      return instead;
    }
  }
}

/** Names of the locks that tabs hold; none where the browser has no locks: then a draft may be told twice, which changes nothing. */
async function livingTabs(): Promise<ReadonlySet<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name ?? ""));
}
