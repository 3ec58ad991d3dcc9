/**
 * The desk of somebody who reads an act with its proposals: which is looked at, what is chosen and filtered, what is decided.
 * Where each stands is `Standing`'s; one object is given out for as long as nothing changed.
 */

import type { EditorHandle } from "../../editor";
import { suggestKey } from "../core/mode.ts";
import { NOTHING } from "../core/waiting.ts";
import type { Suggestion } from "../model.ts";
import { Deciding } from "./deciding.ts";
import type { Asked, DeskOptions, DeskView } from "./deskView.ts";
import { type Entry, EVERYTHING, type Filter, matches } from "./entries.ts";
import { actionOf, type KeyName } from "./keys.ts";
import { addPlugin, marks } from "./plugin.ts";
import { Standing } from "./standing.ts";
import type { Told } from "./told.ts";

type Lists = Pick<DeskView, "all" | "entries" | "orphans">;

export class Desk {
  readonly deciding: Deciding;
  readonly editor: EditorHandle;
  readonly standing: Standing;
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private cached: DeskView | null = null;
  private lists: { readonly of: readonly Entry[]; readonly filter: Filter; readonly lists: Lists } | null = null;
  private decided: { readonly of: readonly Suggestion[]; readonly sorted: readonly Suggestion[] } | null = null;
  private filter = EVERYTHING;
  private chosen: ReadonlySet<string> = new Set();
  private active: string | null = null;
  private hovered: string | null = null;
  private online: boolean;
  private ownSteps = 0;
  private asked: Asked | null = null;
  private said = "";

  constructor(private readonly options: DeskOptions) {
    this.editor = options.editor;
    this.online = options.isOnline;
    this.deciding = new Deciding({
      doc: options.doc,
      records: options.records,
      isOnline: () => this.online,
      load: () => options.load() ?? NOTHING,
      save: options.save,
      onChange: () => this.changed(),
      onWaited: options.onTold,
    });
    this.standing = new Standing({
      base: this.deciding.acceptor.base,
      records: options.records,
      user: options.user,
      editor: options.editor,
      isView: suggestKey.get(this.editor.view.state) !== undefined,
      look: options.look,
      onChange: () => {
        this.changed();
        this.resume();
      },
    });
    const plugin = marks({
      onPress: (id) => this.activate(this.standing.keyOfRecord(id)),
      onHover: (id) => this.hover(id === null ? null : this.standing.keyOfRecord(id)),
      onKey: (event) => this.key(event),
    });
    this.stops.push(addPlugin(this.editor.view, plugin));
    this.standing.readRecords();
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    this.standing.destroy();
    this.deciding.destroy();
    this.listeners.clear();
  }

  // -- reading ---------------------------------------------------------------------------------------------------------

  readonly get = (): DeskView => {
    this.cached ??= this.read();
    return this.cached;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  find(key: string): Entry | null {
    return this.standing.find(key);
  }

  /** The position in the editor's document where an entry stands; null for an orphan. */
  positionOf(entry: Entry): number | null {
    return this.standing.positionsOf([entry]).at(0) ?? null;
  }

  private read(): DeskView {
    const { isLoaded, records } = this.options.records.get();
    return {
      isLoaded,
      ...this.readLists(),
      decided: this.readDecided(records),
      filter: this.filter,
      chosen: this.chosen,
      active: this.active,
      hovered: this.hovered,
      queue: this.deciding.waiting,
      canUndo: this.deciding.canUndo,
      isOnline: this.online,
      mayDecide: this.options.mayDecide,
      asked: this.asked,
      said: this.said,
    };
  }

  private readLists(): Lists {
    const { entries } = this.standing;
    if (this.lists?.of === entries && this.lists.filter === this.filter) return this.lists.lists;
    const all = entries.filter(({ at }) => at !== null);
    const shown = all.filter((entry) => matches(entry, this.filter));
    const lists = { all, entries: shown, orphans: entries.filter(({ at }) => at === null) };
    this.lists = { of: entries, filter: this.filter, lists };
    return lists;
  }

  private readDecided(records: readonly Suggestion[]): readonly Suggestion[] {
    if (this.decided?.of === records) return this.decided.sorted;
    const sorted = records.filter(({ status }) => status !== "open").sort((a, b) => decidedAt(b) - decidedAt(a));
    this.decided = { of: records, sorted };
    return sorted;
  }

  /** What waited for the network is done once server and records are there. */
  private resume(): void {
    if (!this.online || !this.options.records.get().isLoaded || !this.deciding.hasDue) return;
    this.deciding.resume().catch((error: unknown) => console.error(error));
  }

  /** Names or hues of bodies are known now. */
  relook(): void {
    this.standing.relook();
  }

  setOnline(isOnline: boolean): void {
    if (isOnline === this.online) return;
    this.online = isOnline;
    this.changed();
    this.resume();
  }

  // -- looking, choosing, filtering --------------------------------------------------------------------------------------

  activate(key: string | null): void {
    if (key === this.active) return;
    this.active = key;
    this.changed();
  }

  hover(key: string | null): void {
    if (key === this.hovered) return;
    this.hovered = key;
    this.changed();
  }

  /** The next (+1) or previous (-1) card of those shown, around the ends; the first behind the caret when none is looked at. */
  step(direction: 1 | -1): Entry | null {
    const { entries } = this.get();
    if (entries.length === 0) return null;
    const index = entries.findIndex(({ key }) => key === this.active);
    const from = index >= 0 ? index : this.indexAtCaret(entries, direction);
    const entry = entries[(from + direction + entries.length) % entries.length] ?? null;
    this.activate(entry?.key ?? null);
    return entry;
  }

  private indexAtCaret(entries: readonly Entry[], direction: 1 | -1): number {
    const caret = this.editor.view.state.selection.from;
    const behind = this.standing.positionsOf(entries).findIndex((position) => (position ?? 0) >= caret);
    const first = behind < 0 ? entries.length : behind;
    return direction === 1 ? first - 1 : first;
  }

  setFilter(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
    this.chosen = new Set();
    this.changed();
  }

  choose(key: string, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(key);
    else chosen.delete(key);
    this.chosen = chosen;
    this.changed();
  }

  chooseNone(): void {
    this.chosen = new Set();
    this.changed();
  }

  /** Opens a question over the page, or closes it. */
  ask(asked: Asked | null): void {
    this.asked = asked;
    this.changed();
  }

  /** Has something read aloud. */
  say(text: string): void {
    this.said = text;
    this.changed();
  }

  // -- deciding ----------------------------------------------------------------------------------------------------------

  async accept(entries: readonly Entry[], insist = false): Promise<Told> {
    const told = await this.deciding.accept(
      entries.flatMap(({ records }) => records.map(({ id }) => id)),
      insist,
    );
    this.afterStep(told);
    return told;
  }

  async undo(): Promise<Told> {
    const told = await this.deciding.undo();
    this.afterStep(told);
    return told;
  }

  /** The text changed by a decision: what is typed next is a step of its own. */
  private afterStep({ results }: Told): void {
    if (![...results.values()].includes("accepted")) return;
    this.editor.undoManager.stopCapturing();
    this.ownSteps = this.editor.undoManager.undoStack.length;
    this.chosen = new Set();
    this.changed();
  }

  /** Ctrl+Z means the acceptance when nothing was written after it. */
  get isAcceptLast(): boolean {
    return this.deciding.canUndo && this.editor.undoManager.undoStack.length <= this.ownSteps;
  }

  reject(entry: Entry, reason: string): Promise<Told> {
    return this.deciding.reject(entry.records, reason);
  }

  /** Open again, of rejected ones. */
  reopen(records: readonly Suggestion[]): Promise<Told> {
    return this.deciding.reopen(records);
  }

  /** True when the key was one of ours. */
  key(event: KeyboardEvent): boolean {
    const name = actionOf(event);
    if (name === "undo" ? !this.isAcceptLast : name === null) return false;
    this.options.onKey(name as KeyName);
    return true;
  }

  private changed(): void {
    this.cached = null;
    for (const listener of this.listeners) listener();
  }
}

function decidedAt(record: Suggestion): number {
  return record.decided?.at ?? record.updated_at;
}
