/**
 * Accepting and undoing, from the press to the text: judged, claimed at the server, written in one transaction (D5).
 *
 * Promises: nothing is written without the server's claim on the version that was looked at; what cannot be done as it was proposed is told
 * and not done; without a network decisions wait, in order, and are made when the server answers again; an acceptance of many is one
 * step of undo.
 */

import { Acceptor, type Entry, type Outcome } from "../core/index.ts";
import * as waiting from "../core/waiting.ts";
import { proposalOf, type Suggestion } from "../model.ts";
import { type Claim, Claims, inGroups } from "./claims.ts";
import type { DecidingOptions, Result, Told } from "./told.ts";

interface Step {
  readonly claims: readonly Claim[];
}

export class Deciding {
  readonly acceptor: Acceptor;
  private queue: waiting.Queue;
  private readonly steps: Step[] = [];
  private readonly claims: Claims;
  private line: Promise<unknown> = Promise.resolve();
  private sentence = "";

  constructor(private readonly options: DecidingOptions) {
    this.acceptor = new Acceptor(options.doc);
    const kept = options.load();
    this.queue = kept.waiting.reduce((queue, { id }) => waiting.enqueue(queue, { type: "offline", id }), kept);
    this.claims = new Claims(options.records);
  }

  destroy(): void {
    this.claims.destroy();
    this.acceptor.destroy();
  }

  get waiting(): waiting.Queue {
    return this.queue;
  }

  /** Some decision waits for the network. */
  get hasDue(): boolean {
    return waiting.toClaim(this.queue).length + waiting.toReject(this.queue).length > 0;
  }

  get canUndo(): boolean {
    return this.steps.length > 0;
  }

  /** What accepting these together would do now, by id. */
  judge(records: readonly Suggestion[]): ReadonlyMap<string, Outcome> {
    return this.acceptor.judge(records.map(proposalOf));
  }

  /** Accepts records together, as one step of undo. With `insist` the living part of flagged ones is applied, too. */
  accept(ids: readonly string[], insist = false): Promise<Told> {
    return this.inLine(() => this.acceptNow(ids, insist));
  }

  /** Takes the last acceptance out of the text again. `accepted` stands for: open again. */
  undo(): Promise<Told> {
    return this.inLine(() => this.undoNow());
  }

  /** Rejects records, each in the version that was looked at. `accepted` stands for: rejected. */
  reject(records: readonly Suggestion[], reason: string): Promise<Told> {
    return this.inLine(() => this.rejectNow(records, reason));
  }

  /** Open again, of rejected ones. `accepted` stands for: open again. */
  reopen(records: readonly Suggestion[]): Promise<Told> {
    return this.inLine(() => this.askEach("reopen", records, ""));
  }

  /** True for an acceptance of somebody else, or of before a reload, that its record tells how to take back. */
  canRestore(record: Suggestion): boolean {
    if (record.status !== "accepted" || this.steps.some(({ claims }) => claims.some(({ id }) => id === record.id))) return false;
    return this.acceptor.canRestore(proposalOf(record));
  }

  /** Takes such an acceptance back. `accepted` stands for: open again; `flagged`: the text was changed meanwhile. */
  restore(record: Suggestion): Promise<Told> {
    return this.inLine(() => this.restoreNow(record));
  }

  /** Does what waited for the network. */
  resume(): Promise<void> {
    return this.inLine(() => this.resumeNow());
  }

  cancel(id: string): void {
    this.enqueue({ type: "cancel", id });
  }

  seen(): void {
    this.enqueue({ type: "seen" });
  }

  private inLine<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.line.then(work, work);
    this.line = done.catch(() => undefined);
    return done;
  }

  private async acceptNow(ids: readonly string[], insist: boolean): Promise<Told> {
    this.sentence = "";
    const results = new Map<string, Result>();
    const open = ids.flatMap((id) => this.openOrNot(id, results));
    const wanted = this.sound(open, insist, results);
    if (!this.options.isOnline()) {
      for (const { id, version } of wanted) {
        this.enqueue({ type: "accept", id, version });
        results.set(id, "waiting");
      }
      return { results, sentence: "" };
    }
    await this.claimAndWrite(wanted, insist, results);
    for (const { id, version } of wanted) {
      if (results.get(id) !== "offline") continue;
      this.enqueue({ type: "accept", id, version });
      results.set(id, "waiting");
    }
    return { results, sentence: this.sentence };
  }

  private openOrNot(id: string, results: Map<string, Result>): Suggestion[] {
    const record = this.options.records.find(id);
    if (record?.status === "open") return [record];
    results.set(id, "decided");
    return [];
  }

  /** Those that can be done as they were proposed; the others get their result. */
  private sound(records: readonly Suggestion[], insist: boolean, results: Map<string, Result>): Suggestion[] {
    const outcomes = this.judge(records);
    return records.filter(({ id }) => {
      const outcome = outcomes.get(id) ?? "orphan";
      if (outcome === "clean" || (outcome === "flagged" && insist)) return true;
      results.set(id, outcome);
      return false;
    });
  }

  private async claimAndWrite(records: readonly Suggestion[], insist: boolean, results: Map<string, Result>): Promise<void> {
    const claimed: Suggestion[] = [];
    await inGroups(records, async (record) => {
      const result = await this.claim("accept", record.id, record.version);
      if (result === "accepted") claimed.push(record);
      else results.set(record.id, result);
    });
    // In the order they were asked for: of two that contradict each other the first is clean.
    const ordered = records.filter((record) => claimed.includes(record));
    if (!this.options.isOnline()) {
      for (const { id } of ordered) results.set(id, "offline");
      return;
    }
    const outcomes = this.acceptor.accept(
      ordered.map((record) => ({ proposal: proposalOf(record), version: record.version })),
      { insist },
    );
    const done = ordered.filter(({ id, version }) => this.isWritten(id, version));
    for (const { id } of ordered) results.set(id, outcomes.get(id) === "orphan" ? "orphan" : "flagged");
    for (const { id } of done) results.set(id, "accepted");
    this.note(done.map(({ id, version }) => ({ id, version })));
  }

  private isWritten(id: string, version: number): boolean {
    const entry = this.options.doc.getMap<Entry>("resolutions").get(id);
    return entry?.a === "accept" && entry.v === version;
  }

  private note(claims: Step["claims"]): void {
    if (claims.length === 0) return;
    this.steps.push({ claims });
    this.claims.hold(claims);
    this.options.onChange();
  }

  private async undoNow(): Promise<Told> {
    this.sentence = "";
    const results = new Map<string, Result>();
    const step = this.steps.at(-1);
    if (step === undefined) return { results, sentence: "" };
    if (!this.options.isOnline()) return { results: all(step, "offline"), sentence: "" };
    await inGroups(step.claims, async ({ id, version }) => {
      results.set(id, await this.claim("reopen", id, version));
    });
    // One that somebody else has reopened meanwhile is out of the text already: then nothing of the step may be undone blindly.
    if ([...results.values()].some((result) => result !== "accepted") || !this.options.isOnline())
      return { results, sentence: this.sentence };
    this.steps.pop();
    for (const { proposal } of this.acceptor.undo()) this.claims.drop(proposal.id);
    this.options.onChange();
    return { results, sentence: "" };
  }

  private async rejectNow(records: readonly Suggestion[], reason: string): Promise<Told> {
    const told = this.options.isOnline()
      ? await this.askEach("reject", records, reason)
      : { results: new Map<string, Result>(), sentence: "" };
    const results = new Map(told.results);
    for (const { id, version } of records) {
      if ((results.get(id) ?? "offline") !== "offline") continue;
      this.enqueue({ type: "reject", id, version, reason });
      results.set(id, "waiting");
    }
    return { results, sentence: told.sentence };
  }

  private async askEach(verb: "reject" | "reopen", records: readonly Pick<Suggestion, "id" | "version">[], reason: string): Promise<Told> {
    const results = new Map<string, Result>();
    let sentence = "";
    for (const { id, version } of records) {
      const outcome = await this.options.records.ask(verb, id, version, reason);
      results.set(id, outcome.ok ? "accepted" : outcome.reason);
      if (!outcome.ok) sentence = outcome.sentence;
    }
    return { results, sentence };
  }

  private async restoreNow(record: Suggestion): Promise<Told> {
    this.sentence = "";
    const { id, version } = record;
    let result: Result = this.options.isOnline() ? await this.claim("reopen", id, version) : "offline";
    if (result === "accepted" && !this.acceptor.restore({ proposal: proposalOf(record), version })) result = "flagged";
    this.options.onChange();
    return { results: new Map([[id, result]]), sentence: this.sentence };
  }

  private async claim(verb: "accept" | "reopen", id: string, version: number): Promise<Result> {
    const outcome = await this.options.records.ask(verb, id, version);
    if (outcome.ok) return "accepted";
    if (outcome.reason === "refused") this.sentence = outcome.sentence;
    return outcome.reason;
  }

  private async resumeNow(): Promise<void> {
    if (!this.options.isOnline()) return;
    this.sentence = "";
    const results = await this.rejectWaiting();
    await this.acceptWaiting(results);
    if (results.size > 0) this.options.onWaited({ results, sentence: this.sentence });
  }

  /** Those that could not be rejected. */
  private async rejectWaiting(): Promise<Map<string, Result>> {
    const failed = new Map<string, Result>();
    for (const one of waiting.toReject(this.queue)) {
      const { results, sentence } = await this.askEach("reject", [one], one.rejected);
      for (const [id, result] of results) {
        this.settle(id, result);
        if (result !== "accepted" && result !== "offline") failed.set(id, result);
      }
      if (sentence !== "") this.sentence = sentence;
    }
    return failed;
  }

  private async acceptWaiting(results: Map<string, Result>): Promise<void> {
    const due = waiting.toClaim(this.queue);
    if (due.length === 0 || !this.options.isOnline()) return;
    const records = due.flatMap(({ id, version }) => {
      const record = this.openOrNot(id, results);
      if (record.length > 0 && record[0]?.version !== version) results.set(id, "changed");
      return record[0]?.version === version ? record : [];
    });
    const sound = this.sound(records, false, results);
    for (const { id } of sound) this.enqueue({ type: "claiming", id });
    await this.claimAndWrite(sound, false, results);
    for (const { id } of due) this.settle(id, results.get(id) ?? "offline");
  }

  private settle(id: string, result: Result): void {
    if (result === "accepted") this.enqueue({ type: "applied", id });
    else if (result === "offline" || result === "waiting") this.enqueue({ type: "offline", id });
    else this.enqueue({ type: "refused", id, reason: result === "refused" ? "taken" : result });
  }

  private enqueue(action: waiting.QueueAction): void {
    const before = this.queue;
    this.queue = waiting.enqueue(before, action);
    if (this.queue === before) return;
    this.options.save(this.queue);
    this.options.onChange();
  }
}

function all({ claims }: Step, result: Result): Map<string, Result> {
  return new Map(claims.map(({ id }) => [id, result]));
}
