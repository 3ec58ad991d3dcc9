/** Paste: plain text becomes units with their labels; HTML of Word and of the web is cleaned to the act's schema, and no word of it is lost. */

import { Fragment, type Mark, type Node, Slice } from "prosemirror-model";
import { type EditorState, Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { AUTO } from "./numbering.ts";
import { clampLevel, isSafeHref, newBid, PLACEHOLDER, schema } from "./schema.ts";
import { recogniseLabel } from "./typing.ts";

export function paste(): Plugin {
  return new Plugin({
    props: {
      clipboardTextParser: (text, $context) =>
        $context.node($context.depth).type === schema.nodes.cell ? cellText(text) : readPlain(text),
      clipboardTextSerializer: (slice) => writePlain(slice),
      transformPastedHTML: (html) => withoutStyles(html),
      handlePaste: (view, event) => pasteHtml(view, event),
    },
  });
}

/** Our own clipboard HTML goes ProseMirror's way, which keeps ids, kinds and labels; foreign HTML comes here. */
function pasteHtml(view: EditorView, event: ClipboardEvent): boolean {
  const html = event.clipboardData?.getData("text/html") ?? "";
  if (html === "" || html.includes("data-pm-slice") || html.length > 20_000_000) return false;
  const blocks = readHtml(html);
  if (blocks.length === 0) return false;
  const slice = insideCell(view.state) ? new Slice(Fragment.from(flatten(blocks)), 0, 0) : sliceOf(blocks);
  view.dispatch(view.state.tr.replaceSelection(slice).setMeta("paste", true).setMeta("uiEvent", "paste").scrollIntoView());
  return true;
}

function insideCell(state: EditorState): boolean {
  return state.selection.$from.parent.type === schema.nodes.cell;
}

function cellText(text: string): Slice {
  return new Slice(Fragment.from(inlineOf(normalise(text).split("\n"))), 0, 0);
}

/** Lines with breaks between them. */
function inlineOf(lines: readonly string[]): Node[] {
  return lines.flatMap((line, index) => [
    ...(index > 0 ? [schema.text(PLACEHOLDER, [schema.mark("break")])] : []),
    ...(line === "" ? [] : [schema.text(line)]),
  ]);
}

function flatten(blocks: readonly Node[]): Node[] {
  const lines = blocks.flatMap((block) => (block.type === schema.nodes.unit ? [block] : block.children.flatMap((row) => row.children)));
  return lines.flatMap((line, index) => [
    ...(index > 0 ? [schema.text(PLACEHOLDER, [schema.mark("break")])] : []),
    ...line.content.content,
  ]);
}

/** One line joins the text at the caret; several keep their ends as blocks. */
function sliceOf(blocks: readonly Node[]): Slice {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1 && isOpen(first)) return new Slice(first.content, 0, 0);
  return new Slice(Fragment.from(blocks as Node[]), isOpen(first) ? 1 : 0, isOpen(blocks.at(-1)) ? 1 : 0);
}

/** A plain paragraph, whose text may join what stands around it. */
function isOpen(node: Node | undefined): boolean {
  return node !== undefined && node.type === schema.nodes.unit && node.attrs.label === "" && node.attrs.kind === "paragraph";
}

/** Plain text as units. Each line is a unit; a label at its head is kept as an explicit one. */
export function readPlain(text: string): Slice {
  const lines = normalise(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return sliceOf(lines.map((line) => unitOf([schema.text(line)], line, "paragraph", 1)));
}

function normalise(text: string): string {
  return text.replace(/\r\n?|\u2028|\u2029/g, "\n").replaceAll("\u0000", "");
}

function writePlain(slice: Slice): string {
  const lines: string[] = [];
  slice.content.descendants((node) => {
    if (node.type.name === "row") {
      lines.push(node.children.map((cell) => plainText(cell)).join("\t"));
      return false;
    }
    if (node.type.name === "unit") {
      const label = node.attrs.label === AUTO ? "" : node.attrs.label;
      lines.push(label === "" ? plainText(node) : `${label} ${plainText(node)}`);
      return false;
    }
    if (node.isText) lines.push(node.text ?? "");
    return true;
  });
  return slice.content.firstChild?.isText ? lines.join("") : lines.join("\n");
}

function plainText(node: Node): string {
  return node.children.map((child) => (child.marks.some((mark) => mark.type.name === "break") ? "\n" : (child.text ?? ""))).join("");
}

function unitOf(content: readonly Node[], line: string, kind: string, level: number): Node {
  const known = recogniseLabel(line);
  if (known === null) return schema.node("unit", { bid: newBid(), kind, level }, content as Node[]);
  const { label, length } = known;
  const rest = Fragment.from(content as Node[]).cut(Math.min(length, line.length));
  return schema.node("unit", { bid: newBid(), kind: known.kind, level: known.level, label }, rest);
}

const HIDDEN = new Set(["SCRIPT", "STYLE", "HEAD", "META", "LINK", "TITLE", "TEMPLATE", "NOSCRIPT", "XML", "OBJECT", "IFRAME"]);
const BLOCKS = new Set([
  ...[
    "P",
    "DIV",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "LI",
    "UL",
    "OL",
    "DL",
    "DT",
    "DD",
    "BLOCKQUOTE",
    "PRE",
    "SECTION",
    "ARTICLE",
    "HEADER",
  ],
  ...["FOOTER", "MAIN", "ASIDE", "NAV", "FIGURE", "FIGCAPTION", "ADDRESS", "FORM", "FIELDSET", "CENTER", "HR", "BODY", "CAPTION"],
]);

/** The page's content policy objects to style sheets even in a document that is only read. */
function withoutStyles(html: string): string {
  return html.replace(/<style\b[^>]*>[\s\S]*?<\/style\s*>/gi, "");
}

/** The blocks of an HTML text. It is parsed into a document of its own, in which no script runs and nothing is loaded. */
export function readHtml(html: string): Node[] {
  const body = new DOMParser().parseFromString(withoutStyles(html).replace(/<!\[(?:if|endif)[^>]*>/gi, ""), "text/html").body;
  const reader = new HtmlReader();
  reader.children(body, []);
  reader.flush();
  return reader.blocks;
}

class HtmlReader {
  readonly blocks: Node[] = [];
  private line: Piece[] = [];
  private kind = "paragraph";
  private level = 1;
  private marker = "";
  private isPreformatted = false;

  children(parent: globalThis.Node, marks: readonly Mark[]): void {
    for (const child of parent.childNodes) this.read(child, marks);
  }

  /** Ends the line: what was collected becomes a unit. */
  flush(): void {
    const content = trimmed(this.line);
    const text = Fragment.from(content).textBetween(0, Fragment.from(content).size);
    if (this.marker !== "" || text.trim() !== "") {
      const own = this.marker === "" ? null : recogniseLabel(`${this.marker} `);
      if (own !== null)
        this.blocks.push(schema.node("unit", { bid: newBid(), kind: own.kind, level: own.level, label: own.label }, content));
      else this.blocks.push(unitOf(content, text, this.marker === "" ? this.kind : "item", this.level));
    }
    this.line = [];
    this.marker = "";
  }

  private read(node: globalThis.Node, marks: readonly Mark[]): void {
    if (node.nodeType === 3) this.text(node.textContent ?? "", marks);
    if (!(node instanceof Element) || HIDDEN.has(node.tagName.toUpperCase()) || isInvisible(node)) return;
    const tag = node.tagName.toUpperCase();
    if (tag === "BR") this.line.push(LINE_BREAK);
    else if (tag === "IMG") this.text(node.getAttribute("alt") ?? "", marks);
    else if (tag === "TABLE") this.table(node);
    else if (isWordMarker(node)) this.marker = (node.textContent ?? "").replace(/\s+/g, " ").trim();
    else if (BLOCKS.has(tag)) this.block(node, tag, marks);
    else this.children(node, marksOf(node, marks));
  }

  private block(node: Element, tag: string, marks: readonly Mark[]): void {
    if (tag === "LI" || !/^(UL|OL)$/.test(tag)) this.flush();
    const outer = { kind: this.kind, level: this.level, isPreformatted: this.isPreformatted };
    if (/^H[1-6]$/.test(tag)) this.kind = "heading";
    if (tag === "LI") this.marker = listMarker(node);
    if (tag === "PRE") this.isPreformatted = true;
    this.level = clampLevel(wordLevel(node) ?? this.level);
    this.children(node, marksOf(node, marks));
    this.flush();
    Object.assign(this, outer);
  }

  private text(text: string, marks: readonly Mark[]): void {
    const clean = normalise(text).replace(/\u00ad/g, "");
    if (this.isPreformatted) {
      clean.split("\n").forEach((line, index) => {
        if (index > 0) this.flush();
        if (line !== "") this.line.push({ text: line, marks });
      });
      return;
    }
    const collapsed = clean.replace(/[\t\n\f ]+/g, " ");
    const before = this.line.at(-1)?.text ?? " ";
    const rest = before.endsWith(" ") && collapsed.startsWith(" ") ? collapsed.slice(1) : collapsed;
    if (rest !== "") this.line.push({ text: rest, marks });
  }

  /** A table of one cell only lays out; a nested table's cells go into the cell around it. */
  private table(table: Element): void {
    this.flush();
    const rows = [...table.querySelectorAll("tr")].filter((row) => row.closest("table") === table);
    for (const caption of table.querySelectorAll(":scope > caption")) this.children(caption, []);
    this.flush();
    const nodes = rows
      .map((row) => schema.node("row", { bid: newBid() }, [...row.children].filter(isCell).map(readCell)))
      .filter((row) => row.childCount > 0);
    if (nodes.length > 0) this.blocks.push(schema.node("table", { bid: newBid() }, nodes));
  }
}

function isCell(element: Element): boolean {
  return element.tagName === "TD" || element.tagName === "TH";
}

function readCell(element: Element): Node {
  const reader = new HtmlReader();
  reader.children(element, []);
  reader.flush();
  const lines = reader.blocks.map((block) => {
    const label: string = block.attrs.label ?? "";
    return block.type === schema.nodes.unit && label !== "" && label !== AUTO
      ? block.copy(Fragment.from(schema.text(`${label} `)).append(block.content))
      : block;
  });
  const whole = (name: string) => Math.min(1000, Math.max(1, Number.parseInt(element.getAttribute(name) ?? "1", 10) || 1));
  const attrs = { bid: newBid(), colspan: whole("colspan"), rowspan: whole("rowspan"), header: element.tagName === "TH" ? "true" : "" };
  return schema.node("cell", attrs, flatten(lines));
}

/** Word writes the number of a list item as text inside `mso-list:Ignore`. */
function isWordMarker(element: Element): boolean {
  return /mso-list:\s*ignore/i.test(element.getAttribute("style") ?? "");
}

function wordLevel(element: Element): number | null {
  const found = /mso-list:[^;]*level(\d+)/i.exec(element.getAttribute("style") ?? "");
  return found === null ? null : Number(found[1]);
}

function isInvisible(element: Element): boolean {
  const style = element.getAttribute("style") ?? "";
  return /display:\s*none|mso-hide:\s*all/i.test(style) && !isWordMarker(element);
}

function listMarker(item: Element): string {
  const list = item.parentElement;
  if (list?.tagName !== "OL") return "–";
  const index = [...list.children].filter((child) => child.tagName === "LI").indexOf(item);
  const start = Number.parseInt(list.getAttribute("start") ?? "1", 10) || 1;
  return `${start + index}.`;
}

function marksOf(element: Element, outer: readonly Mark[]): readonly Mark[] {
  let marks = outer;
  const add = (name: string, attrs?: Record<string, string>) => {
    marks = schema.mark(name, attrs).addToSet(marks);
  };
  const tag = element.tagName.toUpperCase();
  const style = element.getAttribute("style") ?? "";
  const byTag: Readonly<Record<string, string>> = {
    EM: "em",
    I: "em",
    U: "underline",
    S: "strike",
    DEL: "strike",
    STRIKE: "strike",
    SUP: "sup",
    SUB: "sub",
  };
  const isNormal = /font-weight:\s*(normal|400)/i.test(style);
  if ((/^(STRONG|B)$/.test(tag) && !isNormal) || /font-weight:\s*(bold|[6-9]\d\d)/i.test(style)) add("strong");
  if (byTag[tag] !== undefined) add(byTag[tag]);
  if (/font-style:\s*italic/i.test(style)) add("em");
  if (/vertical-align:\s*super/i.test(style)) add("sup");
  if (/vertical-align:\s*sub/i.test(style)) add("sub");
  const href = tag === "A" ? (element.getAttribute("href") ?? "") : "";
  if (isSafeHref(href) && /^[a-z]+:/i.test(href.trim())) add("link", { href }); // a path means another server than ours
  return marks;
}

/** A piece of a line before it becomes text nodes, which may not be empty. */
interface Piece {
  readonly text: string;
  readonly marks: readonly Mark[];
}

const LINE_BREAK: Piece = { text: PLACEHOLDER, marks: [schema.mark("break")] };

/** The text of a line without space or breaks at its ends. */
function trimmed(line: readonly Piece[]): Node[] {
  const pieces = [...line];
  while (pieces.at(-1) === LINE_BREAK || pieces.at(-1)?.text.trim() === "") pieces.pop();
  while (pieces[0] === LINE_BREAK || pieces[0]?.text.trim() === "") pieces.shift();
  return pieces.map(({ text, marks }, index) => {
    const start = index === 0 ? text.trimStart() : text;
    return schema.text(index === pieces.length - 1 ? start.trimEnd() : start, marks);
  });
}
