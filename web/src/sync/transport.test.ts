import { describe, expect, it } from "vitest";
import { WayChoice } from "./transport";

const FAILED = { hasSpoken: false, lastedMs: 0 };

describe("the way to the server", () => {
  it("is another at the first WebSocket that fails, and back again when requests fail too", () => {
    const choice = new WayChoice("websocket");
    expect(choice.ended(FAILED)).toBe(true);
    choice.turn();
    expect(choice.way).toBe("http");
    expect(choice.ended(FAILED)).toBe(true);
    choice.turn();
    expect(choice.way).toBe("websocket");
  });

  it("stays the same for one failure where WebSockets have worked: a server that restarts looks like that", () => {
    const choice = new WayChoice("websocket");
    choice.spoke();
    expect(choice.ended({ hasSpoken: true, lastedMs: 60_000 })).toBe(false);
    expect(choice.ended(FAILED)).toBe(false);
    expect(choice.ended(FAILED)).toBe(true);
  });

  it("is another when WebSockets break again and again, and WebSockets are then looked for later", () => {
    const choice = new WayChoice("websocket");
    for (const expected of [false, false, true]) {
      choice.spoke();
      expect(choice.ended({ hasSpoken: true, lastedMs: 3_000 })).toBe(expected);
    }
    choice.turn();
    expect(choice.nextLookMs()).toBe(300_000);
  });

  it("does not count breaks with a long connection in between", () => {
    const choice = new WayChoice("websocket");
    for (const lastedMs of [3_000, 3_000, 60_000, 3_000, 3_000]) {
      choice.spoke();
      expect(choice.ended({ hasSpoken: true, lastedMs })).toBe(false);
    }
  });

  it("looks for WebSockets less and less often", () => {
    const choice = new WayChoice("websocket");
    choice.ended(FAILED);
    choice.turn();
    const waits = Array.from({ length: 8 }, () => choice.nextLookMs());
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  });
});
