/** One block of the act as a Yjs element and as a ProseMirror node: reading, creating, attributes. */

import type { Node } from "prosemirror-model";
import * as Y from "yjs";
import { runsBetween } from "./diff.ts";
import { clampLevel, holdsText, marksOf, schema } from "./schema.ts";
import { readRuns } from "./ytext.ts";

/** Yjs types attributes as strings but stores any JSON value; spans are integers in schema/act.json. */
type Stored = Y.XmlElement<Record<string, string | number | number[]>>;

export type Parent = Y.XmlElement | Y.XmlFragment;

const CHILDREN: Readonly<Record<string, readonly string[]>> = { "": ["unit", "table"], table: ["row"], row: ["cell"] };

/** The children this bundle can show; anything else stays in Yjs untouched (D2). */
export function visibleChildren(parent: Parent): Y.XmlElement[] {
  const names = CHILDREN[parent instanceof Y.XmlElement ? parent.nodeName : ""] ?? [];
  return parent.toArray().filter((child): child is Y.XmlElement => child instanceof Y.XmlElement && names.includes(child.nodeName));
}

/** True for an element that carries text. */
export function isTextElement(element: Parent): element is Y.XmlElement {
  return element instanceof Y.XmlElement && (element.nodeName === "unit" || element.nodeName === "cell");
}

/** The ProseMirror attributes of an element. */
export function readAttributes(element: Y.XmlElement): Record<string, unknown> {
  const given = element.getAttributes() as Record<string, unknown>;
  const attrs: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(schema.nodes[element.nodeName]?.spec.attrs ?? {})) {
    attrs[name] = readAttribute(name, given[name], spec.default);
  }
  return attrs;
}

function readAttribute(name: string, value: unknown, fallback: unknown): unknown {
  if (value === undefined || value === null) return fallback;
  if (name === "level") return clampLevel(Number(value));
  if (name === "colspan" || name === "rowspan") return Math.max(1, Math.trunc(Number(value)) || 1);
  if (name === "colwidth") return Array.isArray(value) ? value.map(Number) : null;
  return String(value);
}

/** Writes one attribute as Yjs stores it: strings on units, integers on cells, a default not at all. */
export function writeAttribute(element: Y.XmlElement, name: string, value: unknown): void {
  const spec = schema.nodes[element.nodeName]?.spec.attrs?.[name];
  if (name !== "kind" && (value === null || value === spec?.default)) {
    if (element.getAttribute(name) !== undefined) element.removeAttribute(name);
    return;
  }
  (element as unknown as Stored).setAttribute(name, name === "level" ? String(value) : (value as string));
}

/** A new element with all content of a node. */
export function createElement(node: Node): Y.XmlElement {
  const element = new Y.XmlElement(node.type.name);
  const stored = element as unknown as Stored;
  for (const [name, value] of Object.entries(node.attrs)) {
    const fallback: unknown = node.type.spec.attrs?.[name]?.default;
    if (name === "kind" || (value !== null && value !== fallback)) stored.setAttribute(name, name === "level" ? String(value) : value);
  }
  if (holdsText(node)) {
    const text = new Y.XmlText();
    text.applyDelta(runsBetween(node.content, 0, node.content.size).map((run) => ({ insert: run.text, attributes: run.attributes })));
    element.insert(0, [text]);
  } else {
    element.insert(0, node.children.map(createElement));
  }
  return element;
}

/** The inline content of a unit or cell. */
export function readInline(element: Y.XmlElement): Node[] {
  return readRuns(element)
    .filter((run) => run.text !== "")
    .map((run) => schema.text(run.text, marksOf(run.attributes)));
}

/** The block id of an element, also of a deleted one as long as its content is kept. */
export function bidOf(element: Y.XmlElement): string {
  const content = element._map.get("bid")?.content;
  const value: unknown = content?.getContent()[0];
  return typeof value === "string" ? value : "";
}

/** The element that holds a text. */
export function containerOf(text: Y.XmlText): Y.XmlElement | null {
  return text.parent instanceof Y.XmlElement ? text.parent : null;
}
