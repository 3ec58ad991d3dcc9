import { describe, expect, it } from "vitest";
import { joinBackward, moveUnits, splitUnit } from "./commands.ts";
import { seed } from "./testing.ts";
import { type Line, random, Wire } from "./testing-wire.ts";

const UNITS = ["Інші нормативні акти повинні ґрунтуватися.", "друга частина 😀 тут", "третій пункт", "кінець усього."];
/** Repeated letters and spaces: which of them stands where can't be told by the text. */
const WORDS = [" Їхні слова.", "  а  а ", "слово слово", "ааааа", ". . ."];

interface Typing {
  readonly line: Line;
  readonly rest: string[];
}

/** One drafter moves, splits or joins; the others each type a text letter by letter, while every connection breaks and delays as it likes. */
class Session {
  readonly wire: Wire;
  readonly expected = [...UNITS];
  private readonly next: () => number;
  private readonly typings: Typing[];
  private changes: number;

  constructor(
    seedValue: number,
    private readonly kind: "move" | "cut",
  ) {
    this.next = random(seedValue);
    const ids = [100, 200, 300].sort(() => this.next() - 0.5).slice(0, 2 + this.pick(2));
    this.wire = new Wire(seed(UNITS.map((text, index) => [`b${index}`, "paragraph", text])), ids);
    this.typings = this.wire.lines.slice(1).map((line, index) => this.begin(line, index));
    this.changes = 1 + this.pick(3);
  }

  private pick(count: number): number {
    return Math.floor(this.next() * count);
  }

  private choose<T>(from: readonly T[]): T {
    return from[this.pick(from.length)] as T;
  }

  private begin(line: Line, index: number): Typing {
    const unit = this.kind === "move" ? index : index * 2;
    const base = UNITS[unit] as string;
    const offset = this.wholeBefore(base, this.next() < 0.5 ? base.length : this.pick(base.length + 1));
    const text = this.choose(WORDS);
    this.expected[unit] = base.slice(0, offset) + text + base.slice(offset);
    line.drafter.caret(`b${unit}`, offset);
    return { line, rest: [...text] };
  }

  private wholeBefore(text: string, offset: number): number {
    const code = text.charCodeAt(offset - 1);
    return code >= 0xd800 && code < 0xdc00 ? offset + 1 : offset;
  }

  private type({ line, rest }: Typing): void {
    const character = rest.shift();
    if (character !== undefined) line.drafter.typeOn(character);
  }

  private change(): void {
    if (this.changes-- <= 0) return;
    const { drafter } = this.wire.lines[0] as Line;
    const unit = this.choose(drafter.view.state.doc.children);
    if (this.kind === "cut" && this.next() < 0.5) {
      drafter.caret(unit.attrs.bid, this.wholeBefore(unit.textContent, this.pick(unit.content.size + 1)));
      drafter.run(splitUnit);
      return;
    }
    drafter.caret(unit.attrs.bid, 0);
    drafter.run(this.kind === "cut" ? joinBackward : moveUnits(this.next() < 0.5 ? 1 : -1));
  }

  private forgetOrRemember(line: Line): void {
    const other = this.choose(this.wire.lines);
    if (other === line || !line.peers.delete(other.drafter.doc.clientID)) line.peers.add(other.drafter.doc.clientID);
  }

  step(): void {
    const line = this.choose(this.wire.lines);
    const what = this.next();
    if (what < 0.25) this.type(this.choose(this.typings));
    else if (what < 0.29) this.change();
    else if (what < 0.5) this.wire.take(line, 1 + this.pick(4), this.next() < 0.5);
    else if (what < 0.72) this.wire.deliver(line, 1 + this.pick(4));
    else if (what < 0.76) this.wire.cut(line);
    else if (what < 0.82) this.wire.mend(line);
    else if (what < 0.88) this.wire.clock.advance(this.choose([200, 800, 2000]));
    else if (what < 0.94) this.forgetOrRemember(line);
  }

  /** All that is left is typed, everybody comes back in some order, everything arrives. */
  end(): void {
    for (const typing of this.typings) while (typing.rest.length > 0) this.type(typing);
    for (const line of [...this.wire.lines].sort(() => this.next() - 0.5)) {
      this.wire.mend(line);
      for (let times = this.pick(4); times > 0; times--) this.wire.deliver(this.choose(this.wire.lines), 1 + this.pick(3));
    }
    this.wire.settle(this.next);
  }

  rows(): string[][] {
    const [first, ...others] = this.wire.lines.map(({ drafter }) => drafter);
    if (first === undefined) throw new Error("nobody is here");
    for (const other of others) expect(other.read()).toEqual(first.read());
    for (const one of [first, ...others]) expect(one.binding.read().eq(one.view.state.doc)).toBe(true);
    return first.read();
  }
}

function play(seedValue: number, kind: "move" | "cut"): Session {
  const session = new Session(seedValue, kind);
  for (let step = 0; step < 300; step++) session.step();
  session.end();
  return session;
}

const COUNT = Number(process.env.RESCUE_SEEDS ?? 60);
const FIRST = Number(process.env.RESCUE_FIRST ?? 1);
const SEEDS = Array.from({ length: COUNT }, (_, index) => FIRST + index);

describe("P10: every typed character stands exactly once, while connections break, frames come late and in pieces, and timers run", () => {
  it.each(SEEDS)("in its unit, in its order and place: one moves units, the others type, seed %i", (seedValue) => {
    const session = play(seedValue, "move");
    const rows = session.rows();
    expect(rows).toHaveLength(UNITS.length);
    const texts = session.expected.map((_, index) => rows.find(([bid]) => bid === `b${index}`)?.[2]);
    expect(texts).toEqual(session.expected);
  });

  it.each(SEEDS)("somewhere in the act: one splits and joins, the others type, seed %i", (seedValue) => {
    const session = play(seedValue, "cut");
    const text = session.rows().map((row) => row[2]);
    expect([...text.join("")].sort().join("")).toBe([...session.expected.join("")].sort().join(""));
  });
});

describe("words brought home by two who had not heard of each other", () => {
  /** The shorter of two neighbours is the one that is written anew, whichever is moved. */
  const BASE = UNITS[1] as string;

  function pair(ids: readonly [number, number]): { wire: Wire; mover: Line; author: Line } {
    const wire = new Wire(seed(UNITS.map((text, index) => [`b${index}`, "paragraph", text])), ids);
    const [mover, author] = wire.lines as [Line, Line];
    author.drafter.caret("b1", BASE.length);
    return { wire, mover, author };
  }

  const ORDERS: [string, readonly [number, number]][] = [
    ["lower", [100, 200]],
    ["higher", [200, 100]],
  ];

  it.each(ORDERS)("the mover has heard only the first letters, its client id is the %s one", (_which, ids) => {
    const { wire, mover, author } = pair(ids);
    mover.drafter.caret("b0", 0);
    mover.drafter.run(moveUnits(1));
    author.drafter.typeOn(" Ї");
    wire.take(author, 2, false);
    wire.deliver(mover, 2);
    author.drafter.typeOn("хні слова.");
    mover.peers.delete(author.drafter.doc.clientID);
    wire.clock.advance(2000);
    wire.take(mover, 1, false);
    wire.deliver(author, 1);
    wire.settle(random(1));
    for (const { drafter } of wire.lines) {
      expect(drafter.read()[0]).toEqual(["b1", "paragraph", `${BASE} Їхні слова.`]);
      expect([...drafter.displaced, ...drafter.doubles]).toEqual([]);
    }
  });

  it("the author comes back to a unit that was moved after its words had reached the server, and brings them home itself", () => {
    const { wire, mover, author } = pair([100, 200]);
    mover.drafter.caret("b0", 0);
    mover.drafter.run(moveUnits(1));
    wire.take(mover, 1, false);
    author.drafter.typeOn(" Їхні слова.");
    wire.take(author, 20, true);
    wire.cut(mover);
    wire.cut(author);
    wire.mend(author);
    wire.settle(random(1));
    expect(author.drafter.read()[0]).toEqual(["b1", "paragraph", `${BASE} Їхні слова.`]);
  });

  it("words of longer ago are told instead: somebody may have deleted them on purpose", () => {
    const { wire, mover, author } = pair([100, 200]);
    author.drafter.typeOn(" Їхні слова.");
    wire.settle(random(1));
    wire.cut(author);
    mover.drafter.view.dispatch(
      mover.drafter.view.state.tr.delete(mover.drafter.at("b1", BASE.length), mover.drafter.at("b1", BASE.length + 12)),
    );
    mover.drafter.caret("b0", 0);
    mover.drafter.run(moveUnits(1));
    wire.clock.advance(61_000);
    wire.take(mover, 9, false);
    wire.mend(author);
    wire.settle(random(1));
    expect(author.drafter.read()[0]).toEqual(["b1", "paragraph", BASE]);
    expect([...author.drafter.displaced.values()]).toEqual([" Їхні слова."]);
  });
});
