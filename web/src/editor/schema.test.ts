import { DOMParser, DOMSerializer } from "prosemirror-model";
import { expect, it } from "vitest";
import addresses from "../../../schema/vectors/addresses.json";
import { readHtml } from "./paste.ts";
import { isSafeHref, schema } from "./schema.ts";

it.each(addresses.cases as [string, boolean][])("an address may be followed or not: %j %s", (address, isAllowed) => {
  expect(isSafeHref(address)).toBe(isAllowed);
});

it("a link keeps its address when the page is read again", () => {
  const link = schema.mark("link", { href: "/go/1645-14" });
  const unit = schema.node("unit", { bid: "b1", kind: "paragraph" }, [schema.text("статті 29", [link])]);
  const shown = document.createElement("div");
  shown.append(DOMSerializer.fromSchema(schema).serializeFragment(unit.content));
  expect(
    DOMParser.fromSchema(schema)
      .parse(shown)
      .firstChild?.firstChild?.marks.map(({ attrs }) => attrs.href),
  ).toEqual(["/go/1645-14"]);
});

it("a path copied from another site leads nowhere here", () => {
  const [block] = readHtml('<p>Згідно з <a href="/go/1645-14">статтею 29</a> і <a href="https://example.gov.ua">порталом</a></p>');
  const links = block?.children.flatMap((text) => text.marks.map(({ attrs }) => [text.text, attrs.href]));
  expect(links).toEqual([["порталом", "https://example.gov.ua"]]);
});
