/** The table of contents: headings and numbered provisions that carry others. */

import type { Node } from "prosemirror-model";
import type { Facts } from "./facts.ts";
import { schema } from "./schema.ts";

export interface OutlineEntry {
  readonly bid: string;
  readonly kind: string;
  readonly label: string;
  readonly text: string;
  /** 0 at the margin. */
  readonly depth: number;
}

const LISTED = new Set(["annex", "approval", "book", "section", "subsection", "chapter", "clause", "heading", "article"]);
/** Acts without articles list their points. */
const POINTS = new Set(["point"]);
const LENGTH = 90;

export function outlineOf(doc: Node, { numbering }: Facts): OutlineEntry[] {
  const units = doc.children.filter((node) => node.type === schema.nodes.unit);
  const hasArticles = units.some((node) => node.attrs.kind === "article");
  const listed = units.filter(({ attrs }) => LISTED.has(attrs.kind) || (!hasArticles && POINTS.has(attrs.kind) && attrs.level === 1));
  const depths = new Map<string, number>();
  return listed.map((node) => {
    const { bid, kind } = node.attrs;
    let parent = numbering.parents.get(bid) ?? "";
    for (let hops = 0; parent !== "" && !depths.has(parent) && hops < 32; hops++) parent = numbering.parents.get(parent) ?? "";
    const depth = parent === "" ? 0 : (depths.get(parent) ?? 0) + 1;
    depths.set(bid, depth);
    return { bid, kind, label: numbering.labels.get(bid) ?? "", text: shorten(node.textContent), depth };
  });
}

function shorten(text: string): string {
  const plain = text.replaceAll("\ufffc", " ").replace(/\s+/g, " ").trim();
  return plain.length <= LENGTH ? plain : `${plain.slice(0, LENGTH - 1).trimEnd()}…`;
}
