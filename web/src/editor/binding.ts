/**
 * The editor's document and the shared one, kept equal.
 *
 * Promises: an edit changes in Yjs exactly the characters and blocks it touched (words that did not change keep their identity);
 * a remote change becomes the smallest ProseMirror step, so that carets, decorations and scroll stay; nothing that this bundle does not
 * know is ever deleted; positions are UTF-16 units. The Yjs shape is the one of y-prosemirror and y-tiptap (see the ADR on the binding).
 */

import { Fragment, type Node, Slice } from "prosemirror-model";
import { PluginKey, type Selection, TextSelection, type Transaction } from "prosemirror-state";
import { ReplaceStep, StepMap } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";
import * as Y from "yjs";
import { diffInline, type Hint } from "./diff.ts";
import { createElement, isTextElement, type Parent, readAttributes, readInline, visibleChildren, writeAttribute } from "./elements.ts";
import { chooseKept } from "./order.ts";
import { marksOf, schema } from "./schema.ts";
import { deleteRange, formatRange, insertRuns, textsOf } from "./ytext.ts";

/** Meta of a transaction that came from the shared document; `undo` when it is one's own undo or redo. */
export interface SharedChange {
  readonly undo: boolean;
}

export const sharedChange = new PluginKey<SharedChange>("shared-change");

/** The origin of Yjs transactions that an edit in this editor makes; the undo manager tracks it. */
export class LocalEdit {
  readonly name = "edit";
}

interface Change {
  readonly before: Node;
  readonly after: Node;
  readonly map: StepMap;
}

export class Binding {
  readonly origin = new LocalEdit();
  private readonly shown = new WeakMap<Parent, Y.XmlElement[]>();
  private view: EditorView | null = null;
  private readonly observer = (events: Events, transaction: Y.Transaction) => this.pull(events, transaction);

  constructor(
    readonly doc: Y.Doc,
    readonly root: Y.XmlFragment,
  ) {}

  /** The document to open the editor with. */
  read(): Node {
    return schema.node("doc", null, this.readChildren(this.root));
  }

  attach(view: EditorView): void {
    this.view = view;
    this.root.observeDeep(this.observer);
  }

  detach(): void {
    this.view = null;
    this.root.unobserveDeep(this.observer);
  }

  /** The blocks of the root as the editor shows them; index = child index of the document node. */
  blocks(): readonly Y.XmlElement[] {
    return this.shown.get(this.root) ?? [];
  }

  /** The document position of an offset in a shown unit or cell; null when it is not shown. */
  positionOf(element: Y.XmlElement, offset: number): number | null {
    const doc = this.view?.state.doc;
    const path: number[] = [];
    let child = element;
    for (let parent = child.parent; parent instanceof Y.XmlFragment; parent = parent.parent) {
      path.unshift(this.shown.get(parent)?.indexOf(child) ?? -1);
      if (!(parent instanceof Y.XmlElement)) break;
      child = parent;
    }
    if (doc === undefined || path.length === 0 || path.includes(-1)) return null;
    let node: Node = doc;
    let position = 0;
    for (const index of path) {
      if (index >= node.childCount) return null;
      for (let i = 0; i < index; i++) position += node.child(i).nodeSize;
      node = node.child(index);
      position++;
    }
    return position + Math.min(offset, node.content.size);
  }

  /** The unit or cell at a document position, with the offset in its text. */
  elementAt(position: number): { element: Y.XmlElement; offset: number } | null {
    const doc = this.view?.state.doc;
    if (doc === undefined || position > doc.content.size) return null;
    const $at = doc.resolve(position);
    if (!$at.parent.inlineContent) return null;
    let parent: Parent = this.root;
    for (let depth = 0; depth < $at.depth; depth++) {
      const element: Y.XmlElement | undefined = this.shown.get(parent)?.[$at.index(depth)];
      if (element === undefined) return null;
      parent = element;
    }
    return parent instanceof Y.XmlElement ? { element: parent, offset: $at.parentOffset } : null;
  }

  /** Writes the edits of a dispatch to the shared document, as one Yjs transaction. Does nothing for what came from there. */
  push(transactions: readonly Transaction[]): void {
    const local = transactions.filter((transaction) => transaction.docChanged && transaction.getMeta(sharedChange) === undefined);
    const changes = local.flatMap(changesOf);
    const first = changes[0];
    const last = changes.at(-1);
    if (first === undefined || last === undefined) return;
    const addToHistory = local.every((transaction) => transaction.getMeta("addToHistory") !== false);
    this.doc.transact((transaction) => {
      transaction.meta.set("addToHistory", addToHistory);
      if (changes.every(isInline)) for (const change of changes) this.update(this.root, change.before, change.after, 0, change.map);
      else this.update(this.root, first.before, last.after, 0, null);
    }, this.origin);
  }

  private update(parent: Parent, before: Node, after: Node, start: number, map: StepMap | null): void {
    if (before === after) return;
    if (parent instanceof Y.XmlElement) writeAttributes(parent, before, after);
    if (isTextElement(parent)) updateText(parent, before, after, hintOf(map, start));
    else this.updateChildren(parent, before, after, start, map);
  }

  private updateChildren(parent: Parent, before: Node, after: Node, start: number, map: StepMap | null): void {
    const shown = this.shown.get(parent) ?? [];
    const old = before.children;
    const now = after.children;
    let left = 0;
    let position = start;
    while (left < old.length && left < now.length && old[left] === now[left]) position += (old[left++] as Node).nodeSize;
    let right = 0;
    while (right < old.length - left && right < now.length - left && old[old.length - 1 - right] === now[now.length - 1 - right]) right++;
    const pairs = chooseKept(old.slice(left, old.length - right), now.slice(left, now.length - right));
    const kept = new Map(pairs.map(([from, to]) => [left + to, left + from]));
    this.removeChildren(parent, shown, left, old.length - right, new Set(kept.values()));
    const middle: Y.XmlElement[] = [];
    for (let index = left; index < now.length - right; index++) {
      const from = kept.get(index);
      const node = now[index] as Node;
      let element = from === undefined ? undefined : shown[from];
      if (element !== undefined && from !== undefined) {
        const single = pairs.length === 1 && from === left;
        this.update(element, old[from] as Node, node, position + 1, single ? map : null);
      } else {
        element = this.create(parent, middle.at(-1) ?? shown[left - 1] ?? null, node);
      }
      middle.push(element);
    }
    this.shown.set(parent, [...shown.slice(0, left), ...middle, ...shown.slice(old.length - right)]);
  }

  private removeChildren(parent: Parent, shown: readonly Y.XmlElement[], from: number, to: number, kept: ReadonlySet<number>): void {
    for (let index = to - 1; index >= from; index--) {
      const element = shown[index];
      if (kept.has(index) || element === undefined) continue;
      const at = parent.toArray().indexOf(element);
      if (at >= 0) parent.delete(at, 1);
    }
  }

  private create(parent: Parent, after: Y.XmlElement | null, node: Node): Y.XmlElement {
    const element = createElement(node);
    parent.insertAfter(after, [element]);
    this.remember(element);
    return element;
  }

  private remember(element: Parent): void {
    if (isTextElement(element)) return;
    const children = visibleChildren(element);
    this.shown.set(element, children);
    for (const child of children) this.remember(child);
  }

  private readChildren(parent: Parent): Node[] {
    const children = visibleChildren(parent);
    this.shown.set(parent, children);
    return children.map((child) => this.readNode(child));
  }

  private readNode(element: Y.XmlElement): Node {
    const content = isTextElement(element) ? readInline(element) : this.readChildren(element);
    return (schema.nodes[element.nodeName] as NonNullable<(typeof schema.nodes)[string]>).create(readAttributes(element), content);
  }

  private pull(events: Events, transaction: Y.Transaction): void {
    const view = this.view;
    if (view === null || transaction.origin === this.origin) return;
    const dirty = collectDirty(events);
    const tr = view.state.tr;
    this.patchChildren(tr, this.root, view.state.doc, 0, dirty);
    if (!tr.docChanged) return;
    const isUndo = transaction.origin instanceof Y.UndoManager;
    if (isUndo) selectChange(tr);
    else keepSelection(tr, view.state.selection);
    const meta: SharedChange = { undo: isUndo };
    view.dispatch(tr.setMeta("addToHistory", false).setMeta(sharedChange, meta));
  }

  /** Patches the children of one parent whose content begins at `start`; returns where the content ends now. */
  private patchChildren(tr: Transaction, parent: Parent, before: Node, start: number, dirty: Dirty): number {
    const shown = this.shown.get(parent) ?? [];
    const now = visibleChildren(parent);
    const present = new Set(now);
    let position = start;
    let index = 0;
    const skipDeleted = () => {
      const from = position;
      let to = position;
      for (; index < shown.length && !present.has(shown[index] as Y.XmlElement); index++) to += before.child(index).nodeSize;
      if (to > from) tr.step(new ReplaceStep(from, to, Slice.empty));
    };
    for (const element of now) {
      skipDeleted();
      if (shown[index] === element) {
        position = this.patch(tr, element, before.child(index), position, dirty);
        index++;
      } else {
        const node = this.readNode(element);
        tr.step(new ReplaceStep(position, position, new Slice(Fragment.from(node), 0, 0)));
        position += node.nodeSize;
      }
    }
    skipDeleted();
    this.shown.set(parent, now);
    return position;
  }

  private patch(tr: Transaction, element: Y.XmlElement, before: Node, position: number, dirty: Dirty): number {
    const events = dirty.get(element);
    if (events === undefined) return position + before.nodeSize;
    for (const [name, value] of Object.entries(readAttributes(element))) {
      if (JSON.stringify(before.attrs[name]) !== JSON.stringify(value)) tr.setNodeAttribute(position, name, value);
    }
    if (!isTextElement(element)) return this.patchChildren(tr, element, before, position + 1, dirty) + 1;
    const now = Fragment.from(readInline(element));
    if (!before.content.eq(now)) patchText(tr, element, now, position + 1, dirty);
    return position + now.size + 2;
  }
}

/** A caret belongs to the character on its left: what others type at it does not push it along, and nothing scrolls. */
function keepSelection(tr: Transaction, selection: Selection): void {
  if (!(selection instanceof TextSelection)) return;
  const anchor = tr.doc.resolve(tr.mapping.map(selection.anchor, -1));
  const head = tr.doc.resolve(tr.mapping.map(selection.head, -1));
  tr.setSelection(TextSelection.between(anchor, head));
}

/** After one's own undo or redo the caret stands where the text changed. */
function selectChange(tr: Transaction): void {
  let end: number | null = null;
  tr.mapping.maps.forEach((map, index) => {
    map.forEach((_from, _to, _newFrom, newTo) => {
      end = tr.mapping.slice(index + 1).map(newTo);
    });
  });
  if (end !== null) tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1)).scrollIntoView();
}

type Events = readonly Y.YEvent<Y.AbstractType<unknown>>[];

/** Every type that changed or contains a change, with the events of its own. */
type Dirty = ReadonlyMap<object, Events>;

function collectDirty(events: Events): Dirty {
  const dirty = new Map<object, Y.YEvent<Y.AbstractType<unknown>>[]>();
  for (const event of events) {
    for (let type: Y.AbstractType<unknown> | null = event.target; type !== null; type = type.parent) {
      const own = dirty.get(type) ?? [];
      if (type === event.target) own.push(event);
      dirty.set(type, own);
    }
  }
  return dirty;
}

function changesOf(transaction: Transaction): Change[] {
  return transaction.steps.map((step, index) => ({
    before: transaction.docs[index] as Node,
    after: transaction.docs[index + 1] ?? transaction.doc,
    map: step.getMap(),
  }));
}

/** True when a step stays within one text, or moves no position at all. */
function isInline({ before, map }: Change): boolean {
  let count = 0;
  let inline = true;
  map.forEach((from, to) => {
    count++;
    const $from = before.resolve(from);
    inline &&= $from.parent.inlineContent && to <= $from.end();
  });
  return inline && count <= 1;
}

/** True for a transaction that only types or deletes within one text, or came from the shared document. */
export function isTypingOnly(transaction: Transaction): boolean {
  if (!transaction.docChanged || transaction.getMeta(sharedChange) !== undefined) return true;
  if (transaction.getMeta("paste") || transaction.getMeta("uiEvent")) return false;
  return changesOf(transaction).every((change) => change.map !== StepMap.empty && isInline(change)) && transaction.steps.length === 1;
}

/** A step's range as offsets of the text whose content begins at `start`. */
function hintOf(map: StepMap | null, start: number): Hint | undefined {
  let hint: Hint | undefined;
  map?.forEach((from, to, newFrom, newTo) => {
    hint = { from: from - start, removed: to - from, added: newTo - newFrom };
  });
  return hint !== undefined && hint.from >= 0 ? hint : undefined;
}

function writeAttributes(element: Y.XmlElement, before: Node, after: Node): void {
  for (const [name, value] of Object.entries(after.attrs)) {
    if (JSON.stringify(before.attrs[name]) !== JSON.stringify(value)) writeAttribute(element, name, value);
  }
}

function updateText(element: Y.XmlElement, before: Node, after: Node, hint: Hint | undefined): void {
  const { edit, formats } = diffInline(before.content, after.content, hint);
  if (edit !== null) {
    if (edit.removed > 0) deleteRange(element, edit.from, edit.removed);
    if (edit.inserted.length > 0) insertRuns(element, edit.from, edit.inserted);
  }
  for (const format of formats) formatRange(element, format.from, format.length, format.attributes);
}

/** Turns the old inline content into the new one, along the Yjs delta where there is exactly one, else by the smallest replaced range. */
function patchText(tr: Transaction, element: Y.XmlElement, now: Fragment, start: number, dirty: Dirty): void {
  const texts = textsOf(element);
  const events = texts.flatMap((text) => dirty.get(text) ?? []);
  if (texts.length === 1 && events.length === 1 && !dirty.get(element)?.length) replay(tr, (events[0] as Y.YTextEvent).delta, start);
  const content = tr.doc.resolve(start).parent.content;
  if (!content.eq(now)) replaceDifference(tr, content, now, start);
}

function replaceDifference(tr: Transaction, content: Fragment, now: Fragment, start: number): void {
  const from = content.findDiffStart(now);
  const end = content.findDiffEnd(now);
  if (from === null || end === null) return;
  const overlap = from - Math.min(end.a, end.b);
  const [a, b] = overlap > 0 ? [end.a + overlap, end.b + overlap] : [end.a, end.b];
  tr.step(new ReplaceStep(start + from, start + a, new Slice(now.cut(from, b), 0, 0)));
}

function replay(tr: Transaction, delta: Y.YTextEvent["delta"], start: number): void {
  let position = start;
  for (const part of delta) {
    if (part.insert !== undefined) {
      const text = typeof part.insert === "string" ? part.insert : "\ufffc";
      const node = schema.text(text, marksOf(part.attributes));
      tr.step(new ReplaceStep(position, position, new Slice(Fragment.from(node), 0, 0)));
      position += text.length;
    } else if (part.delete !== undefined) {
      tr.step(new ReplaceStep(position, position + part.delete, Slice.empty));
    } else {
      const length = part.retain ?? 0;
      remark(tr, position, position + length, part.attributes ?? {});
      position += length;
    }
  }
}

function remark(tr: Transaction, from: number, to: number, attributes: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(attributes)) {
    const type = schema.marks[key];
    if (type === undefined) continue;
    const mark = marksOf({ [key]: value })[0];
    if (mark === undefined) tr.removeMark(from, to, type);
    else tr.addMark(from, to, mark);
  }
}
