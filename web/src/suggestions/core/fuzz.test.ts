import { Fragment, Slice } from "prosemirror-model";
import type { Command, EditorState } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { insertBreak, joinBackward, joinForward, moveUnits, setKind, splitUnit } from "../../editor/commands.ts";
import { createElement } from "../../editor/elements.ts";
import { readPlain } from "../../editor/paste.ts";
import { schema } from "../../editor/schema.ts";
import { addRowAfter, deleteRow } from "../../editor/tables.ts";
import { seed } from "../../editor/testing.ts";
import { Acceptor } from "./accept.ts";
import { blocksOf, random, TestDrafter, TestReviewer } from "./testing.ts";

/** More by command: SUGGESTION_TRIALS=10000 npx vitest run src/suggestions/core/fuzz */
const TRIALS = Number(process.env.SUGGESTION_TRIALS ?? 2000);
const BATCH = 100;
const WORDS = ["акт", "їжа ", "😀", "e\u0301", "ґ", " пункт ", "👩‍👩‍👧", "и\u0306", "§ ", "слово"];

interface Person {
  readonly state: EditorState;
  dispatch(tr: EditorState["tr"]): void;
  run(command: Command): boolean;
}

function table(): Y.XmlElement {
  const cell = (bid: string, text: string) => schema.node("cell", { bid }, schema.text(text));
  return createElement(
    schema.node("table", { bid: "t" }, [
      schema.node("row", { bid: "r0" }, [cell("c0", "вид робіт"), cell("c1", "строк")]),
      schema.node("row", { bid: "r1" }, [cell("c2", "перша 😀"), cell("c3", "рік")]),
    ]),
  );
}

/** Two drafters and three reviewers, each of whom hears of the others late. */
class Trial {
  readonly drafters: [TestDrafter, TestDrafter];
  readonly reviewers: readonly TestReviewer[];
  private readonly bases: readonly Y.Doc[];
  private readonly replay = new Y.Doc();
  private readonly queues = new Map<Y.Doc, Uint8Array[]>();
  private readonly next: () => number;

  constructor(seedValue: number) {
    this.next = random(seedValue);
    const start = seed(
      [
        ["a", "article", "Уряд затверджує порядок 😀 дій"],
        ["b", "point", "перший пункт e\u0301 тут"],
        ["c", "point", "другий, що діє"],
        ["d", "subpoint", ""],
        ["e", "paragraph", "останній абзац акта"],
      ],
      (root) => root.insert(3, [table()]),
    );
    this.drafters = [new TestDrafter(100, start), new TestDrafter(200, start)];
    this.bases = [0, 1, 2].map(() => new Y.Doc());
    for (const doc of [...this.bases, this.replay]) Y.applyUpdate(doc, start);
    this.reviewers = this.bases.map((base) => new TestReviewer(base));
    for (const doc of this.docs()) this.queues.set(doc, []);
    for (const { doc } of this.drafters) {
      doc.on("update", (update: Uint8Array, origin: unknown) => {
        if (origin === "network") return;
        Y.applyUpdate(this.replay, update);
        for (const [other, queue] of this.queues) if (other !== doc) queue.push(update);
      });
    }
  }

  private docs(): Y.Doc[] {
    return [...this.drafters.map(({ doc }) => doc), ...this.bases];
  }

  pick(count: number): number {
    return Math.floor(this.next() * count);
  }

  choose<T>(list: readonly T[]): T {
    return list[this.pick(list.length)] as T;
  }

  hear(doc: Y.Doc): void {
    for (const update of (this.queues.get(doc) ?? []).splice(0)) Y.applyUpdate(doc, update, "network");
  }

  hearAll(): void {
    for (let round = 0; round < 2; round++) for (const doc of this.docs()) this.hear(doc);
  }

  step(): void {
    if (this.next() < 0.35) this.edit(this.choose(this.drafters), true);
    else this.edit(this.choose(this.reviewers), false);
    if (this.next() < 0.3) this.hear(this.choose(this.docs()));
  }

  /** A place between two characters of some text. */
  place(person: Person): number {
    const places: number[] = [];
    person.state.doc.descendants((node, position) => {
      if (!node.isTextblock) return true;
      let at = position + 1;
      places.push(at);
      for (const letter of node.textContent) {
        at += letter.length;
        places.push(at);
      }
      return false;
    });
    return this.choose(places);
  }

  private range(person: Person, isWide: boolean): [number, number] {
    const one = this.place(person);
    let other = this.place(person);
    const { doc } = person.state;
    const isOneText = () => doc.resolve(one).sharedDepth(other) > 0 && doc.resolve(one).parent === doc.resolve(other).parent;
    const isUnits = () => doc.resolve(one).depth === 1 && doc.resolve(other).depth === 1;
    for (let tries = 0; tries < 20 && !isOneText() && !(isWide && isUnits()); tries++) other = this.place(person);
    return isOneText() || (isWide && isUnits()) ? [Math.min(one, other), Math.max(one, other)] : [one, one];
  }

  edit(person: TestDrafter | TestReviewer, isDrafter: boolean): void {
    if (person.state.doc.childCount === 0) return;
    const at = this.place(person);
    const [from, to] = this.range(person, this.next() < (isDrafter ? 0.05 : 0.3));
    switch (this.pick(isDrafter ? 9 : 13)) {
      case 0:
      case 1:
        person.select(at);
        person.type(this.choose(WORDS) + this.choose(WORDS));
        return;
      case 2:
        person.select(from, to);
        person.dispatch(person.state.tr.deleteSelection());
        return;
      case 3:
        person.select(from, to);
        person.dispatch(person.state.tr.insertText(this.choose(WORDS)));
        return;
      case 4:
        person.select(at);
        person.run(splitUnit);
        return;
      case 5:
        person.select(at);
        person.run(this.choose([joinBackward, joinForward]));
        return;
      case 6:
        person.select(at);
        person.run(setKind(this.choose(["article", "paragraph", "subpoint"])));
        return;
      case 7:
        person.select(at);
        person.run(moveUnits(this.choose([1, -1])));
        return;
      case 8:
        person.select(at);
        person.backspace(1 + this.pick(3));
        return;
      default:
        this.propose(person as TestReviewer, at, from, to);
    }
  }

  /** What only reviewers do here. */
  private propose(person: TestReviewer, at: number, from: number, to: number): void {
    switch (this.pick(5)) {
      case 0:
        person.select(at);
        if (person.state.selection.$head.depth === 1)
          person.dispatch(person.state.tr.replaceSelection(readPlain("рядок 😀\nдругий рядок\nтретій")).setMeta("paste", true));
        return;
      case 1:
        if (from < to) person.dispatch(person.state.tr.addMark(from, to, schema.mark("strong")));
        return;
      case 2:
        person.select(at);
        person.run(this.choose([addRowAfter, deleteRow, insertBreak]));
        return;
      case 3:
        this.compose(person, at);
        return;
      default:
        person.select(from, to);
        if (person.state.selection.$from.parent === person.state.selection.$to.parent) person.run(splitUnit);
    }
  }

  /** An input method writes a word again and again; what drafters write meanwhile waits. */
  private compose(person: TestReviewer, at: number): void {
    const word = this.choose(WORDS);
    let written = "";
    for (const letter of word) {
      const slice = new Slice(Fragment.from(schema.text(written + letter)), 0, 0);
      person.dispatch(person.state.tr.replace(at, at + written.length, slice).setMeta("composition", 1));
      written += letter;
      if (this.next() < 0.2) this.hear(this.bases[this.reviewers.indexOf(person)] as Y.Doc);
    }
    person.flush();
  }

  /** The text is what drafters alone made of it; records alone give every view; none is lost. */
  check(): void {
    const expected = show(this.replay);
    for (const doc of this.docs()) expect(show(doc)).toBe(expected);
    this.reviewers.forEach((one, index) => {
      const records = [...one.sent.values()];
      const again = new TestReviewer(this.bases[index] as Y.Doc, records);
      expect(again.read()).toEqual(one.read());
      expect(
        one.review
          .all()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(records.map(({ id }) => id).sort());
      expect(one.review.places().length + one.review.orphans().length).toBe(records.length);
      again.review.destroy();
    });
  }

  end(): void {
    for (const one of this.reviewers) one.review.destroy();
  }
}

function show(doc: Y.Doc): string {
  return doc.getXmlFragment("default").toString();
}

const stood = { all: 0, some: 0 };
const tally = { records: 0, clean: 0, flagged: 0, orphan: 0, refused: 0, edits: 0 };

function play(seedValue: number): Trial {
  const trial = new Trial(seedValue);
  for (let step = 0; step < 10; step++) trial.step();
  trial.hearAll();
  trial.check();
  return trial;
}

/** Accepts one by one in any order: done, or flagged and the text untouched. Then all is undone. */
function acceptInAnyOrder(trial: Trial): void {
  const [{ doc }] = trial.drafters;
  const acceptor = new Acceptor(doc);
  const before = show(doc);
  const records = trial.reviewers.flatMap((one) => [...one.sent.values()]);
  tally.records += records.length;
  while (records.length > 0) {
    const [proposal] = records.splice(trial.pick(records.length), 1);
    if (proposal === undefined) break;
    const text = show(doc);
    const outcome = acceptor.accept([{ proposal, version: 3 }]).get(proposal.id);
    expect(["clean", "flagged", "orphan"]).toContain(outcome);
    if (outcome !== undefined) tally[outcome]++;
    if (outcome === "clean") expect(doc.getMap("resolutions").get(proposal.id)).toEqual({ v: 3, a: "accept" });
    else expect([show(doc), doc.getMap("resolutions").has(proposal.id)]).toEqual([text, false]);
  }
  while (acceptor.canUndo()) acceptor.undo();
  expect(show(doc)).toBe(before);
  for (const entry of doc.getMap<{ a: string }>("resolutions").values()) expect(entry.a).toBe("reopen");
  acceptor.destroy();
}

function acceptAll(trial: Trial): void {
  const { doc } = trial.drafters[1];
  const acceptor = new Acceptor(doc);
  const before = show(doc);
  const claimed = trial.reviewers.flatMap((one) => [...one.sent.values()]).map((proposal) => ({ proposal, version: 1 }));
  const outcomes = acceptor.accept(claimed);
  expect([...outcomes.keys()].sort()).toEqual(claimed.map(({ proposal }) => proposal.id).sort());
  acceptor.undo();
  expect(show(doc)).toBe(before);
  acceptor.destroy();
}

describe("one reviewer and a text that stands still", () => {
  it.each([0, 1, 2, 3])("gets exactly what the view shows when all is accepted, batch %i", { timeout: 120_000 }, (batch) => {
    for (let seedValue = batch * BATCH; seedValue < (batch + 1) * Math.min(BATCH, TRIALS / 8); seedValue++) {
      const trial = new Trial(seedValue + 1_000_000);
      const [reviewer] = trial.reviewers as [TestReviewer];
      for (let step = 0; step < 6; step++) trial.edit(reviewer, false);
      const [drafter] = trial.drafters;
      const acceptor = new Acceptor(drafter.doc);
      const wanted = reviewer.wanted();
      const outcomes = acceptor.accept([...reviewer.sent.values()].map((proposal) => ({ proposal, version: 1 })));
      const all = [...outcomes.values()].every((outcome) => outcome === "clean");
      if (all) expect(blocksOf(drafter.state.doc), `seed ${seedValue}: ${reviewer.read().join("\n")}`).toEqual(wanted);
      stood[all ? "all" : "some"]++;
      acceptor.destroy();
      trial.end();
    }
    expect(stood.all).toBeGreaterThan(stood.some * 4);
  });
});

describe(`${TRIALS} trials of two drafters and three reviewers, late and early`, () => {
  it.each(Array.from({ length: Math.ceil(TRIALS / BATCH) }, (_, index) => index))("batch %i", { timeout: 120_000 }, (batch) => {
    for (let seedValue = batch * BATCH; seedValue < Math.min(TRIALS, (batch + 1) * BATCH); seedValue++) {
      try {
        const trial = play(seedValue);
        acceptAll(trial);
        if (seedValue % 4 === 0) acceptInAnyOrder(trial);
        tally.refused += trial.reviewers.reduce((sum, one) => sum + one.problems.length, 0);
        trial.end();
      } catch (error) {
        throw new Error(`seed ${seedValue}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, { cause: error });
      }
    }
    expect(tally.clean).toBeGreaterThan(0);
    if (process.env.SUGGESTION_TALLY) console.warn(JSON.stringify(tally));
  });
});
