import { describe, expect, it } from "vitest";
import { joinBackward, moveUnits, setKind, splitUnit } from "./commands.ts";
import { type Drafter, Network, seed } from "./testing.ts";
import { random } from "./testing-wire.ts";

type Operation = "type" | "split" | "join" | "kind" | "move";

/** Every typed character is a sign of its own, so that each can be counted. */
class Game {
  readonly network: Network;
  readonly typed: string[] = [];
  private readonly next: () => number;
  private sign = 0x4e00;

  constructor(seedValue: number, drafters: number) {
    this.next = random(seedValue);
    const texts = ["Стаття перша набирає чинності", "друга частина", "третій пункт 😀 тут"];
    this.network = new Network(seed(texts.map((text, index) => [`b${index}`, "point", text])), drafters);
  }

  private pick(count: number): number {
    return Math.floor(this.next() * count);
  }

  play(drafter: Drafter, operations: readonly Operation[]): void {
    const units = drafter.view.state.doc.children;
    const unit = units[this.pick(units.length)];
    if (unit === undefined) return;
    const bid: string = unit.attrs.bid;
    let offset = this.pick(unit.content.size + 1);
    const before = unit.textContent.charCodeAt(offset - 1);
    if (before >= 0xd800 && before < 0xdc00) offset--;
    switch (operations[this.pick(operations.length)]) {
      case "type":
        this.type(drafter, bid, offset);
        return;
      case "split":
        drafter.caret(bid, offset);
        drafter.run(splitUnit);
        return;
      case "join":
        drafter.caret(bid, 0);
        drafter.run(joinBackward);
        return;
      case "kind":
        drafter.caret(bid, offset);
        drafter.run(setKind(["article", "paragraph", "subpoint"][this.pick(3)] ?? "point"));
        return;
      default:
        drafter.caret(bid, 0);
        drafter.run(moveUnits(this.next() < 0.5 ? 1 : -1));
    }
  }

  private type(drafter: Drafter, bid: string, offset: number): void {
    const text = String.fromCharCode(this.sign++) + String.fromCharCode(this.sign++);
    this.typed.push(...text);
    drafter.type(bid, offset, text);
  }
}

function check(game: Game): void {
  const [first] = game.network.pair;
  for (const one of game.network.drafters) {
    expect(one.read()).toEqual(first.read());
    expect(one.binding.read().eq(one.view.state.doc)).toBe(true);
  }
  const bids = first.read().map(([bid]) => bid);
  expect(new Set(bids).size).toBe(bids.length);
  const text = first.texts().join("\n");
  const shown = [...first.displaced.values()].join("");
  const doubled = game.network.drafters.some((one) => one.doubles.size > 0);
  const count = (sign: string) => text.split(sign).length - 1;
  expect(game.typed.filter((sign) => count(sign) === 0 && !shown.includes(sign))).toEqual([]);
  // Two splits of one unit at once leave its tail twice; then, and only then, the drafters are told of both.
  if (!doubled) expect(game.typed.filter((sign) => count(sign) > 1)).toEqual([]);
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

describe("drafters at random, offline for a while, then together", () => {
  it.each(SEEDS)("typing, splitting, joining, kinds, seed %i", (seedValue) => {
    const game = new Game(seedValue, 2);
    for (let round = 0; round < 4; round++) {
      for (let step = 0; step < 3; step++) {
        for (const drafter of game.network.drafters) game.play(drafter, ["type", "type", "split", "join", "kind"]);
      }
      game.network.settle();
    }
    check(game);
  });

  it.each(SEEDS)("one moves units, three type, seed %i", (seedValue) => {
    const game = new Game(seedValue, 3);
    for (let round = 0; round < 4; round++) {
      game.network.drafters.forEach((drafter, index) => {
        game.play(drafter, index === 0 ? ["move", "type"] : ["type"]);
        game.play(drafter, ["type", "kind"]);
      });
      game.network.settle();
    }
    check(game);
  });
});
