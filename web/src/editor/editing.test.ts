import { CellSelection } from "prosemirror-tables";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { insertBreak, insertFootnote, moveUnits, setKind, setLabel, shiftUnits, splitUnit } from "./commands.ts";
import { mountEditor } from "./editor.ts";
import { findMatches, fold, replaceAll, setQuery } from "./find.ts";
import { readHtml, readPlain } from "./paste.ts";
import { schema } from "./schema.ts";
import { insertTable, mergeSelectedCells } from "./tables.ts";
import { type Drafter, Network, seed, type UnitSpec } from "./testing.ts";

function one(...units: UnitSpec[]): Drafter {
  return new Network(seed(units), 1).drafters[0] as Drafter;
}

describe("undo", () => {
  it("takes back only one's own edits and keeps ids", () => {
    const network = new Network(seed([["b0", "point", "перша друга"]]));
    const [a, b] = network.pair;
    a.type("b0", 6, "моє ");
    network.settle();
    b.type("b0", 0, "їхнє ");
    network.settle();
    a.undo.undo();
    network.settle();
    expect(a.read()).toEqual([["b0", "point", "їхнє перша друга"]]);
    a.undo.redo();
    network.settle();
    expect(b.read()).toEqual([["b0", "point", "їхнє перша моє друга"]]);
  });

  it("of a split and of a move restores the same unit ids", () => {
    const a = one(["b0", "point", "абвгде"], ["b1", "point", "друга"]);
    a.caret("b0", 3);
    a.run(splitUnit);
    a.undo.stopCapturing();
    a.caret("b1", 0);
    a.run(moveUnits(-1));
    a.undo.stopCapturing();
    a.undo.undo();
    a.undo.undo();
    expect(a.read()).toEqual([
      ["b0", "point", "абвгде"],
      ["b1", "point", "друга"],
    ]);
  });
});

describe("units", () => {
  it("kinds, levels and labels change as attributes: the text element stays the same", () => {
    const a = one(["b0", "paragraph", "текст 😀"]);
    const element = a.binding.blocks()[0];
    a.caret("b0", 2);
    a.run(setKind("subpoint"));
    a.run(shiftUnits(1));
    a.run(setLabel("b0", "12.10²"));
    expect(a.binding.blocks()[0]).toBe(element);
    expect(element?.getAttributes()).toEqual({ bid: "b0", kind: "subpoint", level: "2", label: "12.10²" });
  });

  it("a mark this bundle does not know is left in the text, and nothing is deleted (D2)", () => {
    const a = one(["b0", "point", "перша"]);
    const text = a.binding.blocks()[0]?.get(0) as Y.XmlText;
    text.format(0, 3, { unheard: { of: "it" } });
    a.type("b0", 5, " друга");
    expect(a.texts()).toEqual(["перша друга"]);
    expect(text.toDelta()[0]).toEqual({ insert: "пер", attributes: { unheard: { of: "it" } } });
  });

  it("breaks, footnotes and their anchors are marks over a placeholder", () => {
    const a = one(["b0", "point", "перша"]);
    a.caret("b0", 2);
    a.run(insertBreak);
    a.run(insertFootnote);
    expect(a.texts()[0]).toBe("пе\ufffc\ufffcрша");
    expect(a.read()[1]?.[1]).toBe("footnote");
    expect(a.binding.read().eq(a.view.state.doc)).toBe(true);
  });

  it("copies get new ids, what is cut and pasted keeps its own", () => {
    const a = one(["b0", "point", "перша"], ["b1", "point", "друга"]);
    const unit = a.view.state.doc.child(0);
    a.view.dispatch(a.view.state.tr.insert(a.view.state.doc.content.size, unit));
    const bids = a.read().map(([bid]) => bid);
    expect(bids.slice(0, 2)).toEqual(["b0", "b1"]);
    expect(new Set(bids).size).toBe(3);
    a.view.dispatch(a.view.state.tr.delete(0, unit.nodeSize));
    a.view.dispatch(a.view.state.tr.insert(0, unit));
    expect(a.read()[0]?.[0]).toBe("b0");
  });

  it("merging cells keeps the words of all of them", () => {
    const a = one(["b0", "point", "до"]);
    a.caret("b0", 2);
    a.run(insertTable(2, 2));
    const cells: number[] = [];
    a.view.state.doc.descendants((node, position) => {
      if (node.type === schema.nodes.cell) cells.push(position);
      return true;
    });
    for (const [index, text] of [
      [1, "два"],
      [0, "один"],
    ] as const)
      a.view.dispatch(a.view.state.tr.insertText(text, (cells[index] ?? 0) + 1));
    const { doc } = a.view.state;
    a.view.dispatch(a.view.state.tr.setSelection(CellSelection.create(doc, cells[0] ?? 0, (cells[1] ?? 0) + "один".length)));
    a.run(mergeSelectedCells);
    expect(a.read()[1]?.[1]).toBe("один\ufffcдва");
    expect(a.binding.read().eq(a.view.state.doc)).toBe(true);
  });
});

describe("find and replace", () => {
  it("folds apostrophes, № and case, and finds whole words", () => {
    expect(fold("Об’єкт № 5", false)).toBe("об'єкт N 5".toLowerCase());
    const a = one(["b0", "point", "Об’єкт, об'єкти і ОБ’ЄКТ"]);
    const query = { text: "об'єкт", matchCase: false, wholeWord: true };
    expect(findMatches(a.view.state.doc, query)).toHaveLength(2);
    expect(findMatches(a.view.state.doc, { ...query, wholeWord: false })).toHaveLength(3);
  });

  it("replaces every match without touching the words between them, in one step of undo", () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, seed([["b0", "point", "проект акта, проект рішення, проект закону"]]));
    const editor = mountEditor(document.body, { doc, scheme: "cabinet", locale: "uk", readOnly: false, label: "Текст" });
    const text = (doc.getXmlFragment("default").get(0) as Y.XmlElement).get(0) as Y.XmlText;
    const middle = Y.createRelativePositionFromTypeIndex(text, 16);
    setQuery(editor.view, { text: "проект", matchCase: true, wholeWord: false });
    expect(replaceAll(editor.view, "проєкт")).toBe(3);
    expect(text.toString()).toBe("проєкт акта, проєкт рішення, проєкт закону");
    expect(Y.createAbsolutePositionFromRelativePosition(middle, doc)?.index).toBeGreaterThan(0);
    editor.undo();
    expect(text.toString()).toBe("проект акта, проект рішення, проект закону");
    editor.destroy();
  });
});

describe("paste", () => {
  it("plain text becomes units with the labels they had", () => {
    const units = readPlain("Стаття 5. Назва\r\n1. Перша частина\n12.10² Особливий\nв) третій\n\nпросто абзац").content.content;
    expect(units.map((unit) => [unit.attrs.kind, unit.attrs.label, unit.textContent])).toEqual([
      ["article", "Стаття 5.", "Назва"],
      ["point", "1.", "Перша частина"],
      ["point", "12.10²", "Особливий"],
      ["subpoint", "в)", "третій"],
      ["paragraph", "", "просто абзац"],
    ]);
  });

  it("Word's HTML keeps every word, its list numbers and its marks, and nothing else", () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{}</style></head><body><!--StartFragment-->
      <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1)<span>&nbsp;&nbsp;</span></span><![endif]>перший <b>жирний</b> <o:p></o:p></p>
      <p class=MsoNormal>2&nbsp;000 <i>грн</i><script>alert(1)</script> <st1:place>Київ</st1:place><img src=x onerror=alert(1) alt="герб"></p>
      <table><tr><th>Назва</th><td colspan=2><p>один</p><p>два</p></td></tr></table><!--EndFragment--></body></html>`;
    const blocks = readHtml(html);
    expect(blocks.map((block) => [block.type.name, block.attrs.label ?? "", block.textContent])).toEqual([
      ["unit", "1)", "перший жирний"],
      ["unit", "", "2\u00a0000 грн Київгерб"],
      ["table", "", "Назваодин\ufffcдва"],
    ]);
    expect(blocks[0]?.child(1).marks[0]?.type.name).toBe("strong");
    expect(blocks[2]?.child(0).child(1).attrs.colspan).toBe(2);
  });
});

describe("what is typed at the head of a line", () => {
  /** Types into an editor that holds one unit, letter by letter, as the keyboard does. */
  function typed(kind: string, text: string): { kind: string; level: number; label: string; text: string } {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, seed([["b0", kind, ""]]));
    const editor = mountEditor(document.body.appendChild(document.createElement("div")), {
      doc,
      scheme: "cabinet",
      readOnly: false,
      locale: "uk",
      label: "Текст",
    });
    const { view } = editor;
    for (const sign of text) {
      const { from, to } = view.state.selection;
      const insert = () => view.state.tr.insertText(sign, from, to);
      if (!view.someProp("handleTextInput", (handle) => handle(view, from, to, sign, insert))) view.dispatch(insert());
    }
    const unit = view.state.doc.child(0);
    editor.destroy();
    return { kind: unit.attrs.kind, level: unit.attrs.level, label: unit.attrs.label, text: unit.textContent };
  }

  it.each([
    ["1. Затвердити", { kind: "point", level: 1, label: "auto", text: "Затвердити" }],
    ["12) ґрунт 😀", { kind: "subpoint", level: 1, label: "auto", text: "ґрунт 😀" }],
    ["є) її", { kind: "subpoint", level: 2, label: "auto", text: "її" }],
    ["– риска", { kind: "item", level: 1, label: "auto", text: "риска" }],
    ["2024 рік", { kind: "paragraph", level: 1, label: "", text: "2024 рік" }],
    ["слово 1. далі", { kind: "paragraph", level: 1, label: "", text: "слово 1. далі" }],
  ])("%s", (text, expected) => expect(typed("paragraph", text)).toEqual(expected));

  it("changes no unit but a plain paragraph", () => {
    expect(typed("preamble", "1. Так")).toEqual({ kind: "preamble", level: 1, label: "", text: "1. Так" });
  });
});
