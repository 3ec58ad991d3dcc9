import { describe, expect, it } from "vitest";
import { visible } from "./visible.ts";

describe("R14: words shown to those who decide", () => {
  it("write out what would not be seen or would turn the line", () => {
    expect(visible("сума\u202e000\u200b1")).toBe("сума⟨U+202E⟩000⟨U+200B⟩1");
    expect(visible("зав\u00adтра\ue000")).toBe("зав⟨U+00AD⟩тра⟨U+E000⟩");
  });

  it("leave letters, accents and emoji as they are", () => {
    const text = "Ґанок, м’яч, й é 👩🏽‍⚖️ ❤️ 😀\u00a0№ 5";
    expect(visible(text)).toBe(text);
  });

  it("show what stands on a placeholder as a sign of its own", () => {
    expect(visible("згідно з \ufffc цього")).toBe("згідно з ▫ цього");
  });
});
