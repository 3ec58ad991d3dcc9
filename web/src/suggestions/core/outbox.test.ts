import { describe, expect, it } from "vitest";
import { type Action, due, EMPTY, isIdle, type Outbox, reduce, restore } from "./outbox.ts";
import type { Proposal } from "./record.ts";
import { enqueue, NOTHING, type QueueAction, toClaim, toReject } from "./waiting.ts";

function record(quote: string, id = "a"): Proposal {
  return { id, kind: "unit_delete", change: { bid: "b", quote } };
}

function run(actions: readonly Action[], box: Outbox = EMPTY): Outbox {
  return actions.reduce(reduce, box);
}

const put = (quote: string): Action => ({ type: "edited", put: [record(quote)], withdrawn: [] });
const withdraw: Extract<Action, { type: "edited" }> = { type: "edited", put: [], withdrawn: ["a"] };
const sent = (quote: string, version: number): Action => ({ type: "sent", request: { what: "put", record: record(quote), version } });
const stored = (version: number): Action => ({ type: "stored", id: "a", version });

describe("the outbox of a reviewer", () => {
  it("sends the newest wording, with the version it replaces, one request at a time", () => {
    const first = run([put("слово"), put("слова")]);
    expect(due(first)).toEqual([{ what: "put", record: record("слова"), version: 0 }]);
    const sending = run([sent("слова", 0), put("словами")], first);
    expect(due(sending)).toEqual([]);
    expect(due(run([stored(1)], sending))).toEqual([{ what: "put", record: record("словами"), version: 1 }]);
  });

  it("does not send what was withdrawn before it was stored, and withdraws what was", () => {
    expect(isIdle(run([put("слово"), withdraw]))).toBe(true);
    const later = run([put("слово"), sent("слово", 0), withdraw, stored(1)]);
    expect(due(later)).toEqual([{ what: "withdraw", id: "a", version: 1 }]);
    expect(run([{ type: "sent", request: { what: "withdraw", id: "a", version: 1 } }, stored(2)], later).entries).toEqual({});
  });

  it("takes the server's record after a race, keeps the lost wording to show, and still withdraws", () => {
    const raced = run([put("моє"), sent("моє", 1), { type: "raced", id: "a", version: 5, isOpen: true }]);
    expect(due(raced)).toEqual([]);
    expect(raced.lost).toEqual([{ record: record("моє"), reason: "changed" }]);
    expect(due(run([put("знову")], raced))).toEqual([{ what: "put", record: record("знову"), version: 5 }]);
    const gone = run([
      put("моє"),
      sent("моє", 0),
      stored(1),
      { ...withdraw, versions: new Map([["a", 1]]) },
      { type: "raced", id: "a", version: 3, isOpen: true },
    ]);
    expect(due(gone)).toEqual([{ what: "withdraw", id: "a", version: 3 }]);
    expect(run([{ type: "raced", id: "a", version: 4, isOpen: false }], gone).entries).toEqual({});
  });

  it("is not put off by the echo of what it is sending, and takes a decision at once", () => {
    const news = (quote: string, version: number, isOpen = true): Action => ({ type: "news", record: record(quote), version, isOpen });
    const edited: Action = { type: "edited", put: [record("нове")], withdrawn: [], versions: new Map([["a", 4]]) };
    const sending = run([put("слово"), sent("слово", 0)]);
    expect(run([news("слово", 1)], sending)).toEqual(sending);
    expect(due(run([edited]))).toEqual([{ what: "put", record: record("нове"), version: 4 }]);
    expect(run([edited, news("нове", 5)])).toEqual(EMPTY);
    expect(run([edited, news("з іншої вкладки", 5)]).lost).toEqual([{ record: record("нове"), reason: "changed" }]);
    expect(run([edited, news("є", 4, false)])).toEqual({ entries: {}, lost: [{ record: record("нове"), reason: "decided" }] });
    expect(run([news("чуже", 2)])).toEqual(EMPTY);
  });

  it("puts its own wording on one that another tab had shown before", () => {
    const sending = run([put("слово й ще"), sent("слово й ще", 0)]);
    expect(due(run([{ type: "raced", id: "a", version: 1, isOpen: true, isKnown: true }], sending))).toEqual([
      { what: "put", record: record("слово й ще"), version: 1 },
    ]);
    const news: Action = { type: "news", record: record("слово"), version: 1, isOpen: true, isKnown: true };
    expect(due(run([put("слово й ще"), news]))).toEqual([{ what: "put", record: record("слово й ще"), version: 1 }]);
    expect(run([put("слово й ще"), news]).lost).toEqual([]);
  });

  it("says again what was under way when the browser was closed or the network failed", () => {
    const open = run([put("слово"), sent("слово", 0)]);
    for (const box of [restore(open), run([{ type: "failed", id: "a" }], open)]) {
      expect(due(box)).toEqual([{ what: "put", record: record("слово"), version: 0 }]);
    }
    expect(due(restore(run([put("слова")], open)))).toEqual([{ what: "put", record: record("слова"), version: 0 }]);
  });

  it("keeps a refused wording to show and does not send it again", () => {
    const refused = run([put("не\u200bвидиме"), sent("не\u200bвидиме", 0), { type: "refused", id: "a", reason: "invisible" }]);
    expect(due(refused)).toEqual([]);
    expect(refused.lost).toHaveLength(1);
    expect(run([{ type: "seen" }], refused).lost).toEqual([]);
  });
});

describe("acceptances without network", () => {
  const act = (actions: readonly QueueAction[]) => actions.reduce(enqueue, NOTHING);

  it("wait in order, keep the version that was looked at, and can be cancelled until they are claimed", () => {
    const queue = act([
      { type: "accept", id: "a", version: 2 },
      { type: "accept", id: "b", version: 1 },
      { type: "accept", id: "a", version: 3 },
      { type: "claiming", id: "a" },
      { type: "cancel", id: "a" },
      { type: "cancel", id: "b" },
    ]);
    expect(queue.waiting).toEqual([{ id: "a", version: 2, state: "claiming" }]);
    expect(toClaim(enqueue(queue, { type: "offline", id: "a" }))).toHaveLength(1);
  });

  it("stand beside rejections, which keep their reason and are not claimed; the first decision of a record holds", () => {
    const queue = act([
      { type: "accept", id: "a", version: 1 },
      { type: "reject", id: "b", version: 4, reason: "суперечить статті 5 😀" },
      { type: "accept", id: "b", version: 4 },
      { type: "reject", id: "a", version: 1, reason: "" },
    ]);
    expect(toClaim(queue).map(({ id }) => id)).toEqual(["a"]);
    expect(toReject(queue)).toEqual([{ id: "b", version: 4, state: "waiting", rejected: "суперечить статті 5 😀" }]);
    expect(enqueue(queue, { type: "cancel", id: "b" }).waiting).toHaveLength(1);
    expect(toReject(enqueue(queue, { type: "offline", id: "b" }))).toHaveLength(1);
    expect(enqueue(queue, { type: "applied", id: "b" }).waiting.map(({ id }) => id)).toEqual(["a"]);
  });

  it("leave with their outcome, never silently", () => {
    const queue = act([
      { type: "accept", id: "a", version: 1 },
      { type: "accept", id: "b", version: 1 },
      { type: "claimed", id: "a" },
      { type: "applied", id: "a" },
      { type: "refused", id: "b", reason: "taken" },
    ]);
    expect(queue).toEqual({ waiting: [], failed: [{ id: "b", reason: "taken" }] });
  });
});
