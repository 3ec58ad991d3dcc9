import { expect, it } from "vitest";
import * as Y from "yjs";
import { isUnseen, tellCaughtUp } from "./incoming.ts";

it("words not known to be on disk when the connection was lost are unseen until the answer is here, those of an earlier visit too", () => {
  const earlier = new Y.Doc();
  earlier.clientID = 7;
  earlier.getText("default").insert(0, "з потяга 😀");
  const doc = new Y.Doc();
  doc.clientID = 8;
  doc.getText("default").insert(0, "збережено");
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(earlier));
  const atEnd = Y.getState(doc.store, 8);

  expect(isUnseen(doc, Y.createID(7, 0))).toBe(false);
  tellCaughtUp(doc, false, () => [Y.encodeStateAsUpdate(earlier)]);
  doc.getText("default").insert(0, "без зв'язку");
  tellCaughtUp(doc, false, () => []); // acknowledged before the answer came: seen by the server, by nobody else
  expect([Y.createID(7, 0), Y.createID(8, atEnd)].map((id) => isUnseen(doc, id))).toEqual([true, true]);
  expect([Y.createID(8, atEnd - 1), Y.createID(9, 0)].map((id) => isUnseen(doc, id))).toEqual([false, false]);
  tellCaughtUp(doc, true, () => []);
  expect(isUnseen(doc, Y.createID(7, 0))).toBe(false);
});
