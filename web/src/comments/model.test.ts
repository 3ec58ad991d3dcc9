import { expect, test } from "vitest";
import { type Anchor, blocksOf, isTooMuch, quoteOf, type Stretch } from "./model.ts";

function passage(count: number, given: Partial<Stretch> = {}): Anchor {
  const stretch = (at: number): Stretch => ({
    bid: `о${at}`,
    text: [1, 0],
    ranges: [[1, 1, 4]],
    quote: "їжак",
    before: "",
    after: "",
    at,
    ...given,
  });
  return { kind: "passage", stretches: Array.from({ length: count }, (_, at) => stretch(at)) };
}

test("a passage names its blocks in order and ends each line of its quote with a stroke", () => {
  expect(blocksOf(passage(3))).toEqual(["о0", "о1", "о2"]);
  expect(quoteOf(passage(2))).toBe("їжак / їжак");
});

test.each([
  ["as many blocks as the server takes", passage(100), false],
  ["one block more", passage(101), true],
  ["as many letters as the server takes", passage(10, { quote: "ж".repeat(10_000) }), false],
  ["more letters", passage(11, { quote: "ж".repeat(10_000) }), true],
  ["more pieces than the server takes", passage(100, { ranges: Array.from({ length: 21 }, (_, at) => [at, 0, 1] as const) }), true],
])("%s", (_what, anchor, is) => {
  expect(isTooMuch(anchor)).toBe(is);
});
