import { describe, expect, it } from "vitest";
import type { Entry } from "./data";
import { byDay, changedLines, type Line, stopsOf } from "./timeline";

const entry = (seq: number, at: number, kind: Entry["kind"] = "session"): Entry => ({ seq, at, kind }) as Entry;
const line = (bid: string, text: string, label = ""): Line => ({ bid, kind: "paragraph", label, text });

describe("the timeline", () => {
  it("is put together by day in its order, also where a day comes again", () => {
    const days = byDay([entry(5, 30), entry(4, 21), entry(3, 20), entry(2, 10)], (at) => `день ${Math.floor(at / 10)}`);
    expect(days.map(({ day, entries }) => [day, entries.map(({ seq }) => seq)])).toEqual([
      ["день 3", [5]],
      ["день 2", [4, 3]],
      ["день 1", [2]],
    ]);
  });

  it("stops once at each place, the oldest first, and never before the first update", () => {
    expect(stopsOf([entry(9, 3, "revision"), entry(9, 3), entry(4, 2, "point"), entry(0, 1)])).toEqual([4, 9]);
  });
});

describe("lines that changed", () => {
  it("are those with another text or number, and new ones", () => {
    const before = [line("а", "Ґанок 🏡", "1."), line("б", "Без змін", "2."), line("в", "Зникне", "3.")];
    const now = [line("а", "Ґанок 🏡.", "1."), line("б", "Без змін", "3."), line("г", "Нове", "2.")];
    expect([...changedLines(before, now)]).toEqual(["а", "б", "г"]);
    expect(changedLines(now, now).size).toBe(0);
    expect(changedLines(null, now).size).toBe(0);
  });
});
