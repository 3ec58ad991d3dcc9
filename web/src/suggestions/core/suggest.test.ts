import { baseKeymap, chainCommands, deleteSelection } from "prosemirror-commands";
import { Fragment, Slice } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { joinBackward, joinForward, moveUnits, setKind, splitUnit } from "../../editor/commands.ts";
import { createElement } from "../../editor/elements.ts";
import { readPlain } from "../../editor/paste.ts";
import { schema } from "../../editor/schema.ts";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, insertTable } from "../../editor/tables.ts";
import { seed } from "../../editor/testing.ts";
import { TestReviewer } from "./testing.ts";
import { sameView } from "./view.ts";

const ROWS = [
  ["Вид", "Строк"],
  ["ліцензія 😀", "п'ять років"],
];

function start(): { base: Y.Doc; one: TestReviewer; state: string } {
  const base = new Y.Doc();
  const table = schema.node(
    "table",
    { bid: "t1" },
    ROWS.map((row, r) =>
      schema.node(
        "row",
        { bid: `r${r}` },
        row.map((text, c) => schema.node("cell", { bid: `c${r}${c}` }, schema.text(text))),
      ),
    ),
  );
  Y.applyUpdate(
    base,
    seed(
      [
        ["a", "article", "Уряд затверджує порядок."],
        ["p1", "point", "перший пункт, що діє"],
        ["p2", "point", "другий пункт 😀 з e\u0301 знаком"],
        ["p3", "subpoint", "третій"],
      ],
      (root) => root.insert(2, [createElement(table)]),
    ),
  );
  return { base, one: new TestReviewer(base), state: text(base) };
}

function text(base: Y.Doc): string {
  return base.getXmlFragment("default").toString();
}

/** The records alone give the same view again, and the text is untouched. */
function check({ base, one, state }: ReturnType<typeof start>): void {
  expect(text(base)).toBe(state);
  const again = new TestReviewer(base, [...one.sent.values()]);
  expect(again.read()).toEqual(one.read());
  again.state.doc.children.forEach((node, index) => {
    expect(sameView(one.review.base, node, one.state.doc.child(index))).toBe(true);
  });
  expect(again.review.orphans()).toEqual([]);
}

function kinds(one: TestReviewer): string[] {
  return [...one.sent.values()].map(({ kind }) => kind).sort();
}

const backspace = chainCommands(deleteSelection, joinBackward, baseKeymap.Backspace as never);

describe("typing in suggesting mode", () => {
  it.each([
    ["its last letter", "затверджує", "є", "є обов'язковим"],
    ["its first letter", "порядок", "п", "перелік"],
  ])("replaces a selection by a word that begins with %s, as one proposal", (_which, old, letter, word) => {
    const game = start();
    const { one } = game;
    const at = "Уряд затверджує порядок.".indexOf(old);
    one.select(at + 1, at + 1 + old.length);
    one.dispatch(one.state.tr.insertText(letter));
    one.type(word.slice(1));
    expect(one.read()[0]).toBe("Уряд затверджує порядок.".replace(old, `[-${old}-]{+${word}+}`));
    expect(kinds(one)).toEqual(["text"]);
    check(game);
  });

  it("keeps what a corrected paste over a selection leaves as it was", () => {
    const game = start();
    const { one } = game;
    one.select(1, 1 + "Уряд затверджує порядок.".length);
    one.dispatch(one.state.tr.insertText("Уряд затверджує перелік."));
    expect(one.read()[0]).toBe("Уряд затверджує п[-орядо-]{+ерелі+}к.");
    check(game);
  });

  it("marks what is typed and keeps one record while a word grows", () => {
    const game = start();
    game.one.caret("p1", 6);
    game.one.type(" новий 😀");
    expect(game.one.read()[1]).toBe("перший{+ новий 😀+} пункт, що діє");
    expect(kinds(game.one)).toEqual(["text"]);
    check(game);
  });

  it("marks what is deleted, backwards and forwards, and the caret goes on", () => {
    const game = start();
    game.one.caret("p1", 6);
    game.one.backspace(2);
    expect(game.one.read()[1]).toBe("перш[-ий-] пункт, що діє");
    expect(game.one.state.selection.head).toBe(game.one.at("p1", 4));
    game.one.dispatch(game.one.state.tr.delete(game.one.at("p1", 4), game.one.at("p1", 5)));
    check(game);
  });

  it("deletes own words for good", () => {
    const game = start();
    game.one.caret("p2", 3);
    game.one.type("абв");
    game.one.backspace(3);
    expect(game.one.sent.size).toBe(0);
    check(game);
  });

  it("types over a selection: one record with both", () => {
    const game = start();
    game.one.select(game.one.at("p1", 0), game.one.at("p1", 6));
    game.one.type("інший");
    expect(game.one.read()[1]).toBe("[-перший-]{+інший+} пункт, що діє");
    expect(kinds(game.one)).toEqual(["text"]);
    check(game);
  });

  it("deletes across units: ends marked, units between deleted, the last one joined", () => {
    const game = start();
    game.one.select(game.one.at("a", 5), game.one.at("p2", 7));
    game.one.run(backspace);
    expect(game.one.read().slice(0, 4)).toEqual([
      "Уряд [-затверджує порядок.-]",
      "delete: перший пункт, що діє",
      "delete: [Вид | Строк / ліцензія 😀 | п'ять років]",
      "join: [-другий -]пункт 😀 з e\u0301 знаком",
    ]);
    expect(new Set([...game.one.sent.values()].map(({ group }) => group)).size).toBe(1);
    check(game);
  });

  it("splits, types on both sides, and joins again to nothing", () => {
    const game = start();
    game.one.caret("p1", 6);
    game.one.type("ліво");
    game.one.run(splitUnit);
    game.one.type("право");
    expect(game.one.read().slice(1, 3)).toEqual(["перший{+ліво+}", "{+право+} пункт, що діє"]);
    expect(kinds(game.one)).toEqual(["split", "text", "text"]);
    check(game);
    game.one.backspace(5);
    game.one.dispatch(game.one.state.tr.setNodeAttribute(game.one.state.selection.$head.before(1), "label", ""));
    game.one.run(joinBackward);
    expect(kinds(game.one)).toEqual(["text"]);
    check(game);
  });

  it("adds units at the end of one and splits twice in the middle", () => {
    const game = start();
    game.one.caret("p3", 6);
    game.one.run(splitUnit);
    game.one.type("четвертий");
    game.one.run(splitUnit);
    game.one.type("п'ятий");
    expect(kinds(game.one)).toEqual(["unit_insert"]);
    game.one.caret("p2", 6);
    game.one.run(splitUnit);
    game.one.run(splitUnit);
    game.one.type("між");
    check(game);
  });

  it("pastes several units into the middle of one and over a selection", () => {
    const game = start();
    game.one.caret("p1", 6);
    game.one.dispatch(game.one.state.tr.replaceSelection(readPlain("раз\nдва\n3. три")).setMeta("paste", true));
    check(game);
    game.one.select(game.one.at("a", 2), game.one.at("p3", 2));
    game.one.dispatch(game.one.state.tr.replaceSelection(readPlain("чотири\nп'ять")).setMeta("paste", true));
    expect(game.one.problems).toEqual([]);
    check(game);
  });

  it("changes kind, formats, moves, joins forward", () => {
    const game = start();
    game.one.caret("p1", 2);
    game.one.run(setKind("subpoint"));
    game.one.dispatch(game.one.state.tr.addMark(game.one.at("p1", 0), game.one.at("p1", 6), schema.mark("strong")));
    expect(kinds(game.one)).toEqual(["format", "unit_attributes"]);
    game.one.caret("p3", 1);
    game.one.run(moveUnits(-1));
    expect(kinds(game.one)).toEqual(["format", "move", "unit_attributes"]);
    game.one.caret("a", 24);
    game.one.run(joinForward);
    expect(kinds(game.one)).toEqual(["format", "join", "move", "unit_attributes"]);
    check(game);
    game.one.caret("p3", 1);
    game.one.run(moveUnits(1));
    expect(kinds(game.one)).toEqual(["format", "join", "unit_attributes"]);
    check(game);
  });

  it("deletes a whole unit and puts an own one before the first", () => {
    const game = start();
    game.one.dispatch(game.one.state.tr.delete(game.one.at("p2", -1), game.one.at("p2", -1) + 2 + 28));
    expect(kinds(game.one)).toEqual(["unit_delete"]);
    game.one.dispatch(game.one.state.tr.insert(0, schema.node("unit", { bid: "" }, schema.text("Преамбула"))));
    expect(kinds(game.one)).toEqual(["unit_delete", "unit_insert"]);
    check(game);
  });
});

describe("tables in suggesting mode", () => {
  it("types and deletes in a cell", () => {
    const game = start();
    game.one.caret("c11", 6);
    game.one.type("надцять");
    game.one.caret("c10", 3);
    game.one.backspace(2);
    expect(game.one.read()[2]).toBe("[Вид | Строк / л[-іц-]ензія 😀 | п'ять {+надцять+}років]");
    check(game);
  });

  it("adds and deletes rows and columns", () => {
    const game = start();
    game.one.caret("c11", 1);
    game.one.run(addRowAfter);
    expect(kinds(game.one)).toEqual(["row_insert"]);
    check(game);
    game.one.run(addColumnAfter);
    expect(kinds(game.one)).toEqual(["column_insert", "row_insert"]);
    check(game);
    game.one.caret("c00", 1);
    game.one.run(deleteRow);
    game.one.run(deleteColumn);
    expect(kinds(game.one)).toEqual(["column_delete", "column_insert", "row_delete", "row_insert"]);
    check(game);
    expect(game.one.problems).toEqual([]);
  });

  it("takes back what no record can say, and says so", () => {
    const game = start();
    const before = game.one.read();
    game.one.dispatch(game.one.state.tr.delete(game.one.at("c00", -1), game.one.at("c01", -1)));
    expect(game.one.problems).toEqual(["table"]);
    expect(game.one.read()).toEqual(before);
    check(game);
  });

  it("inserts a table", () => {
    const game = start();
    game.one.caret("p3", 6);
    game.one.run(insertTable(2, 2));
    game.one.type("клітинка");
    expect(kinds(game.one)).toEqual(["unit_insert"]);
    check(game);
  });
});

describe("input methods and phone keyboards", () => {
  it("become a proposal when the composition is done; words written again as they were stay", () => {
    const game = start();
    game.one.caret("p1", 6);
    const rewrite = (from: number, to: number, text: string) => {
      const slice = new Slice(Fragment.from(schema.text(text)), 0, 0);
      game.one.dispatch(game.one.state.tr.replace(game.one.at("p1", from), game.one.at("p1", to), slice).setMeta("composition", 1));
    };
    rewrite(0, 6, "першию");
    expect(game.one.sent.size).toBe(0);
    rewrite(0, 6, "першими");
    game.base.getXmlFragment("default").get(0);
    game.one.flush();
    expect(game.one.read()[1]).toBe("перши[-й-]{+ми+} пункт, що діє");
    check(game);
  });
});
