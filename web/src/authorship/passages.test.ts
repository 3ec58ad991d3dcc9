import { describe, expect, it } from "vitest";
import { type Page, Passages } from "./passages.ts";

const passage = (author: string, ids: number[][], suggestion = ""): Page["blocks"][number]["passages"][number] =>
  ({ length: 0, author, since: 1, at: 2, suggestion, initial: author === "server", ids }) as never;

const page: Page = {
  seq: 3,
  epoch: "e",
  next: null,
  blocks: [
    {
      bid: "u1",
      passages: [
        passage("server", [[1, 0, 10]]),
        passage("olena", [
          [7, 4, 3],
          [7, 20, 2],
        ] as never),
      ],
    },
    { bid: "u2", passages: [passage("ivan", [[7, 0, 4]], "s1")] },
  ],
  people: [
    { id: "olena", name: "Олена", body: "mvs" },
    { id: "ivan", name: "Іван", body: "mvs" },
  ],
  proposers: [{ suggestion: "s1", author: "rev", body: "minfin" }],
};

describe("who wrote a character", () => {
  const passages = new Passages([page]);

  it("is found by its id, wherever it stands", () => {
    expect(passages.find([1, 9])?.author).toBe("server");
    expect(passages.find([7, 3])?.author).toBe("ivan");
    expect(passages.find([7, 4])?.author).toBe("olena");
    expect(passages.find([7, 21])?.author).toBe("olena");
    expect(passages.find([7, 22])).toBeNull();
    expect(passages.find([7, 10])).toBeNull();
    expect(passages.find([9, 0])).toBeNull();
  });

  it("joins characters of one passage into a run and keeps new ones apart", () => {
    const ids = [
      [1, 0],
      [1, 1],
      [9, 0],
      [7, 4],
      [7, 20],
    ] as const;
    expect(passages.runs(ids).map(({ from, to, passage: found }) => [from, to, found?.author ?? null])).toEqual([
      [0, 2, "server"],
      [2, 3, null],
      [3, 5, "olena"],
    ]);
  });

  it("has the colour of the body that proposed, else of the one that wrote; the initial text has none", () => {
    const [imported, typed, accepted] = [passages.find([1, 0]), passages.find([7, 4]), passages.find([7, 0])];
    expect([imported, typed, accepted].map((one) => one && passages.bodyOf(one))).toEqual(["", "mvs", "minfin"]);
    expect(passages.bodies).toEqual(["minfin", "mvs"]);
  });
});
