/**
 * A reviewer at work: the text, the reviewer's own records, and the private view that is typed into.
 *
 * Records are primary. The view document `doc` never leaves the browser and can be thrown away at any moment: text + records give it again.
 * Promises: the text is never written to; after every edit text + records = view on what was touched, or the edit is taken back and `onProblem`
 * says so; a record is changed only by the reviewer's own edit of its place, never as a reaction to what drafters do.
 */

import type { Node } from "prosemirror-model";
import type { EditorState, Plugin } from "prosemirror-state";
import * as Y from "yjs";
import { createElement } from "../../editor/elements.ts";
import { schema } from "../../editor/schema.ts";
import { Base } from "./base.ts";
import { ViewBlocks } from "./blocks.ts";
import { type Examined, examine, type Hold, type Problem } from "./examine.ts";
import { type SuggestState, type Surface, suggestKey, suggestMode } from "./mode.ts";
import { ownProposals } from "./own.ts";
import { patch } from "./patch.ts";
import type { Placed } from "./place.ts";
import { Places } from "./places.ts";
import { type Proposal, sameJson } from "./record.ts";
import { sameView, viewAll } from "./view.ts";

export interface ReviewOptions {
  /** The text. It is only listened to. */
  readonly base: Y.Doc;
  /** The reviewer's own open records. */
  readonly records: readonly Proposal[];
  /** What the reviewer's edit made of the records; goes to the outbox. */
  readonly onEdit: (put: readonly Proposal[], withdrawn: readonly string[]) => void;
  /** An edit was taken back because no record can say it; `text` are the words it put in. */
  readonly onProblem: (problem: Problem, text: string) => void;
  /** The text changed: records may have been found again, lost or placed anew. */
  readonly onPlaces?: () => void;
  readonly hold?: Hold;
}

export class Review {
  /** The private view. Mount an editor on it together with `plugin`. */
  readonly doc = new Y.Doc();
  readonly plugin: Plugin<SuggestState>;
  /** All an editor on `doc` needs. */
  readonly plugins: readonly Plugin[];
  readonly base: Base;
  private readonly replica = new Y.Doc();
  private readonly records: Places;
  private readonly blocks: ViewBlocks;
  private equal = new WeakMap<Node, Node>();
  private equalIn = 0;
  /** Records that say the same as the one held, so that they are compared once. */
  private readonly same = new WeakMap<Proposal, Proposal>();
  private shown: Node | null = null;
  private surface: Surface | null = null;
  private committed: Examined | null = null;
  private waiting: Uint8Array[] = [];
  private isStale = false;
  private readonly onUpdate = (update: Uint8Array) => this.receiveUpdate(update);

  constructor(private readonly options: ReviewOptions) {
    Y.applyUpdate(this.replica, Y.encodeStateAsUpdate(options.base));
    this.base = new Base(this.replica);
    this.records = new Places(this.base, options.records);
    this.blocks = new ViewBlocks(this.base);
    this.doc.getXmlFragment("default").insert(0, viewAll(this.base, this.records.layout()).map(createElement));
    this.plugin = suggestMode({
      isBase: (bid) => this.base.has(bid),
      examine: (doc) => (this.shown === null ? null : examine(this.base, this.records.layout(), this.shown, doc, options.hold)),
      shown: () => this.shown,
      attach: (surface) => this.attach(surface),
      commit: (state) => this.commit(state),
      detach: () => this.detach(),
    });
    this.plugins = [this.plugin, ownProposals((bid) => this.base.has(bid))];
    options.base.on("update", this.onUpdate);
  }

  destroy(): void {
    this.options.base.off("update", this.onUpdate);
    this.base.destroy();
    this.replica.destroy();
    this.doc.destroy();
  }

  attach(surface: Surface): void {
    this.surface = surface;
    this.shown = surface.state.doc;
    this.refresh();
  }

  private detach(): void {
    this.surface = null;
    this.shown = null;
  }

  /** Records in the view; those without a place are in `orphans`. */
  places(): readonly Placed[] {
    return [...this.records.layout().all()];
  }

  orphans(): readonly Proposal[] {
    return this.records.orphans();
  }

  all(): readonly Proposal[] {
    return this.records.all();
  }

  /** Exactly these are the reviewer's own open records now. The view follows in one step. */
  sync(records: readonly Proposal[]): void {
    const wanted = new Set(records.map(({ id }) => id));
    let isSame = true;
    for (const { id } of this.records.all()) {
      if (wanted.has(id)) continue;
      this.records.delete(id);
      isSame = false;
    }
    for (const record of records) {
      const held = this.records.find(record.id);
      if (held === record || this.same.get(record) === held) continue;
      if (held !== null && sameJson(held, record)) {
        this.same.set(record, held);
        continue;
      }
      this.records.set(record);
      isSame = false;
    }
    if (!isSame) this.refresh();
  }

  /** One of the reviewer's own records as the server or another tab has it. */
  receive(record: Proposal): void {
    this.records.set(record);
    this.refresh();
  }

  /** A record that is open no more: accepted, rejected, withdrawn. */
  remove(id: string): void {
    this.records.delete(id);
    this.refresh();
  }

  /** Takes a state that is really shown now: its records count. */
  commit(state: EditorState): void {
    this.shown = state.doc;
    const { outcome, pending } = suggestKey.getState(state) as SuggestState;
    if (outcome !== null && outcome !== this.committed) {
      this.committed = outcome;
      if (outcome.kind === "refused") this.options.onProblem(outcome.reason, outcome.text);
      else this.take(outcome);
    }
    if (pending === null && (this.waiting.length > 0 || this.isStale)) queueMicrotask(() => this.catchUp());
  }

  private take({ put, withdrawn, now, placed }: Extract<Examined, { kind: "said" }>): void {
    for (const id of withdrawn) this.records.delete(id);
    now.forEach((record, index) => {
      this.records.set(record, placed[index] ?? null);
    });
    if (put.length + withdrawn.length > 0) this.options.onEdit(put, withdrawn);
  }

  /** While an input method composes, what drafters write waits. */
  private isComposing(): boolean {
    return this.surface !== null && (suggestKey.getState(this.surface.state)?.pending ?? null) !== null;
  }

  private receiveUpdate(update: Uint8Array): void {
    this.waiting.push(update);
    this.catchUp();
  }

  /** Brings the view up to the text. Called after a composition; harmless at any time. */
  catchUp(): void {
    if (this.isComposing() || (this.waiting.length === 0 && !this.isStale)) return;
    const updates = this.waiting.splice(0);
    if (updates.length > 0) {
      Y.applyUpdate(this.replica, updates.length === 1 ? (updates[0] as Uint8Array) : Y.mergeUpdates(updates));
      this.records.update();
    }
    this.refresh();
    this.options.onPlaces?.();
  }

  /** The view as text and records give it. */
  rebuild(): Node {
    return schema.node("doc", null, viewAll(this.base, this.records.layout()));
  }

  private refresh(): void {
    const { surface } = this;
    if (surface === null) return;
    this.isStale = this.isComposing();
    if (this.isStale) return;
    if (this.equalIn !== this.base.structure) this.equal = new WeakMap();
    this.equalIn = this.base.structure;
    const tr = surface.state.tr;
    if (!patch(tr, this.blocks.read(this.records.layout(), this.records.takeChanged()), (shown, wanted) => this.isShown(shown, wanted)))
      return;
    surface.dispatch(tr.setMeta(suggestKey, { kind: "refresh" }).setMeta("addToHistory", false));
  }

  /** A block that is shown is compared with what it should be once, however often the text changes elsewhere. */
  private isShown(shown: Node, wanted: Node): boolean {
    if (shown === wanted || this.equal.get(shown) === wanted) return true;
    if (!sameView(this.base, shown, wanted)) return false;
    this.equal.set(shown, wanted);
    return true;
  }
}
