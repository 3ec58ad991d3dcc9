import "fake-indexeddb/auto";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { startI18n } from "../i18n/i18n";
import { LocalCopies } from "../sync/local";
import { tellTold } from "../sync/told";
import { NOBODY, type Pending, type Remark, type Thread, WHOLE_ACT } from "./model.ts";
import { Comments } from "./store.ts";

const ACT = "0190f3c2a7b94f6e8d5c4b3a29180706";
const DOCUMENT = "0190f3c2a7b94f6e8d5c4b3a29180707";
/** The explanatory note: another document of the same act. */
const NOTE = "0190f3c2a7b94f6e8d5c4b3a29180708";
const PEOPLE = "Ґава 👩‍⚖️ каже «так»";
const BIDI = "слово \u2067עברית\u2069 і \u202eкінець\u202c";

const id = (letter: string) => letter.repeat(32);

function thread(name: string, text: string, more: Partial<Thread> = {}): Thread {
  const at = Number.parseInt(name, 16);
  const comment = { id: id(name), author: "u-2", body: "mvs", audience: "body", text, html: "", mentions: NOBODY, reactions: [] };
  const comments = [{ ...comment, created_at: at, edited_at: null, deleted_at: null, remarked: false }];
  const stamps = { status: "open", resolved_by: null, resolved_at: null, created_at: at, updated_at: at, stamp: 1 };
  const first = { id: id(name), document: DOCUMENT, anchor: WHOLE_ACT, suggestion: "", author: "u-2", body: "mvs", audience: "body" };
  return { ...first, ...stamps, comments, ...more } as unknown as Thread;
}

const changed = (held: Thread, text: string): Thread => ({ ...thread(held.id.charAt(0), text), stamp: held.stamp + 1 });

function remark(name: string, words: string, answers: readonly string[] = [], document = DOCUMENT): Remark {
  const given = answers.map((reason) => ({ result: "declined", reason, author: "u-3", body: "minfin", at: 5 }));
  const where = { number: Number.parseInt(name, 16), document, bid: "b1", suggestion: "", comment: id("1"), change: null };
  return { id: id(name), ...where, text: words, proposed: "", author: "u-2", body: "mvs", at: 4, answers: given } as unknown as Remark;
}

type Trouble = "no network" | "answer lost" | { readonly status: number; readonly code?: string; readonly detail?: string };

/** The server as far as comments go, and the line to it. */
class Server {
  readonly threads = new Map<string, Thread>();
  readonly remarks = new Map<string, Remark>();
  readonly asked: string[] = [];
  readonly troubles: Record<"GET" | "POST", Trouble[]> = { GET: [], POST: [] };
  isCut = false;
  pageSize = 500;
  /** Waited for after the answer was made and before it arrives. */
  onTheWay: (address: URL, method: string) => Promise<void> | void = () => undefined;

  readonly fetch = async (address: string, { method = "GET", body }: RequestInit): Promise<Response> => {
    if (this.isCut) throw new TypeError("Failed to fetch");
    const url = new URL(address, "https://zlahoda.example");
    const given = body === undefined ? {} : (JSON.parse(String(body)) as Record<string, string>);
    const kind = method === "GET" ? "GET" : "POST";
    if (kind === "POST" || url.pathname.endsWith("/comments")) this.asked.push(given.id ?? url.searchParams.get("after") ?? method);
    const trouble = kind === "POST" || url.pathname.endsWith("/comments") ? this.troubles[kind].shift() : undefined;
    if (trouble === "no network") throw new TypeError("Failed to fetch");
    if (typeof trouble === "object") return problem(trouble);
    const answer = JSON.stringify(kind === "GET" ? this.list(url) : this.write(url, given));
    await this.onTheWay(url, method);
    if (trouble === "answer lost") throw new TypeError("Failed to fetch");
    return new Response(answer, { headers: { "content-type": "application/json" } });
  };

  put(...threads: Thread[]): void {
    for (const one of threads) this.threads.set(one.id, one);
  }

  private list(url: URL): unknown {
    if (url.pathname.endsWith("/remarks")) return { items: [...this.remarks.values()] };
    const [after, document] = [url.searchParams.get("after") ?? "", url.searchParams.get("document")];
    const sorted = [...this.threads.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const found = sorted.filter((one) => one.document === document && one.id > after);
    const items = found.slice(0, this.pageSize);
    return { items, next: found.length > items.length ? items.at(-1)?.id : null };
  }

  /** The same again, by its id, changes nothing (C7). */
  private write(url: URL, { id: own = "", text = "", document = DOCUMENT }: Record<string, string>): Thread {
    const parent = /comments\/(\w+)\/replies$/.exec(url.pathname)?.[1];
    const made = thread(own.charAt(0), text, { document, author: "u-1" });
    const held = this.threads.get(parent ?? own);
    const isNew = held?.comments.every((one) => one.id !== own) ?? true;
    const now =
      held === undefined ? made : isNew ? { ...held, stamp: held.stamp + 1, comments: [...held.comments, ...made.comments] } : held;
    this.threads.set(now.id, now);
    return now;
  }
}

function problem({ status, code, detail }: Exclude<Trouble, string>): Response {
  const body = code === undefined ? "<html>Помилка</html>" : JSON.stringify({ status, code, detail, title: detail });
  return new Response(body, { status, headers: { "content-type": code === undefined ? "text/html" : "application/problem+json" } });
}

let database = 0;

/** A window of the browser, on the device's storage. */
class Tab {
  readonly doc = new Y.Doc();
  private work: () => { count: number; isKeptHere: boolean } = () => ({ count: 0, isKeptHere: false });
  readonly comments: Comments;

  constructor(readonly copies: LocalCopies | null) {
    const addWork = (work: Tab["work"]) => {
      this.work = work;
      return () => undefined;
    };
    this.comments = new Comments({ act: ACT, document: DOCUMENT, title: "Про ґрунти", session: { copies, addWork } });
    this.comments.listen(this.doc);
    tabs.push(this);
  }

  static async open(): Promise<Tab> {
    const tab = new Tab(await LocalCopies.open("u-1", `comments-${database}`));
    await tab.comments.start();
    await settle();
    return tab;
  }

  hear(told: Record<string, unknown>): void {
    tellTold(this.doc, JSON.stringify(told));
  }

  say(name: string, text: string, to = ""): void {
    const words = { text, mentions: NOBODY, anchor: WHOLE_ACT, suggestion: "", release: false };
    this.comments.say({ ...words, id: id(name), thread: to });
  }

  get texts(): string[] {
    return this.comments.get().threads.flatMap(({ comments }) => comments.map(({ text }) => text));
  }

  get waiting(): readonly Pending[] {
    return this.comments.get().pending;
  }

  get unsent(): { count: number; isKeptHere: boolean } {
    const { count, isKeptHere } = this.work();
    return { count, isKeptHere };
  }

  /** The page is closed when the device has stored what it was given. */
  async close(): Promise<void> {
    await settle();
    this.comments.close();
  }
}

const tabs: Tab[] = [];

/** The storage and the line work in real time; only the clock stands. */
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
});
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close();
  await settle();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("comments read from the server", () => {
  it("come page by page, oldest first, and only those of this document", async () => {
    server.pageSize = 2;
    server.put(thread("c", "Ґ", { created_at: 1 }), thread("a", PEOPLE), thread("b", BIDI), thread("d", "е́ 😀"), thread("e", "останній"));
    server.put(thread("f", "до записки", { document: NOTE }));
    server.remarks.set("r", remark("2", `зауваження ${BIDI}`));
    server.remarks.set("s", remark("3", "до записки", [], NOTE));
    const tab = await Tab.open();
    expect(tab.texts).toEqual(["Ґ", PEOPLE, BIDI, "е́ 😀", "останній"]);
    expect(server.asked).toEqual(["GET", id("b"), id("d")]);
    expect(tab.comments.get().remarks.map(({ text }) => text)).toEqual([`зауваження ${BIDI}`]);
  });

  it("are shown from this device when there is no network, also after a reload", async () => {
    server.put(thread("a", PEOPLE), thread("b", BIDI));
    server.remarks.set("r", remark("2", "зауваження 😀"));
    const first = await Tab.open();
    await pass(2_000);
    await first.close();
    server.isCut = true;
    const tab = await Tab.open();
    expect([tab.texts, tab.comments.get().isLoaded]).toEqual([[PEOPLE, BIDI], true]);
    expect(tab.comments.get().remarks.map(({ text }) => text)).toEqual(["зауваження 😀"]);
  });

  it("never replace a newer version that was heard before, during or after the reading", async () => {
    const old = [thread("a", "стара а"), thread("b", "стара б"), thread("c", "стара в")] as const;
    server.put(...old);
    const tab = new Tab(null);
    tab.hear({ type: "comment", thread: changed(old[0], `${PEOPLE} а`) });
    server.onTheWay = () => tab.hear({ type: "comment", thread: changed(old[1], `${BIDI} б`) });
    await tab.comments.start();
    server.onTheWay = () => undefined;
    tab.hear({ type: "comment", thread: changed(old[2], "нова в 😀") });
    for (const one of old) tab.hear({ type: "comment", thread: one });
    const newest = [`${PEOPLE} а`, `${BIDI} б`, "нова в 😀"];
    expect(tab.texts).toEqual(newest);
    tab.hear({ type: "welcome" });
    await settle();
    expect(tab.texts).toEqual(newest);
  });

  it("keep a thread that was heard while later pages were still on their way", async () => {
    server.pageSize = 1;
    server.put(thread("b", "друга"), thread("c", "третя"));
    const tab = new Tab(null);
    server.onTheWay = ({ searchParams }) => {
      if (searchParams.get("after") !== id("b")) return;
      server.put(thread("a", `перша ${PEOPLE}`));
      tab.hear({ type: "comment", thread: server.threads.get(id("a")) });
    };
    await tab.comments.start();
    expect(tab.texts).toEqual([`перша ${PEOPLE}`, "друга", "третя"]);
  });

  it("keep own words that the server took while the list was on its way", async () => {
    server.put(thread("b", "друга"));
    const tab = await Tab.open();
    server.onTheWay = (_, method) => (method === "GET" ? new Promise((resolve) => setTimeout(resolve, 100)) : undefined);
    tab.hear({ type: "welcome" });
    await settle();
    tab.say("a", `моє ${BIDI}`);
    await pass(100);
    expect([tab.texts, tab.waiting]).toEqual([[`моє ${BIDI}`, "друга"], []]);
  });

  it.each([{ type: "welcome" }, { type: "records", state: "missed" }])("are read again after a reconnect (%o)", async (told) => {
    server.put(thread("a", "відкрита лише їм 🔒"), thread("b", "спільна"));
    const tab = await Tab.open();
    server.threads.delete(id("a"));
    server.put(changed(thread("b", ""), `змінена ${PEOPLE}`), thread("c", BIDI));
    tab.hear({ type: "records", state: "ok" });
    await settle();
    expect(tab.texts).toEqual(["відкрита лише їм 🔒", "спільна"]);
    tab.hear(told);
    await settle();
    expect(tab.texts).toEqual([`змінена ${PEOPLE}`, BIDI]);
    expect(tab.comments.find(id("a"))).toBeNull();
  });

  it("show a comment that left the audience no more, also not from this device", async () => {
    server.put(thread("a", "для своїх 🔒"), thread("b", "для всіх"));
    const first = await Tab.open();
    await pass(2_000);
    server.threads.delete(id("a"));
    first.hear({ type: "welcome" });
    await settle();
    await pass(2_000);
    await first.close();
    server.isCut = true;
    expect((await Tab.open()).texts).toEqual(["для всіх"]);
  });

  it("lose the hidden replies when the server tells the thread without them", async () => {
    const reply = thread("b", `відповідь ${BIDI}`).comments;
    const whole = thread("a", PEOPLE);
    server.put({ ...whole, comments: [...whole.comments, ...reply] });
    const tab = await Tab.open();
    expect(tab.texts).toEqual([PEOPLE, `відповідь ${BIDI}`]);
    tab.hear({ type: "comment", thread: { ...whole, stamp: 2 } });
    expect(tab.texts).toEqual([PEOPLE]);
  });

  it("do not fall back to an older list that arrives after a newer one", async () => {
    server.put(thread("a", "стара 😀"));
    const tab = new Tab(null);
    let waits = 100;
    server.onTheWay = () => {
      const ms = waits;
      return new Promise((resolve) => setTimeout(resolve, ms));
    };
    const started = tab.comments.start();
    await settle();
    waits = 10;
    server.threads.delete(id("a"));
    server.put(thread("b", PEOPLE));
    tab.hear({ type: "welcome" });
    await pass(10);
    expect(tab.texts).toEqual([PEOPLE]);
    await pass(100);
    await started;
    expect(tab.texts).toEqual([PEOPLE]);
  });

  const PASSING: [string, Trouble][] = [
    ["there is no network", "no network"],
    ["the server breaks", { status: 500, code: "unexpected", detail: "Сталася помилка." }],
    ["a proxy answers with its page", { status: 502 }],
    ["there were too many requests", { status: 429, code: "too-many", detail: "Забагато запитів." }],
  ];
  it.each(PASSING)("are asked for again, later each time, when %s", async (_, trouble) => {
    server.put(thread("a", PEOPLE));
    server.troubles.GET.push(trouble, trouble);
    const tab = await Tab.open();
    expect([tab.texts, tab.comments.get().isLoaded, server.asked.length]).toEqual([[], true, 1]);
    await pass(1_000);
    expect(server.asked).toHaveLength(2);
    await pass(1_000);
    expect(server.asked).toHaveLength(2);
    await pass(1_000);
    expect([tab.texts, server.asked.length]).toEqual([[PEOPLE], 3]);
    await pass(60_000);
    expect(server.asked).toHaveLength(3);
  });

  it.each([401, 403])("stay as they were when the server answers %i, until the connection begins anew", async (status) => {
    server.put(thread("a", PEOPLE));
    const tab = await Tab.open();
    server.put(thread("b", BIDI));
    server.troubles.GET.push({ status, code: "forbidden", detail: "Немає прав." });
    tab.hear({ type: "welcome" });
    await settle();
    await pass(60_000);
    expect([tab.texts, server.asked.length]).toEqual([[PEOPLE], 2]);
    tab.hear({ type: "welcome" });
    await settle();
    expect(tab.texts).toEqual([PEOPLE, BIDI]);
  });
});

describe("comments heard live", () => {
  it("do not mix with those of another document of the act", async () => {
    const tab = await Tab.open();
    tab.hear({ type: "comment", thread: thread("a", `чужа ${PEOPLE}`, { document: NOTE }) });
    tab.hear({ type: "remark", remark: remark("1", `чуже ${BIDI}`, [], NOTE) });
    tab.hear({ type: "suggestion", record: {} });
    expect([tab.texts, tab.comments.get().remarks]).toEqual([[], []]);
  });

  it("keep the last answer to a remark, whatever order they are told in", async () => {
    const tab = await Tab.open();
    tab.hear({ type: "remark", remark: remark("2", "друге 😀") });
    tab.hear({ type: "remark", remark: remark("1", BIDI, ["ні", "таки ні"]) });
    tab.hear({ type: "remark", remark: remark("1", BIDI, ["ні"]) });
    const { remarks } = tab.comments.get();
    expect(remarks.map(({ text, answers }) => [text, answers.length])).toEqual([
      [BIDI, 2],
      ["друге 😀", 0],
    ]);
  });

  it("tell those who look, and one state is one object", async () => {
    const tab = await Tab.open();
    const listener = vi.fn();
    const stop = tab.comments.subscribe(listener);
    const before = tab.comments.get();
    tab.hear({ type: "comment", thread: thread("a", PEOPLE) });
    expect(listener).toHaveBeenCalledTimes(1);
    const state = tab.comments.get();
    expect(state).not.toBe(before);
    expect(tab.comments.get()).toBe(state);
    stop();
    tab.hear({ type: "comment", thread: thread("b", BIDI) });
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe("own words on their way", () => {
  it("wait without a network, survive a reload, and are sent once and in order", async () => {
    server.isCut = true;
    const first = await Tab.open();
    first.say("c", PEOPLE);
    first.say("b", BIDI, id("c"));
    await pass(5);
    first.say("a", "третє 😀");
    await settle();
    expect(first.unsent).toEqual({ count: 3, isKeptHere: true });
    await first.close();
    server.isCut = false;
    const tab = await Tab.open();
    expect(server.asked.slice(1)).toEqual([id("c"), id("b"), id("a")]);
    expect([tab.waiting, [...tab.texts].sort()]).toEqual([[], [PEOPLE, BIDI, "третє 😀"].sort()]);
    await tab.close();
    server.asked.length = 0;
    await Tab.open();
    expect(server.asked).toEqual(["GET"]);
  });

  it("go out by themselves when the network is back", async () => {
    const tab = await Tab.open();
    server.isCut = true;
    tab.say("a", PEOPLE);
    await settle();
    expect(tab.waiting.map(({ text, refused }) => [text, refused])).toEqual([[PEOPLE, undefined]]);
    server.isCut = false;
    dispatchEvent(new Event("online"));
    await settle();
    expect([tab.waiting, tab.texts]).toEqual([[], [PEOPLE]]);
  });

  const PASSING: [string, Trouble][] = [
    ["there is no network", "no network"],
    ["the answer got lost", "answer lost"],
    ["the server is overloaded", { status: 503 }],
    ["there were too many requests", { status: 429, code: "too-many", detail: "Забагато запитів." }],
    ["the session has ended", { status: 401, code: "not-signed-in", detail: "Увійдіть." }],
  ];
  it.each(PASSING)("are sent again, later each time, when %s, and stand there once", async (_, trouble) => {
    const tab = await Tab.open();
    server.troubles.POST.push(trouble, trouble);
    tab.say("a", PEOPLE);
    tab.say("b", BIDI, id("a"));
    await settle();
    expect([tab.waiting.length, tab.unsent]).toEqual([2, { count: 2, isKeptHere: true }]);
    await pass(1_000);
    expect(server.asked.slice(1)).toEqual([id("a"), id("a")]);
    await pass(2_000);
    expect(server.asked.slice(1)).toEqual([id("a"), id("a"), id("a"), id("b")]);
    expect([tab.texts, tab.waiting]).toEqual([[PEOPLE, BIDI], []]);
  });

  it("are not sent out of turn while both the reading and the sending fail", async () => {
    const tab = await Tab.open();
    server.isCut = true;
    tab.hear({ type: "welcome" });
    tab.say("a", PEOPLE);
    await settle();
    server.put(thread("b", BIDI));
    server.isCut = false;
    await pass(10_000);
    expect([[...tab.texts].sort(), tab.waiting]).toEqual([[PEOPLE, BIDI].sort(), []]);
  });

  it.each([
    [422, "Невидимий символ."],
    [403, "У вас немає права коментувати."],
    [413, "Завеликий коментар."],
  ])("stay with the server's sentence when it answers %i, until asked for again", async (status, detail) => {
    server.troubles.POST.push({ status, code: "refused", detail });
    const first = await Tab.open();
    first.say("a", `${PEOPLE}\u200b`);
    first.say("b", BIDI, id("a"));
    first.say("c", "інша нитка 😀");
    await settle();
    expect(server.asked.slice(1)).toEqual([id("a"), id("c")]);
    await first.close();
    const tab = await Tab.open();
    await pass(60_000);
    expect(tab.waiting.map(({ text, refused }) => [text, refused])).toEqual([
      [`${PEOPLE}\u200b`, detail],
      [BIDI, undefined],
    ]);
    expect(server.asked.filter((one) => one === id("a"))).toHaveLength(1);
    tab.comments.again(id("a"));
    await settle();
    expect([tab.waiting, tab.texts]).toEqual([[], [`${PEOPLE}\u200b`, BIDI, "інша нитка 😀"]]);
  });

  it("are sent again by themselves when the server broke over them, and those behind them after them", async () => {
    server.troubles.POST.push({ status: 500 }, { status: 500 });
    const tab = await Tab.open();
    tab.say("a", BIDI);
    tab.say("b", PEOPLE, id("a"));
    await settle();
    expect(tab.waiting.map(({ refused }) => refused)).toEqual([undefined, undefined]);
    await pass(3_000);
    expect(server.asked.slice(1)).toEqual([id("a"), id("a"), id("a"), id("b")]);
    expect([tab.texts, tab.waiting]).toEqual([[BIDI, PEOPLE], []]);
  });

  it("stay with a sentence when the server breaks over them again and again, hold up nobody, and are sent when asked for", async () => {
    const broken: Trouble = { status: 500 };
    server.troubles.POST.push(broken, broken, broken, broken, broken, broken, broken);
    const tab = await Tab.open();
    tab.say("a", BIDI);
    tab.say("c", PEOPLE);
    await pass(30_000);
    expect(tab.waiting.map(({ text, refused }) => [text, refused]).slice(0, 1)).toEqual([[BIDI, undefined]]);
    await pass(1_000);
    expect(tab.waiting.map(({ refused }) => refused)).toEqual(["Сталася помилка. Спробуйте ще раз.", undefined]);
    expect(server.asked.filter((one) => one === id("a"))).toHaveLength(6);
    await pass(60_000);
    expect([tab.texts, tab.waiting.length]).toEqual([[PEOPLE], 1]);
    tab.comments.again(id("a"));
    await settle();
    expect([[...tab.texts].sort(), tab.waiting]).toEqual([[BIDI, PEOPLE].sort(), []]);
  });

  it("are given back when they are taken back, and are not sent later", async () => {
    server.isCut = true;
    const first = await Tab.open();
    first.say("a", PEOPLE);
    expect([first.comments.takeBack(id("a"))?.text, first.comments.takeBack(id("f"))]).toEqual([PEOPLE, null]);
    await first.close();
    server.isCut = false;
    const tab = await Tab.open();
    expect([tab.waiting, tab.texts]).toEqual([[], []]);
  });

  it("stand on the server once when two tabs have them, and wait in neither", async () => {
    server.isCut = true;
    const one = await Tab.open();
    one.say("a", PEOPLE);
    one.say("b", BIDI, id("a"));
    await settle();
    const other = await Tab.open();
    expect(other.waiting.map(({ text }) => text)).toEqual([PEOPLE, BIDI]);
    server.isCut = false;
    dispatchEvent(new Event("online"));
    await settle();
    expect([one.texts, other.texts, one.waiting, other.waiting]).toEqual([[PEOPLE, BIDI], [PEOPLE, BIDI], [], []]);
    expect([...server.threads.values()].flatMap(({ comments }) => comments.map(({ text }) => text))).toEqual([PEOPLE, BIDI]);
    const later = await Tab.open();
    expect(later.waiting).toEqual([]);
  });

  it("wait no longer once they are heard live from where another tab sent them", async () => {
    server.isCut = true;
    const tab = await Tab.open();
    tab.say("a", PEOPLE);
    await settle();
    tab.hear({ type: "comment", thread: thread("a", PEOPLE) });
    await settle();
    expect([tab.waiting, tab.unsent.count]).toEqual([[], 0]);
    expect((await Tab.open()).waiting).toEqual([]);
  });

  it("of an earlier visit are not pushed out by words said while the page opens", async () => {
    server.isCut = true;
    const first = await Tab.open();
    first.say("a", PEOPLE);
    await first.close();
    const hasty = new Tab(await LocalCopies.open("u-1", `comments-${database}`));
    const started = hasty.comments.start();
    hasty.say("b", BIDI);
    await started;
    expect(hasty.waiting.map(({ text }) => text)).toEqual([PEOPLE, BIDI]);
    await hasty.close();
    expect((await Tab.open()).waiting.map(({ text }) => text)).toEqual([PEOPLE, BIDI]);
  });

  it("that the server has already are not counted as unsent on this device any more", async () => {
    server.isCut = true;
    const first = await Tab.open();
    await first.copies?.openCopy(DOCUMENT, "", "read", "Про ґрунти");
    first.say("a", PEOPLE);
    await first.close();
    expect((await first.copies?.listUnsent())?.map(({ count }) => count)).toEqual([1]);
    server.isCut = false;
    server.put(thread("a", PEOPLE));
    const tab = await Tab.open();
    expect([tab.waiting, await tab.copies?.listUnsent(), server.asked]).toEqual([[], [], ["GET"]]);
  });

  it("are said not to be kept when the device's storage fails, and are sent all the same", async () => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const tab = await Tab.open();
    server.isCut = true;
    tab.say("a", PEOPLE);
    await settle();
    expect(tab.unsent).toEqual({ count: 1, isKeptHere: true });
    tab.copies?.close();
    tab.say("b", BIDI);
    await settle();
    expect([tab.unsent, warned.mock.calls.length > 0]).toEqual([{ count: 2, isKeptHere: false }, true]);
    server.isCut = false;
    await pass(2_000);
    expect([tab.texts, tab.waiting]).toEqual([[PEOPLE, BIDI], []]);
  });

  it("are left to the next visit when the page closes", async () => {
    server.isCut = true;
    const tab = await Tab.open();
    tab.say("a", PEOPLE);
    await tab.close();
    server.isCut = false;
    server.asked.length = 0;
    dispatchEvent(new Event("online"));
    await pass(60_000);
    expect(server.asked).toEqual([]);
  });
});

describe("changes of a comment", () => {
  it("are shown as the server answered, or its sentence is returned and nothing changes", async () => {
    server.put(thread("a", PEOPLE));
    const tab = await Tab.open();
    server.troubles.POST.push({ status: 409, code: "remark-sent", detail: "Уже надіслано зауваження." }, "no network");
    expect(await tab.comments.edit(id("a"), { text: BIDI, mentions: NOBODY })).toBe("Уже надіслано зауваження.");
    expect(await tab.comments.resolve(id("a"), true)).toContain("Немає зв'язку");
    expect(tab.texts).toEqual([PEOPLE]);
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(changed(thread("a", ""), BIDI))));
    expect(await tab.comments.edit(id("a"), { text: BIDI, mentions: NOBODY })).toBeNull();
    expect(tab.texts).toEqual([BIDI]);
  });
});
