import { describe, expect, it } from "vitest";
import {
  type ChangeKind,
  changesOf,
  folded,
  marksOf,
  neighbour,
  type PaperRow,
  type Row,
  type RowKind,
  shownRows,
  textOf,
  wordsOf,
} from "./model";

function row(id: string, kind: RowKind, words: Row["words"] = [["=", `текст ${id}`]]): Row {
  const end = { bid: id, label: `${id}.`, unit: "point" };
  return { id, number: kind === "same" ? null : 1, kind, unit: "point", place: "", left: end, right: end, words, group: null };
}

const rows = [..."абвгґд"].map((id) => row(id, "same"));
const nothing = new Set<ChangeKind>();
const shape = (pieces: ReturnType<typeof folded>) => pieces.map((piece) => (piece.type === "row" ? piece.row.id : `…${piece.rows.length}`));

describe("folding what did not change", () => {
  it("keeps one neighbour on each side of a change and folds the rest", () => {
    const all = [...rows, row("е", "replaced"), ...rows.map((each) => ({ ...each, id: `${each.id}2` }))];
    expect(shape(folded(all, nothing, new Set()))).toEqual(["…5", "д", "е", "а2", "…5"]);
  });

  it("shows a short run rather than a fold, and what the reader unfolded", () => {
    expect(shape(folded([row("е", "inserted"), ...rows.slice(0, 3)], nothing, new Set()))).toEqual(["е", "а", "б", "в"]);
    expect(shape(folded([row("е", "inserted"), ...rows], nothing, new Set(["б"])))).toEqual(["е", ..."абвгґд"]);
  });

  it("folds hidden kinds like unchanged text and loses no row", () => {
    const all = [...rows, row("е", "typographic"), ...rows.map((each) => ({ ...each, id: `${each.id}2` }))];
    const pieces = folded(all, new Set<ChangeKind>(["typographic"]), new Set());
    expect(shape(pieces)).toEqual(["…13"]);
    expect(changesOf(all, new Set<ChangeKind>(["typographic"]))).toEqual([]);
    expect(changesOf(all, nothing).map((each) => each.id)).toEqual(["е"]);
  });

  it("folds a whole text without changes and takes an empty one", () => {
    expect(shape(folded(rows, nothing, new Set()))).toEqual(["…6"]);
    expect(folded([], nothing, new Set())).toEqual([]);
  });
});

describe("rows of the table", () => {
  const paper = (id: string, heading: string, under = ""): PaperRow => ({
    number: 1,
    id,
    heading,
    under,
    kind: "replaced",
    old: { label: "", words: [] },
    new: { label: "", words: [] },
  });

  it("keep the heading of a row that is not shown, for the rows of the same provision only", () => {
    const all = [paper("а", "Стаття 1", "Стаття 1"), paper("б", "Стаття 1"), paper("в", "Пункт 2", "Пункт 2"), paper("г", "Пункт 3")];
    const seen = shownRows(all, (id) => id === "б" || id === "г");
    expect(seen.map(({ id, under }) => [id, under])).toEqual([
      ["б", "Стаття 1"],
      ["г", ""],
    ]);
    expect(shownRows(all, () => true).map(({ under }) => under)).toEqual(["Стаття 1", "", "Пункт 2", ""]);
  });
});

describe("words of one side", () => {
  const changed = row("є", "replaced", [
    ["=", "за "],
    ["-", "будинком"],
    ["+", "будівлею 🏡"],
    ["=", "."],
  ]);

  it("join to the text of that side", () => {
    expect(textOf(wordsOf(changed, "left"))).toBe("за будинком.");
    expect(textOf(wordsOf(changed, "right"))).toBe("за будівлею 🏡.");
  });
});

describe("going from change to change", () => {
  const changes = ["перша", "друга", "третя"].map((id) => row(id, "replaced"));

  it("begins at the near end and stops at the far one", () => {
    expect(neighbour(changes, null, 1)?.id).toBe("перша");
    expect(neighbour(changes, null, -1)?.id).toBe("третя");
    expect(neighbour(changes, "друга", 1)?.id).toBe("третя");
    expect(neighbour(changes, "третя", 1)).toBeUndefined();
    expect(neighbour([], null, 1)).toBeUndefined();
  });

  it("marks where they stand, near ones together", () => {
    const all = [...rows, row("е", "replaced"), row("є", "inserted"), ...rows];
    expect(marksOf(all, nothing, 0.2).map((mark) => mark.id)).toEqual(["е"]);
    expect(marksOf(all, nothing, 0).map((mark) => mark.id)).toEqual(["е", "є"]);
    expect(marksOf(all, nothing, 0)[0]?.at).toBeCloseTo(6 / 14, 1);
  });
});
