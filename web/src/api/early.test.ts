import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startI18n } from "../i18n/i18n";
import { call } from "./client";
import { askEarly, dropEarly } from "./early";

const ME = "/api/v1/me";

function fetched() {
  let number = 0;
  const answers = vi.fn(async (_address: string, _options: RequestInit) => Response.json({ name: `answer ${++number}` }));
  vi.stubGlobal("fetch", answers);
  return answers;
}

describe("answers asked for early", () => {
  beforeAll(() => startI18n("uk"));
  beforeEach(() => {
    dropEarly();
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("are read by the first call that asks the same, and by no other", async () => {
    const answers = fetched();
    askEarly(ME);
    expect(await call("read_me", {})).toEqual({ name: "answer 1" });
    expect(answers).toHaveBeenCalledTimes(1);
    expect(await call("read_me", {})).toEqual({ name: "answer 2" });
  });

  it("are asked for in the language of the page, and are never taken from a cache", () => {
    const answers = fetched();
    askEarly(ME);
    const options = answers.mock.calls[0]?.[1];
    expect(new Headers(options?.headers).get("accept-language")).toBe("uk");
    expect(options?.cache).toBe("no-store");
  });

  it("say nothing once they are old", async () => {
    fetched();
    askEarly(ME);
    vi.advanceTimersByTime(10_000);
    expect(await call("read_me", {})).toEqual({ name: "answer 2" });
  });

  it("say nothing once something is changed: somebody may have signed in since", async () => {
    fetched();
    askEarly(ME);
    await call("sign_in", { body: { demo: "drafter-mvs" } });
    expect(await call("read_me", {})).toEqual({ name: "answer 3" });
  });

  it("that never came leave the call to say so, and the next to ask", async () => {
    const answers = fetched();
    answers.mockRejectedValueOnce(new TypeError("no network"));
    askEarly(ME);
    await expect(call("read_me", {})).rejects.toThrow();
    expect(await call("read_me", {})).toEqual({ name: "answer 1" });
  });
});
