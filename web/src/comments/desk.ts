/**
 * Comments at their places: which thread stands where, which one is looked at, what is being written to a place.
 *
 * Promises: a keystroke only moves the highlights; places are found again for the blocks it touched, a moment after it; one object is
 * given out for as long as nothing changed.
 */

import type * as Y from "yjs";
import type { EditorHandle } from "../editor";
import type { Place } from "../suggestions/cards/heights.ts";
import { addPlugin } from "../suggestions/cards/plugin.ts";
import { type Spot, spotsOf } from "../suggestions/cards/positions.ts";
import { Base } from "../suggestions/core/base.ts";
import { Places } from "../suggestions/core/index.ts";
import type { Placed } from "../suggestions/core/place.ts";
import { decorationsOf, type Look, marks, type Redrawn, redraw } from "./marks.ts";
import { type Anchor, anchorOf, type Thread, WHOLE_ACT } from "./model.ts";
import { anchorAt, asProposals, startIn } from "./places.ts";
import type { Comments } from "./store.ts";

/** The key of the comment being written. */
export const WRITING = "writing";

/** One card. */
export interface Entry {
  readonly key: string;
  /** Null for the comment being written. */
  readonly thread: Thread | null;
}

export interface DeskView {
  /** Cards with a place, those on the whole act first, then in the order of the text. */
  readonly entries: readonly Entry[];
  /** Threads whose words are gone; their quotes are shown. */
  readonly orphans: readonly Thread[];
  /** The key of the card that is looked at. */
  readonly active: string | null;
  /** The place somebody is about to comment on. */
  readonly writing: Anchor | null;
}

export interface DeskOptions {
  readonly doc: Y.Doc;
  readonly comments: Comments;
  readonly editor: EditorHandle;
  /** Null: the comment being written. */
  readonly look: (thread: Thread | null) => Omit<Look, "isActive">;
  readonly onPress: (thread: string) => void;
  readonly onAsk: () => void;
}

const REST_MS = 150;
const LONGEST_MS = 600;
/** The header, the tools and the panel's head stand above this, nothing to read around the place is below. */
const ABOVE = 230;
const BELOW = 200;

export class Desk {
  readonly editor: EditorHandle;
  private readonly base: Base;
  private readonly places: Places;
  private readonly known = new Map<string, Thread>();
  /** Keys of a thread's stretches in `places`, in the order of the text; none for one on the whole act. */
  private readonly stretches = new Map<string, readonly string[]>();
  private readonly drawn = new Map<string, readonly Placed[]>();
  private readonly listeners = new Set<() => void>();
  private readonly layoutListeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private cached: DeskView | null = null;
  private active: string | null = null;
  private writing: Anchor | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private firstTouched = 0;
  private spotsFound: { readonly doc: unknown; readonly spots: ReadonlyMap<string, Spot> } | null = null;

  constructor(private readonly options: DeskOptions) {
    const { doc, editor, comments, onPress, onAsk } = options;
    this.editor = editor;
    this.base = new Base(doc);
    this.places = new Places(this.base);
    const plugin = marks({
      onPress,
      onKey: (event) => {
        if (!isCommentKey(event)) return false;
        onAsk();
        return true;
      },
    });
    this.stops.push(
      addPlugin(editor.view, plugin),
      editor.onChange(() => this.touched()),
      comments.subscribe(() => this.read()),
    );
    this.read();
  }

  destroy(): void {
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.base.destroy();
    this.listeners.clear();
    this.layoutListeners.clear();
  }

  readonly get = (): DeskView => {
    this.cached ??= this.view();
    return this.cached;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hears when cards or the places of cards may stand at other heights. */
  onLayout(listener: () => void): () => void {
    this.layoutListeners.add(listener);
    return () => this.layoutListeners.delete(listener);
  }

  activate(key: string | null): void {
    if (key === this.active) return;
    const before = this.active;
    this.active = key;
    for (const id of [before, key]) if (id !== null) this.drawn.delete(id);
    this.draw();
    this.changed();
  }

  /** Begins to write to the selected words, or to a place that is given; null stops. */
  write(anchor: Anchor | null): void {
    this.writing = anchor;
    this.place(WRITING, anchor ?? WHOLE_ACT);
    this.draw();
    if (anchor !== null) this.activate(WRITING);
    else if (this.active === WRITING) this.activate(null);
    this.changed();
  }

  /** The place of the selection, as the page shows it: it need not have the focus. */
  selected(from: number, to: number): Anchor | null {
    return anchorAt(this.editor.view, this.base, from, to);
  }

  /** Brings the place of a thread into view; that of one on the whole act is the top of the text. */
  reveal(thread: Thread): void {
    const { view } = this.editor;
    const [place] = this.placesOf([thread.id]);
    const isWhole = anchorOf(thread).kind === "act";
    if (place === undefined || (place.position === null && !isWhole)) return;
    const node = place.position === null ? view.dom : view.domAtPos(place.position).node;
    const element = node instanceof Element ? node : node.parentElement;
    const rect = element?.getBoundingClientRect();
    if (rect === undefined || (rect.top > ABOVE && rect.top < innerHeight - BELOW)) return;
    if (isWhole) scrollBy(0, rect.top - ABOVE);
    else element?.scrollIntoView({ block: "center" });
  }

  /** Where cards stand now. The letters typed before a place have moved it along. */
  placesOf(keys: readonly string[]): readonly Place[] {
    const spots = this.spots();
    return keys.map((key) => {
      const placed = this.placed(key);
      const spot = placed === null ? undefined : spots.get(placed.key);
      if (placed === null || spot === undefined) return { block: "", position: null };
      return { block: this.base.order()[this.base.indexOf(placed.key)] ?? "", position: startIn(spot, placed.offsets) };
    });
  }

  private spots(): ReadonlyMap<string, Spot> {
    const { doc } = this.editor.view.state;
    if (this.spotsFound?.doc !== doc) this.spotsFound = { doc, spots: spotsOf(doc) };
    return this.spotsFound.spots;
  }

  private view(): DeskView {
    const all = [...this.known.values()];
    const isPlaced = (thread: Thread) => anchorOf(thread).kind === "act" || this.placed(thread.id) !== null;
    const entries: Entry[] = all.filter(isPlaced).map((thread) => ({ key: thread.id, thread }));
    if (this.writing !== null) entries.push({ key: WRITING, thread: null });
    const order = new Map(entries.map(({ key }) => [key, this.orderOf(key)]));
    const age = ({ thread }: Entry) => thread?.created_at ?? Number.NEGATIVE_INFINITY;
    return {
      entries: entries.sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0) || age(a) - age(b)),
      orphans: all.filter((thread) => !isPlaced(thread)),
      active: this.active,
      writing: this.writing,
    };
  }

  private orderOf(key: string): number {
    const placed = this.placed(key);
    return placed === null ? -1 : this.base.indexOf(placed.key) * 1e6 + (placed.offsets[0] ?? 0);
  }

  /** Takes over what the store says; a thread's place never changes, so it is looked for once. */
  private read(): void {
    const now = new Map(this.options.comments.get().threads.flatMap((one) => (one.suggestion === "" ? [[one.id, one] as const] : [])));
    for (const id of this.known.keys()) {
      if (now.has(id)) continue;
      this.known.delete(id);
      this.place(id, WHOLE_ACT);
    }
    for (const [id, thread] of now) {
      const old = this.known.get(id);
      if (old === thread) continue;
      this.known.set(id, thread);
      if (old?.status !== thread.status) this.drawn.delete(id);
      if (old === undefined) this.place(id, anchorOf(thread));
    }
    this.draw();
    this.changed();
  }

  /** Looks for the words of an anchor from now on; `WHOLE_ACT` for no words. */
  private place(id: string, anchor: Anchor): void {
    for (const key of this.stretches.get(id) ?? []) this.places.delete(key);
    const proposals = asProposals(id, anchor);
    for (const proposal of proposals) this.places.set(proposal);
    if (proposals.length === 0) {
      this.stretches.delete(id);
      return;
    }
    this.stretches.set(
      id,
      proposals.map((proposal) => proposal.id),
    );
  }

  /** What is left of its words, in the order of the text. */
  private allPlaced(id: string): readonly Placed[] {
    return (this.stretches.get(id) ?? []).flatMap((key) => this.places.get(key) ?? []);
  }

  /** Where a card stands: at the first words that are left. */
  private placed(id: string): Placed | null {
    return this.allPlaced(id)[0] ?? null;
  }

  private touched(): void {
    const now = performance.now();
    if (this.timer === undefined) this.firstTouched = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), Math.max(0, Math.min(REST_MS, this.firstTouched + LONGEST_MS - now)));
  }

  private follow(): void {
    this.timer = undefined;
    this.places.update();
    if (this.draw()) this.changed();
    else for (const listener of this.layoutListeners) listener();
  }

  /** Names or hues of bodies are known now. */
  relook(): void {
    this.drawn.clear();
    this.draw();
  }

  /** Redraws what changed its place; resolved threads have no highlight unless one looks at them. */
  private draw(): boolean {
    const redrawn = new Map<string, ReturnType<typeof decorationsOf>>();
    const { view } = this.editor;
    if (view.isDestroyed) return false;
    const all = new Map<string, Thread | null>(this.known);
    if (this.writing !== null) all.set(WRITING, null);
    for (const id of this.drawn.keys()) {
      if (all.has(id)) continue;
      this.drawn.delete(id);
      redrawn.set(id, []);
    }
    const changed = [...all].filter(([id]) => !isSame(this.drawn.get(id), this.allPlaced(id)));
    const spots = changed.length === 0 ? new Map() : this.spots();
    for (const [id, thread] of changed) {
      const placed = this.allPlaced(id);
      this.drawn.set(id, placed);
      const isActive = id === this.active;
      const look = { ...this.options.look(thread), isActive };
      const isShown = isActive || thread === null || thread.status === "open";
      redrawn.set(id, isShown ? placed.flatMap((one) => decorationsOf(id, one, spots, look)) : []);
    }
    redraw(view, redrawn as Redrawn);
    return redrawn.size > 0;
  }

  private changed(): void {
    this.cached = null;
    for (const listener of [...this.listeners, ...this.layoutListeners]) listener();
  }
}

function isSame(one: readonly Placed[] | undefined, other: readonly Placed[]): boolean {
  return one !== undefined && one.length === other.length && one.every((placed, index) => placed === other[index]);
}

/** By the place of the key, so that every layout has it. */
export function isCommentKey({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return code === "KeyM" && (ctrlKey || metaKey) && altKey && !shiftKey;
}
