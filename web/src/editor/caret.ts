/** One's own caret follows its words: when others split, join or move the unit one is typing in, typing goes on where the words went. */

import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import * as Y from "yjs";
import { type Binding, sharedChange } from "./binding.ts";
import { containerOf } from "./elements.ts";
import { isGone, type Relocations } from "./relocations.ts";
import { charactersOf, indexOf } from "./transaction.ts";
import { startOf, textsOf } from "./ytext.ts";

interface Anchor {
  readonly id: Y.ID;
  readonly side: "before" | "after";
}

export class CaretKeeper {
  private anchor: Anchor | null = null;
  private readonly before = (transaction: Y.Transaction) => {
    if (transaction.origin !== this.binding.origin) this.anchor ??= this.find();
  };
  private readonly forget = () => {
    this.anchor = null;
  };

  constructor(
    private readonly binding: Binding,
    private readonly view: EditorView,
  ) {
    binding.doc.on("beforeTransaction", this.before);
    binding.doc.on("afterAllTransactions", this.forget);
  }

  destroy(): void {
    this.binding.doc.off("beforeTransaction", this.before);
    this.binding.doc.off("afterAllTransactions", this.forget);
  }

  /** Puts the caret beside the copy of the character it stood at. */
  follow(relocations: Relocations): void {
    const { anchor } = this;
    if (anchor === null || !this.view.state.selection.empty) return;
    let id = anchor.id;
    for (let copy = relocations.find(id), hops = 0; copy !== null && hops < 64; copy = relocations.find(id), hops++) id = copy;
    if (Y.compareIDs(id, anchor.id)) return;
    const found = indexOf(this.binding.doc, id);
    const container = found === null || isGone(found.text) ? null : containerOf(found.text);
    if (found === null || container === null) return;
    const offset = startOf(container, found.text) + found.index + (anchor.side === "after" && found.living ? 1 : 0);
    const position = this.binding.positionOf(container, offset);
    if (position === null || position === this.view.state.selection.head) return;
    const { state } = this.view;
    const tr = state.tr.setSelection(TextSelection.create(state.doc, position));
    this.view.dispatch(tr.setMeta("addToHistory", false).setMeta(sharedChange, { undo: false }));
  }

  private find(): Anchor | null {
    const { selection } = this.view.state;
    const place = selection instanceof TextSelection ? this.binding.elementAt(selection.head) : null;
    if (place === null) return null;
    const ids = textsOf(place.element).flatMap((text) => charactersOf(text, (item) => !item.deleted).ids);
    const left = ids[place.offset - 1];
    if (left !== undefined) return { id: left, side: "after" };
    const right = ids[0];
    return right === undefined ? null : { id: right, side: "before" };
  }
}
