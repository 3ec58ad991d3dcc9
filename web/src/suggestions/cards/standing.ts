/**
 * Open proposals at their places: found again as the text changes, drawn as marks, given out as cards in the order of the text.
 *
 * Promises: a keystroke only moves the marks; places are found again for the blocks it touched, a moment after it and when the browser is
 * idle; one object is given out for as long as nothing changed.
 */

import type { EditorHandle } from "../../editor";
import { type Base, Places } from "../core/index.ts";
import type { Placed } from "../core/place.ts";
import { proposalOf, type Suggestion } from "../model.ts";
import type { Records } from "../store.ts";
import { decorationsOf, type Look } from "./decorations.ts";
import { type Entry, entriesOf, keyOf, sameEntry, startOf } from "./entries.ts";
import { whenIdle } from "./idle.ts";
import { type Redrawn, redraw } from "./plugin.ts";
import { type Spot, spotsOf, viewSpotsOf } from "./positions.ts";

/** After a letter, places are found again when typing rests this long, at the latest after `LONGEST_MS` and then `IDLE_MS`. */
const REST_MS = 150;
const LONGEST_MS = 600;
const IDLE_MS = 200;
/** What is told of records within this time is drawn at once. */
const TOGETHER_MS = 20;
/** Words that are looked for in the whole text are looked for when typing rests longer. */
const ORPHANS_MS = 1_500;

const UNMARKED: ReadonlySet<string> = new Set(["format", "unit_attributes", "move"]);

export interface StandingOptions {
  readonly base: Base;
  readonly records: Records;
  /** Id of the person: their private view (`isView`) shows their own proposals by itself. */
  readonly user: string;
  readonly editor: EditorHandle;
  readonly isView: boolean;
  readonly look: (record: Suggestion) => Look;
  /** Cards show something else now. */
  readonly onChange: () => void;
}

export class Standing {
  private readonly places: Places;
  private readonly known = new Map<string, Suggestion>();
  private readonly drawn = new Map<string, Placed | null>();
  private readonly layoutListeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private readonly timers = new Map<"follow" | "orphans" | "records", ReturnType<typeof setTimeout>>();
  private callOff: () => void = () => undefined;
  private firstTouched = 0;
  private cards: readonly Entry[] | null = null;
  private kept: ReadonlyMap<string, Entry> = new Map();
  private spotsFound: { readonly doc: unknown; readonly spots: ReadonlyMap<string, Spot> } | null = null;

  constructor(private readonly options: StandingOptions) {
    this.places = new Places(options.base);
    this.stops.push(options.editor.onChange(() => this.touched()));
    this.stops.push(options.records.subscribe(() => this.readSoon()));
  }

  destroy(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const stop of this.stops) stop();
    this.callOff();
    this.layoutListeners.clear();
  }

  // -- reading ---------------------------------------------------------------------------------------------------------

  /** Cards, those with a place first, in the order of the text. */
  get entries(): readonly Entry[] {
    if (this.cards !== null) return this.cards;
    const entries = entriesOf([...this.known.values()], (id) => this.places.get(id), this.options.base);
    this.cards = entries.map((entry) => this.keep(entry));
    this.kept = new Map(this.cards.map((entry) => [entry.key, entry]));
    return this.cards;
  }

  /** The entry given out before, where nothing in it changed: its card is not rendered again. */
  private keep(entry: Entry): Entry {
    const before = this.kept.get(entry.key);
    return before !== undefined && sameEntry(before, entry) ? before : entry;
  }

  find(key: string): Entry | null {
    return this.entries.length === 0 ? null : (this.kept.get(key) ?? null);
  }

  /** The card of an open record. */
  keyOfRecord(id: string): string | null {
    const record = this.known.get(id);
    return record === undefined ? null : keyOf(record);
  }

  /** Hears when places may stand at other heights. */
  onLayout(listener: () => void): () => void {
    this.layoutListeners.add(listener);
    return () => this.layoutListeners.delete(listener);
  }

  /** Where entries stand now; null for orphans. The letters typed before a place have moved it along. */
  positionsOf(entries: readonly Entry[]): (number | null)[] {
    const spots = this.spots();
    return entries.map(({ at, first }) => {
      if (at === null) return null;
      const placed = this.places.get(first.id);
      const [key, offset] = placed === null ? [at.key, at.offset] : [placed.key, startOf(placed)];
      const spot = spots.get(key);
      if (spot === undefined) return key === "" ? 0 : null;
      if (!spot.node.inlineContent) return spot.at;
      return spot.textAt?.(offset, false) ?? spot.at + 1 + Math.min(offset, spot.node.content.size);
    });
  }

  /** The block at the root that is or holds what an entry stands at; "" for what is gone. */
  blockOf({ at }: Entry): string {
    const { base } = this.options;
    return at === null ? "" : (base.order()[base.indexOf(at.key)] ?? "");
  }

  private spots(): ReadonlyMap<string, Spot> {
    const { base, editor, isView } = this.options;
    const { doc } = editor.view.state;
    if (this.spotsFound?.doc !== doc) this.spotsFound = { doc, spots: isView ? viewSpotsOf(doc, (bid) => base.has(bid)) : spotsOf(doc) };
    return this.spotsFound.spots;
  }

  // -- following records -------------------------------------------------------------------------------------------------

  /** Hundreds of records may be told one by one: they are drawn together. */
  private readSoon(): void {
    if (!this.timers.has("records"))
      this.timers.set(
        "records",
        setTimeout(() => this.readRecords(), TOGETHER_MS),
      );
  }

  readRecords(): void {
    clearTimeout(this.timers.get("records"));
    this.timers.delete("records");
    const open = new Map(this.options.records.get().records.flatMap((one) => (one.status === "open" ? [[one.id, one] as const] : [])));
    for (const id of this.known.keys()) {
      if (open.has(id)) continue;
      this.known.delete(id);
      this.places.delete(id);
    }
    for (const [id, record] of open) {
      const old = this.known.get(id);
      if (old === record) continue;
      this.known.set(id, record);
      this.cards = null;
      if (old === undefined || old.version !== record.version) this.places.set(proposalOf(record));
    }
    this.draw();
    this.options.onChange();
  }

  /** Names or hues of bodies are known now. */
  relook(): void {
    this.drawn.clear();
    this.draw();
  }

  // -- following the text ------------------------------------------------------------------------------------------------

  private touched(): void {
    if (this.timers.has("follow")) clearTimeout(this.timers.get("follow"));
    else this.firstTouched = performance.now();
    const wait = Math.max(0, Math.min(REST_MS, this.firstTouched + LONGEST_MS - performance.now()));
    this.timers.set(
      "follow",
      setTimeout(() => this.followWhenIdle(), wait),
    );
  }

  private followWhenIdle(): void {
    this.timers.delete("follow");
    this.callOff();
    this.callOff = whenIdle(() => this.follow(), IDLE_MS);
  }

  /** Brings places up to the text. */
  private follow(): void {
    this.places.update();
    if (this.draw()) this.options.onChange();
    for (const listener of this.layoutListeners) listener();
    clearTimeout(this.timers.get("orphans"));
    if (this.places.orphans().length > 0)
      this.timers.set(
        "orphans",
        setTimeout(() => this.lookForOrphans(), ORPHANS_MS),
      );
  }

  /** Words may have come back: by an undo, or from a colleague. */
  private lookForOrphans(): void {
    for (const orphan of this.places.orphans()) this.places.set(orphan);
    if (this.draw()) this.options.onChange();
  }

  // -- drawing -----------------------------------------------------------------------------------------------------------

  /** Redraws what changed its place; true when cards show something else now, too. */
  private draw(): boolean {
    const changed = [...this.known.keys()].filter((id) => this.drawn.get(id) !== this.places.get(id) || !this.drawn.has(id));
    const gone = [...this.drawn.keys()].filter((id) => !this.known.has(id));
    if (changed.length + gone.length === 0) return false;
    const redrawn = new Map<string, ReturnType<typeof decorationsOf>>(gone.map((id) => [id, []]));
    const spots = this.spots();
    let isNews = gone.length > 0;
    for (const id of changed) {
      const [placed, record, before] = [this.places.get(id), this.known.get(id), this.drawn.get(id)];
      isNews ||= before === undefined || !readsTheSame(before, placed);
      this.drawn.set(id, placed);
      const isShown = placed !== null && record !== undefined && !this.isInView(record);
      redrawn.set(id, !isShown ? [] : decorationsOf(placed, spots, this.options.look(record)));
    }
    for (const id of gone) this.drawn.delete(id);
    if (isNews) this.cards = null;
    this.show(redrawn);
    return isNews;
  }

  /** Own words and units stand in a private view themselves; looks, numbers and places that change have no mark of their own there. */
  private isInView({ author, kind }: Suggestion): boolean {
    return this.options.isView && author === this.options.user && !UNMARKED.has(kind);
  }

  private show(redrawn: Redrawn): void {
    const { view } = this.options.editor;
    if (!view.isDestroyed && redraw(view, redrawn)) for (const listener of this.layoutListeners) listener();
  }
}

/** Only offsets within the block differ: the letters typed before it have moved it along. */
function readsTheSame(before: Placed | null, now: Placed | null): boolean {
  if (before === null || now === null) return before === now;
  return before.key === now.key && before.how === now.how && before.offsets.length === now.offsets.length;
}
