import { describe, expect, it } from "vitest";
import { type Box, stack } from "./layout.ts";

const boxes = (...given: readonly (readonly [key: string, top: number, height: number])[]): Box[] =>
  given.map(([key, top, height]) => ({ key, top, height }));

describe("cards beside the text", () => {
  it("stand at the height of their places where there is room", () => {
    expect([...stack(boxes(["a", 10, 40], ["b", 100, 40]), 8, null)]).toEqual([
      ["a", 10],
      ["b", 100],
    ]);
  });

  it("are pushed down by those before them", () => {
    expect([...stack(boxes(["a", 10, 40], ["b", 20, 40], ["c", 120, 10]), 8, null).values()]).toEqual([10, 58, 120]);
  });

  it("make room for the chosen one, which stands exactly at its place", () => {
    const tops = stack(boxes(["a", 100, 40], ["b", 110, 40], ["c", 120, 40], ["d", 130, 40]), 8, "c");
    expect([...tops.values()]).toEqual([24, 72, 120, 168]);
  });

  it("never leave the column at its head", () => {
    const tops = stack(boxes(["a", 0, 40], ["b", 10, 40], ["c", 20, 40]), 8, "c");
    expect([...tops.values()]).toEqual([0, 48, 96]);
  });

  it("leave the column at its head for the chosen one where they may", () => {
    const tops = stack(boxes(["a", 0, 40], ["b", 10, 40], ["c", 20, 40], ["d", 30, 40]), 8, "c", true);
    expect([...tops.values()]).toEqual([-76, -28, 20, 68]);
  });

  it("never overlap and keep their order, whatever they are and whichever is chosen", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let trial = 0; trial < 500; trial++) {
      const given = Array.from(
        { length: 1 + random(12) },
        (_, key): Box => ({ key: `${key}`, top: random(900), height: 10 + random(200) }),
      );
      given.sort((a, b) => a.top - b.top);
      const tops = [...stack(given, 8, `${random(14)}`).values()];
      given.forEach(({ height }, index) => {
        expect(tops[index]).toBeGreaterThanOrEqual(0);
        if (index + 1 < given.length) expect(tops[index + 1]).toBeGreaterThanOrEqual((tops[index] as number) + height + 8);
      });
    }
  });
});
