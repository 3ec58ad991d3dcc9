/** The comments and remarks of one document in this browser. Promises: the newest stamp wins; own words stay until the server has them. */

import type * as Y from "yjs";
import { type Answer, call } from "../api/client.ts";
import { ApiError, NoAnswer, sentenceOf } from "../api/problems.ts";
import { Retry } from "../api/retry.ts";
import { onTold, type SyncSession, type Told } from "../sync";
import { CommentKeeping } from "./keeping.ts";
import type { CommentsState, Pending, Reaction, Remark, Result, Thread, Words } from "./model.ts";

export interface CommentsOptions {
  readonly act: string;
  readonly document: string;
  readonly title: string;
  readonly session: Pick<SyncSession, "copies" | "addWork">;
}

const PAGE = 1_000;
const CACHE_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** How often words over which the server breaks (500) are sent in a row before their author is asked: half a minute. */
const MOST_BREAKS = 6;

export class Comments {
  private readonly threads = new Map<string, Thread>();
  private readonly remarks = new Map<string, Remark>();
  private pending: readonly Pending[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly keeping: CommentKeeping;
  private readonly stops: (() => void)[];
  private state: CommentsState | null = null;
  private isLoaded = false;
  private isKept = false;
  private isSending = false;
  private isClosed = false;
  private readonly rereading = new Retry(FIRST_RETRY_MS, LAST_RETRY_MS);
  private readonly resending = new Retry(FIRST_RETRY_MS, LAST_RETRY_MS);
  /** How often the server broke over these words, by id. */
  private readonly breaks = new Map<string, number>();
  private cacheTimer: ReturnType<typeof setTimeout> | undefined;
  private loading = 0;
  /** Threads told since the reading began: its list may be older than they are. */
  private heard = new Set<string>();

  constructor(private readonly options: CommentsOptions) {
    const { document, title, session } = options;
    this.keeping = new CommentKeeping(session.copies, document, (isKept) => {
      if (isKept === this.isKept) return;
      this.isKept = isKept;
      this.changed();
    });
    const again = () => this.send();
    addEventListener("online", again);
    this.stops = [
      () => removeEventListener("online", again),
      session.addWork(() => ({ document, title, count: this.pending.length, isKeptHere: this.isKept })),
    ];
  }

  /** Reads what this device kept, then what the server has. */
  async start(): Promise<void> {
    const { threads, remarks, pending } = await this.keeping.restore();
    if (this.isClosed) return;
    for (const thread of threads) this.put(thread);
    for (const remark of remarks) this.remarks.set(remark.id, remark);
    this.takeOver(pending);
    this.isLoaded = threads.length > 0;
    this.changed();
    await this.load();
    this.send();
  }

  close(): void {
    this.isClosed = true;
    this.rereading.stop();
    this.resending.stop();
    clearTimeout(this.cacheTimer);
    for (const stop of this.stops) stop();
  }

  /** Follows the live messages about a document; returns how to stop. */
  listen(doc: Y.Doc): () => void {
    return onTold(doc, (told) => this.hear(told));
  }

  readonly get = (): CommentsState => {
    this.state ??= {
      isLoaded: this.isLoaded,
      threads: [...this.threads.values()].sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1)),
      remarks: [...this.remarks.values()].sort((a, b) => a.number - b.number),
      pending: this.pending,
      isKept: this.isKept,
    };
    return this.state;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  find(thread: string): Thread | null {
    return this.threads.get(thread) ?? null;
  }

  // -- writing ----------------------------------------------------------------------------------------------------------

  /** Takes words over: they are kept and sent as soon as there is a network. */
  say(words: Omit<Pending, "at" | "refused">): void {
    const at = Math.max(Date.now(), (this.pending.at(-1)?.at ?? 0) + 1); // a clock set back must not put a reply before its thread
    this.setPending([...this.pending, { ...words, at }]);
    this.send();
  }

  /** Sends what the server did not take once more. */
  again(id: string): void {
    this.setPending(
      this.pending.map(({ refused: _, ...one }) => (one.id === id ? one : { ...one, ...(_ !== undefined && { refused: _ }) })),
    );
    this.send();
  }

  /** Gives up words that are on their way; returns them. */
  takeBack(id: string): Pending | null {
    const found = this.pending.find((one) => one.id === id) ?? null;
    this.setPending(this.pending.filter((one) => one !== found));
    return found;
  }

  edit(comment: string, words: Words): Promise<string | null> {
    const mentions = { people: [...words.mentions.people], bodies: [...words.mentions.bodies] };
    return this.ask(() => call("edit_comment", { path: this.path(comment), body: { text: words.text, mentions } }));
  }

  delete(comment: string): Promise<string | null> {
    return this.ask(() => call("delete_comment", { path: this.path(comment) }));
  }

  release(comment: string): Promise<string | null> {
    return this.ask(() => call("release_comment", { path: this.path(comment) }));
  }

  resolve(thread: string, isResolved: boolean): Promise<string | null> {
    return this.ask(() => call(isResolved ? "resolve_thread" : "reopen_thread", { path: this.path(thread) }));
  }

  react(comment: string, kind: Reaction, given: boolean): Promise<string | null> {
    return this.ask(() => call("react_to_comment", { path: this.path(comment), body: { kind, given } }));
  }

  /** Sends a formal remark on a comment, or on a suggestion. */
  remark(of: { comment: string } | { suggestion: string }, body: { text: string; proposed: string }): Promise<string | null> {
    const act_id = this.options.act;
    return this.tell(() =>
      "comment" in of
        ? call("remark_comment", { path: { act_id, comment_id: of.comment }, body })
        : call("remark_suggestion", { path: { act_id, suggestion_id: of.suggestion }, body }),
    );
  }

  answer(remark: string, result: Result, reason: string): Promise<string | null> {
    const path = { act_id: this.options.act, remark_id: remark };
    return this.tell(() => call("answer_remark", { path, body: { result, reason } }));
  }

  private path(comment: string): { act_id: string; comment_id: string } {
    return { act_id: this.options.act, comment_id: comment };
  }

  /** Null when it was done, else the sentence that says why not. */
  private async ask(request: () => Promise<Thread>): Promise<string | null> {
    try {
      this.take(await request());
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  }

  private async tell(request: () => Promise<Remark>): Promise<string | null> {
    try {
      this.takeRemark(await request());
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  }

  // -- what is on its way -----------------------------------------------------------------------------------------------

  private setPending(pending: readonly Pending[]): void {
    this.pending = pending;
    this.keeping.keepPending(pending);
    this.changed();
  }

  /** Words of an earlier visit, in their order with what has been said since. */
  private takeOver(pending: readonly Pending[]): void {
    if (pending.length === 0) return;
    const said = new Set(this.pending.map(({ id }) => id));
    this.setPending([...pending.filter(({ id }) => !said.has(id)), ...this.pending].sort((a, b) => a.at - b.at));
    this.dropArrived();
  }

  private dropArrived(): void {
    const left = this.pending.filter(({ id }) => !this.isThere(id));
    if (left.length < this.pending.length) this.setPending(left);
  }

  private send(): void {
    if (this.isSending || this.isClosed) return;
    this.resending.stop();
    this.isSending = true;
    this.sendAll()
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        this.isSending = false;
      });
  }

  /** One after another, so that a reply never comes before its thread. */
  private async sendAll(): Promise<void> {
    for (let next = this.nextToSend(); next !== undefined && !this.isClosed; next = this.nextToSend()) {
      const one = next;
      try {
        this.take(await this.post(one));
        this.resending.reset();
        this.breaks.delete(one.id);
        this.setPending(this.pending.filter(({ id }) => id !== one.id));
      } catch (error) {
        if (this.comesBack(error, one.id)) {
          if (!this.isClosed) this.resending.later(() => this.send());
          return;
        }
        const refused = sentenceOf(error);
        this.breaks.delete(one.id);
        this.resending.reset();
        this.setPending(this.pending.map((each) => (each.id === one.id ? { ...each, refused } : each)));
      }
    }
  }

  /** Whether the same words may be taken later: no answer, a server that is busy, or one that broke, but not over and over. */
  private comesBack(error: unknown, id: string): boolean {
    if (error instanceof NoAnswer) return true;
    if (!(error instanceof ApiError)) return false;
    if (TRY_AGAIN.has(error.status) || error.status === 401) return true;
    if (error.status < 500) return false;
    const breaks = (this.breaks.get(id) ?? 0) + 1;
    this.breaks.set(id, breaks);
    return breaks < MOST_BREAKS;
  }

  private nextToSend(): Pending | undefined {
    const refused = new Set(this.pending.flatMap(({ id, refused: why }) => (why === undefined ? [] : [id])));
    return this.pending.find((one) => one.refused === undefined && !refused.has(one.thread));
  }

  private post({ id, thread, text, mentions, anchor, suggestion, release }: Pending): Promise<Thread> {
    const { act, document } = this.options;
    const body = { id, text, release, mentions: { people: [...mentions.people], bodies: [...mentions.bodies] } };
    if (thread !== "") return call("reply_to_thread", { path: this.path(thread), body });
    return call("begin_thread", {
      path: { act_id: act },
      body: { ...body, document, suggestion, anchor: anchor as unknown as Thread["anchor"] },
    });
  }

  // -- hearing ----------------------------------------------------------------------------------------------------------

  private hear(told: Told): void {
    if (told.type === "comment") this.take(told.thread as Thread);
    else if (told.type === "remark") this.takeRemark(told.remark as Remark);
    else if (told.type === "welcome" || (told.type === "records" && told.state === "missed")) void this.load().then(() => this.send());
  }

  private take(thread: Thread): void {
    if (thread.document !== this.options.document) return;
    this.heard.add(thread.id);
    if (!this.put(thread)) return;
    this.dropArrived();
    this.changed();
  }

  private put(thread: Thread): boolean {
    const held = this.threads.get(thread.id);
    if (held !== undefined && held.stamp >= thread.stamp) return false;
    this.threads.set(thread.id, thread);
    this.keepSoon();
    return true;
  }

  private takeRemark(remark: Remark): void {
    if (remark.document !== this.options.document) return;
    const held = this.remarks.get(remark.id);
    if (held !== undefined && held.answers.length > remark.answers.length) return;
    this.remarks.set(remark.id, remark);
    this.keepSoon();
    this.changed();
  }

  private isThere(comment: string): boolean {
    return [...this.threads.values()].some(({ comments }) => comments.some(({ id }) => id === comment));
  }

  private keepSoon(): void {
    clearTimeout(this.cacheTimer);
    if (this.isClosed) return;
    this.cacheTimer = setTimeout(() => {
      const { threads, remarks } = this.get();
      this.keeping.keepRead({ threads, remarks });
    }, CACHE_MS);
  }

  private async load(): Promise<void> {
    const number = ++this.loading;
    this.heard = new Set();
    try {
      const [threads, remarks] = await Promise.all([this.list(), call("list_remarks", { path: { act_id: this.options.act } })]);
      if (number !== this.loading || this.isClosed) return;
      const found = new Set(threads.map(({ id }) => id));
      for (const id of this.threads.keys()) {
        if (found.has(id) || this.heard.has(id)) continue;
        this.threads.delete(id); // a right was taken away
        this.keepSoon();
      }
      for (const thread of threads) this.put(thread);
      for (const remark of remarks.items) this.takeRemark(remark);
      this.dropArrived();
      this.rereading.reset();
    } catch (error) {
      if (number !== this.loading || this.isClosed) return;
      if (isPassing(error)) this.rereading.later(() => void this.load());
    }
    this.isLoaded = true;
    this.changed();
  }

  private async list(): Promise<Thread[]> {
    const found: Thread[] = [];
    let after: string | null = "";
    while (after !== null) {
      const query = { document: this.options.document, after, limit: PAGE };
      const page: Answer<"list_comments"> = await call("list_comments", { path: { act_id: this.options.act }, query });
      found.push(...page.items);
      after = page.next;
    }
    return found;
  }

  private changed(): void {
    this.state = null;
    if (!this.isClosed) for (const listener of this.listeners) listener();
  }
}

/** A list that was refused is asked for again by the next connection, any other failure after a while. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || TRY_AGAIN.has(error.status);
}
