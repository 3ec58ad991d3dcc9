/** What a drafter does to units: split, join, promote, demote, change kind, move. Changes of kind and level are attribute changes only (D1). */

import type { Node, ResolvedPos } from "prosemirror-model";
import { type Command, type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { AUTO } from "./numbering.ts";
import { clampLevel, KINDS, MAX_LEVEL, newBid, PLACEHOLDER, schema, type UnitAttrs } from "./schema.ts";

/** A unit of the document with its position. */
export interface Place {
  readonly node: Node;
  readonly position: number;
  readonly index: number;
}

/** The unit the selection begins in. */
export function findUnit(state: EditorState): Place | null {
  const { $from } = state.selection;
  const node = $from.depth > 0 ? $from.node(1) : null;
  return node !== null && node.type === schema.nodes.unit ? { node, position: $from.before(1), index: $from.index(0) } : null;
}

/** The units the selection touches, in order. */
export function selectedUnits(state: EditorState): Place[] {
  const units: Place[] = [];
  const { from, to } = state.selection;
  let position = 0;
  state.doc.forEach((node, offset, index) => {
    position = offset;
    if (node.type === schema.nodes.unit && position <= to && position + node.nodeSize > from) units.push({ node, position, index });
  });
  return units.filter((unit) => units.length === 1 || unit.position < to || unit.position >= from);
}

/** The kind and label that the next unit gets after Enter in one of this kind. */
export function followingKind(attrs: UnitAttrs): { kind: string; label: string } {
  const rank = KINDS[attrs.kind]?.rank ?? 12;
  if (rank > 7 && rank < 12) return { kind: attrs.kind, label: attrs.label === "" ? "" : AUTO };
  if (attrs.kind === "article") return { kind: "part", label: AUTO };
  return { kind: "paragraph", label: "" };
}

/**
 * Enter. The half that keeps words keeps the unit: at the head of a unit the new, empty unit comes before it, so nothing is typed again;
 * elsewhere the tail becomes a new unit with a new id.
 */
export const splitUnit: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const unit = findUnit(state);
  if (unit === null || !(state.selection instanceof TextSelection) || $to.node(1)?.type !== schema.nodes.unit) return false;
  if (dispatch === undefined) return true;
  const tr = state.tr;
  if ($from.index(0) !== $to.index(0)) {
    dispatch(keepBoundary(tr, $from, $to).scrollIntoView());
    return true;
  }
  if ($from.pos !== $to.pos) tr.delete($from.pos, $to.pos);
  const at = tr.doc.resolve(tr.mapping.map($from.pos, -1));
  const attrs = at.parent.attrs as UnitAttrs;
  if (at.parentOffset === 0 && at.parent.content.size > 0) {
    const empty = schema.nodes.unit?.create({ ...attrs, bid: newBid() }) as Node;
    tr.insert(at.before(1), empty);
  } else {
    const after =
      at.parentOffset === at.parent.content.size ? followingKind(attrs) : { kind: attrs.kind, label: attrs.label === "" ? "" : AUTO };
    tr.split(at.pos, 1, [{ type: at.parent.type, attrs: { ...attrs, ...after, bid: newBid() } }]);
  }
  dispatch(tr.scrollIntoView());
  return true;
};

/** What is selected of several units goes, the boundary before the last of them stays: no word is typed again. */
function keepBoundary(tr: Transaction, $from: ResolvedPos, $to: ResolvedPos): Transaction {
  tr.delete($to.start(), $to.pos);
  if ($from.after(1) < $to.before(1)) tr.delete($from.after(1), $to.before(1));
  tr.delete($from.pos, $from.end());
  return tr.setSelection(TextSelection.create(tr.doc, $from.pos + 2));
}

/** Backspace at the head of a unit: first it loses its number, then it joins the one before. The unit with words keeps its id. */
export const joinBackward: Command = (state, dispatch) => {
  const unit = findUnit(state);
  const { $from, empty } = state.selection;
  if (unit === null || !empty || $from.parentOffset > 0) return false;
  const attrs = unit.node.attrs as UnitAttrs;
  if (attrs.label !== "" && unit.node.content.size > 0) {
    dispatch?.(state.tr.setNodeAttribute(unit.position, "label", ""));
    return true;
  }
  const before = unit.index > 0 ? state.doc.child(unit.index - 1) : null;
  if (before === null || before.type !== schema.nodes.unit) return before !== null;
  dispatch?.(joinAt(state.tr, unit.position).scrollIntoView());
  return true;
};

/** Delete at the end of a unit. */
export const joinForward: Command = (state, dispatch) => {
  const unit = findUnit(state);
  const { $from, empty } = state.selection;
  if (unit === null || !empty || $from.parentOffset < unit.node.content.size) return false;
  const after = state.doc.maybeChild(unit.index + 1);
  if (after === null || after.type !== schema.nodes.unit) return after !== null;
  dispatch?.(joinAt(state.tr, unit.position + unit.node.nodeSize).scrollIntoView());
  return true;
};

/** Joins the two units around a position; an empty one gives way, so that no words are typed again. */
function joinAt(tr: Transaction, position: number): Transaction {
  const $at = tr.doc.resolve(position);
  const before = $at.nodeBefore as Node;
  if (before.content.size === 0) return tr.delete(position - before.nodeSize, position);
  return tr.join(position);
}

/** Changes the kind of the selected units; a kind that is numbered gets an automatic number, a kind that is not loses it. */
export function setKind(kind: string): Command {
  return (state, dispatch) => {
    const units = selectedUnits(state);
    if (units.length === 0 || KINDS[kind] === undefined) return false;
    const tr = state.tr;
    for (const { node, position } of units) changeUnit(tr, position, node.attrs as UnitAttrs, { kind, level: 1 });
    dispatch?.(tr);
    return true;
  };
}

function changeUnit(tr: Transaction, position: number, attrs: UnitAttrs, change: { kind: string; level: number }): void {
  if (attrs.kind !== change.kind) tr.setNodeAttribute(position, "kind", change.kind);
  if (attrs.level !== change.level) tr.setNodeAttribute(position, "level", change.level);
  const numbered = KINDS[change.kind]?.numbered === true;
  const wasNumbered = KINDS[attrs.kind]?.numbered === true;
  if (numbered && !wasNumbered && attrs.label === "") tr.setNodeAttribute(position, "label", AUTO);
  if (!numbered && attrs.label === AUTO) tr.setNodeAttribute(position, "label", "");
}

/** From the widest unit to the narrowest; promote and demote walk this ladder. */
const LADDER = ["section", "chapter", "article", "part", "point", "subpoint", "item", "paragraph"];

/** +1 demotes (deeper), -1 promotes. Within `subpoint` and `item` the level deepens before the kind changes. */
export function shiftUnits(direction: 1 | -1): Command {
  return (state, dispatch) => {
    const units = selectedUnits(state).filter(({ node }) => LADDER.includes(node.attrs.kind));
    if (units.length === 0) return false;
    const tr = state.tr;
    for (const { node, position } of units) {
      const attrs = node.attrs as UnitAttrs;
      changeUnit(tr, position, attrs, shifted(attrs, direction));
    }
    if (tr.docChanged) dispatch?.(tr);
    return true;
  };
}

function shifted({ kind, level }: UnitAttrs, direction: 1 | -1): { kind: string; level: number } {
  if (direction === -1 && level > 1) return { kind, level: level - 1 };
  if (direction === 1 && kind === "subpoint" && level < 3) return { kind, level: clampLevel(level + 1) };
  const step = LADDER.indexOf(kind) + direction;
  return { kind: LADDER[step] ?? kind, level: LADDER[step] === undefined ? Math.min(level, MAX_LEVEL) : 1 };
}

/** Moves the selected blocks one place up (-1) or down (+1), keeping their ids. The neighbour changes places when its text is shorter. */
export function moveUnits(direction: 1 | -1): Command {
  return (state, dispatch) => {
    const { $from, $to } = state.selection;
    if ($from.depth === 0) return false;
    const first = $from.index(0);
    const last = $to.index(0);
    const neighbour = direction === -1 ? first - 1 : last + 1;
    const other = state.doc.maybeChild(neighbour);
    if (other === null) return false;
    if (dispatch === undefined) return true;
    const start = $from.before(1);
    const end = $to.after(1);
    const tr = state.tr;
    const offset = direction * other.nodeSize;
    if (direction === -1) tr.delete(start - other.nodeSize, start).insert(end - other.nodeSize, other);
    else tr.delete(end, end + other.nodeSize).insert(start, other);
    tr.setSelection(TextSelection.between(tr.doc.resolve(state.selection.anchor + offset), tr.doc.resolve(state.selection.head + offset)));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

/** Writes an explicit label such as "12.10²"; `auto` numbers by place, "" takes the number away. */
export function setLabel(bid: string, label: string): Command {
  return (state, dispatch) => {
    let done = false;
    state.doc.forEach((node, position) => {
      if (done || node.type !== schema.nodes.unit || node.attrs.bid !== bid) return;
      done = true;
      if (node.attrs.label !== label) dispatch?.(state.tr.setNodeAttribute(position, "label", label.trim().slice(0, 200)));
    });
    return done;
  };
}

/** Shift+Enter: a line break within a unit, a mark over a placeholder (D1). */
export const insertBreak: Command = (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent) return false;
  dispatch?.(state.tr.replaceSelectionWith(schema.text(PLACEHOLDER, [schema.mark("break")]), false).scrollIntoView());
  return true;
};

/** A reference to a unit; what it shows follows its target. `form` is how it is worded (schema/numbering/references.json). */
export function insertReference(target: string, form: string): Command {
  return (state, dispatch) => {
    if (!state.selection.$from.parent.inlineContent) return false;
    dispatch?.(state.tr.replaceSelectionWith(schema.text(PLACEHOLDER, [schema.mark("ref", { target, form })]), false));
    return true;
  };
}

/** A footnote anchor at the caret and an empty footnote unit behind the unit, with the caret in it. */
export const insertFootnote: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if (!$from.parent.inlineContent || $from.depth === 0) return false;
  if (dispatch === undefined) return true;
  const bid = newBid();
  const tr = state.tr.replaceSelectionWith(schema.text(PLACEHOLDER, [schema.mark("footnote", { target: bid })]), false);
  const $at = tr.doc.resolve(tr.mapping.map($from.pos));
  let index = $at.index(0) + 1;
  let end = $at.after(1);
  for (; tr.doc.maybeChild(index)?.attrs.kind === "footnote"; index++) end += tr.doc.child(index).nodeSize;
  const { quoted = "", scope = "" } = $at.node(1).attrs;
  tr.insert(end, schema.node("unit", { bid, kind: "footnote", label: AUTO, quoted, scope }));
  dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
};
