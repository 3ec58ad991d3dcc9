import "fake-indexeddb/auto";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { startI18n } from "../i18n/i18n";
import { LocalCopies } from "../sync/local";
import { tellTold } from "../sync/told";
import type { Proposal } from "./core/record.ts";
import type { Suggestion } from "./model.ts";
import { Records } from "./store.ts";

const ACT = "0190f3c2a7b94f6e8d5c4b3a29180706";
const DOCUMENT = "0190f3c2a7b94f6e8d5c4b3a29180707";
/** The explanatory note: another document of the same act. */
const NOTE = "0190f3c2a7b94f6e8d5c4b3a29180708";
const WORDS = "Ґава 👩‍⚖️ каже «так»";
const BIDI = "слово \u2067עברית\u2069 і \u202eкінець\u202c";

const id = (letter: string) => letter.repeat(32);

function words(name: string, text: string): Proposal {
  const place = { bid: "u1", text: [1, 2], anchor: null, delete: [], quote: "", before: "", after: "Стаття", at: 0 };
  return { id: id(name), kind: "text", change: { ...place, insert: [{ t: text, m: {} }] } } as unknown as Proposal;
}

function record(name: string, text: string, more: Partial<Suggestion> = {}): Suggestion {
  const { kind, change } = words(name, text);
  const stamps = { created_at: 1, updated_at: 1, version: 1, stamp: 1, status: "open", audience: "body" };
  const rest = { group: "", author: "u-2", body: "mvs", claim: null, remarked: false, decided: null };
  return { id: id(name), document: DOCUMENT, kind, change, ...rest, ...stamps, ...more } as unknown as Suggestion;
}

const changed = (held: Suggestion, text: string): Suggestion => ({ ...held, ...record(held.id.charAt(0), text), stamp: held.stamp + 1 });

const textOf = (one: { change: unknown } | null | undefined) =>
  one ? (one.change as { insert: { t: string }[] }).insert[0]?.t : (one as null | undefined);

type Trouble = "no network" | "answer lost" | { readonly status: number; readonly code?: string; readonly detail?: string };

/** The server as far as suggestions go, and the line to it. */
class Server {
  readonly records = new Map<string, Suggestion>();
  /** Requests that change something, as they were made. */
  readonly told: string[] = [];
  readonly lists: URLSearchParams[] = [];
  readonly troubles: Record<"GET" | "POST", Trouble[]> = { GET: [], POST: [] };
  isCut = false;
  pageSize = 500;
  /** Waited for after the answer was made and before it arrives. */
  onTheWay: (address: URL, method: string) => Promise<void> | void = () => undefined;

  readonly fetch = async (address: string, { method = "GET", body }: RequestInit): Promise<Response> => {
    if (this.isCut) throw new TypeError("Failed to fetch");
    const url = new URL(address, "https://zlahoda.example");
    const isList = method === "GET";
    if (isList) this.lists.push(url.searchParams);
    const trouble = this.troubles[isList ? "GET" : "POST"].shift();
    const answer = typeof trouble === "object" || trouble === "no network" ? null : isList ? this.list(url) : this.write(url, String(body));
    if (answer === null && !isList) this.told.push("—");
    await this.onTheWay(url, method);
    if (typeof trouble === "object") return problem(trouble);
    if (answer === null || trouble === "answer lost") throw new TypeError("Failed to fetch");
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
  };

  put(...records: Suggestion[]): void {
    for (const one of records) this.records.set(one.id, one);
  }

  private list({ searchParams }: URL): unknown {
    const [after, document, status] = ["after", "document", "status"].map((name) => searchParams.get(name) ?? "");
    const sorted = [...this.records.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const found = sorted.filter((one) => one.document === document && one.status === status && one.id > (after ?? ""));
    const items = found.slice(0, this.pageSize);
    return { items, next: found.length > items.length ? items.at(-1)?.id : null };
  }

  /** A put names the version it replaces, and the same again changes nothing (R4). */
  private write(url: URL, body: string): Suggestion | Response {
    const given = JSON.parse(body) as Suggestion;
    const [, name = given.id, verb = "put"] = /suggestions\/(\w+)\/(\w+)$/.exec(url.pathname) ?? [];
    this.told.push(`${verb} ${name.charAt(0)}${given.version}${verb === "put" ? ` ${textOf(given)}` : ""}`);
    const held = this.records.get(name);
    if (verb === "put" && held?.version === given.version + 1 && textOf(held) === textOf(given)) return held;
    if (held !== undefined && held.status !== "open") return problem({ status: 409, code: "not-open", detail: "Уже вирішено." }, held);
    if ((held?.version ?? 0) !== given.version) return problem({ status: 409, code: "version-conflict", detail: "Уже змінено." }, held);
    const text = textOf(given.change === undefined ? held : given) ?? "";
    const status = verb === "withdraw" ? "withdrawn" : verb === "reject" ? "rejected" : "open";
    const version = given.version + (verb === "put" ? 1 : 0);
    const made = record(name.charAt(0), text, { author: "u-1", status, version, stamp: (held?.stamp ?? 0) + 1 });
    this.records.set(name, made);
    return made;
  }
}

function problem({ status, code, detail }: Exclude<Trouble, string>, current?: Suggestion): Response {
  const body = code === undefined ? "<html>Помилка</html>" : JSON.stringify({ status, code, detail, title: detail, current });
  return new Response(body, { status, headers: { "content-type": code === undefined ? "text/html" : "application/problem+json" } });
}

/** The locks of the browser, as far as tabs tell by them that they live. */
class Locks {
  private readonly held = new Set<string>();

  async request(name: string, work: () => Promise<void>): Promise<void> {
    this.held.add(name);
    await work();
    this.held.delete(name);
  }

  query = async () => ({ held: [...this.held].map((name) => ({ name })) });
}

let database = 0;

/** A window of the browser, on the device's storage. */
class Tab {
  readonly doc = new Y.Doc();
  private work: () => { count: number; isKeptHere: boolean } = () => ({ count: 0, isKeptHere: false });
  readonly records: Records;

  constructor(readonly copies: LocalCopies | null) {
    const addWork = (work: Tab["work"]) => {
      this.work = work;
      return () => undefined;
    };
    this.records = new Records({ act: ACT, document: DOCUMENT, title: "Про ґрунти", user: "u-1", session: { copies, addWork } });
    this.records.listen(this.doc);
    tabs.push(this);
  }

  static async open(): Promise<Tab> {
    const tab = new Tab(await LocalCopies.open("u-1", `suggestions-${database}`));
    await tab.records.start();
    await settle();
    return tab;
  }

  hear(told: Record<string, unknown>): void {
    tellTold(this.doc, JSON.stringify(told));
  }

  propose(name: string, text: string): void {
    this.records.propose([words(name, text)], []);
  }

  get texts(): (string | null | undefined)[] {
    return this.records.get().records.map(textOf);
  }

  /** Own wordings on their way, and those of the other tabs. */
  get drafts(): (string | null | undefined)[] {
    return [...this.records.get().drafts.values()].map(textOf);
  }

  get lost(): (string | null | undefined)[][] {
    return this.records.get().lost.map(({ record: one, reason }) => [textOf(one), reason]);
  }

  get unsent(): { count: number; isKeptHere: boolean } {
    const { count, isKeptHere } = this.work();
    return { count, isKeptHere };
  }

  async close(): Promise<void> {
    await settle();
    this.records.close();
    await settle();
  }
}

const tabs: Tab[] = [];

/** The storage, the line and the other tabs work in real time; only the clock stands. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

let server: Server;

beforeAll(() => startI18n("uk"));
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 1_700_000_000_000 });
  database++;
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  Object.defineProperty(navigator, "locks", { value: new Locks(), configurable: true });
});
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("suggestions read from the server", () => {
  it("come page by page, in the order of their ids, only the open ones of this document", async () => {
    server.pageSize = 2;
    server.put(record("c", "Ґ"), record("a", WORDS), record("b", BIDI), record("e", "е́ 😀"));
    server.put(record("d", "прийняте", { status: "accepted" }), record("f", "до записки", { document: NOTE }));
    const tab = await Tab.open();
    expect(tab.texts).toEqual([WORDS, BIDI, "Ґ", "е́ 😀"]);
    expect(server.lists.map((each) => each.get("after"))).toEqual([null, id("b")]);
    expect([tab.records.get().isLoaded, tab.records.get().sending.kind]).toEqual([true, "idle"]);
    await tab.records.loadDecided();
    expect(tab.texts).toEqual([WORDS, BIDI, "Ґ", "прийняте", "е́ 😀"]);
  });

  it("are shown from this device when there is no network, also after a reload", async () => {
    server.put(record("a", WORDS), record("b", BIDI));
    const first = await Tab.open();
    await pass(2_000);
    await first.close();
    server.isCut = true;
    const tab = await Tab.open();
    const { isLoaded, sending } = tab.records.get();
    expect([tab.texts, isLoaded, sending.kind]).toEqual([[WORDS, BIDI], true, "offline"]);
  });

  it("never replace a newer version that was heard before, during or after the reading", async () => {
    const old = [record("a", "стара а"), record("b", "стара б"), record("c", "стара в")] as const;
    server.put(...old);
    const tab = new Tab(null);
    tab.hear({ type: "suggestion", record: changed(old[0], `${WORDS} а`) });
    server.onTheWay = () => tab.hear({ type: "suggestion", record: changed(old[1], `${BIDI} б`) });
    await tab.records.start();
    server.onTheWay = () => undefined;
    tab.hear({ type: "suggestion", record: changed(old[2], "нова в 😀") });
    for (const one of old) tab.hear({ type: "suggestion", record: one });
    const newest = [`${WORDS} а`, `${BIDI} б`, "нова в 😀"];
    expect(tab.texts).toEqual(newest);
    tab.hear({ type: "welcome" });
    await settle();
    expect(tab.texts).toEqual(newest);
  });

  it("keep a record that was heard while later pages were still on their way", async () => {
    server.pageSize = 1;
    server.put(record("b", "друге"), record("c", "третє"));
    const tab = new Tab(null);
    server.onTheWay = ({ searchParams }) => {
      if (searchParams.get("after") === id("b")) tab.hear({ type: "suggestion", record: record("a", `перше ${WORDS}`) });
    };
    await tab.records.start();
    expect(tab.texts).toEqual([`перше ${WORDS}`, "друге", "третє"]);
  });

  it("keep an own wording that the server took while the list was on its way, in every tab", async () => {
    server.put(record("b", "друге"));
    const [one, other] = [await Tab.open(), await Tab.open()];
    server.onTheWay = (_, method) => (method === "GET" ? new Promise((resolve) => setTimeout(resolve, 1_000)) : undefined);
    for (const tab of [one, other]) tab.hear({ type: "welcome" });
    await settle();
    one.propose("a", BIDI);
    await pass(500);
    expect(server.told).toEqual([`put a0 ${BIDI}`]);
    await pass(500);
    expect([one.texts, other.texts, one.drafts, other.drafts]).toEqual([[BIDI, "друге"], [BIDI, "друге"], [], []]);
  });

  it.each([{ type: "welcome" }, { type: "records", state: "missed" }])("are read again after a reconnect (%o)", async (told) => {
    server.put(record("a", "лише для них 🔒"), record("b", "спільна"), record("d", "вирішать"));
    const tab = await Tab.open();
    server.records.delete(id("a"));
    server.put(changed(record("b", ""), WORDS), record("c", BIDI), record("d", "вирішать", { status: "rejected", stamp: 2 }));
    tab.hear({ type: "records", state: "ok" });
    await settle();
    expect(tab.texts).toEqual(["лише для них 🔒", "спільна", "вирішать"]);
    tab.hear(told);
    await settle();
    expect(tab.texts).toEqual([WORDS, BIDI]);
    expect(tab.records.find(id("a"))).toBeNull();
  });

  it("leave this device, too, when they left the audience", async () => {
    server.put(record("a", "для своїх 🔒"), record("b", "для всіх"));
    const first = await Tab.open();
    await pass(2_000);
    server.records.delete(id("a"));
    first.hear({ type: "welcome" });
    await settle();
    await pass(2_000);
    await first.close();
    server.isCut = true;
    expect((await Tab.open()).texts).toEqual(["для всіх"]);
  });

  it("show what was decided while the connection was cut, once decided ones were asked for", async () => {
    server.put(record("a", WORDS), record("b", BIDI));
    const tab = await Tab.open();
    await tab.records.loadDecided();
    server.put(record("a", WORDS, { status: "accepted", stamp: 2 }));
    tab.hear({ type: "welcome" });
    await settle();
    expect(tab.records.get().records.map(({ status }) => status)).toEqual(["accepted", "open"]);
  });

  it("do not fall back to an older list that arrives after a newer one", async () => {
    server.put(record("a", "стара 😀"));
    const tab = new Tab(null);
    let waits = 100;
    server.onTheWay = () => {
      const ms = waits;
      return new Promise((resolve) => setTimeout(resolve, ms));
    };
    const started = tab.records.start();
    await settle();
    waits = 10;
    server.records.delete(id("a"));
    server.put(record("b", WORDS));
    tab.hear({ type: "welcome" });
    await pass(10);
    expect(tab.texts).toEqual([WORDS]);
    await pass(100);
    await started;
    expect(tab.texts).toEqual([WORDS]);
  });

  const TROUBLES: [string, Trouble, string][] = [
    ["there is no network", "no network", "offline"],
    ["the server breaks", { status: 500, code: "unexpected", detail: "Сталася помилка." }, "idle"],
    ["a proxy answers with its page", { status: 502 }, "idle"],
    ["the session has ended", { status: 401, code: "not-signed-in", detail: "Увійдіть." }, "idle"],
    ["it is forbidden for now", { status: 403, code: "forbidden", detail: "Немає прав." }, "idle"],
  ];
  it.each(TROUBLES)("are asked for again, later each time, when %s, and what was there stays", async (_, trouble, kind) => {
    server.put(record("a", WORDS));
    const tab = await Tab.open();
    server.put(record("b", BIDI));
    server.troubles.GET.push(trouble, trouble);
    tab.hear({ type: "welcome" });
    await settle();
    expect([tab.texts, tab.records.get().sending.kind, server.lists.length]).toEqual([[WORDS], kind, 2]);
    await pass(2_000);
    expect(server.lists).toHaveLength(3);
    await pass(3_999);
    expect(server.lists).toHaveLength(3);
    await pass(1);
    expect([tab.texts, tab.records.get().sending.kind]).toEqual([[WORDS, BIDI], "idle"]);
    await pass(120_000);
    expect(server.lists).toHaveLength(4);
  });
});

describe("suggestions heard live", () => {
  it("do not mix with those of another document of the act", async () => {
    const tab = await Tab.open();
    tab.hear({ type: "suggestion", record: record("a", `чужа ${WORDS}`, { document: NOTE }) });
    tab.hear({ type: "comment", thread: {} });
    expect(tab.texts).toEqual([]);
  });

  it("tell those who look, and one state is one object", async () => {
    const tab = await Tab.open();
    const listener = vi.fn();
    const stop = tab.records.subscribe(listener);
    const before = tab.records.get();
    tab.hear({ type: "suggestion", record: record("a", BIDI) });
    const state = tab.records.get();
    expect(state).not.toBe(before);
    expect(tab.records.get()).toBe(state);
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    tab.hear({ type: "suggestion", record: record("b", WORDS) });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("V7 count as decided when the text says so, in the version that was decided", async () => {
    server.put(record("a", WORDS), record("b", BIDI, { version: 2 }));
    const tab = await Tab.open();
    const decided = tab.doc.getMap("resolutions");
    decided.set(id("a"), { v: 1, a: "accept" });
    decided.set(id("b"), { v: 1, a: "accept" });
    expect(tab.records.get().records.map(({ status }) => status)).toEqual(["accepted", "open"]);
    expect(tab.records.find(id("a"))?.status).toBe("accepted");
  });
});

describe("own proposals on their way", () => {
  it("wait without a network, survive a reload, and are sent once, in the last wording", async () => {
    const first = await Tab.open();
    server.isCut = true;
    first.propose("a", "Ґа");
    first.propose("a", WORDS);
    first.propose("b", BIDI);
    await pass(600);
    expect([first.drafts, first.unsent]).toEqual([[WORDS, BIDI], { count: 2, isKeptHere: true }]);
    expect(first.records.get().sending).toEqual({ kind: "offline", unsent: 2, kept: true });
    expect(first.records.own().map(textOf)).toEqual([WORDS, BIDI]);
    await first.close();
    const offline = await Tab.open();
    expect([offline.drafts, offline.unsent.count]).toEqual([[WORDS, BIDI], 2]);
    await offline.close();
    server.isCut = false;
    const tab = await Tab.open();
    expect(server.told).toEqual([`put a0 ${WORDS}`, `put b0 ${BIDI}`]);
    expect([tab.texts, tab.drafts, tab.records.get().sending.kind]).toEqual([[WORDS, BIDI], [], "idle"]);
    await tab.close();
    await Tab.open();
    expect(server.told).toHaveLength(2);
  });

  it("are sent one wording after the other: a later one waits for the answer to the earlier", async () => {
    const tab = await Tab.open();
    server.onTheWay = (_, method) => (method === "POST" ? new Promise((resolve) => setTimeout(resolve, 5_000)) : undefined);
    tab.propose("a", "Ґ");
    await pass(500);
    tab.propose("a", BIDI);
    await pass(1_000);
    expect([server.told, tab.drafts]).toEqual([["put a0 Ґ"], [BIDI]]);
    await pass(5_000);
    await pass(5_000);
    expect(server.told).toEqual(["put a0 Ґ", `put a1 ${BIDI}`]);
    expect([tab.texts, tab.drafts]).toEqual([[BIDI], []]);
  });

  it("are written once for several letters, and at once when the page goes out of sight", async () => {
    const tab = await Tab.open();
    server.isCut = true;
    const writing = vi.spyOn(tab.copies as LocalCopies, "changeNotes");
    for (const text of ["Ґ", "Ґр", "Ґру"]) tab.propose("a", text);
    await settle();
    expect(writing).not.toHaveBeenCalled();
    expect(tab.unsent).toEqual({ count: 1, isKeptHere: false });
    await pass(100);
    expect(writing).toHaveBeenCalledTimes(1);
    expect(tab.unsent).toEqual({ count: 1, isKeptHere: true });

    tab.propose("a", "Ґрунт");
    document.dispatchEvent(new Event("visibilitychange"));
    await settle(); // no timer runs in a page that is frozen
    expect(writing).toHaveBeenCalledTimes(2);
    const notes = (await tab.copies?.listNotes(DOCUMENT)) ?? [];
    expect(notes.map(({ value }) => textOf((value as { wanted: Proposal }).wanted))).toEqual(["Ґрунт"]);
  });

  it("are told to what shows them when typing pauses, though every letter is written to the device", async () => {
    const tab = await Tab.open();
    server.isCut = true;
    tab.propose("a", "Ґ");
    await pass(500);
    const told = vi.fn();
    tab.records.subscribe(told);
    const writing = vi.spyOn(tab.copies as LocalCopies, "changeNotes");
    for (const text of ["Ґр", "Ґру", "Ґрун", "Ґрунт"]) {
      tab.propose("a", text);
      await pass(100);
    }
    expect([writing.mock.calls.length, told.mock.calls.length, tab.drafts]).toEqual([4, 0, ["Ґрунт"]]);
    await pass(150);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it("are withdrawn after a reload, too, when that was said without a network", async () => {
    server.put(record("a", WORDS, { author: "u-1" }), record("b", BIDI));
    const first = await Tab.open();
    server.isCut = true;
    first.records.propose([], [id("a")]);
    await pass(600);
    expect([first.records.own(), first.unsent.count]).toEqual([[], 1]);
    await first.close();
    server.isCut = false;
    const tab = await Tab.open();
    expect([server.told, tab.records.find(id("a"))?.status, tab.drafts]).toEqual([["withdraw a1"], "withdrawn", []]);
  });

  it("go out by themselves when the network is back", async () => {
    const tab = await Tab.open();
    server.isCut = true;
    tab.propose("a", BIDI);
    await pass(600);
    server.isCut = false;
    dispatchEvent(new Event("online"));
    await settle();
    expect([tab.texts, tab.drafts]).toEqual([[BIDI], []]);
  });

  const PASSING: [string, Trouble][] = [
    ["there is no network", "no network"],
    ["the answer got lost", "answer lost"],
    ["the server breaks", { status: 500 }],
    ["there were too many requests", { status: 429, code: "too-many", detail: "Забагато запитів." }],
    ["the session has ended", { status: 401, code: "not-signed-in", detail: "Увійдіть." }],
  ];
  it.each(PASSING)("are sent again when %s, and stand on the server once", async (_, trouble) => {
    const tab = await Tab.open();
    server.troubles.POST.push(trouble, trouble);
    tab.propose("a", WORDS);
    await pass(500);
    expect([tab.drafts, tab.lost, tab.records.get().sending.kind]).toEqual([[WORDS], [], "offline"]);
    await pass(2_000);
    await pass(4_000);
    expect([server.told.length, tab.texts, tab.drafts, tab.lost]).toEqual([3, [WORDS], [], []]);
    expect(server.records.get(id("a"))?.version).toBe(1);
  });

  it.each([
    [422, "Невидимий символ."],
    [403, "У вас немає права пропонувати."],
    [413, "Завелика пропозиція."],
  ])("stay to be seen with the server's sentence when it answers %i, also after a reload", async (status, detail) => {
    server.troubles.POST.push({ status, code: "refused", detail });
    const first = await Tab.open();
    first.propose("a", `${BIDI}\u200b`);
    await pass(500);
    expect([first.lost, first.drafts]).toEqual([[[`${BIDI}\u200b`, detail]], []]);
    await first.close();
    const tab = await Tab.open();
    await pass(60_000);
    expect([tab.lost, server.told]).toEqual([[[`${BIDI}\u200b`, detail]], ["—"]]);
    tab.records.seen();
    await tab.close();
    expect((await Tab.open()).lost).toEqual([]);
  });

  it("that lost a race or were decided meanwhile stay to be seen, and the server's record counts", async () => {
    server.put(record("a", "перше", { author: "u-1" }), record("b", "друге", { author: "u-1" }));
    const tab = await Tab.open();
    server.put(record("a", "інший пристрій 😀", { author: "u-1", version: 2, stamp: 2 }));
    server.put(record("b", "друге", { author: "u-1", status: "rejected", stamp: 2 }));
    tab.propose("a", WORDS);
    tab.propose("b", BIDI);
    await pass(500);
    const expected = [
      [WORDS, "changed"],
      [BIDI, "decided"],
    ];
    expect([tab.lost, tab.drafts, textOf(tab.records.find(id("a")))]).toEqual([expected, [], "інший пристрій 😀"]);
    await tab.close();
    expect((await Tab.open()).lost).toEqual(expected);
  });

  it("of a history that was replaced are shown and not sent", async () => {
    const first = await Tab.open();
    await first.copies?.openCopy(DOCUMENT, "1", "read", "Про ґрунти");
    server.isCut = true;
    first.propose("a", WORDS);
    await pass(600);
    await first.close();
    server.isCut = false;
    await pass(10);
    await first.copies?.openCopy(DOCUMENT, "2", "read", "Про ґрунти");
    const tab = await Tab.open();
    await pass(5_000);
    expect([tab.lost, tab.drafts, server.told]).toEqual([[[WORDS, "outdated"]], [], []]);
  });

  it("are said not to be kept when the device's storage fails, and are sent all the same", async () => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const tab = await Tab.open();
    server.isCut = true;
    tab.copies?.close();
    tab.propose("a", BIDI);
    await pass(600);
    expect([tab.unsent, warned.mock.calls.length > 0]).toEqual([{ count: 1, isKeptHere: false }, true]);
    server.isCut = false;
    await pass(2_000);
    expect([tab.texts, tab.drafts]).toEqual([[BIDI], []]);
  });

  it("go out when the page closes, and nothing afterwards", async () => {
    const tab = await Tab.open();
    tab.propose("a", WORDS);
    await tab.close();
    expect(server.told).toEqual([`put a0 ${WORDS}`]);
    server.lists.length = 0;
    tab.hear({ type: "suggestion", record: record("b", BIDI) });
    dispatchEvent(new Event("online"));
    await pass(60_000);
    expect([server.told.length, server.lists.length]).toEqual([1, 0]);
  });
});

describe("two tabs of one person", () => {
  it("V4 show each other's wordings at once, and one of them sends", async () => {
    const [one, other] = [await Tab.open(), await Tab.open()];
    one.propose("a", WORDS);
    await settle();
    expect([other.drafts, other.unsent.count, server.told]).toEqual([[WORDS], 0, []]);
    await pass(600);
    expect([server.told, one.texts, other.texts, other.drafts]).toEqual([[`put a0 ${WORDS}`], [WORDS], [WORDS], []]);
    other.propose("a", BIDI);
    await pass(600);
    expect([server.told.at(-1), one.texts, one.drafts, one.lost]).toEqual([`put a1 ${BIDI}`, [BIDI], [], []]);
  });

  it("V4 do not race when one edits what the other shows and the server does not have yet", async () => {
    const [one, other] = [await Tab.open(), await Tab.open()];
    one.propose("a", WORDS);
    await settle();
    other.propose("a", BIDI);
    await pass(600);
    await pass(600);
    expect([textOf(server.records.get(id("a"))), one.lost, other.lost, other.drafts]).toEqual([BIDI, [], [], []]);
  });

  it("leave what waits to the tab that made it, and take it over when that is gone", async () => {
    const one = await Tab.open();
    server.isCut = true;
    one.propose("a", WORDS);
    await pass(600);
    const other = await Tab.open();
    expect([other.drafts, other.unsent.count]).toEqual([[], 0]);
    await other.close();
    await one.close();
    const third = await Tab.open();
    expect(third.drafts).toEqual([WORDS]);
    server.isCut = false;
    const fourth = await Tab.open();
    dispatchEvent(new Event("online"));
    await settle();
    expect([server.told, third.texts, fourth.texts, third.drafts, fourth.drafts]).toEqual([[`put a0 ${WORDS}`], [WORDS], [WORDS], [], []]);
  });
});

describe("questions about a record", () => {
  it("are answered with the record as it is now, or with the reason and the server's sentence", async () => {
    server.put(record("a", WORDS), record("b", BIDI), record("c", "в"));
    const tab = await Tab.open();
    expect(await tab.records.ask("reject", id("a"), 1)).toMatchObject({ ok: true, record: { status: "rejected" } });
    server.put(record("b", `${BIDI} 2`, { version: 2, stamp: 2 }));
    const conflict = { ok: false, reason: "changed", sentence: "Уже змінено.", current: { version: 2 } };
    expect(await tab.records.ask("reject", id("b"), 1)).toMatchObject(conflict);
    expect(textOf(tab.records.find(id("b")))).toBe(`${BIDI} 2`);
    server.troubles.POST.push("no network", { status: 403, code: "forbidden", detail: "Немає прав." });
    expect(await tab.records.ask("reject", id("c"), 1)).toMatchObject({ ok: false, reason: "offline", current: null });
    expect(await tab.records.ask("reject", id("c"), 1)).toMatchObject({ ok: false, reason: "refused", sentence: "Немає прав." });
    expect(tab.records.find(id("c"))?.status).toBe("open");
  });

  it("V6 say which records keep their wording", async () => {
    server.put(record("a", WORDS), record("b", BIDI, { audience: "act" }), record("c", "в", { audience: "act", remarked: true }));
    const tab = await Tab.open();
    expect("abcd".split("").map((one) => tab.records.holdOf(id(one)))).toEqual(["free", "fixed", "locked", "free"]);
    tab.records.mayRelease = true;
    expect(tab.records.holdOf(id("b"))).toBe("free");
  });
});
