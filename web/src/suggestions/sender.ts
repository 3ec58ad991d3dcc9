/** Sends own proposals, one request a record at a time, again when there was no answer. The rules are in `core/outbox.ts`; this does the requests. */

import { ApiError, NoAnswer, sentenceOf } from "../api/problems";
import { Retry } from "../api/retry.ts";
import * as outbox from "./core/outbox.ts";
import type { Proposal } from "./core/record.ts";
import type { Draft } from "./keeping.ts";
import { type Lost, type Outcome, proposalOf, type Suggestion } from "./model.ts";

/** Typing goes out this long after the last letter, and at the latest after so long. */
const REST_MS = 500;
const LONGEST_MS = 2_000;
const AT_ONCE = 4;

export interface SenderOptions {
  request(request: outbox.Request): Promise<Suggestion>;
  /** The record as the server had it last. */
  find(id: string): Suggestion | null;
  /** Another tab of this person showed this wording before the own one was made. */
  isKnown(record: Suggestion): boolean;
  /** A record as the server answered. */
  onRecord(record: Suggestion): void;
  /** Nothing of this record is under way any more. */
  onSettled(id: string): void;
  /** What is to be kept on the device for the next time. */
  onDrafts(drafts: readonly Draft[]): void;
  onChange(): void;
}

export class Sender {
  /** The last request had no answer; it is made again after a while. */
  isAway = false;
  private box = outbox.EMPTY;
  private underWay = 0;
  private firstUnsentAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly retry = new Retry();
  private isClosed = false;

  constructor(private readonly options: SenderOptions) {}

  close(): void {
    clearTimeout(this.timer);
    this.retry.stop();
    this.send();
    this.isClosed = true;
  }

  get lost(): readonly Lost[] {
    return this.box.lost;
  }

  /** Own wordings the server does not have, by id; null withdraws. */
  get drafts(): ReadonlyMap<string, Proposal | null> {
    const found = new Map<string, Proposal | null>();
    for (const [id, { wanted, sending }] of Object.entries(this.box.entries)) {
      const meant = wanted === undefined ? sending : wanted;
      if (meant !== undefined) found.set(id, meant);
    }
    return found;
  }

  restore(drafts: readonly Draft[], lost: readonly Lost[]): void {
    for (const { id, version, wanted } of drafts) {
      const put = wanted === null ? [] : [wanted];
      this.dispatch({ type: "edited", put, withdrawn: wanted === null ? [id] : [], versions: new Map([[id, version]]) });
    }
    if (lost.length > 0) this.set({ ...this.box, lost: [...lost, ...this.box.lost] });
  }

  propose(put: readonly Proposal[], withdrawn: readonly string[]): void {
    const ids = [...put.map(({ id }) => id), ...withdrawn];
    if (this.drafts.size === 0) this.firstUnsentAt = Date.now();
    const versions = new Map(ids.map((id) => [id, this.options.find(id)?.version ?? 0]));
    this.dispatch({ type: "edited", put, withdrawn, versions });
    clearTimeout(this.timer);
    const rest = Math.min(REST_MS, Math.max(0, this.firstUnsentAt + LONGEST_MS - Date.now()));
    this.timer = setTimeout(() => this.send(), rest);
  }

  /** News of an own record, also of what was sent from here. */
  hear(record: Suggestion): void {
    const news = { record: proposalOf(record), version: record.version, isOpen: record.status === "open" };
    this.dispatch({ type: "news", ...news, isKnown: this.options.isKnown(record) });
  }

  seen(): void {
    this.dispatch({ type: "seen" });
  }

  send(): void {
    if (this.isClosed) return;
    for (const request of outbox.due(this.box).slice(0, AT_ONCE - this.underWay)) {
      this.underWay++;
      void this.tell(request).finally(() => {
        this.underWay--;
        if (!this.isAway) this.send();
      });
    }
  }

  private async tell(request: outbox.Request): Promise<void> {
    const id = request.what === "put" ? request.record.id : request.id;
    this.dispatch({ type: "sent", request });
    try {
      const record = await this.options.request(request);
      this.options.onRecord(record);
      this.isAway = false;
      this.retry.reset();
      this.dispatch({ type: "stored", id, version: record.version });
    } catch (error) {
      this.failed(request, id, error);
    }
    if (!(id in this.box.entries)) this.options.onSettled(id);
  }

  private failed(request: outbox.Request, id: string, error: unknown): void {
    const current = currentOf(error);
    const reason = reasonOf(error);
    if (current !== null) this.options.onRecord(current);
    if ((reason === "changed" || reason === "decided") && current !== null) {
      const { version, status } = current;
      this.dispatch({ type: "raced", id, version, isOpen: status === "open", isKnown: this.options.isKnown(current) });
    } else if (reason === "refused" && !isPassing(error)) {
      this.refused(request, id, sentenceOf(error));
    } else {
      this.isAway = true;
      this.dispatch({ type: "failed", id });
      this.retry.later(() => {
        this.isAway = false;
        this.send();
      });
    }
  }

  private refused(request: outbox.Request, id: string, reason: string): void {
    const held = this.options.find(id);
    this.dispatch({ type: "refused", id, reason });
    if (request.what === "withdraw" && held !== null)
      this.set({ ...this.box, lost: [...this.box.lost, { record: proposalOf(held), reason }] });
  }

  private dispatch(action: outbox.Action): void {
    this.set(outbox.reduce(this.box, action));
  }

  private set(box: outbox.Outbox): void {
    if (box === this.box || this.isClosed) return;
    this.box = box;
    const drafts = Object.entries(box.entries).flatMap(([id, { version, wanted, sending }]): Draft[] => {
      const meant = wanted === undefined ? sending : wanted;
      return meant === undefined ? [] : [{ id, version, wanted: meant }];
    });
    const lost = box.lost.map(({ record, reason }): Draft => ({ id: `${record.id}!`, version: 0, wanted: record, lost: reason }));
    this.options.onDrafts([...lost, ...drafts]);
    this.options.onChange();
  }
}

/** The record as it is now, where a refusal says so. */
export function currentOf(error: unknown): Suggestion | null {
  const current = error instanceof ApiError ? error.current : null;
  return typeof current === "object" && current !== null && "stamp" in current ? (current as Suggestion) : null;
}

const REASONS: Readonly<Record<string, "changed" | "decided" | "taken">> = {
  "version-conflict": "changed",
  "not-open": "decided",
  claimed: "taken",
};

export function reasonOf(error: unknown): Extract<Outcome, { ok: false }>["reason"] {
  if (!(error instanceof ApiError)) {
    if (!(error instanceof NoAnswer)) console.error(error);
    return "offline";
  }
  return REASONS[error.code] ?? "refused";
}

/** The server will answer otherwise later: signed out, too many requests, overloaded. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 429 || error.status >= 500);
}
