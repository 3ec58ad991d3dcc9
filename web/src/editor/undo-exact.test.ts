import { describe, expect, it } from "vitest";
import type * as Y from "yjs";
import { splitUnit } from "./commands.ts";
import { type Drafter, Network, seed } from "./testing.ts";
import { insertRuns } from "./ytext.ts";

function one(...units: readonly (readonly [string, string, string])[]): Drafter {
  return new Network(seed(units), 1).drafters[0] as Drafter;
}

/** Words that this browser writes but its undo does not own: an accepted proposal, a repair. */
function writeOther(drafter: Drafter, offset: number, text: string): void {
  const [element] = drafter.binding.blocks();
  drafter.doc.transact(() => insertRuns(element as Y.XmlElement, offset, [{ text, attributes: {} }]), { name: "accept" });
}

function text(drafter: Drafter): string {
  return drafter.read()[0]?.[2] ?? "";
}

function remove(drafter: Drafter, from: number, to: number): void {
  drafter.undo.stopCapturing();
  drafter.view.dispatch(drafter.view.state.tr.delete(drafter.at("b0", from), drafter.at("b0", to)));
  drafter.undo.stopCapturing();
}

describe("undo after an earlier undo", () => {
  it("takes back its own words and not those that were written beside them since", () => {
    const a = one(["b0", "point", ""]);
    a.type("b0", 0, "моє 😀");
    remove(a, 0, 6);
    a.undo.undo();
    expect(text(a)).toBe("моє 😀");
    writeOther(a, 6, " прийняте");
    a.undo.undo();
    expect(text(a)).toBe(" прийняте");
    a.undo.redo();
    expect(text(a)).toBe("моє 😀 прийняте");
  });

  it("takes back all of its own words when something was written between them since", () => {
    const a = one(["b0", "point", ""]);
    a.type("b0", 0, "перше друге");
    remove(a, 0, 11);
    a.undo.undo();
    writeOther(a, 5, " ПРИЙНЯТЕ");
    a.undo.undo();
    expect(text(a)).toBe(" ПРИЙНЯТЕ");
  });

  it("is true to the words of others however often one goes back and forth", { timeout: 60_000 }, () => {
    for (let number = 0; number < 25; number++) {
      const a = one(["b0", "point", ""]);
      let [state, others] = [number * 7919 + 1, ""];
      const next = (count: number) => {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        return (state >> 8) % count;
      };
      for (let step = 0; step < 40; step++) {
        const length = text(a).length;
        const kind = next(6);
        if (kind < 2) {
          a.type("b0", next(length + 1), ["а", "бв", "где"][next(3)] ?? "");
          a.undo.stopCapturing();
        } else if (kind === 2 && length > 0) {
          const from = next(length);
          const cut = text(a).slice(from, from + 1 + next(4));
          if (!/\d/.test(cut)) remove(a, from, from + cut.length);
        } else if (kind === 3) {
          const word = String(step % 10);
          writeOther(a, next(length + 1), word);
          others += word;
        } else if (kind === 4) a.undo.undo();
        else a.undo.redo();
        expect([...text(a)].filter((letter) => /\d/.test(letter)).sort(), `run ${number}, step ${step}`).toEqual([...others].sort());
      }
      while (a.undo.canUndo()) a.undo.undo();
      expect([...text(a)].sort().join(""), `run ${number}`).toBe([...others].sort().join(""));
    }
  });

  it("also where a unit was split meanwhile", () => {
    const a = one(["b0", "point", "основа"]);
    a.type("b0", 6, " моє");
    remove(a, 6, 10);
    a.undo.undo();
    a.caret("b0", 3);
    a.run(splitUnit);
    a.undo.undo();
    a.undo.undo();
    expect(a.read().map(([, , words]) => words)).toEqual(["основа"]);
  });
});
