/** The store behind `records.ts`: loads, listens, sends. Promises: the newest stamp wins; an own wording stays until the server has it or the person has seen why not. */

import type * as Y from "yjs";
import { sentenceOf } from "../api/problems";
import { Retry } from "../api/retry.ts";
import { onTold, type SyncSession, type Told } from "../sync";
import type { Proposal } from "./core/record.ts";
import { SuggestionKeeping } from "./keeping.ts";
import { carries, type Decision, type Outcome, proposalOf, type Suggestion, type SuggestionsState, type Verb } from "./model.ts";
import { askServer, listDecisions, listRecords, tellServer } from "./requests.ts";
import { Resolutions } from "./resolutions.ts";
import { currentOf, reasonOf, Sender } from "./sender.ts";
import { type SiblingNews, Siblings } from "./siblings.ts";

export interface RecordsOptions {
  readonly act: string;
  readonly document: string;
  readonly title: string;
  /** Id of the signed-in person. */
  readonly user: string;
  readonly session: Pick<SyncSession, "copies" | "addWork">;
}

const CACHE_MS = 2_000;
const TELL_MS = 150;
/** Somebody who types without a pause sees the card follow this often. */
const TELL_AT_LEAST_MS = 900;
/** Another tab's wordings of one record that are remembered. */
const WORDINGS = 60;

export class Records {
  /** Whether the person may show their body's proposals to everyone. */
  mayRelease = false;
  private readonly byId = new Map<string, Suggestion>();
  private readonly decided = new Resolutions();
  private readonly listeners = new Set<() => void>();
  private readonly keeping: SuggestionKeeping;
  private readonly siblings: Siblings;
  /** What another tab is sending, and its wordings of late. */
  private readonly foreign = new Map<string, Proposal | null>();
  private readonly shown = new Map<string, readonly Proposal[]>();
  private readonly stops: (() => void)[];
  private state: SuggestionsState | null = null;
  private sorted: readonly Suggestion[] | null = null;
  private saysUnsent = false;
  private saysKept = false;
  private tellTimer: ReturnType<typeof setTimeout> | undefined;
  private untoldSince: number | null = null;
  private isLoaded = false;
  private isAway = false;
  private showsDecided = false;
  private readonly retry = new Retry();
  private readonly sender: Sender;
  private kept: "none" | "kept" | "failed" = "none";
  private loading = 0;
  /** Told or answered since the reading began: its list may be older than they are. */
  private heard = new Set<string>();
  private cacheTimer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(private readonly options: RecordsOptions) {
    const { document, user, title, session } = options;
    this.keeping = new SuggestionKeeping(session.copies, document, (kept) => {
      this.kept = kept;
      if (this.saysKept === this.isKept) return;
      if (kept === "failed") this.tell();
      else this.tellSoon();
    });
    this.siblings = new Siblings(user, document, (news) => this.hearSibling(news));
    this.sender = new Sender({
      request: (request) => tellServer(options, request),
      find: (id) => this.byId.get(id) ?? null,
      isKnown: (record) => (this.shown.get(record.id) ?? []).some((one) => carries(record, one)),
      onRecord: (record) => {
        if (this.put(record)) this.sorted = null;
      },
      onSettled: (id) => this.siblings.tell({ drafts: [], settled: [[id, this.byId.get(id) ?? null]] }),
      onDrafts: (drafts) => this.keeping.keepDrafts(drafts),
      onChange: () => this.draftsChanged(),
    });
    const send = () => this.sender.send();
    for (const name of ["online", "pagehide"]) addEventListener(name, send);
    this.stops = [
      session.addWork(() => ({ document, title, count: this.sender.drafts.size, isKeptHere: this.isKept })),
      () => ["online", "pagehide"].forEach((name) => void removeEventListener(name, send)),
    ];
  }

  /** Reads what this device kept, then what the server has. */
  async start(): Promise<void> {
    const { records, drafts, lost } = await this.keeping.restore();
    if (this.isClosed) return;
    for (const record of records) this.put(record);
    if (records.length > 0) this.isLoaded = true;
    this.sender.restore(drafts, lost);
    this.keeping.keepNow(); // they are this tab's from now on: no other may take them over
    this.changed();
    await this.load();
    this.sender.send();
  }

  close(): void {
    this.sender.close();
    this.isClosed = true;
    this.retry.stop();
    clearTimeout(this.cacheTimer);
    clearTimeout(this.tellTimer);
    for (const stop of this.stops) stop();
    this.siblings.close();
    this.keeping.close();
  }

  /** Follows the live messages about a document and the decisions that stand in its text; returns how to stop. */
  listen(doc: Y.Doc): () => void {
    const stop = onTold(doc, (told) => this.hear(told));
    const stopDecided = this.decided.listen(doc, () => this.changed());
    this.changed();
    return () => {
      stop();
      stopDecided();
    };
  }

  readonly get = (): SuggestionsState => {
    this.state ??= this.read();
    return this.state;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  find(id: string): Suggestion | null {
    const record = this.byId.get(id);
    return record === undefined ? null : this.decided.read(record);
  }

  /** The person's own open proposals as they want them, with what is still on its way. */
  own(): readonly Proposal[] {
    const { drafts } = this.get();
    const found: Proposal[] = [];
    for (const record of this.get().records) {
      if (record.author === this.options.user && record.status === "open" && !drafts.has(record.id)) found.push(proposalOf(record));
    }
    for (const wanted of drafts.values()) if (wanted !== null) found.push(wanted);
    return found;
  }

  /** A released record keeps its wording unless its author speaks for the body (R7); one under a formal remark stays as it is (Z2). */
  holdOf(id: string): "free" | "fixed" | "locked" {
    const record = this.byId.get(id);
    if (record === undefined) return "free";
    return record.remarked ? "locked" : record.audience === "act" && !this.mayRelease ? "fixed" : "free";
  }

  /** What the reviewer's edit made of the own records; `Review` gives it. */
  propose(put: readonly Proposal[], withdrawn: readonly string[]): void {
    for (const id of [...put.map((one) => one.id), ...withdrawn]) this.foreign.delete(id);
    this.sender.propose(put, withdrawn);
    this.siblings.tell({
      drafts: [...put.map((one) => [one.id, one] as const), ...withdrawn.map((id) => [id, null] as const)],
      settled: [],
    });
  }

  /** Asks the server about a record in the version that was looked at. Never throws for an answer or its lack. */
  async ask(verb: Verb, id: string, version: number, reason = ""): Promise<Outcome> {
    try {
      const record = await askServer(this.options, verb, id, version, reason);
      this.take(record);
      return { ok: true, record: this.find(id) ?? record };
    } catch (error) {
      const current = currentOf(error);
      if (current !== null) this.take(current);
      return { ok: false, reason: reasonOf(error), sentence: sentenceOf(error), current };
    }
  }

  /** Accepted, rejected, withdrawn and stale ones too, from now on. */
  async loadDecided(): Promise<void> {
    this.showsDecided = true;
    await this.readDecided();
    this.changed();
  }

  /** The whole history of a record (R8). */
  decisions(id: string): Promise<readonly Decision[]> {
    return listDecisions(this.options, id);
  }

  /** The person has seen what the server did not take. */
  seen(): void {
    this.sender.seen();
  }

  // -- hearing ----------------------------------------------------------------------------------------------------------

  private hear(told: Told): void {
    if (told.type === "suggestion") this.take(told.record as Suggestion);
    else if (told.type === "welcome" || (told.type === "records" && told.state === "missed"))
      void this.load().then(() => this.sender.send());
  }

  private hearSibling({ drafts, settled }: SiblingNews): void {
    for (const [id, wanted] of drafts) {
      this.foreign.set(id, wanted);
      if (wanted !== null) this.shown.set(id, [...(this.shown.get(id) ?? []), wanted].slice(-WORDINGS));
    }
    for (const [id, record] of settled) {
      this.foreign.delete(id);
      if (record !== null) this.put(record);
    }
    this.changed();
  }

  /** A record as the server said it, by whatever way. */
  private take(record: Suggestion): void {
    if (record.document !== this.options.document) return;
    if (!this.put(record)) return;
    this.foreign.delete(record.id);
    if (record.author === this.options.user) this.sender.hear(record);
    this.changed();
  }

  private put(record: Suggestion): boolean {
    this.heard.add(record.id);
    const held = this.byId.get(record.id);
    if (held !== undefined && held.stamp >= record.stamp) return false;
    this.byId.set(record.id, record);
    this.keepSoon();
    return true;
  }

  private keepSoon(): void {
    clearTimeout(this.cacheTimer);
    if (this.isClosed) return;
    this.cacheTimer = setTimeout(() => {
      this.keeping.keepRecords([...this.byId.values()].filter(({ status }) => status === "open"));
    }, CACHE_MS);
  }

  private async readDecided(): Promise<void> {
    for (const status of ["accepted", "rejected", "withdrawn", "stale"] as const) {
      for (const record of await listRecords(this.options, status)) this.put(record);
    }
  }

  private async load(): Promise<void> {
    const number = ++this.loading;
    this.heard = new Set();
    try {
      const open = await listRecords(this.options, "open");
      if (number !== this.loading || this.isClosed) return;
      const found = new Set(open.map(({ id }) => id));
      const isGone = ({ id, status }: Suggestion) => status === "open" && !found.has(id) && !this.heard.has(id);
      if (this.showsDecided && [...this.byId.values()].some(isGone)) await this.readDecided();
      if (number !== this.loading || this.isClosed) return;
      for (const [id, record] of this.byId) {
        if (!isGone(record)) continue;
        this.byId.delete(id); // decided while we were away, or no longer for this person
        this.keepSoon();
      }
      for (const record of open) this.put(record);
      this.isAway = false;
      this.retry.reset();
    } catch (error) {
      if (number !== this.loading || this.isClosed) return;
      this.isAway = reasonOf(error) === "offline";
      this.retry.later(() => void this.load());
    }
    this.isLoaded = true;
    this.changed();
  }

  // -- showing ----------------------------------------------------------------------------------------------------------

  private changed(): void {
    this.sorted = null;
    this.tell();
  }

  /** Typing is told a moment later: nobody but the person's own view waits for it, and that knows already. */
  private draftsChanged(): void {
    this.state = null;
    if (this.saysUnsent !== this.sender.drafts.size > 0) this.tell();
    else this.tellSoon();
  }

  private tellSoon(): void {
    this.state = null;
    const now = performance.now();
    this.untoldSince ??= now;
    clearTimeout(this.tellTimer);
    this.tellTimer = setTimeout(() => this.tell(), Math.min(TELL_MS, Math.max(0, this.untoldSince + TELL_AT_LEAST_MS - now)));
  }

  private get isKept(): boolean {
    return this.kept === "kept" && !this.keeping.isWriting;
  }

  private tell(): void {
    clearTimeout(this.tellTimer);
    this.untoldSince = null;
    this.state = null;
    this.saysUnsent = this.sender.drafts.size > 0;
    this.saysKept = this.isKept;
    if (!this.isClosed) for (const listener of this.listeners) listener();
  }

  private read(): SuggestionsState {
    this.sorted ??= [...this.byId.values()].map((record) => this.decided.read(record)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const records = this.sorted;
    const own = this.sender.drafts;
    const isAway = this.isAway || this.sender.isAway;
    const kind = isAway ? "offline" : own.size > 0 ? "sending" : "idle";
    return {
      isLoaded: this.isLoaded,
      records,
      drafts: new Map([...this.foreign, ...own]),
      lost: this.sender.lost,
      sending: { kind, unsent: own.size, kept: this.isKept },
    };
  }
}
