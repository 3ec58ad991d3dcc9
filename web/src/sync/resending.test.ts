import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { mergedUpdate, planResend } from "./resending";

interface Change {
  readonly update: Uint8Array;
}

function writer(): { doc: Y.Doc; text: Y.Text; made: Change[] } {
  const doc = new Y.Doc({ gc: false });
  const made: Change[] = [];
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== "network") made.push({ update });
  });
  return { doc, text: doc.getText("t"), made };
}

function stateAfter(changes: readonly Change[]): Y.Doc {
  const server = new Y.Doc();
  for (const { update } of changes) Y.applyUpdate(server, update);
  return server;
}

function type(text: Y.Text, words: string): void {
  for (const letter of words) text.insert(text.length, letter);
}

describe("what a server lacks after a reconnect", () => {
  it("is sent as it was made: every change that deletes something by itself, in order, and what was typed between as one", () => {
    const { doc, text, made } = writer();
    type(text, "абвг");
    text.delete(0, 1);
    text.delete(0, 1);
    type(text, "ґд");
    const server = stateAfter(made.slice(0, 2));
    const plan = planResend(doc, Y.encodeStateVector(server), made) ?? [];
    expect(plan).toEqual([made.slice(2, 4), [made[4]], [made[5]], made.slice(6)]);
    for (const group of plan) Y.applyUpdate(server, mergedUpdate(group));
    expect(server.getText("t").toString()).toBe("вгґд");
  });

  it("is what it has not got, and deletes, which do not say whether it has", () => {
    const { doc, text, made } = writer();
    type(text, "аб");
    text.delete(0, 1);
    const server = stateAfter(made);
    expect(planResend(doc, Y.encodeStateVector(server), made)).toEqual([[made[2]]]);
    expect(planResend(doc, Y.encodeStateVector(server), [])).toEqual([]);
  });

  it("is sent by the stock answer where these changes are not all that it lacks: a server that lost what it had acknowledged", () => {
    const { doc, text, made } = writer();
    type(text, "абв");
    const server = stateAfter(made.slice(0, 1));
    expect(planResend(doc, Y.encodeStateVector(server), made.slice(2))).toBeNull();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(stateAfter([])), "network");
    const other = writer();
    type(other.text, "чуже");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc), "network");
    expect(planResend(doc, Y.encodeStateVector(server), made)).toBeNull();
  });

  it("is sent by the stock answer after very much work offline", () => {
    const { doc, text, made } = writer();
    type(text, "а".repeat(300));
    expect(planResend(doc, Y.encodeStateVector(stateAfter([])), made)).toHaveLength(3);
    for (let times = 0; times < 201; times++) text.delete(0, 1);
    expect(planResend(doc, Y.encodeStateVector(stateAfter([])), made)).toBeNull();
  });
});
