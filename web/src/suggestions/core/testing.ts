/** Drafters and reviewers without a screen, for tests: the real binding, commands and plugins on editor states. */

import { type Command, EditorState, TextSelection, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import * as Y from "yjs";
import { Binding } from "../../editor/binding.ts";
import { unitIds } from "../../editor/unit-ids.ts";
import { flush, type Surface } from "./mode.ts";
import type { Proposal } from "./record.ts";
import { Review } from "./review.ts";

/** A repeatable source of numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

abstract class Typist implements Surface {
  abstract state: EditorState;
  abstract dispatch(transaction: Transaction): void;

  run(command: Command): boolean {
    return command(this.state, (tr) => this.dispatch(tr), this as unknown as EditorView);
  }

  /** The position before the character at `offset` of a block or cell. */
  at(bid: string, offset: number): number {
    let found = -1;
    this.state.doc.descendants((node, position) => {
      if (node.attrs.bid === bid && found < 0) found = position + 1 + offset;
      return !node.isTextblock;
    });
    if (found < 0) throw new Error(`no block ${bid}`);
    return found;
  }

  select(from: number, to = from): void {
    this.dispatch(this.state.tr.setSelection(TextSelection.create(this.state.doc, from, to)));
  }

  caret(bid: string, offset: number): void {
    this.select(this.at(bid, offset));
  }

  /** Types at the caret, letter by letter. */
  type(text: string): void {
    for (const letter of text) this.dispatch(this.state.tr.insertText(letter));
  }

  /** Backspace within a text. */
  backspace(count = 1): void {
    for (let index = 0; index < count; index++) {
      const { $head } = this.state.selection;
      const before = $head.parent.textBetween(0, $head.parentOffset);
      const size = [...before].at(-1)?.length ?? 0;
      if (size > 0) this.dispatch(this.state.tr.delete($head.pos - size, $head.pos));
    }
  }
}

export class TestDrafter extends Typist {
  readonly doc = new Y.Doc();
  readonly binding: Binding;
  state: EditorState;

  constructor(clientId: number, start: Uint8Array) {
    super();
    this.doc.clientID = clientId;
    Y.applyUpdate(this.doc, start);
    this.binding = new Binding(this.doc, this.doc.getXmlFragment("default"));
    this.state = EditorState.create({ doc: this.binding.read(), plugins: [unitIds()] });
    this.binding.attach(this as unknown as EditorView);
  }

  dispatch(transaction: Transaction): void {
    const { state, transactions } = this.state.applyTransaction(transaction);
    this.state = state;
    this.binding.push(transactions);
  }
}

/** Blocks as `TestReviewer.wanted` gives them, of a text. */
export function blocksOf(doc: EditorState["doc"]): string[][] {
  return doc.children.map((node) =>
    node.inlineContent
      ? [node.attrs.kind, node.textContent]
      : node.children.map((row) => row.children.map((cell) => cell.textContent).join("|")),
  );
}

export class TestReviewer extends Typist {
  readonly review: Review;
  readonly problems: string[] = [];
  /** The records as the server would hold them. */
  readonly sent = new Map<string, Proposal>();
  state: EditorState;

  constructor(base: Y.Doc, records: readonly Proposal[] = []) {
    super();
    for (const record of records) this.sent.set(record.id, record);
    this.review = new Review({
      base,
      records,
      onEdit: (put, withdrawn) => {
        for (const record of put) this.sent.set(record.id, JSON.parse(JSON.stringify(record)));
        for (const id of withdrawn) this.sent.delete(id);
      },
      onProblem: (problem) => this.problems.push(problem),
    });
    const binding = new Binding(this.review.doc, this.review.doc.getXmlFragment("default"));
    this.state = EditorState.create({ doc: binding.read(), plugins: [unitIds(), this.review.plugin] });
    this.review.attach(this);
  }

  dispatch(transaction: Transaction): void {
    this.state = this.state.applyTransaction(transaction).state;
    this.review.commit(this.state);
  }

  flush(): void {
    this.dispatch(flush(this.state));
    this.review.catchUp();
  }

  /** The blocks as they are to be when all is accepted: [kind, text] of a unit, texts of a table's rows. */
  wanted(): string[][] {
    const blocks: string[][] = [];
    for (const node of this.state.doc.children) {
      if (node.attrs.sug === "delete") continue;
      if (!node.inlineContent) blocks.push(node.children.filter(isKept).map((row) => row.children.filter(isKept).map(keptText).join("|")));
      else if (node.attrs.sug === "join" && blocks.length > 0) blocks.push(joined(blocks.pop() ?? [], keptText(node)));
      else blocks.push([node.attrs.kind, keptText(node)]);
    }
    return blocks;
  }

  /** The view with `[-deleted-]` and `{+inserted+}`, a block a line. */
  read(): string[] {
    return this.state.doc.children.flatMap((block) => {
      const flag = block.attrs.sug === "" ? "" : `${block.attrs.sug}: `;
      if (block.inlineContent) return [`${flag}${readText(block)}`];
      const rows = block.children.map((row) => {
        const cells = row.children.map((cell) => `${cell.attrs.sug === "" ? "" : `${cell.attrs.sug}: `}${readText(cell)}`);
        return `${row.attrs.sug === "" ? "" : `${row.attrs.sug}: `}${cells.join(" | ")}`;
      });
      return [`${flag}[${rows.join(" / ")}]`];
    });
  }
}

function isKept(node: EditorState["doc"]): boolean {
  return node.attrs.sug !== "delete";
}

function joined(block: readonly string[], text: string): string[] {
  return [...block.slice(0, -1), (block.at(-1) ?? "") + text];
}

/** The text without what is proposed to be deleted. */
function keptText(block: EditorState["doc"]): string {
  return block.children.map((child) => (child.marks.some(({ type }) => type.name === "deletion") ? "" : child.text)).join("");
}

function readText(block: EditorState["doc"]): string {
  let text = "";
  block.forEach((child) => {
    const names = child.marks.map((mark) => mark.type.name);
    if (names.includes("insertion")) text += `{+${child.text}+}`;
    else if (names.includes("deletion")) text += `[-${child.text}-]`;
    else text += child.text;
  });
  return text;
}
