/** Find and replace: matches as decorations; case, whole words, and signs that look alike (’ and ', № and N, ё-like forms stay apart). */

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

export interface Query {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

export interface Match {
  readonly from: number;
  readonly to: number;
}

export interface FindState {
  readonly query: Query | null;
  readonly matches: readonly Match[];
  /** Index in `matches`, -1 when there is none. */
  readonly current: number;
  readonly decorations: DecorationSet;
}

const NOTHING: FindState = { query: null, matches: [], current: -1, decorations: DecorationSet.empty };
export const findKey = new PluginKey<FindState>("find");
const LETTER = /[\p{L}\p{N}\p{M}_]/u;

/** Same length as the text, so that positions stay true: one sign for each that people type in its place. */
export function fold(text: string, matchCase: boolean): string {
  const folded = text
    .replace(/[’ʼ‘`´]/g, "'")
    .replace(/[«»“”„]/g, '"')
    .replace(/[‑–—−]/g, "-")
    .replace(/\u00a0|\u202f|\u2009/g, " ")
    .replace(/№/g, "N");
  if (matchCase) return folded;
  const lower = folded.toLowerCase();
  return lower.length === folded.length
    ? lower
    : [...folded].map((sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join("");
}

export function findMatches(doc: Node, query: Query): Match[] {
  const needle = fold(query.text, query.matchCase);
  const matches: Match[] = [];
  if (needle === "") return matches;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    const text = fold(node.textContent, query.matchCase);
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      if (!query.wholeWord || isWhole(text, at, at + needle.length))
        matches.push({ from: position + 1 + at, to: position + 1 + at + needle.length });
    }
    return false;
  });
  return matches;
}

function isWhole(text: string, from: number, to: number): boolean {
  return (
    !(LETTER.test(text[from - 1] ?? " ") && LETTER.test(text[from] ?? " ")) &&
    !(LETTER.test(text[to] ?? " ") && LETTER.test(text[to - 1] ?? " "))
  );
}

export function find(): Plugin<FindState> {
  return new Plugin<FindState>({
    key: findKey,
    state: {
      init: () => NOTHING,
      apply: (tr, value) => {
        const meta = tr.getMeta(findKey) as { query: Query | null; current: number } | undefined;
        if (meta !== undefined) return search(tr.doc, meta.query, meta.current);
        if (!tr.docChanged || value.query === null) return value;
        return search(tr.doc, value.query, value.current);
      },
    },
    props: { decorations: (state) => findKey.getState(state)?.decorations },
  });
}

function search(doc: Node, query: Query | null, current: number): FindState {
  if (query === null || query.text === "") return { ...NOTHING, query };
  const matches = findMatches(doc, query);
  const chosen = matches.length === 0 ? -1 : Math.min(Math.max(current, 0), matches.length - 1);
  const decorations = matches.map(({ from, to }, index) =>
    Decoration.inline(from, to, { class: index === chosen ? "act-found act-found-current" : "act-found" }),
  );
  return { query, matches, current: chosen, decorations: DecorationSet.create(doc, decorations) };
}

/** Starts or ends (null) a search; the match nearest behind the caret is the current one. */
export function setQuery(view: EditorView, query: Query | null): void {
  const matches = query === null ? [] : findMatches(view.state.doc, query);
  const ahead = matches.findIndex((match) => match.from >= view.state.selection.from);
  view.dispatch(view.state.tr.setMeta(findKey, { query, current: Math.max(0, ahead) }));
  if (matches.length > 0) reveal(view);
}

/** Goes to the next (+1) or previous (-1) match, around the ends. */
export function stepMatch(view: EditorView, direction: 1 | -1): void {
  const state = findKey.getState(view.state);
  if (state === undefined || state.matches.length === 0) return;
  const current = (state.current + direction + state.matches.length) % state.matches.length;
  view.dispatch(view.state.tr.setMeta(findKey, { query: state.query, current }));
  reveal(view);
}

function reveal(view: EditorView): void {
  const state = findKey.getState(view.state);
  const match = state?.matches[state.current];
  if (match === undefined) return;
  const { doc } = view.state;
  view.dispatch(view.state.tr.setSelection(TextSelection.create(doc, match.from, match.to)));
  show(view, match.from);
}

/** Above and below this is the page's header, or nothing to read around the match. */
const EDGE = 140;

/** ProseMirror scrolls only while the focus is in the text; here it is in the panel. */
function show(view: EditorView, position: number): void {
  const { node } = view.domAtPos(position);
  const place = node instanceof Element ? node : node.parentElement;
  const rect = place?.getBoundingClientRect();
  if (rect !== undefined && (rect.top < EDGE || rect.bottom > innerHeight - EDGE)) place?.scrollIntoView({ block: "center" });
}

/** Replaces the current match and goes on. */
export function replaceCurrent(view: EditorView, text: string): void {
  const state = findKey.getState(view.state);
  const match = state?.matches[state.current];
  if (match === undefined) return;
  view.dispatch(replaceRange(view.state.tr, match, text));
  reveal(view);
}

/** Replaces every match in one step of undo; returns how many. Words between the matches are not touched. */
export function replaceAll(view: EditorView, text: string): number {
  const matches = findKey.getState(view.state)?.matches ?? [];
  if (matches.length === 0) return 0;
  const tr = view.state.tr;
  for (const match of [...matches].reverse()) replaceRange(tr, match, text);
  view.dispatch(tr);
  return matches.length;
}

/** The replacement has the marks of what it replaces. */
function replaceRange(tr: Transaction, { from, to }: Match, text: string): Transaction {
  if (text === "") return tr.delete(from, to);
  const marks = tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? [];
  return tr.replaceWith(from, to, tr.doc.type.schema.text(text, marks));
}
