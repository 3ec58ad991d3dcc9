// @vitest-environment happy-dom
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readFrames, type Standpoint } from "./httpFrames";
import { readRefusal } from "./httpRequest";
import { HttpSocket } from "./httpSocket";

const HERE: Standpoint = { address: "акт", token: "{}", stateVector: new Uint8Array([0]), presence: null };

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

/** A network: what pages ask is kept, and `answer` says what comes back; polls nobody answers are held. */
class Network {
  readonly asked: Asked[] = [];
  answer: (asked: Asked) => Response | "lost" | "held" | "cut after 8 s" = (asked) =>
    asked.path.endsWith("/poll") ? "held" : answerOf([]);

  readonly fetch = (url: string, options: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(url, "http://server");
    const asked = { path: pathname, query: searchParams, body: new Uint8Array(options.body as Uint8Array) };
    this.asked.push(asked);
    const answer = this.answer(asked);
    if (answer === "lost") {
      return Promise.reject(new TypeError("Failed to fetch"));
    }
    if (answer === "cut after 8 s") {
      return new Promise((_, reject) => setTimeout(() => reject(new TypeError("cut off")), 8_000));
    }
    return answer === "held" ? untilAborted(options.signal) : Promise.resolve(answer);
  };

  get uploads(): Asked[] {
    return this.asked.filter(({ path }) => !path.endsWith("/poll"));
  }

  get polls(): Asked[] {
    return this.asked.filter(({ path }) => path.endsWith("/poll"));
  }
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
}

function answerOf(frames: Uint8Array[]): Response {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, frames.length);
  for (const frame of frames) {
    encoding.writeVarUint8Array(encoder, frame);
  }
  return new Response(new Uint8Array(encoding.toUint8Array(encoder)));
}

function problem(status: number, fields: Record<string, unknown>): Response {
  return new Response(JSON.stringify(fields), { status });
}

/** The frames of an upload, without the tokens before them. */
function framesOf({ body }: Asked): Uint8Array[] {
  const decoder = decoding.createDecoder(body);
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
    decoding.readVarUint8Array(decoder);
  }
  return readFrames(new Uint8Array(body.slice(decoder.pos)).buffer);
}

let network: Network;
let heard: Uint8Array[];
let closed: { code: number; reason: string }[];

function open(): HttpSocket {
  const socket = new HttpSocket("ws://server/sync", () => Promise.resolve([HERE]));
  socket.addEventListener("message", (event) => heard.push(new Uint8Array((event as MessageEvent<ArrayBuffer>).data)));
  socket.addEventListener("close", (event) => closed.push(event as unknown as { code: number; reason: string }));
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  network = new Network();
  heard = [];
  closed = [];
  vi.stubGlobal("fetch", network.fetch);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const FRAME = new Uint8Array([4, 97, 98, 99, 100, 3]);

describe("a socket made of requests", () => {
  it("sends what is said in one turn together, in order, one request at a time", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(new Uint8Array([...FRAME, 1]));
    socket.send(new Uint8Array([...FRAME, 2]));
    await vi.advanceTimersByTimeAsync(0);
    socket.send(new Uint8Array([...FRAME, 3]));
    await vi.advanceTimersByTimeAsync(0);
    expect(network.uploads.map(framesOf).map((frames) => frames.map((frame) => frame.at(-1)))).toEqual([[1, 2], [3]]);
    expect(network.uploads.map(({ query }) => query.get("n"))).toEqual(["1", "2"]);
    socket.close();
  });

  it("sends the same upload with the same number when its answer is lost, and then asks for what it may have missed", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(0);
    let losses = 1;
    const before = network.answer;
    network.answer = (asked) => (!asked.path.endsWith("/poll") && losses-- > 0 ? "lost" : before(asked));
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(network.uploads.map(({ query }) => query.get("n"))).toEqual(["1", "2", "2"]);
    expect(network.uploads[1]?.body).toEqual(network.uploads[2]?.body);
    expect(network.polls.at(-1)?.query.get("anew")).toBe("1");
    expect(closed).toEqual([]);
    socket.close();
  });

  it("is closed after three losses in a row, and says no more", async () => {
    network.answer = () => "lost";
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(closed.map(({ code }) => code)).toEqual([1006]);
    expect(socket.readyState).toBe(3);
    expect(network.asked.length).toBe(3);
  });

  it("asks for shorter polls where something cuts them off", async () => {
    network.answer = (asked) => (asked.path.endsWith("/poll") ? "cut after 8 s" : answerOf([]));
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(10_000);
    const waits = network.polls.map(({ query }) => Number(query.get("wait")));
    expect(waits[0]).toBe(20);
    expect(waits.at(-1)).toBeLessThanOrEqual(4);
    socket.close();
  });

  it("hears what the answers bring, each frame as a message", async () => {
    network.answer = (asked) => (asked.path.endsWith("/poll") ? "held" : answerOf([FRAME, new Uint8Array([9])]));
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([FRAME, new Uint8Array([9])]);
    socket.close();
  });

  it("goes on asking while the server cannot save, without an end", async () => {
    network.answer = (asked) => (asked.path.endsWith("/poll") ? "held" : problem(503, { code: "unavailable", again: true }));
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(closed).toEqual([]);
    expect(new Set(network.uploads.map(({ query }) => query.get("n")))).toEqual(new Set(["1"]));
    socket.close();
  });

  it("is denied for each document of a request that was refused as a whole", async () => {
    network.answer = () => problem(401, { code: "not-signed-in" });
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    socket.send(FRAME);
    await vi.advanceTimersByTimeAsync(0);
    expect(heard[0]).toEqual(new Uint8Array([4, 97, 98, 99, 100, 2, 1, 13, ...new TextEncoder().encode("not-signed-in")]));
    socket.close();
  });
});

describe("a refusal", () => {
  it.each([
    ['{"code": "bad-request", "close_code": 4400, "reason": "cut"}', { kind: "closed", code: 4400, reason: "cut" }],
    ['{"code": "unavailable", "close_code": 1012, "reason": "restart"}', { kind: "closed", code: 1012, reason: "restart" }],
    ['{"code": "unavailable"}', { kind: "later" }],
    ['{"code": "too-many-requests"}', { kind: "closed", code: 4400, reason: "too-many-requests" }],
    ["<html>502 Bad Gateway</html>", { kind: "lost" }],
    ["", { kind: "lost" }],
  ])("%s", (text, expected) => {
    expect(readRefusal(text)).toEqual(expected);
  });
});
