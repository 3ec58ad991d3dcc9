import { HocuspocusProvider } from "@hocuspocus/provider";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { Socket } from "./socket";

/** The server's question: what it says first to whoever comes. */
const PING = new Uint8Array([9]);

/** A line that is taken at once, speaks, and ends when it is told to. */
class Line extends EventTarget {
  static readonly OPEN = 1;
  static readonly all: Line[] = [];
  binaryType = "";
  readyState = 0;

  constructor(readonly url: string) {
    super();
    Line.all.push(this);
    setTimeout(() => {
      this.readyState = Line.OPEN;
      this.dispatchEvent(new Event("open"));
      this.dispatchEvent(new MessageEvent("message", { data: PING.buffer }));
    });
  }

  send(): void {}

  close(code = 1000): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code, reason: "restart" }));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Line);
  Line.all.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each([
  ["soonest", 0, 60_000],
  ["latest", 0.999, 60_000],
  ["soonest, after a connection that did not last", 0, 2_000],
])("whoever loses a connection comes back, the one who waits %s", async (_which, chance, lastsMs) => {
  vi.spyOn(Math, "random").mockReturnValue(chance);
  const socket = new Socket("ws://127.0.0.1/sync");
  socket.join(new HocuspocusProvider({ name: "акт", document: new Y.Doc(), websocketProvider: socket }));
  for (let times = 0; times < 3; times++) {
    await vi.advanceTimersByTimeAsync(lastsMs);
    const before = Line.all.length;
    Line.all.at(-1)?.close(1012);
    expect(socket.isOpen).toBe(false);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(Line.all.length).toBeGreaterThan(before);
    expect(socket.isOpen).toBe(true);
  }
  socket.destroy();
});
