import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, NoAnswer } from "../api/problems";
import type { Request } from "./core/outbox.ts";
import type { Proposal } from "./core/record.ts";
import type { Draft } from "./keeping.ts";
import { carries, type Suggestion } from "./model.ts";
import { Sender } from "./sender.ts";

/** A server of one author's records, with a line that can be cut. */
class Server {
  readonly records = new Map<string, Suggestion>();
  readonly asked: Request[] = [];
  /** What the next requests meet, instead of an answer. */
  readonly troubles: Error[] = [];
  private stamp = 0;

  readonly request = async (request: Request): Promise<Suggestion> => {
    this.asked.push(request);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const trouble = this.troubles.shift();
    if (trouble !== undefined) throw trouble;
    const id = request.what === "put" ? request.record.id : request.id;
    const held = this.records.get(id);
    if ((held?.version ?? 0) !== request.version) throw new ApiError({ status: 409, code: "version-conflict", current: held });
    return this.store(id, request.what === "put" ? request.record : null);
  };

  /** What somebody else's request, or another tab's, has made of it. */
  store(id: string, wanted: Proposal | null): Suggestion {
    const held = this.records.get(id);
    const { kind, change } = wanted ?? (held as unknown as Proposal);
    const version = (held?.version ?? 0) + (wanted === null ? 0 : 1);
    const made = { id, kind, change, group: "", version, stamp: ++this.stamp, status: wanted === null ? "withdrawn" : "open" };
    this.records.set(id, made as unknown as Suggestion);
    return made as unknown as Suggestion;
  }
}

class Tab {
  readonly known = new Map<string, Suggestion>();
  kept: readonly Draft[] = [];
  readonly settled: string[] = [];
  readonly sender: Sender;

  constructor(server: Server) {
    this.sender = new Sender({
      request: server.request,
      find: (id) => this.known.get(id) ?? null,
      isKnown: () => false,
      onRecord: (record) => this.known.set(record.id, record),
      onSettled: (id) => this.settled.push(id),
      onDrafts: (drafts) => {
        this.kept = drafts;
      },
      onChange: () => undefined,
    });
  }
}

function words(id: string, text: string): Proposal {
  const change = {
    bid: "u1",
    text: [1, 2],
    anchor: null,
    delete: [],
    quote: "",
    before: "",
    after: "Стаття",
    at: 0,
    insert: [{ t: text, m: {} }],
  };
  return { id, kind: "text", change } as unknown as Proposal;
}

const said = (server: Server, id: string) => (server.records.get(id)?.change as { insert: { t: string }[] } | undefined)?.insert[0]?.t;

describe("own proposals on their way to the server", () => {
  let server: Server;
  let tab: Tab;
  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    tab = new Tab(server);
  });
  afterEach(() => {
    tab.sender.close();
    vi.useRealTimers();
  });

  it("go out when typing rests, the newest wording only, and are kept until the server has them", async () => {
    for (const text of ["ґ", "ґа", "ґава 😀"]) {
      tab.sender.propose([words("a", text)], []);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(server.asked).toEqual([]);
    expect(tab.kept).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.asked).toHaveLength(1);
    expect([said(server, "a"), tab.kept, tab.settled]).toEqual(["ґава 😀", [], ["a"]]);
  });

  it("go out at the latest after two seconds of typing, one request at a time", async () => {
    for (let letters = 1; letters <= 30; letters++) {
      tab.sender.propose([words("a", "я".repeat(letters))], []);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(server.asked.length).toBeGreaterThanOrEqual(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(said(server, "a")).toBe("я".repeat(30));
    expect(server.asked.map(({ version }) => version)).toEqual(server.asked.map((_, index) => index));
  });

  it("wait without a network, longer each time, and go out when it is back; a later visit sends what was kept", async () => {
    server.troubles.push(new NoAnswer(), new NoAnswer());
    tab.sender.propose([words("a", "слово")], []);
    await vi.advanceTimersByTimeAsync(600);
    expect([tab.sender.isAway, tab.sender.drafts.size]).toEqual([true, 1]);
    const kept = tab.kept;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([tab.sender.isAway, said(server, "a"), server.asked.length]).toEqual([false, "слово", 3]);
    const later = new Tab(new Server());
    later.sender.restore(kept, []);
    expect([...later.sender.drafts.keys()]).toEqual(["a"]);
    later.sender.close();
  });

  it("are shown with their words and the server's sentence when it refuses, until they are seen", async () => {
    server.troubles.push(new ApiError({ status: 422, code: "invalid", detail: "Невидимий символ." }));
    tab.sender.propose([words("a", "злий\u200b")], []);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.asked).toHaveLength(1);
    expect(tab.sender.lost).toEqual([{ record: words("a", "злий\u200b"), reason: "Невидимий символ." }]);
    expect(tab.kept).toEqual([{ id: "a!", version: 0, wanted: words("a", "злий\u200b"), lost: "Невидимий символ." }]);
    tab.sender.seen();
    expect(tab.kept).toEqual([]);
  });

  it("lose a race by the server's record, and the own words stay to be seen", async () => {
    tab.known.set("a", server.store("a", words("a", "перше")));
    server.store("a", words("a", "інше вікно"));
    tab.sender.propose([words("a", "моє")], []);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(said(server, "a")).toBe("інше вікно");
    expect(tab.sender.lost).toEqual([{ record: words("a", "моє"), reason: "changed" }]);
    expect(carries(tab.known.get("a") as Suggestion, words("a", "інше вікно"))).toBe(true);
  });

  it("are withdrawn, and one that the server never had is not spoken of", async () => {
    tab.sender.propose([words("b", "передумав")], []);
    tab.sender.propose([], ["b"]);
    tab.known.set("a", server.store("a", words("a", "слово")));
    tab.sender.propose([], ["a"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.asked).toEqual([{ what: "withdraw", id: "a", version: 1 }]);
    expect(server.records.get("a")?.status).toBe("withdrawn");
  });

  it("wait while the server is overloaded or asks to sign in, and are not lost by that", async () => {
    server.troubles.push(new ApiError({ status: 503 }), new ApiError({ status: 401, code: "signed-out" }));
    tab.sender.propose([words("a", "слово")], []);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([said(server, "a"), tab.sender.lost]).toEqual(["слово", []]);
  });
});
