/** Two or more drafters on one document, for tests: real editors, a network that can be cut, a clock that is told. */

import { EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import * as Y from "yjs";
import { Binding } from "./binding.ts";
import { CaretKeeper } from "./caret.ts";
import { type Duplicate, Duplicates } from "./duplicates.ts";
import { createElement } from "./elements.ts";
import { containerBid } from "./relocations.ts";
import { Rescue } from "./rescue.ts";
import { schema } from "./schema.ts";
import { seeSelection } from "./selection.ts";
import { createUndo } from "./undo.ts";
import { unitIds } from "./unit-ids.ts";

export type UnitSpec =
  | readonly [bid: string, kind: string, text: string]
  | readonly [bid: string, kind: string, text: string, attrs: Record<string, unknown>];

export class Clock {
  private now = 0;
  private waiting: { at: number; run: () => void }[] = [];

  readonly read = (): number => this.now;

  readonly schedule = (run: () => void, ms: number): void => {
    this.waiting.push({ at: this.now + ms, run });
  };

  advance(ms: number): void {
    this.now += ms;
    const due = this.waiting.filter((entry) => entry.at <= this.now);
    this.waiting = this.waiting.filter((entry) => entry.at > this.now);
    for (const entry of due) entry.run();
  }
}

export class Drafter {
  readonly doc: Y.Doc;
  readonly binding: Binding;
  readonly view: EditorView;
  readonly undo: Y.UndoManager;
  readonly rescue: Rescue;
  private readonly caretKeeper: CaretKeeper;
  readonly outbox: Uint8Array[] = [];
  /** Text by id. */
  readonly displaced = new Map<string, string>();
  /** By the id both had; the newest report counts. */
  readonly doubles = new Map<string, string>();
  readonly duplicates = new Map<string, Duplicate>();

  constructor(clientId: number, state: Uint8Array, clock: Clock, peers: () => ReadonlySet<number>, isCaughtUp: () => boolean = () => true) {
    this.doc = new Y.Doc({ gc: false });
    this.doc.clientID = clientId;
    Y.applyUpdate(this.doc, state);
    this.binding = new Binding(this.doc, this.doc.getXmlFragment("default"));
    const place = document.body.appendChild(document.createElement("div"));
    this.view = new EditorView(place, {
      state: EditorState.create({ doc: this.binding.read(), plugins: [unitIds()] }),
      dispatchTransaction: (transaction) => this.dispatch(transaction),
    });
    this.undo = createUndo(this.binding);
    this.binding.attach(this.view);
    this.rescue = new Rescue(this.binding, {
      peers,
      isCaughtUp,
      onRelocated: (relocations) => this.caretKeeper.follow(relocations),
      schedule: clock.schedule,
      now: clock.read,
      onDouble: ({ other, text }) => this.doubles.set(containerBid(other), text),
      onDisplaced: (displaced) => this.displaced.set(displaced.id, displaced.text),
    });
    this.caretKeeper = new CaretKeeper(this.binding, this.view);
    new Duplicates(this.binding, { peers, schedule: clock.schedule, onDuplicate: (found) => this.duplicates.set(found.kept, found) });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "network") this.outbox.push(update);
    });
  }

  private dispatch(transaction: Transaction): void {
    const { state, transactions } = this.view.state.applyTransaction(transaction);
    this.view.updateState(state);
    this.binding.push(transactions);
  }

  receive(update: Uint8Array): void {
    seeSelection(this.view);
    this.rescue.noteIncoming(update);
    Y.applyUpdate(this.doc, update, "network");
  }

  /** The position before the character at `offset` of a unit. */
  at(bid: string, offset: number): number {
    let found = -1;
    this.view.state.doc.descendants((node, position) => {
      if (node.attrs.bid === bid && found < 0) found = position + 1 + offset;
      return !node.isTextblock;
    });
    if (found < 0) throw new Error(`no block ${bid}`);
    return found;
  }

  type(bid: string, offset: number, text: string): void {
    let position = this.at(bid, offset);
    for (const character of text) {
      this.view.dispatch(this.view.state.tr.insertText(character, position));
      position += character.length;
    }
  }

  caret(bid: string, offset: number): void {
    this.view.dispatch(this.view.state.tr.setSelection(TextSelection.create(this.view.state.doc, this.at(bid, offset))));
  }

  /** A selection from an offset of one unit to an offset of another. */
  selection(from: string, start: number, to: string, end: number): TextSelection {
    return TextSelection.create(this.view.state.doc, this.at(from, start), this.at(to, end));
  }

  /** Types where the caret is. */
  typeOn(text: string): void {
    for (const character of text) this.view.dispatch(this.view.state.tr.insertText(character));
  }

  run(command: (state: EditorState, dispatch: (tr: Transaction) => void, view: EditorView) => boolean): boolean {
    return command(this.view.state, this.view.dispatch.bind(this.view), this.view);
  }

  /** [bid, kind, text] of each block; a table as its cells' texts by row. */
  read(): string[][] {
    return this.view.state.doc.children.map((node) =>
      node.type === schema.nodes.unit
        ? [node.attrs.bid, node.attrs.kind, node.textContent]
        : [node.attrs.bid, ...node.children.map((row) => row.children.map((cell) => cell.textContent).join("|"))],
    );
  }

  texts(): string[] {
    return this.view.state.doc.children.map((node) => node.textContent);
  }
}

/** A state with these units, written by a client of its own. */
export function seed(units: readonly UnitSpec[], extra: (root: Y.XmlFragment) => void = () => {}): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const root = doc.getXmlFragment("default");
  root.insert(
    0,
    units.map(([bid, kind, text, attrs]) =>
      createElement(schema.node("unit", { bid, kind, ...attrs }, text === "" ? [] : [schema.text(text)])),
    ),
  );
  extra(root);
  return Y.encodeStateAsUpdate(doc);
}

export class Network {
  readonly clock = new Clock();
  readonly drafters: Drafter[] = [];

  constructor(state: Uint8Array, count = 2) {
    for (let i = 0; i < count; i++) {
      this.drafters.push(new Drafter(100 + i * 100, state, this.clock, () => new Set(this.drafters.map((one) => one.doc.clientID))));
    }
  }

  get pair(): [Drafter, Drafter] {
    return [this.drafters[0] as Drafter, this.drafters[1] as Drafter];
  }

  /** Delivers until nobody has anything to say, letting rescue timers run. */
  settle(order: readonly Drafter[] = this.drafters): void {
    for (let quiet = 0; quiet < 6; ) {
      const sending = order.map((sender) => [sender, sender.outbox.splice(0)] as const);
      const busy = sending.some(([, updates]) => updates.length > 0);
      for (const [sender, updates] of sending) {
        for (const update of updates) for (const other of order) if (other !== sender) other.receive(update);
      }
      if (busy) continue;
      this.clock.advance(1000);
      quiet++;
    }
  }
}
