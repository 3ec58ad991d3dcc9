/** What a reference can point at. */

import type { Node } from "prosemirror-model";
import type { Facts } from "./facts.ts";
import { schema } from "./schema.ts";

export interface Target {
  readonly bid: string;
  /** How it is cited, in the nominative. */
  readonly name: string;
  readonly text: string;
  /** Lower case, for searching. */
  readonly search: string;
}

export function listTargets(doc: Node, { citations, numbering }: Facts): Target[] {
  return doc.children
    .filter((node) => node.type !== schema.nodes.unit || (numbering.labels.get(node.attrs.bid) ?? "") !== "")
    .map((node) => {
      const { bid } = node.attrs;
      const name = citations.cite(bid);
      const text = node.textContent.replaceAll("\ufffc", " ").slice(0, 120);
      return { bid, name, text, search: `${name} ${text}`.toLowerCase() };
    });
}
