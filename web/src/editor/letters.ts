/**
 * A letter of a keyboard within words is written by the editor itself, as a transaction.
 *
 * Chromium's own way of typing looks around in the whole text that may be changed, and the editor then reads the page to learn what was typed: together a
 * tenth of all the work of a letter in an act of 3,000 units. Everything else (composition, phones, selections, line ends, borders of formatting) is left
 * to the browser, and so are other browsers: Firefox checks the spelling only of what it typed itself.
 */

import { type EditorState, Plugin, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { isMeasured } from "./engine.ts";
import { seeSelection } from "./selection.ts";

export function letters(): Plugin {
  const writes = isMeasured();
  let half = "";
  const press = (view: EditorView, event: KeyboardEvent): boolean => {
    const units = unitsOf(event);
    const letter = isHalf(units, 0xdc00) ? half + units : units;
    half = isHalf(letter, 0xd800) ? letter : "";
    if (half !== "" || isHalf(letter, 0xdc00)) return true;
    return write(view, letter) || (letter.length > 1 && view.editable && insert(view, letter));
  };
  return new Plugin({ props: { handleKeyPress: (view, event) => writes && press(view, event) } });
}

/** Where a key means a character beyond 0xFFFF, systems send its two halves one after the other; text must never hold one alone. */
function isHalf(letter: string, first: 0xd800 | 0xdc00): boolean {
  return letter.length === 1 && (letter.charCodeAt(0) & 0xfc00) === first;
}

function unitsOf({ key, charCode }: KeyboardEvent): string {
  return (key.codePointAt(0) ?? 0) > 0xffff ? key : String.fromCharCode(charCode);
}

function insert(view: EditorView, letter: string): true {
  view.dispatch(view.state.tr.insertText(letter).scrollIntoView());
  return true;
}

/** Whether the letter of the key was written. */
function write(view: EditorView, letter: string): boolean {
  const place = (letter.codePointAt(0) ?? 0) < FIRST_PRINTED || !view.editable ? null : placeOf(view);
  if (place === null) return false;
  const { from } = view.state.selection;
  const transaction = () => view.state.tr.insertText(letter).scrollIntoView();
  if (view.someProp("handleTextInput", (handle) => handle(view, from, from, letter, transaction))) return true;
  const { node, offset } = place;
  const before = node.data;
  observerOf(view).stop();
  // Put in beside the others: writing the whole node anew, as the view would, removes the underlines of the spelling check from all its words.
  node.insertData(offset, letter);
  try {
    view.dispatch(transaction());
    // A letter that was refused, or became a proposal behind these words: for the view they are as they were, and it sees nothing to draw.
    observerOf(view).stop(); // drawing started it
    if (textOf(node) === before && node.data !== before) node.deleteData(offset, letter.length);
  } finally {
    observerOf(view).start();
  }
  return true;
}

const FIRST_PRINTED = 0x20;

/** The text node and offset of the caret, where a letter can only have the formatting of the words before it; null elsewhere. */
function placeOf(view: EditorView): { readonly node: Text; readonly offset: number } | null {
  seeSelection(view); // a caret that was put somewhere a moment ago
  const shown = view.dom.ownerDocument.getSelection();
  const node = shown?.anchorNode;
  if (shown == null || !isWithinWords(view.state) || !shown.isCollapsed || !(node instanceof Text) || shown.anchorOffset === 0) return null;
  if (node.parentElement?.isContentEditable !== true || view.posAtDOM(node, shown.anchorOffset) !== view.state.selection.from) return null;
  return { node, offset: shown.anchorOffset };
}

/** Behind a letter and before one alike, or at the end of a line without formatting. */
function isWithinWords({ selection, storedMarks }: EditorState): boolean {
  if (storedMarks !== null || !(selection instanceof TextSelection) || !selection.empty) return false;
  const { nodeBefore, nodeAfter, textOffset } = selection.$from;
  return nodeBefore?.isText === true && (textOffset > 0 || (nodeAfter === null && nodeBefore.marks.length === 0));
}

/** What the view takes a text node's words for. This and the next are no part of its published interface: `letters.test.ts` tells when they go. */
function textOf(node: Text): string | null {
  return (node as { readonly pmViewDesc?: { readonly node?: { readonly text?: string } } }).pmViewDesc?.node?.text ?? null;
}

/** What reads the page for the view. */
function observerOf(view: EditorView): { stop(): void; start(): void } {
  return (view as unknown as { readonly domObserver: { stop(): void; start(): void } }).domObserver;
}
