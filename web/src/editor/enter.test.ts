import { TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { splitUnit } from "./commands.ts";
import { createElement } from "./elements.ts";
import { schema } from "./schema.ts";
import { Network, seed } from "./testing.ts";

const table = schema.node("table", { bid: "t" }, [
  schema.node("row", { bid: "r" }, [schema.node("cell", { bid: "c" }, schema.text("в клітинці"))]),
]);

const start = seed(
  [
    ["b0", "article", "перша 😀"],
    ["b1", "point", ""],
    ["b2", "point", "друга"],
    ["b3", "subpoint", "третя"],
  ],
  (root) => root.insert(2, [createElement(table)]),
);

describe("Enter", () => {
  it("over any selection from unit to unit leaves the words around it in two units, and no error", () => {
    const [drafter] = new Network(start, 1).drafters;
    if (drafter === undefined) throw new Error("no drafter");
    const { state } = drafter.view;
    const places: number[] = [];
    state.doc.descendants((node, position) => {
      if (node.type === schema.nodes.table) return false;
      if (node.isTextblock) for (let offset = 0; offset <= node.content.size; offset++) places.push(position + 1 + offset);
      return true;
    });
    for (const from of places) {
      for (const to of places.filter((place) => place >= from)) {
        const chosen = state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
        let after = chosen.doc;
        expect(
          splitUnit(chosen, (tr) => (after = tr.doc)),
          `${from}-${to}`,
        ).toBe(true);
        const { $from, $to } = chosen.selection;
        const kept = state.doc.textBetween(0, from, "|", "|") + state.doc.textBetween(to, state.doc.content.size, "|", "|");
        expect(after.textContent, `${from}-${to}`).toBe(kept.replaceAll("|", ""));
        const passed = $to.index(0) - $from.index(0);
        expect(after.childCount, `${from}-${to}`).toBe(state.doc.childCount - passed + 1);
        after.check();
      }
    }
  });
});
