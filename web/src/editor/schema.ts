/** The act as a ProseMirror schema, generated from `schema/act.json`: flat, and never requiring content, so that no merge can violate it (D1). */

import { type Attrs, type Mark, type MarkSpec, type Node, type NodeSpec, Schema } from "prosemirror-model";
import act from "../../../schema/act.json";

export interface KindFacts {
  readonly rank: number;
  readonly numbered: boolean;
  readonly uk: string;
  readonly en: string;
}

/** Stands in the text for a reference, a footnote anchor, an image or a line break (D1). */
export const PLACEHOLDER = act.placeholder;

export const KINDS: Readonly<Record<string, KindFacts>> = act.kinds;

/** Text under the same marks; `attributes` maps a mark's name to its values, exactly as Yjs stores them. */
export interface Run {
  readonly text: string;
  readonly attributes: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}

/** The depth limit of a unit's level; the numbering schemes know no deeper nesting. */
export const MAX_LEVEL = 9;

const nodes: Record<string, NodeSpec> = {
  doc: { content: "(unit | table)*" },
  unit: {
    content: "text*",
    marks: "_",
    defining: true,
    attrs: {
      bid: { default: "", validate: "string" },
      kind: { default: "paragraph", validate: "string" },
      level: { default: 1, validate: "number" },
      label: { default: "", validate: "string" },
      quoted: { default: "", validate: "string" },
      scope: { default: "", validate: "string" },
      sug: { default: "", validate: "string" },
    },
    parseDOM: [{ tag: "div[data-unit]", getAttrs: readUnitAttrs }],
    toDOM: (node) => ["div", unitDomAttributes(node), 0],
  },
  table: {
    content: "row*",
    tableRole: "table",
    isolating: true,
    attrs: { bid: { default: "" }, quoted: { default: "" }, scope: { default: "" }, sug: { default: "" } },
    parseDOM: [{ tag: "table", getAttrs: (dom) => ({ bid: dom.getAttribute("data-bid") ?? "" }) }],
    toDOM: (node) => ["table", { "data-bid": node.attrs.bid }, ["tbody", 0]],
  },
  row: {
    content: "cell*",
    tableRole: "row",
    attrs: { bid: { default: "" }, sug: { default: "" } },
    parseDOM: [{ tag: "tr", getAttrs: (dom) => ({ bid: dom.getAttribute("data-bid") ?? "" }) }],
    toDOM: (node) => ["tr", { "data-bid": node.attrs.bid }, 0],
  },
  cell: {
    content: "text*",
    marks: "_",
    tableRole: "cell",
    isolating: true,
    attrs: {
      bid: { default: "" },
      colspan: { default: 1 },
      rowspan: { default: 1 },
      colwidth: { default: null },
      header: { default: "" },
      sug: { default: "" },
    },
    parseDOM: [
      { tag: "td", getAttrs: (dom) => readCellAttrs(dom, "") },
      { tag: "th", getAttrs: (dom) => readCellAttrs(dom, "true") },
    ],
    toDOM: (node) => [node.attrs.header ? "th" : "td", cellDomAttributes(node), 0],
  },
  text: {},
};

function unitDomAttributes(node: Node): Record<string, string> {
  const { bid, kind, level, label, quoted, scope } = node.attrs as UnitAttrs;
  return {
    class: "act-unit",
    "data-unit": "",
    "data-bid": bid,
    "data-kind": kind,
    "data-level": String(level),
    ...(label === "" ? {} : { "data-explicit": label }),
    ...(quoted === "" ? {} : { "data-quoted": quoted }),
    ...(scope === "" ? {} : { "data-scope": scope }),
  };
}

function cellDomAttributes(node: Node): Record<string, string> {
  const { bid, colspan, rowspan } = node.attrs as CellAttrs;
  return {
    "data-bid": bid,
    ...(colspan > 1 ? { colspan: String(colspan) } : {}),
    ...(rowspan > 1 ? { rowspan: String(rowspan) } : {}),
  };
}

function readUnitAttrs(dom: HTMLElement): Attrs {
  const kind = dom.getAttribute("data-kind") ?? "";
  return {
    bid: dom.getAttribute("data-bid") ?? "",
    kind: kind in KINDS ? kind : "paragraph",
    level: clampLevel(Number(dom.getAttribute("data-level") ?? "1")),
    label: dom.getAttribute("data-explicit") ?? "",
    quoted: dom.getAttribute("data-quoted") ?? "",
    scope: dom.getAttribute("data-scope") ?? "",
  };
}

function readCellAttrs(dom: HTMLElement, header: string): Attrs {
  return {
    bid: dom.getAttribute("data-bid") ?? "",
    colspan: span(dom.getAttribute("colspan")),
    rowspan: span(dom.getAttribute("rowspan")),
    header,
  };
}

function span(value: string | null): number {
  const number = Number(value ?? "1");
  return Number.isInteger(number) && number > 0 && number < 1000 ? number : 1;
}

/** A level as a whole number from 1 to `MAX_LEVEL`. */
export function clampLevel(level: number): number {
  return Number.isFinite(level) ? Math.min(MAX_LEVEL, Math.max(1, Math.round(level))) : 1;
}

export type UnitAttrs = { bid: string; kind: string; level: number; label: string; quoted: string; scope: string };
export type CellAttrs = { bid: string; colspan: number; rowspan: number; colwidth: number[] | null; header: string };

const SIMPLE_MARKS: Readonly<Record<string, MarkSpec>> = {
  strong: {
    parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: isBold }, { style: "font-weight", getAttrs: isBoldStyle }],
    toDOM: () => ["strong", 0],
  },
  em: { parseDOM: [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
  underline: { parseDOM: [{ tag: "u" }], toDOM: () => ["u", 0] },
  strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }], toDOM: () => ["s", 0] },
  sup: { excludes: "sub sup", parseDOM: [{ tag: "sup" }, { style: "vertical-align=super" }], toDOM: () => ["sup", 0] },
  sub: { excludes: "sub sup", parseDOM: [{ tag: "sub" }, { style: "vertical-align=sub" }], toDOM: () => ["sub", 0] },
};

function isBold(dom: HTMLElement): false | null {
  return dom.style.fontWeight === "normal" || dom.style.fontWeight === "400" ? false : null;
}

function isBoldStyle(value: string): false | null {
  return /^(bold(er)?|[6-9]\d{2})$/.test(value) ? null : false;
}

const HREF = /^(?:(?:https?|mailto|tel):|(?!\\|\/[/\\])[^:/?#]*(?:[/?#]|$))/i;

/** Only addresses a person may safely follow, elsewhere or on this server; anything else stays text. `is_href` of the server is the same rule. */
export function isSafeHref(href: string): boolean {
  const address = href.trim();
  return address !== "" && href.length <= act.limits.href && HREF.test(address) && !/\p{Cc}/u.test(href);
}

const VALUE_MARKS: Readonly<Record<string, MarkSpec>> = {
  link: {
    inclusive: false,
    attrs: { href: {} },
    parseDOM: [
      { tag: "a[href]", getAttrs: (dom) => (isSafeHref(dom.getAttribute("href") ?? "") ? { href: dom.getAttribute("href") } : false) },
    ],
    toDOM: (mark) => ["a", { href: isSafeHref(mark.attrs.href) ? mark.attrs.href : "#", rel: "noopener noreferrer nofollow" }, 0],
  },
  ref: {
    inclusive: false,
    attrs: { target: {}, form: { default: "" } },
    parseDOM: [
      { tag: "span[data-ref]", getAttrs: (dom) => ({ target: dom.getAttribute("data-ref"), form: dom.getAttribute("data-form") ?? "" }) },
    ],
    toDOM: (mark) => ["span", { class: "act-ref", "data-ref": mark.attrs.target, "data-form": mark.attrs.form }, 0],
  },
  footnote: {
    inclusive: false,
    attrs: { target: {} },
    parseDOM: [{ tag: "span[data-footnote]", getAttrs: (dom) => ({ target: dom.getAttribute("data-footnote") }) }],
    toDOM: (mark) => ["span", { class: "act-footnote", "data-footnote": mark.attrs.target }, 0],
  },
  image: {
    inclusive: false,
    attrs: { src: { default: "" }, alt: { default: "" }, width: { default: null } },
    toDOM: (mark) => ["span", { class: "act-image", role: "img", "aria-label": mark.attrs.alt, "data-alt": mark.attrs.alt }, 0],
  },
  break: { inclusive: false, parseDOM: [{ tag: "span[data-break]" }], toDOM: () => ["span", { class: "act-break", "data-break": "" }, 0] },
};

/**
 * What a reviewer proposes, in the private view document of suggestions only; together with the attribute `sug` of blocks.
 * `schema/act.json` does not know them, so the guard refuses them in an act.
 */
const VIEW_MARKS: Readonly<Record<string, MarkSpec>> = {
  insertion: { inclusive: false, toDOM: () => ["span", { class: "sug-insertion", role: "insertion" }, 0] },
  deletion: { inclusive: false, toDOM: () => ["span", { class: "sug-deletion", role: "deletion" }, 0] },
};

function marks(): Record<string, MarkSpec> {
  const specs: Record<string, MarkSpec> = { ...VIEW_MARKS };
  for (const name of Object.keys(act.marks)) {
    specs[name] = SIMPLE_MARKS[name] ?? VALUE_MARKS[name] ?? { toDOM: () => ["span", { "data-mark": name }, 0] };
  }
  return specs;
}

export const schema = new Schema({ nodes, marks: marks() });

/** The ProseMirror marks of a run; a mark this bundle does not know is left alone in Yjs and not shown (D2). */
export function marksOf(attributes: Record<string, unknown> | undefined): readonly Mark[] {
  let set: readonly Mark[] = [];
  for (const [key, value] of Object.entries(attributes ?? {})) {
    const type = schema.marks[key.replace(/--[a-zA-Z0-9+/=]{8}$/, "")];
    if (type !== undefined && value !== null) set = createMark(type.name, value).addToSet(set);
  }
  return set;
}

function createMark(name: string, value: unknown): Mark {
  const given: Attrs = typeof value === "object" && value !== null ? (value as Attrs) : {};
  const type = schema.mark.bind(schema);
  const attrs: Record<string, unknown> = {};
  for (const key of Object.keys(schema.marks[name]?.spec.attrs ?? {})) attrs[key] = given[key] ?? (key === "width" ? null : "");
  return type(name, attrs);
}

/** The Yjs attributes of a set of marks, without empty values. */
export function attributesOf(set: readonly Mark[]): Run["attributes"] {
  const result: Record<string, Record<string, string | number>> = {};
  for (const mark of set) {
    result[mark.type.name] = Object.fromEntries(Object.entries(mark.attrs).filter(([, value]) => value !== null));
  }
  return result;
}

/** A new block id: 32 lower-case hexadecimal digits, as the server makes them. */
export function newBid(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** True for a node that carries text: a unit or a cell. */
export function holdsText(node: Node): boolean {
  return node.type === schema.nodes.unit || node.type === schema.nodes.cell;
}
