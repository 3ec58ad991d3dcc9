import { expect, it } from "vitest";
import * as Y from "yjs";
import { setKind } from "../../editor/commands.ts";
import { derivedBid } from "../../editor/duplicates.ts";
import { seed } from "../../editor/testing.ts";
import { Acceptor } from "./accept.ts";
import { TestReviewer } from "./testing.ts";

it("a proposal about the later of two blocks with one id names the id that this block gets when the drafters' editors mend it (D1)", () => {
  const base = new Y.Doc();
  const units = [
    ["a", "article", "перша"],
    ["b", "point", "друга 😀"],
    ["b", "point", "друга, переставлена двома"],
  ] as const;
  Y.applyUpdate(base, seed(units));
  const copy = base.getXmlFragment("default").get(2) as Y.XmlElement;
  const later = derivedBid(copy);
  const reviewer = new TestReviewer(base);
  reviewer.caret(later, 5);
  reviewer.type(" одиниця");
  reviewer.run(setKind("subpoint"));
  const shown = reviewer.read();
  expect([...reviewer.sent.values()].map(({ change }) => (change as { bid: string }).bid)).toEqual([later, later]);

  copy.setAttribute("bid", later);
  expect(reviewer.read()).toEqual(shown);
  expect(reviewer.review.places().map(({ key, how }) => [key, how])).toEqual([
    [later, "exact"],
    [later, "exact"],
  ]);
  const acceptor = new Acceptor(base);
  const claimed = [...reviewer.sent.values()].map((proposal) => ({ proposal, version: 1 }));
  expect(new Set(acceptor.accept(claimed).values())).toEqual(new Set(["clean"]));
  expect((base.getXmlFragment("default").get(1) as Y.XmlElement).getAttribute("kind")).toBe("point");
  expect((base.getXmlFragment("default").get(2) as Y.XmlElement).getAttribute("kind")).toBe("subpoint");
});
