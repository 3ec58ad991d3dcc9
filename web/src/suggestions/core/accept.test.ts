import { describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { setKind, splitUnit } from "../../editor/commands.ts";
import { createElement } from "../../editor/elements.ts";
import { schema } from "../../editor/schema.ts";
import { addColumnAfter, addRowAfter, deleteColumn } from "../../editor/tables.ts";
import { seed } from "../../editor/testing.ts";
import { Acceptor } from "./accept.ts";
import type { Proposal } from "./record.ts";
import { TestDrafter, TestReviewer } from "./testing.ts";

function open(extra: (root: Y.XmlFragment) => void = () => {}): { drafter: TestDrafter; reviewer: TestReviewer; acceptor: Acceptor } {
  const start = seed(
    [
      ["a", "article", "Уряд затверджує порядок."],
      ["p1", "point", "перший пункт, що діє"],
      ["p2", "point", "другий пункт 😀 тут"],
    ],
    extra,
  );
  const drafter = new TestDrafter(100, start);
  return { drafter, reviewer: new TestReviewer(drafter.doc), acceptor: new Acceptor(drafter.doc) };
}

function claim(records: Iterable<Proposal>): { proposal: Proposal; version: number }[] {
  return [...records].map((proposal) => ({ proposal, version: 1 }));
}

function texts(drafter: TestDrafter): string[] {
  return drafter.state.doc.children.map((node) => node.textContent);
}

/** What the reviewer wants: without deleted words, with split and joined units. */
function wanted(reviewer: TestReviewer): string[] {
  const lines: string[] = [];
  for (const node of reviewer.state.doc.children) {
    if (node.attrs.sug === "delete") continue;
    const text = node.children
      .filter((child) => !child.marks.some(({ type }) => type.name === "deletion"))
      .map((child) => child.text)
      .join("");
    if (node.attrs.sug === "join") lines.push((lines.pop() ?? "") + text);
    else lines.push(text);
  }
  return lines;
}

describe("a drafter accepts", () => {
  it("a replacement, a split with words on both sides and a cross-unit deletion, all at once, and undoes them", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.select(reviewer.at("p1", 0), reviewer.at("p1", 6));
    reviewer.type("інший");
    reviewer.run(splitUnit);
    reviewer.type("право 😀");
    reviewer.select(reviewer.at("a", 5), reviewer.at("p1", 2));
    reviewer.dispatch(reviewer.state.tr.deleteSelection());
    const before = texts(drafter);
    const outcomes = acceptor.accept(claim(reviewer.sent.values()));
    expect(new Set(outcomes.values())).toEqual(new Set(["clean"]));
    expect(texts(drafter)).toEqual(wanted(reviewer));
    const resolutions = drafter.doc.getMap<{ a: string }>("resolutions");
    expect([...resolutions.keys()].sort()).toEqual([...reviewer.sent.keys()].sort());
    expect(acceptor.undo()).toHaveLength(reviewer.sent.size);
    expect(texts(drafter)).toEqual(before);
    expect([...resolutions.values()].every(({ a }) => a === "reopen")).toBe(true);
  });

  it("in one Yjs update with the entry, and a second acceptance of the same record inserts nothing", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.caret("p1", 6);
    reviewer.type(" новий");
    const updates: Uint8Array[] = [];
    drafter.doc.on("update", (update) => updates.push(update));
    const claimed = claim(reviewer.sent.values());
    acceptor.accept(claimed);
    acceptor.accept(claimed);
    expect(updates).toHaveLength(1);
    expect(texts(drafter)[1]).toBe("перший новий пункт, що діє");
  });

  it("nothing of a record whose words are partly gone, unless the drafter insists", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.select(reviewer.at("p1", 0), reviewer.at("p1", 12));
    reviewer.type("X");
    const [record] = [...reviewer.sent.values()];
    drafter.dispatch(drafter.state.tr.delete(drafter.at("p1", 2), drafter.at("p1", 8)));
    const before = texts(drafter);
    const claimed = claim([record as Proposal]);
    expect([...acceptor.accept(claimed).values()]).toEqual(["flagged"]);
    expect(texts(drafter)).toEqual(before);
    expect(drafter.doc.getMap("resolutions").size).toBe(0);
    expect([...acceptor.accept(claimed, { insist: true }).values()]).toEqual(["flagged"]);
    expect(texts(drafter)[1]).toBe("X, що діє");
  });

  it("a record found again by its words after a split, and says when its words are gone for good", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.select(reviewer.at("p1", 14), reviewer.at("p1", 20));
    reviewer.type("чинний");
    const claimed = claim(reviewer.sent.values());
    drafter.caret("p1", 7);
    drafter.run(splitUnit);
    expect([...acceptor.accept(claimed).values()]).toEqual(["clean"]);
    expect(texts(drafter).slice(1, 3)).toEqual(["перший ", "пункт, чинний"]);
    reviewer.caret("p2", 3);
    reviewer.type("ЩОСЬ");
    drafter.dispatch(drafter.state.tr.delete(drafter.at("p2", -1), drafter.state.doc.content.size));
    expect(reviewer.review.orphans().map(({ kind }) => kind)).toContain("text");
    const orphans = claim(reviewer.review.orphans().filter(({ kind }) => kind === "text"));
    expect([...acceptor.accept(orphans).values()]).toContain("orphan");
  });

  it("V5: nothing of an orphan, which is listed with its quote and comes back when its words do", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.select(reviewer.at("p2", 0), reviewer.at("p2", 6));
    reviewer.type("інший");
    const [before] = texts(drafter).slice(2);
    drafter.dispatch(drafter.state.tr.delete(drafter.at("p2", -1), drafter.state.doc.content.size));
    expect(reviewer.review.orphans().map(({ change }) => (change as { quote: string }).quote)).toEqual(["другий"]);
    expect([...acceptor.accept(claim(reviewer.sent.values())).values()]).toEqual(["orphan"]);
    const back = schema.node("unit", { bid: "p9", kind: "point" }, schema.text(before ?? ""));
    drafter.dispatch(drafter.state.tr.insert(drafter.state.doc.content.size, back));
    expect(reviewer.review.orphans()).toEqual([]);
    expect(reviewer.read().at(-1)).toBe("{+інший+}[-другий-] пункт 😀 тут");
    expect([...acceptor.accept(claim(reviewer.sent.values())).values()]).toEqual(["clean"]);
    expect(texts(drafter).at(-1)).toBe("інший пункт 😀 тут");
  });

  it("rows and columns of a table", () => {
    const table = schema.node("table", { bid: "t" }, [
      schema.node("row", { bid: "r0" }, [
        schema.node("cell", { bid: "c0" }, schema.text("вид")),
        schema.node("cell", { bid: "c1" }, schema.text("строк")),
      ]),
    ]);
    const { drafter, reviewer, acceptor } = open((root) => root.insert(3, [createElement(table)]));
    const before = drafter.state.doc;
    reviewer.caret("c1", 2);
    reviewer.run(addRowAfter);
    reviewer.run(addColumnAfter);
    reviewer.caret("c0", 1);
    reviewer.type("X");
    reviewer.run(deleteColumn);
    const claimed = claim(reviewer.sent.values());
    expect(new Set(acceptor.accept(claimed).values())).toEqual(new Set(["clean"]));
    expect(drafter.state.doc.child(3).children.map((row) => row.childCount)).toEqual([2, 2]);
    acceptor.undo();
    expect(drafter.state.doc.eq(before)).toBe(true);
  });
});

describe("an acceptance that somebody else made", () => {
  it("is taken out again by what its record says: words, deleted words, attributes", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.select(reviewer.at("p2", 0), reviewer.at("p2", 6));
    reviewer.type("їхній 😀");
    reviewer.caret("a", 5);
    reviewer.type("держави ґ ");
    reviewer.caret("p1", 3);
    reviewer.run(setKind("subpoint"));
    const [before, claimed] = [drafter.state.doc, claim(reviewer.sent.values())];
    acceptor.accept(claimed);
    acceptor.destroy();
    const later = new Acceptor(drafter.doc);
    for (const one of claimed) {
      expect(later.canRestore(one.proposal), JSON.stringify(one.proposal)).toBe(true);
      expect(later.restore(one)).toBe(true);
      expect(later.restore(one)).toBe(false);
      expect(drafter.doc.getMap("resolutions").get(one.proposal.id)).toEqual({ v: 1, a: "reopen" });
    }
    expect(texts(drafter)).toEqual(before.children.map((node) => node.textContent));
    expect(drafter.state.doc.children.map(({ attrs }) => attrs)).toEqual(before.children.map(({ attrs }) => attrs));
    later.destroy();
  });

  it("stays when the words beside it are others now, stand there twice, or the change is one of structure", () => {
    const { drafter, reviewer, acceptor } = open();
    reviewer.caret("a", 5);
    reviewer.type("держави ґ ");
    reviewer.caret("p2", 6);
    reviewer.run(splitUnit);
    const claimed = claim(reviewer.sent.values());
    acceptor.accept(claimed);
    const at = drafter.state.doc.firstChild?.textContent.indexOf("затверджує") ?? 0;
    drafter.dispatch(drafter.state.tr.insertText("зараз ", at + 1));
    const now = texts(drafter);
    for (const one of claimed) expect([acceptor.canRestore(one.proposal), acceptor.restore(one)]).toEqual([false, false]);
    expect(texts(drafter)).toEqual(now);
    acceptor.destroy();
  });
});
