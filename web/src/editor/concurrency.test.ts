import { CellSelection } from "prosemirror-tables";
import { describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { joinBackward, moveUnits, setKind, splitUnit } from "./commands.ts";
import { createElement } from "./elements.ts";
import { schema } from "./schema.ts";
import { addColumnAfter, deleteColumn, mergeSelectedCells } from "./tables.ts";
import { type Drafter, Network, seed } from "./testing.ts";

const TEXT = "Стаття перша набирає чинності 😀 негайно";

function open(...texts: string[]): Network {
  return new Network(seed(texts.map((text, index) => [`b${index}`, "point", text])));
}

function same(network: Network): string[][] {
  const [a, b] = network.pair;
  expect(a.read()).toEqual(b.read());
  const bids = a.view.state.doc.children.map((node) => node.attrs.bid);
  expect(new Set(bids).size).toBe(bids.length);
  for (const one of network.drafters) expect(one.binding.read().eq(one.view.state.doc)).toBe(true);
  return a.read();
}

function split(drafter: Drafter, bid: string, offset: number): void {
  drafter.caret(bid, offset);
  expect(drafter.run(splitUnit)).toBe(true);
}

/** Both orders in which the two editors can hear of each other. */
const ORDERS: [string, (network: Network) => void][] = [
  ["first then second", (network) => network.settle()],
  ["second then first", (network) => network.settle([...network.drafters].reverse())],
];

describe.each(ORDERS)("two drafters at once, heard %s", (_name, settle) => {
  it("type in one paragraph: every character once, between its neighbours", () => {
    const network = open(TEXT);
    const [a, b] = network.pair;
    a.type("b0", 6, "-АБВ");
    b.type("b0", 12, "-где");
    settle(network);
    expect(same(network)).toEqual([["b0", "point", "Стаття-АБВ перша-где набирає чинності 😀 негайно"]]);
  });

  it.each([
    ["move", (a: Drafter) => a.caret("b1", 0), moveUnits(-1), "b1", 12],
    ["join", (a: Drafter) => a.caret("b1", 0), joinBackward, "b0", 5 + 12],
    ["split", (a: Drafter) => a.caret("b1", 8), splitUnit, "", 12 - 8],
  ] as const)("%s, and typing goes on at the caret", (_what, put, command, bid, place) => {
    const network = new Network(
      seed([
        ["b0", "paragraph", "вступ"],
        ["b1", "paragraph", "Стаття перша набирає"],
      ]),
    );
    const [a, b] = network.pair;
    b.caret("b1", 12);
    b.typeOn(" не");
    settle(network);
    put(a);
    a.run(command);
    b.typeOn("га😀");
    settle(network);
    b.typeOn("йно ґ");
    settle(network);
    const units = same(network);
    const holder = units.find(([id]) => id === bid) ?? units.at(-1);
    expect(holder?.[2]?.slice(place, place + 12)).toBe(" нега😀йно ґ");
    expect(units.map(([, , text]) => text).join("")).toHaveLength(5 + 20 + 12);
  });

  it("change a kind and type", () => {
    const network = open(TEXT);
    const [a, b] = network.pair;
    a.caret("b0", 3);
    a.run(setKind("article"));
    b.type("b0", 6, "!");
    settle(network);
    expect(same(network)).toEqual([["b0", "article", "Стаття! перша набирає чинності 😀 негайно"]]);
  });

  it.each([
    ["in the tail", 20, 1, "ст-!!аття"],
    ["at the end of the tail", TEXT.length, 1, ""],
  ])("split and type %s: the words follow the tail", (_where, offset) => {
    const network = open(TEXT, "друга");
    const [a, b] = network.pair;
    split(a, "b0", 12);
    b.type("b0", offset, "[яЇ😀]");
    settle(network);
    const [first, second] = same(network);
    expect(first?.[2]).toBe(TEXT.slice(0, 12));
    expect(second?.[2]).toBe(`${TEXT.slice(12, offset)}[яЇ😀]${TEXT.slice(offset)}`);
  });

  it("split and type in the head, and at the very point of the split", () => {
    const network = open(TEXT);
    const [a, b] = network.pair;
    split(a, "b0", 12);
    b.type("b0", 3, "<x>");
    b.type("b0", 15, "<y>");
    settle(network);
    const [first, second] = same(network);
    expect(first?.[2]).toBe("Ста<x>ття перша<y>");
    expect(second?.[2]).toBe(TEXT.slice(12));
  });

  it("split at the head of a unit and type in it: the unit keeps its id and its words", () => {
    const network = open(TEXT);
    const [a, b] = network.pair;
    split(a, "b0", 0);
    b.type("b0", 6, "!");
    settle(network);
    const [first, second] = same(network);
    expect(first?.[2]).toBe("");
    expect(second).toEqual(["b0", "point", "Стаття! перша набирає чинності 😀 негайно"]);
  });

  it("split and go on typing in the tail before hearing of it", () => {
    const network = open("абвгде");
    const [a, b] = network.pair;
    split(a, "b0", 3);
    b.type("b0", 4, "1");
    b.type("b0", 5, "2");
    settle(network);
    b.type("b0", 3, "кінець");
    settle(network);
    const [first, second] = same(network);
    expect(first?.[2]).toBe("абвкінець");
    expect(second?.[2]).toBe("г12де");
  });

  it("join and type in the unit that is joined", () => {
    const network = open("перша ", "друга частина");
    const [a, b] = network.pair;
    a.caret("b1", 0);
    a.run(joinBackward);
    b.type("b1", 5, "-нова");
    b.type("b1", 0, ">");
    settle(network);
    expect(same(network)).toEqual([["b0", "point", "перша >друга-нова частина"]]);
  });

  it("move a unit and type in it", () => {
    const network = open("короткий", "це набагато довший пункт", "третій");
    const [a, b] = network.pair;
    a.caret("b0", 2);
    a.run(moveUnits(1));
    b.type("b0", 4, "[ї]");
    b.type("b0", 11, "кінець");
    settle(network);
    expect(same(network)).toEqual([
      ["b1", "point", "це набагато довший пункт"],
      ["b0", "point", "коро[ї]ткийкінець"],
      ["b2", "point", "третій"],
    ]);
  });

  it("move the same unit to two places: nothing is lost and ids stay unique", () => {
    const network = open("a", "переміщений", "це набагато довший пункт один", "це набагато довший пункт два", "e");
    const [a, b] = network.pair;
    a.caret("b1", 0);
    a.run(moveUnits(1));
    b.caret("b1", 0);
    b.run(moveUnits(1));
    b.run(moveUnits(1));
    settle(network);
    const copies = same(network).filter((row) => row[2] === "переміщений");
    expect(copies).toHaveLength(2);
    expect(copies[0]?.[0]).toBe("b1");
    expect(copies[1]?.[0]).toMatch(/^[0-9a-z-]+$/);
    for (const one of network.drafters)
      expect([...one.duplicates]).toEqual([["b1", { kept: "b1", renamed: copies[1]?.[0], text: "переміщений" }]]);
  });

  it("split the same unit at two places: every word stands once, in its order", () => {
    for (const [first, second] of [
      [5, 9],
      [9, 5],
      [5, 5],
    ] as const) {
      const network = open("один два три чотири п'ять");
      const [a, b] = network.pair;
      split(a, "b0", first);
      split(b, "b0", second);
      settle(network);
      const texts = same(network).map((row) => row[2] ?? "");
      expect(texts.join("")).toBe("один два три чотири п'ять");
      expect(texts[0]).toBe("один ");
      expect(texts).not.toContain("");
      expect([...a.doubles.values(), ...b.doubles.values()]).toEqual([]);
    }
  });

  it("join the same units: the words stand once", () => {
    const network = open("перша ", "друга", "третя");
    const [a, b] = network.pair;
    for (const one of [a, b]) {
      one.caret("b1", 0);
      one.run(joinBackward);
    }
    settle(network);
    expect(same(network).map((row) => row[2])).toEqual(["перша друга", "третя"]);
    expect([...a.doubles.values(), ...b.doubles.values()]).toEqual([]);
  });

  it("split a unit that somebody joins to the one before: the words stand once", () => {
    const network = open("перша ", "друга третя");
    const [a, b] = network.pair;
    split(a, "b1", 6);
    b.caret("b1", 0);
    b.run(joinBackward);
    settle(network);
    const texts = same(network).map((row) => row[2] ?? "");
    expect(texts.join("")).toBe("перша друга третя");
  });

  it("split the same unit, and both go on typing before they hear of each other: no word is lost, no word of a copy stands twice", () => {
    const network = open("один два три");
    const [a, b] = network.pair;
    split(a, "b0", 5);
    split(b, "b0", 5);
    a.typeOn("[а]");
    b.typeOn("[б]");
    settle(network);
    const text = same(network)
      .map((row) => row[2])
      .join("");
    for (const typed of ["[а]", "[б]"]) expect(text.split(typed)).toHaveLength(2);
    const told = [...a.doubles.values(), ...b.doubles.values()].length > 0;
    if (!told) expect(text.split("два три")).toHaveLength(2);
  });

  it("three split the same unit at once", () => {
    const network = new Network(seed([["b0", "point", "один два три"]]), 3);
    for (const one of network.drafters) split(one, "b0", 5);
    settle(network);
    expect(same(network).map((row) => row[2])).toEqual(["один ", "два три"]);
  });

  it("delete a unit and type in it: the words are shown, not lost", () => {
    const network = open("перша", "друга");
    const [a, b] = network.pair;
    a.view.dispatch(a.view.state.tr.delete(a.at("b1", 0) - 1, a.at("b1", 5) + 1));
    b.type("b1", 5, " важливі слова");
    settle(network);
    same(network);
    expect([...a.displaced.values()]).toEqual([" важливі слова"]);
    expect([...b.displaced.values()]).toEqual([" важливі слова"]);
  });

  it("one undoes a split while the other types in the second half", () => {
    const network = open("абвгде");
    const [a, b] = network.pair;
    split(a, "b0", 3);
    network.settle();
    const bid = a.view.state.doc.child(1).attrs.bid as string;
    b.type(bid, 1, "[x]");
    a.undo.undo();
    settle(network);
    expect(
      same(network)
        .map((row) => row[2])
        .join(""),
    ).toBe("абвг[x]де");
  });
});

describe("tables, two drafters at once", () => {
  function table(): Network {
    return new Network(
      seed([["b0", "point", "до"]], (root: Y.XmlFragment) => {
        const rows = ["r0", "r1", "r2"].map((bid) =>
          schema.node(
            "row",
            { bid },
            ["x", "y"].map((name) => schema.node("cell", { bid: bid + name }, [schema.text(`${bid}${name}`)])),
          ),
        );
        root.insert(1, [createElement(schema.node("table", { bid: "t" }, rows))]);
      }),
    );
  }

  it("a row is deleted while a cell of it is typed in: the words are shown", () => {
    const network = table();
    const [a, b] = network.pair;
    const start = a.at("r1x", 0) - 2;
    a.view.dispatch(a.view.state.tr.delete(start, start + (a.view.state.doc.nodeAt(start)?.nodeSize ?? 0)));
    b.type("r1y", 3, "-нове");
    network.settle();
    expect(same(network)[1]).toEqual(["t", "r0x|r0y", "r2x|r2y"]);
    expect([...a.displaced.values()]).toEqual(["-нове"]);
    expect([...b.displaced.values()]).toEqual(["-нове"]);
  });

  /** The texts of all cells, in order. */
  function cells(drafter: Drafter): string[] {
    const found: string[] = [];
    drafter.view.state.doc.descendants((node) => {
      if (node.type === schema.nodes.cell) found.push(node.textContent);
      return true;
    });
    return found;
  }

  it("cells are merged while one of them is typed in: every word stays, once", () => {
    const network = table();
    const [a, b] = network.pair;
    const { doc } = a.view.state;
    a.view.dispatch(a.view.state.tr.setSelection(CellSelection.create(doc, a.at("r1x", 0) - 1, a.at("r1y", 0) - 1)));
    expect(a.run(mergeSelectedCells)).toBe(true);
    b.type("r1y", 3, "-ґ😀");
    b.type("r1x", 3, "-її");
    network.settle();
    same(network);
    const kept = [...cells(a), ...a.displaced.values()].join(" ");
    for (const word of ["r1x", "-її", "r1y", "-ґ😀"]) expect(kept.split(word)).toHaveLength(2);
  });

  it("a column is added while the cells beside it are typed in", () => {
    const network = table();
    const [a, b] = network.pair;
    a.caret("r1x", 1);
    expect(a.run(addColumnAfter)).toBe(true);
    b.type("r1x", 3, "-перше");
    b.type("r2y", 0, "друге-");
    network.settle();
    same(network);
    expect(cells(a)).toEqual(["r0x", "", "r0y", "r1x-перше", "", "r1y", "r2x", "", "друге-r2y"]);
  });

  it("both add a column at once: every row has both", () => {
    const network = table();
    const [a, b] = network.pair;
    for (const one of [a, b]) {
      one.caret("r0y", 1);
      expect(one.run(addColumnAfter)).toBe(true);
    }
    network.settle();
    same(network);
    expect(cells(a)).toEqual(["r0x", "r0y", "", "", "r1x", "r1y", "", "", "r2x", "r2y", "", ""]);
  });

  it("a column is deleted while a cell of it is typed in: the words are shown", () => {
    const network = table();
    const [a, b] = network.pair;
    a.caret("r1y", 1);
    expect(a.run(deleteColumn)).toBe(true);
    b.type("r1y", 3, "-нове 😀");
    network.settle();
    same(network);
    expect(cells(b)).toEqual(["r0x", "r1x", "r2x"]);
    for (const one of [a, b]) expect([...one.displaced.values()]).toEqual(["-нове 😀"]);
  });
});
