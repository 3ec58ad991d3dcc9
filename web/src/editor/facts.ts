/** What follows from the document: numbers, hierarchy, words of references. Derived again only when something they depend on changed. */

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import words from "../../../schema/numbering/references.json";
import { type Numbering, number, type Scheme } from "./numbering.ts";
import { Citations, type CitedBlock } from "./references.ts";
import { schema } from "./schema.ts";

export interface Facts {
  readonly numbering: Numbering;
  readonly citations: Citations;
}

export const factsKey = new PluginKey<Facts>("facts");

export function facts(scheme: Scheme): Plugin<Facts> {
  return new Plugin<Facts>({
    key: factsKey,
    state: {
      init: (_config, state) => deriveFacts(state.doc, scheme),
      apply: (tr, value, before, after) => (tr.docChanged && matters(before.doc, after.doc) ? deriveFacts(after.doc, scheme) : value),
    },
  });
}

export function deriveFacts(doc: Node, scheme: Scheme): Facts {
  const staying = doc.children.filter(stays);
  const blocks = staying.map(blockOf);
  const numbering = staying.length < doc.childCount ? withGoing(number(blocks, scheme), doc, scheme) : number(blocks, scheme);
  return { numbering, citations: new Citations(blocks, numbering) };
}

/** False for what a reviewer proposes to delete or to join to the unit before: the numbers are those the text would have. */
function stays({ attrs }: Node): boolean {
  return attrs.sug === "" || attrs.sug === undefined;
}

/** What is to go keeps the number it has now. */
function withGoing({ labels, parents, containers }: Numbering, doc: Node, scheme: Scheme): Numbering {
  const now = number(doc.children.map(blockOf), scheme);
  const going = doc.children.filter((node) => !stays(node)).map(({ attrs }) => attrs);
  const add = (facts: ReadonlyMap<string, string>, from: ReadonlyMap<string, string>) =>
    new Map([...facts, ...going.map(({ bid, sug }) => [bid, sug === "delete" ? (from.get(bid) ?? "") : ""] as const)]);
  return { labels: add(labels, now.labels), parents: add(parents, now.parents), containers: add(containers, now.containers) };
}

/** A block as numbering and citations see it; its text is read only when a citation asks. A class: thousands of literals with a getter are slow. */
class Block implements CitedBlock {
  readonly bid: string;
  readonly quoted: string;
  readonly scope: string;
  readonly kind: string;
  readonly level: number;
  readonly label: string;

  constructor(private readonly node: Node) {
    const { bid, quoted, scope, kind = "", level = 1, label = "" } = node.attrs;
    this.bid = bid;
    this.quoted = quoted;
    this.scope = scope;
    this.kind = node.type === schema.nodes.unit ? kind : "";
    this.level = level;
    this.label = label;
  }

  get text(): string {
    return this.node.type === schema.nodes.unit ? this.node.textContent : "";
  }
}

function blockOf(node: Node): CitedBlock {
  return new Block(node);
}

/** True when blocks came, went or changed an attribute, or a unit's text began or ceased to count as an opening line. */
function matters(before: Node, after: Node): boolean {
  if (before.childCount !== after.childCount) return true;
  for (let index = 0; index < after.childCount; index++) {
    const [old, now] = [before.child(index), after.child(index)];
    if (old !== now && (!now.sameMarkup(old) || opens(old) !== opens(now))) return true;
  }
  return false;
}

/** What `Citations` asks of a text: whether there is one and whether its last character announces a list. */
function opens(node: Node): string {
  if (node.type !== schema.nodes.unit) return "";
  const text = (node.lastChild?.text ?? "").trimEnd();
  const last = text === "" ? node.textContent.trimEnd().at(-1) : text.at(-1);
  return last === undefined ? "" : words.first_when_it_ends_with.includes(last) ? "list" : "text";
}
