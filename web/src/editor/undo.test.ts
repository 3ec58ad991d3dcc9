import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { straightenNeighbours } from "./undo.ts";

function randomly(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function unit(text: string): Y.XmlElement {
  const element = new Y.XmlElement("unit");
  const inside = new Y.XmlText();
  inside.insert(0, text);
  element.insert(0, [inside]);
  return element;
}

/** What is wrong with the neighbours that an update names, as its sender's document has them. */
function crossings(doc: Y.Doc, update: Uint8Array): string[] {
  const found: string[] = [];
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item) || struct.origin === null || struct.rightOrigin === null) continue;
    const { origin, rightOrigin } = struct;
    const held = Y.getItem(doc.store, origin);
    let at: Y.Item | null = held instanceof Y.Item ? held : null;
    const right = Y.getItem(doc.store, rightOrigin);
    if (at === right && origin.clock >= rightOrigin.clock) found.push(`${origin.clock} before ${rightOrigin.clock}`);
    while (at !== null && at !== right) at = at.right;
    if (at === null) found.push(`${origin.clock} is right of ${rightOrigin.clock}`);
  }
  return found;
}

/** Three people who delete, bring back and undo all the time; the updates in the order of the server, and what they see at the end. */
function session(seed: number): { wrong: string[]; texts: Set<string> } {
  const draw = randomly(seed);
  const base = new Y.Doc({ gc: false });
  base.clientID = 1;
  base.getXmlFragment("default").insert(0, [unit("Стаття перша"), unit("Стаття друга")]);
  const log: { by: number; update: Uint8Array }[] = [];
  const wrong: string[] = [];
  const people = [0, 1, 2].map((number) => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = 100 + draw(1000) * 3 + number;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(base), "network");
    const undo = new Y.UndoManager(doc.getXmlFragment("default"), { captureTimeout: 0, trackedOrigins: new Set(["me"]) });
    doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (transaction.origin === undo) straightenNeighbours(transaction);
    });
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === "network") return;
      log.push({ by: number, update });
      wrong.push(...crossings(doc, update));
    });
    return { number, doc, undo, read: 0 };
  });
  const pull = (person: (typeof people)[number]) => {
    for (; person.read < log.length; person.read++) {
      const entry = log[person.read];
      if (entry !== undefined && entry.by !== person.number) Y.applyUpdate(person.doc, entry.update, "network");
    }
  };
  for (let step = 0; step < 120; step++) {
    const person = people[draw(3)] as (typeof people)[number];
    if (draw(4) === 0) pull(person);
    const root = person.doc.getXmlFragment("default");
    person.doc.transact(() => edit(root, draw, step), "me");
    if (draw(4) === 0) person.undo.undo();
    else if (draw(10) === 0) person.undo.redo();
  }
  for (const person of people) pull(person);
  return { wrong, texts: new Set(people.map(({ doc }) => doc.getXmlFragment("default").toString())) };
}

function edit(root: Y.XmlFragment, draw: (below: number) => number, step: number): void {
  const at = draw(root.length + 1);
  const chosen = root.get(at);
  const text = chosen instanceof Y.XmlElement ? chosen.get(0) : undefined;
  const what = draw(10);
  if (!(text instanceof Y.XmlText) || what === 0) root.insert(at, [unit(`нове${step}`)]);
  else if (what < 5) text.insert(draw(text.length + 1), "слово ");
  else if (what < 7 && text.length > 0) text.delete(draw(text.length), 1);
  else if (what === 7 && root.length > 1) root.delete(at, 1);
  else {
    const cut = draw(text.length + 1);
    const tail = text.toString().slice(cut);
    text.delete(cut, text.length - cut);
    root.insert(at + 1, [unit(tail)]);
  }
}

describe("undo in blocks that were deleted and brought back", () => {
  it("G15: names neighbours in their order, so that everybody sees one text", () => {
    for (let seed = 0; seed < 120; seed++) {
      const { wrong, texts } = session(seed);
      expect(wrong, `seed ${seed}`).toEqual([]);
      expect(texts.size, `seed ${seed}`).toBe(1);
    }
  }, 60_000);
});
