/** The act as an editor: builds every part once and hands back what the page around it needs. */

import { toggleMark } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { type Command, EditorState, type Plugin, TextSelection, type Transaction } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import cabinet from "../../../schema/numbering/cabinet.json";
import law from "../../../schema/numbering/law.json";
import { isCaughtUp, isUnseen, onIncoming } from "../sync/incoming.ts";
import { Binding, isTypingOnly } from "./binding.ts";
import { CaretKeeper } from "./caret.ts";
import { findUnit } from "./commands.ts";
import { cursors } from "./cursors.ts";
import { type Duplicate, Duplicates } from "./duplicates.ts";
import { type Facts, facts, factsKey } from "./facts.ts";
import { find, findKey } from "./find.ts";
import { keys } from "./keys.ts";
import { letters } from "./letters.ts";
import type { Scheme } from "./numbering.ts";
import { type OutlineEntry, outlineOf } from "./outline.ts";
import { paste } from "./paste.ts";
import { containerBid } from "./relocations.ts";
import { type Displaced, Rescue } from "./rescue.ts";
import { schema, type UnitAttrs } from "./schema.ts";
import { seeSelection } from "./selection.ts";
import { stretches } from "./stretches.ts";
import { isInTable } from "./tables.ts";
import { typing } from "./typing.ts";
import { createUndo } from "./undo.ts";
import { unitIds } from "./unit-ids.ts";
import { keepUnwalked } from "./unwalked.ts";
import { views } from "./views.ts";

const SCHEMES: Readonly<Record<string, Scheme>> = { cabinet, law };

export interface EditorOptions {
  readonly doc: Y.Doc;
  readonly awareness?: Awareness;
  /** Id of the numbering scheme of the act. */
  readonly scheme: string;
  readonly readOnly: boolean;
  readonly locale: "uk" | "en";
  /** Name for assistive technology. */
  readonly label: string;
  readonly plugins?: readonly Plugin[];
  /** The document is this editor's alone and nobody else's text: what plugins change in it is written while nobody may type, too. */
  readonly isPrivate?: boolean;
}

/** What the toolbar and panels show. A new object for every change, the same object while nothing changed. */
export interface Snapshot {
  readonly readOnly: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Attributes of the unit of the caret; null in a table or without a unit. */
  readonly unit: UnitAttrs | null;
  readonly label: string;
  readonly inTable: boolean;
  readonly marks: readonly string[];
  /** Matches of the search and the current one, counted from 1. */
  readonly found: { readonly count: number; readonly current: number };
  readonly facts: Facts;
  readonly displaced: readonly Displaced[];
  readonly duplicates: readonly Duplicate[];
}

/** What the page is asked to open. */
export type Asked = "find" | "toolbar" | "label" | "reference" | "help";

export interface EditorHandle {
  readonly view: EditorView;
  readonly undoManager: Y.UndoManager;
  run(command: Command): boolean;
  toggle(mark: string): boolean;
  undo(): void;
  redo(): void;
  focus(): void;
  setReadOnly(readOnly: boolean): void;
  outline(): readonly OutlineEntry[];
  /** Puts the caret into a block and shows it. False when it is gone. */
  goTo(bid: string): boolean;
  snapshot(): Snapshot;
  /** Hears when the snapshot changes; typing letters does not change it. */
  subscribe(listener: () => void): () => void;
  /** Hears every change of the text, one's own and others'. */
  onChange(listener: () => void): () => void;
  /** Hears keys that open something of the page; returns how to stop. */
  onAsk(listener: (asked: Asked, bid: string | null) => void): () => void;
  /** Takes displaced words off the list; `insert` puts them at the caret first. */
  settleDisplaced(id: string, insert: boolean): void;
  settleDuplicate(kept: string): void;
  destroy(): void;
}

export function mountEditor(place: HTMLElement, options: EditorOptions): EditorHandle {
  return new Editor(place, options);
}

class Editor implements EditorHandle {
  readonly view: EditorView;
  readonly undoManager: Y.UndoManager;
  private readonly binding: Binding;
  private readonly rescue: Rescue;
  private readonly duplicates: Duplicates;
  private readonly caret: CaretKeeper;
  private readonly listeners = new Set<() => void>();
  private readonly changeListeners = new Set<() => void>();
  private readonly askListeners = new Set<(asked: Asked, bid: string | null) => void>();
  private readonly displaced = new Map<string, Displaced>();
  private readonly copies = new Map<string, Duplicate>();
  private readonly stopIncoming: () => void;
  private readonly isPrivate: boolean;
  private readOnly: boolean;
  private cached: Snapshot | null = null;
  private cachedOutline: { facts: Facts; doc: unknown; entries: readonly OutlineEntry[] } | null = null;

  constructor(place: HTMLElement, options: EditorOptions) {
    const { doc, awareness } = options;
    this.readOnly = options.readOnly;
    this.isPrivate = options.isPrivate ?? false;
    this.binding = new Binding(doc, doc.getXmlFragment("default"));
    this.undoManager = createUndo(this.binding);
    this.view = new EditorView(place, {
      state: EditorState.create({ doc: this.binding.read(), plugins: this.plugins(options) }),
      editable: () => !this.readOnly,
      dispatchTransaction: (transaction) => this.dispatch(transaction),
      attributes: () => this.attributes(options),
      scrollThreshold: { top: 80, bottom: 120, left: 0, right: 0 },
      scrollMargin: { top: 96, bottom: 140, left: 0, right: 0 },
    });
    keepUnwalked(this.view.dom);
    this.binding.attach(this.view);
    const surroundings = {
      peers: () => new Set(awareness?.getStates().keys() ?? [doc.clientID]),
      schedule: (run: () => void, ms: number) => void setTimeout(run, ms),
      mayWrite: () => !this.readOnly && !this.view.isDestroyed,
    };
    this.rescue = new Rescue(this.binding, {
      ...surroundings,
      isCaughtUp: () => isCaughtUp(doc),
      isUnseen: (id) => isUnseen(doc, id),
      onDisplaced: (displaced) => this.note(() => this.displaced.set(displaced.id, displaced)),
      onDouble: ({ one, other, text }) => this.noteDuplicate({ kept: containerBid(one), renamed: containerBid(other), text }),
      onRelocated: (relocations) => this.caret.follow(relocations),
    });
    this.caret = new CaretKeeper(this.binding, this.view); // after the rescue, which writes before carets are forgotten
    this.duplicates = new Duplicates(this.binding, {
      ...surroundings,
      onDuplicate: (found) => this.note(() => this.copies.set(found.kept, found)),
    });
    this.stopIncoming = onIncoming(doc, (update) => {
      seeSelection(this.view);
      this.rescue.noteIncoming(update);
    });
    this.undoManager.on("stack-item-added", this.changed);
    this.undoManager.on("stack-item-popped", this.changed);
  }

  private plugins(options: EditorOptions): Plugin[] {
    const ask =
      (asked: Asked): Command =>
      (_state, dispatch) => {
        if (dispatch !== undefined) this.ask(asked);
        return true;
      };
    const actions = { find: ask("find"), toolbar: ask("toolbar"), label: ask("label"), reference: ask("reference") };
    return [
      facts(SCHEMES[options.scheme] ?? cabinet),
      unitIds(),
      stretches(),
      views({ locale: options.locale, onLabel: (bid) => this.ask("label", bid) }),
      typing(),
      letters(),
      ...keys({ ...actions, undo: () => this.undo(), redo: () => this.redo() }),
      paste(),
      find(),
      dropCursor({ color: "var(--z-accent)", width: 2 }),
      gapCursor(),
      tableEditing(),
      ...(options.awareness === undefined ? [] : [cursors(this.binding, options.awareness)]),
      ...(options.plugins ?? []),
    ];
  }

  private attributes(options: EditorOptions): Record<string, string> {
    return {
      class: "act",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": options.label,
      "aria-readonly": String(this.readOnly),
      lang: "uk",
      spellcheck: "true",
      tabindex: "0",
    };
  }

  private dispatch(transaction: Transaction): void {
    if (this.view.isDestroyed) return;
    const { state, transactions } = this.view.state.applyTransaction(transaction);
    const docChanged = state.doc !== this.view.state.doc;
    this.view.updateState(state);
    if (!this.readOnly || this.isPrivate) this.push(transactions);
    this.changed();
    if (docChanged) for (const listener of this.changeListeners) listener();
  }

  /** Typing goes into one undo step; a split, a move, a paste or a change of kind is a step of its own. */
  private push(transactions: readonly Transaction[]): void {
    const isTyping = transactions.every((transaction) => isTypingOnly(transaction));
    if (!isTyping) this.undoManager.stopCapturing();
    this.binding.push(transactions);
    if (!isTyping) this.undoManager.stopCapturing();
  }

  private readonly changed = () => {
    const fresh = this.read();
    if (this.cached !== null && sameSnapshot(this.cached, fresh)) return;
    this.cached = fresh;
    for (const listener of this.listeners) listener();
  };

  private note(change: () => void): void {
    change();
    this.changed();
  }

  private noteDuplicate(found: Duplicate): void {
    this.note(() => this.copies.set(found.kept, found));
  }

  private ask(asked: Asked, bid: string | null = null): void {
    const unit = bid ?? findUnit(this.view.state)?.node.attrs.bid ?? null;
    for (const listener of this.askListeners) listener(asked, unit);
  }

  run(command: Command): boolean {
    return !this.readOnly && command(this.view.state, this.view.dispatch.bind(this.view), this.view);
  }

  toggle(mark: string): boolean {
    const type = schema.marks[mark];
    return type !== undefined && this.run(toggleMark(type));
  }

  undo(): boolean {
    return !this.readOnly && this.undoManager.undo() !== null;
  }

  redo(): boolean {
    return !this.readOnly && this.undoManager.redo() !== null;
  }

  focus(): void {
    this.view.focus();
  }

  setReadOnly(readOnly: boolean): void {
    if (readOnly === this.readOnly) return;
    this.readOnly = readOnly;
    this.view.setProps({});
    this.changed();
  }

  outline(): readonly OutlineEntry[] {
    const { doc } = this.view.state;
    const derived = factsKey.getState(this.view.state) as Facts;
    if (this.cachedOutline === null || this.cachedOutline.doc !== doc)
      this.cachedOutline = { facts: derived, doc, entries: outlineOf(doc, derived) };
    return this.cachedOutline.entries;
  }

  goTo(bid: string): boolean {
    let position: number | null = null;
    this.view.state.doc.descendants((node, at) => {
      if (position === null && node.attrs.bid === bid) position = at;
      return position === null && !node.isTextblock;
    });
    if (position === null) return false;
    const selection = TextSelection.near(this.view.state.doc.resolve(position + 1));
    this.view.dispatch(this.view.state.tr.setSelection(selection));
    const dom = this.view.nodeDOM(position);
    if (dom instanceof HTMLElement) dom.scrollIntoView({ block: "start" });
    this.view.focus();
    return true;
  }

  snapshot(): Snapshot {
    this.cached ??= this.read();
    return this.cached;
  }

  private read(): Snapshot {
    const { state } = this.view;
    const unit = findUnit(state);
    const derived = factsKey.getState(state) as Facts;
    const found = findKey.getState(state) ?? { matches: [], current: -1 };
    const { $from, empty, from, to } = state.selection;
    const isOn = (name: string) => {
      const type = schema.marks[name];
      if (type === undefined) return false;
      return empty ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, type);
    };
    return {
      readOnly: this.readOnly,
      canUndo: this.undoManager.canUndo(),
      canRedo: this.undoManager.canRedo(),
      unit: (unit?.node.attrs as UnitAttrs | undefined) ?? null,
      label: unit === null ? "" : (derived.numbering.labels.get(unit.node.attrs.bid) ?? ""),
      inTable: isInTable(state),
      marks: ["strong", "em", "underline", "sup", "sub"].filter(isOn),
      found: { count: found.matches.length, current: found.current + 1 },
      facts: derived,
      displaced: [...this.displaced.values()],
      duplicates: [...this.copies.values()],
    };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onChange(listener: () => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  onAsk(listener: (asked: Asked, bid: string | null) => void): () => void {
    this.askListeners.add(listener);
    return () => this.askListeners.delete(listener);
  }

  settleDisplaced(id: string, insert: boolean): void {
    const words = this.displaced.get(id);
    if (words !== undefined && insert) this.view.dispatch(this.view.state.tr.insertText(words.text.replaceAll("\n", " ")).scrollIntoView());
    this.note(() => this.displaced.delete(id));
  }

  settleDuplicate(kept: string): void {
    this.note(() => this.copies.delete(kept));
  }

  destroy(): void {
    this.stopIncoming();
    this.caret.destroy();
    this.duplicates.destroy();
    this.rescue.destroy();
    this.binding.detach();
    this.undoManager.destroy();
    this.view.destroy();
    this.listeners.clear();
  }
}

/** Typing changes a snapshot's objects but seldom what they say. */
function sameSnapshot(one: Snapshot, other: Snapshot): boolean {
  return (Object.keys(one) as (keyof Snapshot)[]).every((key) => {
    const [a, b] = [one[key], other[key]];
    if (a === b) return true;
    if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((entry, index) => entry === b[index]);
    return key === "found" && one.found.count === other.found.count && one.found.current === other.found.current;
  });
}
