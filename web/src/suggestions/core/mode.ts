/** Suggesting mode as an editor plugin: every edit becomes a proposal in the same dispatch; an input method's when it is done. */

import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, Selection, TextSelection, type Transaction } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";
import { sharedChange } from "../../editor/binding.ts";
import type { Examined } from "./examine.ts";
import { patch } from "./patch.ts";
import { type Selected, type Suggested, suggest } from "./suggest.ts";
import type { IsBase } from "./tokens.ts";
import { DELETION } from "./view.ts";

/** Edits that are not proposals yet. */
interface Pending {
  readonly before: Node;
  readonly mapping: Mapping;
  /** Caret or selection before the first of them. */
  readonly selected: Selected;
}

export interface SuggestState {
  readonly pending: Pending | null;
  readonly outcome: Examined | null;
}

type Meta = { readonly kind: "refresh" } | { readonly kind: "flush" } | { readonly kind: "suggested"; readonly outcome: Examined | null };

export const suggestKey = new PluginKey<SuggestState>("suggest");

/** Ends a composition that the browser reported as ended: what it wrote becomes a proposal. */
export function flush(state: EditorState): Transaction {
  return state.tr.setMeta(suggestKey, { kind: "flush" } satisfies Meta);
}

/** The browser's last change of a composition arrives up to this long after its end. */
const COMPOSITION_MS = 60;

/** The editor that shows the view; an EditorView is one. */
export interface Surface {
  readonly state: EditorState;
  dispatch(transaction: Transaction): void;
}

export interface ModeOptions {
  readonly isBase: IsBase;
  readonly examine: (doc: Node) => Examined | null;
  /** The view that text and records gave last. */
  readonly shown: () => Node | null;
  readonly attach: (surface: Surface) => void;
  readonly commit: (state: EditorState) => void;
  readonly detach: () => void;
}

export function suggestMode(options: ModeOptions): Plugin<SuggestState> {
  return new Plugin<SuggestState>({
    key: suggestKey,
    state: { init: () => ({ pending: null, outcome: null }), apply: (tr, value, before) => next(tr, value, before) },
    appendTransaction: (transactions, _before, state) => propose(transactions, state, options),
    props: {
      handleKeyDown: (view, event) => {
        const side = event.key === "Backspace" ? -1 : event.key === "Delete" ? 1 : 0;
        if (side !== 0 && !view.composing) passDeleted(view, side);
        return false;
      },
      handleDOMEvents: {
        compositionend: (view) => {
          setTimeout(() => flushWhenDone(view), COMPOSITION_MS);
          return false;
        },
      },
    },
    view: (view) => {
      // Within the constructor of the editor nothing can be dispatched yet.
      queueMicrotask(() => {
        if (!view.isDestroyed) options.attach(view);
      });
      return { update: (shown) => options.commit(shown.state), destroy: () => options.detach() };
    },
  });
}

/** Words that are to go already are passed over: the key is about the next that stays. */
function passDeleted(view: EditorView, side: -1 | 1): void {
  const { selection, doc } = view.state;
  if (!selection.empty || !selection.$head.parent.inlineContent) return;
  let { $head } = selection;
  for (;;) {
    const next = side < 0 ? $head.nodeBefore : $head.nodeAfter;
    if (next === null || !DELETION.isInSet(next.marks)) break;
    $head = doc.resolve($head.pos + side * next.nodeSize);
  }
  if ($head.pos !== selection.head) view.dispatch(view.state.tr.setSelection(TextSelection.create(doc, $head.pos)));
}

function flushWhenDone(view: EditorView): void {
  if (view.isDestroyed || view.composing || suggestKey.getState(view.state)?.pending == null) return;
  view.dispatch(flush(view.state));
}

function next(tr: Transaction, value: SuggestState, before: EditorState): SuggestState {
  const meta = tr.getMeta(suggestKey) as Meta | undefined;
  if (meta?.kind === "suggested") return { pending: null, outcome: meta.outcome };
  if (meta !== undefined || !tr.docChanged) return value;
  const { from, to } = before.selection;
  const old = value.pending ?? { before: before.doc, mapping: new Mapping(), selected: { from, to } };
  const mapping = new Mapping([...old.mapping.maps]);
  mapping.appendMapping(tr.mapping);
  return { ...value, pending: { ...old, mapping } };
}

function propose(transactions: readonly Transaction[], state: EditorState, options: ModeOptions): Transaction | null {
  const pending = suggestKey.getState(state)?.pending;
  if (pending == null || options.shown() === null) return null;
  const isFlush = transactions.some((tr) => (tr.getMeta(suggestKey) as Meta | undefined)?.kind === "flush");
  if (!isFlush && transactions.every((tr) => !tr.docChanged || tr.getMeta("composition") !== undefined)) return null;
  const isShared = transactions.some((tr) => tr.getMeta(sharedChange) !== undefined);
  const tr = state.tr;
  if (!isShared) {
    const suggested = suggest(pending.before, state.doc, pending.mapping, options.isBase, pending.selected);
    if (suggested !== null) apply(tr, suggested, state, pending.selected);
  }
  const examined = options.examine(tr.doc);
  const shown = options.shown();
  const isRefused = examined?.kind === "refused" && shown !== null;
  const outcome = isRefused ? { ...examined, text: newText(shown, tr.doc) } : examined;
  if (isRefused) takeBack(tr, shown);
  return tr.setMeta(suggestKey, { kind: "suggested", outcome } satisfies Meta);
}

function apply(tr: Transaction, suggested: Suggested, state: EditorState, selected: Selected): void {
  const { from, to, blocks, map } = suggested;
  const wanted = [...state.doc.children.slice(0, from), ...blocks, ...state.doc.children.slice(to)];
  if (!patch(tr, wanted, (a, b) => a === b || a.eq(b))) return;
  const { selection } = state;
  if (!(selection instanceof TextSelection) || !selection.empty) return;
  // Delete at the end of the caret goes on to the right, Backspace to the left.
  const left = map(selection.head, -1);
  const right = map(selection.head, 1);
  const isBefore = selected.from === selected.to && selected.from <= left;
  const position = isBefore && right > left ? right : left;
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(position, tr.doc.content.size)), -1));
}

function takeBack(tr: Transaction, shown: Node): void {
  patch(tr, shown.children, (a, b) => a === b || a.eq(b));
  tr.setMeta("refused", true);
}

/** The words that an edit put in, to be kept when it is taken back. */
function newText(shown: Node, doc: Node): string {
  const from = shown.content.findDiffStart(doc.content);
  const end = shown.content.findDiffEnd(doc.content);
  return from === null || end === null || end.b <= from ? "" : doc.textBetween(from, end.b, "\n");
}
