import { describe, expect, it } from "vitest";
import { type Callable, complete, find, queryAt, wordsOf } from "./mention.ts";

const people = ["Олена Ткач", "Марʼяна Їжак", "Іван Отченаш"].map(
  (name, index): Callable => ({ kind: "people", id: `p${index}`, name, note: "МВС", hue: 0 }),
);
const minfin: Callable = { kind: "bodies", id: "minfin", name: "Мінфін", note: "Міністерство фінансів", hue: 1 };
const all = [...people, minfin];

describe("calling somebody by name", () => {
  it("begins with @ after a space, a bracket or at the beginning, and not within an address", () => {
    expect(queryAt("Прошу @Тк", 9)).toEqual({ at: 6, text: "Тк" });
    expect(queryAt("@", 1)).toEqual({ at: 0, text: "" });
    expect(queryAt("олена@mvs", 9)).toBeNull();
    expect(queryAt("(@мін", 5)).toEqual({ at: 1, text: "мін" });
  });

  it("finds people by any word of the name, with any apostrophe, and bodies by their full name", () => {
    expect(find(all, "ткач").map(({ id }) => id)).toEqual(["p0"]);
    expect(find(all, "мар'я").map(({ id }) => id)).toEqual(["p1"]);
    expect(find(all, "фінансів").map(({ id }) => id)).toEqual(["minfin"]);
    expect(find(all, "")).toHaveLength(4);
    expect(find(all, "зз")).toEqual([]);
  });

  it("puts the name in place of what was asked", () => {
    const text = "Прошу @Тк глянути 😀";
    const done = complete(text, { at: 6, text: "Тк" }, people[0] as Callable);
    expect(done).toEqual({ text: "Прошу @Олена Ткач глянути 😀", caret: 18 });
  });

  it("calls only those whose name still stands there", () => {
    expect(wordsOf(" @Олена Ткач і @Мінфін ", all).mentions).toEqual({ people: ["p0"], bodies: ["minfin"] });
    expect(wordsOf("Олена Ткач", all).mentions).toEqual({ people: [], bodies: [] });
  });
});
