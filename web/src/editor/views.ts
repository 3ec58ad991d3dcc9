/** How units, references and footnote anchors look in the page: the number in the gutter and the words of a reference are written here, never stored. */

import type { Mark, Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView, MarkView, NodeView, ViewMutationRecord } from "prosemirror-view";
import { type Facts, factsKey } from "./facts.ts";
import { KINDS } from "./schema.ts";

export interface ViewOptions {
  readonly locale: "uk" | "en";
  /** Asked when a person activates a number, to change it by hand. */
  readonly onLabel?: (bid: string, anchor: HTMLElement) => void;
}

/** A title is short and ends with no mark of a sentence. */
const LONGEST_TITLE = 200;

function readsAsTitle({ content, textContent }: Node): boolean {
  return content.size <= LONGEST_TITLE && !/[.;:!?]["»”’)]*\s*$/u.test(textContent);
}

/** Everything on the page that shows a derived fact. */
class Shown {
  readonly units = new Set<UnitView>();
  readonly marks = new Set<TargetView>();
  readonly tables = new Set<TableView>();

  refresh(facts: Facts): void {
    for (const unit of this.units) unit.show(facts);
    for (const mark of this.marks) mark.show(facts);
  }
}

class UnitView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  private readonly label: HTMLElement;

  constructor(
    private node: Node,
    view: EditorView,
    private readonly shown: Shown,
    private readonly options: ViewOptions,
  ) {
    this.dom = document.createElement("div");
    this.label = this.dom.appendChild(document.createElement("span"));
    this.contentDOM = this.dom.appendChild(document.createElement("div"));
    this.dom.className = "act-unit";
    this.label.className = "act-label";
    this.label.contentEditable = "false";
    this.label.addEventListener("mousedown", this.activate);
    this.contentDOM.className = "act-text";
    shown.units.add(this);
    this.describe();
    const facts = factsKey.getState(view.state);
    if (facts !== undefined) this.show(facts);
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    const changed = !node.sameMarkup(this.node);
    this.node = node;
    if (changed) this.describe();
    else this.weigh();
    return true;
  }

  show(facts: Facts): void {
    const label = facts.numbering.labels.get(this.node.attrs.bid) ?? "";
    if (this.label.textContent !== label) this.label.textContent = label;
    this.label.hidden = label === "";
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof globalThis.Node && this.label.contains(event.target);
  }

  destroy(): void {
    this.shown.units.delete(this);
  }

  private readonly activate = (event: MouseEvent) => {
    event.preventDefault();
    this.options.onLabel?.(this.node.attrs.bid, this.label);
  };

  private describe(): void {
    const { bid, kind, level, label, quoted } = this.node.attrs;
    this.dom.dataset.bid = bid;
    this.dom.dataset.kind = kind;
    this.dom.dataset.level = String(level);
    this.dom.toggleAttribute("data-quoted", quoted !== "");
    this.label.toggleAttribute("data-explicit", label !== "" && label !== "auto");
    this.label.title = KINDS[kind]?.[this.options.locale] ?? kind;
    this.weigh();
  }

  /** An article's own text may be its title, or already what it says. */
  private weigh(): void {
    const isTitle = this.node.attrs.kind === "article" && readsAsTitle(this.node);
    if (isTitle !== this.dom.hasAttribute("data-title")) this.dom.toggleAttribute("data-title", isTitle);
  }
}

/** A reference or a footnote anchor: shows words that follow its target. */
class TargetView implements MarkView {
  readonly dom: HTMLElement;

  constructor(
    private readonly mark: Mark,
    view: EditorView,
    private readonly shown: Shown,
    private readonly options: ViewOptions,
  ) {
    this.dom = document.createElement("span");
    this.dom.className = mark.type.name === "ref" ? "act-ref" : "act-footnote";
    this.dom.dataset[mark.type.name] = mark.attrs.target;
    if (mark.type.name === "ref") this.dom.dataset.form = mark.attrs.form;
    shown.marks.add(this);
    const facts = factsKey.getState(view.state);
    if (facts !== undefined) this.show(facts);
  }

  show({ citations, numbering }: Facts): void {
    const { target, form } = this.mark.attrs;
    const isLost = !numbering.parents.has(target);
    const text =
      this.mark.type.name === "ref" ? citations.cite(target, form, "", this.options.locale) : (numbering.labels.get(target) ?? "?");
    if (this.dom.dataset.text === text && this.dom.hasAttribute("data-lost") === isLost) return;
    this.dom.dataset.text = text;
    this.dom.setAttribute("aria-label", text);
    this.dom.setAttribute("role", this.mark.type.name === "ref" ? "link" : "doc-noteref");
    this.dom.toggleAttribute("data-lost", isLost);
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type === "attributes";
  }

  destroy(): void {
    this.shown.marks.delete(this);
  }
}

/** The views, and what keeps them in step with the facts. */
export function views(options: ViewOptions): Plugin {
  const shown = new Shown();
  return new Plugin({
    props: {
      nodeViews: {
        unit: (node, view) => new UnitView(node, view, shown, options),
        table: (node, view) => new TableView(node, view, shown, options),
      },
      markViews: {
        ref: (mark, view) => new TargetView(mark, view, shown, options),
        footnote: (mark, view) => new TargetView(mark, view, shown, options),
      },
    },
    view: () => ({
      update: (view, before) => {
        const facts = factsKey.getState(view.state);
        if (facts !== undefined && facts !== factsKey.getState(before)) shown.refresh(facts);
        for (const table of shown.tables) table.letReach(!view.editable);
      },
    }),
  });
}

const TABLE = { uk: "Таблиця", en: "Table" };

/** A table in a frame of its own that scrolls sideways. */
class TableView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;

  constructor(
    node: Node,
    view: EditorView,
    private readonly shown: Shown,
    private readonly options: ViewOptions,
  ) {
    this.dom = document.createElement("div");
    this.dom.className = "act-table";
    this.dom.dataset.bid = node.attrs.bid;
    this.contentDOM = this.dom.appendChild(document.createElement("table")).appendChild(document.createElement("tbody"));
    shown.tables.add(this);
    this.letReach(!view.editable);
  }

  /** Where the caret cannot go, the frame itself takes the focus, so that keys can scroll it (WCAG 2.1.1). */
  letReach(isReadOnly: boolean): void {
    if (this.dom.hasAttribute("tabindex") === isReadOnly) return;
    const told = { tabindex: "0", role: "group", "aria-label": TABLE[this.options.locale] };
    for (const [name, value] of Object.entries(told)) {
      if (isReadOnly) this.dom.setAttribute(name, value);
      else this.dom.removeAttribute(name);
    }
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }

  destroy(): void {
    this.shown.tables.delete(this);
  }
}
