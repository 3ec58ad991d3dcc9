import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Acknowledgements } from "./acknowledgements";

describe("acknowledgements", () => {
  it("say saved for a change only when the frame that carried it was acknowledged", () => {
    const acks = new Acknowledgements<string>();
    acks.answerSent();
    acks.add("С");
    acks.updateSent();
    acks.add("т");
    acks.updateSent();
    expect(acks.saved()).toEqual([]);
    expect(acks.saved()).toEqual(["С"]);
    expect(acks.remaining).toEqual(["т"]);
    expect(acks.saved()).toEqual(["т"]);
    expect(acks.isSettled).toBe(true);
  });

  it("keep what was typed offline unsent until the answer that carries it is acknowledged", () => {
    const acks = new Acknowledgements<string>();
    acks.add("а");
    acks.updateHeld();
    acks.add("б");
    acks.updateHeld();
    acks.answerSent();
    acks.add("в");
    acks.updateSent();
    expect(acks.count).toBe(3);
    expect(acks.saved()).toEqual(["а", "б"]);
    expect(acks.remaining).toEqual(["в"]);
  });

  it("do not take an acknowledgement of a lost connection for one of the next", () => {
    const acks = new Acknowledgements<string>();
    acks.add("а");
    acks.updateSent();
    acks.disconnected();
    acks.answerSent();
    acks.add("б");
    acks.updateSent();
    expect(acks.saved()).toEqual(["а"]);
    expect(acks.remaining).toEqual(["б"]);
  });

  it("wait for the new answer when the server asks again, which is acknowledged with the frames it could not use", () => {
    const acks = new Acknowledgements<string>();
    acks.answerSent();
    acks.saved();
    acks.add("а");
    acks.updateSent();
    acks.add("б");
    acks.updateSent(); // could not be used, and the server asked
    expect(acks.saved()).toEqual(["а"]);
    acks.add("в");
    acks.updateSent(); // left before the question came
    acks.answerSent();
    acks.add("г");
    acks.updateSent();
    expect(acks.saved()).toEqual([]);
    expect(acks.saved()).toEqual(["б", "в"]);
    expect(acks.isSettled).toBe(false);
    expect(acks.saved()).toEqual(["г"]);
    expect(acks.isSettled).toBe(true);
  });

  it("wait for nothing when the server asks again and nothing was on its way", () => {
    const acks = new Acknowledgements<string>();
    acks.answerSent();
    acks.saved();
    acks.answerSent();
    expect(acks.isSettled).toBe(true);
    acks.add("ґ");
    acks.updateSent();
    expect(acks.saved()).toEqual(["ґ"]);
    expect(acks.isSettled).toBe(true);
  });

  it("say saved change by change when these left behind the answer, which carries the rest", () => {
    const acks = new Acknowledgements<string>();
    for (const change of ["а", "б", "в", "г"]) {
      acks.add(change);
      acks.updateHeld();
    }
    acks.answerSent([["б", "в"], ["г"]]);
    acks.add("ґ");
    acks.updateSent();
    expect(acks.saved()).toEqual(["а"]);
    expect(acks.saved()).toEqual(["б", "в"]);
    expect(acks.remaining).toEqual(["г", "ґ"]);
    acks.answerSent();
    expect(acks.saved()).toEqual([]);
    expect(acks.saved()).toEqual(["г", "ґ"]);
  });

  it("leave a refused change unsent", () => {
    const acks = new Acknowledgements<string>();
    acks.add("а");
    acks.updateSent();
    expect(acks.refused()).toEqual(["а"]);
    expect(acks.remaining).toEqual(["а"]);
    expect(acks.isSettled).toBe(true);
  });

  it("never call safe what a server that stores frame by frame does not have", () => {
    type Step = "type" | "held" | "send" | "answer" | "resend" | "store" | "cut";
    const steps = fc.array(fc.constantFrom<Step>("type", "held", "send", "answer", "resend", "store", "cut"), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (run) => {
        const acks = new Acknowledgements<number>();
        const made: number[] = [];
        let unsent: number[] = [];
        let wire: number[][] = [];
        const onDisk = new Set<number>();
        for (const step of run) {
          switch (step) {
            case "type":
              made.push(made.length);
              unsent.push(made.length - 1);
              acks.add(made.length - 1);
              break;
            case "held":
              unsent = [];
              acks.updateHeld();
              break;
            case "send":
              wire.push(unsent);
              unsent = [];
              acks.updateSent();
              break;
            case "answer":
              if (acks.hasAnswered) {
                // none of the frames could be used; the last of them is acknowledged once the answer is on disk, which itself never is
                if (wire.length === 0) for (const change of made) onDisk.add(change);
                wire = wire.map((_, index) => (index === wire.length - 1 ? [...made] : []));
              } else {
                wire.push([...made]);
              }
              if (wire.length > 0) unsent = [];
              acks.answerSent();
              break;
            case "resend": {
              if (acks.hasAnswered) break; // only a connection's first answer is split
              const left = acks.remaining.slice(1).map((change) => [change]);
              wire.push(
                made.filter((change) => !left.flat().includes(change)),
                ...left,
              );
              unsent = [];
              acks.answerSent(left);
              break;
            }
            case "store": {
              const frame = wire.shift();
              if (frame !== undefined) {
                for (const change of frame) onDisk.add(change);
                for (const change of acks.saved()) expect(onDisk.has(change)).toBe(true);
              }
              break;
            }
            case "cut":
              wire = [];
              unsent = [];
              acks.disconnected();
          }
          for (const change of made) expect(onDisk.has(change) || acks.remaining.includes(change)).toBe(true);
        }
      }),
    );
  });
});
