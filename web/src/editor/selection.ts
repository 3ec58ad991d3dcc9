/** The caret as the browser has it and as the editor knows it. */

import type { EditorView } from "prosemirror-view";

type Ends = readonly [anchor: Node | null, anchorOffset: number, focus: Node | null, focusOffset: number];

/** Where the selection of a document was when the browser last told of it. */
const told = new WeakMap<Document, Ends>();

/**
 * Lets the editor see a caret that the browser has put somewhere and not told of yet.
 *
 * The browser tells of a click in a later task. What a colleague's edit draws in between would put the caret back where it was, and the next
 * letter would be typed there. So whoever draws without having been asked to by this person calls this first.
 */
export function seeSelection(view: EditorView): void {
  const { ownerDocument } = view.dom;
  if (!view.hasFocus()) return;
  const known = told.get(ownerDocument);
  if (known === undefined) ownerDocument.addEventListener("selectionchange", () => told.set(ownerDocument, endsOf(ownerDocument)), true);
  const now = endsOf(ownerDocument);
  if (known?.every((end, index) => end === now[index]) === true) return;
  told.set(ownerDocument, now);
  ownerDocument.dispatchEvent(new Event("selectionchange"));
}

function endsOf(ownerDocument: Document): Ends {
  const selection = ownerDocument.getSelection();
  return [selection?.anchorNode ?? null, selection?.anchorOffset ?? 0, selection?.focusNode ?? null, selection?.focusOffset ?? 0];
}
