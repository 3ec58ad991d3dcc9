/** Random sessions over hostile connections, for tests: one moves, splits or joins units, the others type. */

import { expect } from "vitest";
import { joinBackward, moveUnits, splitUnit } from "./commands.ts";
import { seed } from "./testing.ts";
import { type Line, random, Wire } from "./testing-wire.ts";

export const UNITS = ["Інші нормативні акти повинні ґрунтуватися.", "друга частина 😀 тут", "третій пункт", "кінець усього."];
/** Repeated letters and spaces: which of them stands where can't be told by the text. */
const WORDS = [" Їхні слова.", "  а  а ", "слово слово", "ааааа", ". . ."];

interface Typing {
  readonly line: Line;
  readonly rest: string[];
}

/** One drafter moves, splits or joins; the others each type a text letter by letter, while every connection breaks and delays as it likes. */
export class Session {
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

  /** The text of the act, from its first unit to its last. */
  text(): string {
    return this.rows()
      .map((row) => row[2])
      .join("");
  }

  /** True when every character stands there once. */
  isRight(): boolean {
    return sorted(this.text()) === sorted(this.expected.join(""));
  }

  /** The characters that are lost or stand there too often and are in none of the words shown to a drafter. */
  untold(): string {
    const shown = this.wire.lines.flatMap(({ drafter }) => [...drafter.displaced.values(), ...drafter.doubles.values()]).join("");
    const [now, then] = [this.text(), this.expected.join("")];
    const count = (text: string, character: string) => text.split(character).length - 1;
    const wrong = [...new Set(now + then)].filter((character) => count(now, character) !== count(then, character));
    return wrong.filter((character) => !shown.includes(character)).join("");
  }

  rows(): string[][] {
    const [first, ...others] = this.wire.lines.map(({ drafter }) => drafter);
    if (first === undefined) throw new Error("nobody is here");
    for (const other of others) expect(other.read()).toEqual(first.read());
    for (const one of [first, ...others]) expect(one.binding.read().eq(one.view.state.doc)).toBe(true);
    return first.read();
  }
}

export function play(seedValue: number, kind: "move" | "cut"): Session {
  const session = new Session(seedValue, kind);
  for (let step = 0; step < 300; step++) session.step();
  session.end();
  return session;
}

function sorted(text: string): string {
  return [...text].sort().join("");
}
