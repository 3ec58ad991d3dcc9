/**
 * Comments at their places: which thread stands where, which one is looked at, what is being written to a place.
 *
 * Promises: a keystroke only moves the highlights; places are found again for the blocks it touched, a moment after it; one object is
 * given out for as long as nothing changed.
 */

import type * as Y from "yjs";
import type { EditorHandle } from "../editor";
import { addPlugin } from "../suggestions/cards/plugin.ts";
import { spotsOf } from "../suggestions/cards/positions.ts";
import { Base } from "../suggestions/core/base.ts";
import { Places } from "../suggestions/core/index.ts";
import type { Placed } from "../suggestions/core/place.ts";
import { decorationsOf, type Look, marks, type Redrawn, redraw } from "./marks.ts";
import { type Anchor, anchorOf, type Thread } from "./model.ts";
import { anchorAt, asProposal } from "./places.ts";
import type { Comments } from "./store.ts";

export interface DeskView {
  /** Threads with a place, those on the whole act first, then in the order of the text. */
  readonly placed: readonly Thread[];
  /** Threads whose words are gone; their quotes are shown. */
  readonly orphans: readonly Thread[];
  readonly active: string | null;
  /** The place somebody is about to comment on. */
  readonly writing: Anchor | null;
}

export interface DeskOptions {
  readonly doc: Y.Doc;
  readonly comments: Comments;
  readonly editor: EditorHandle;
  readonly look: (thread: Thread) => Omit<Look, "isActive">;
  readonly onPress: (thread: string) => void;
  readonly onAsk: () => void;
}

const REST_MS = 150;
const LONGEST_MS = 600;

export class Desk {
  private readonly base: Base;
  private readonly places: Places;
  private readonly known = new Map<string, Thread>();
  private readonly drawn = new Map<string, Placed | null>();
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private cached: DeskView | null = null;
  private active: string | null = null;
  private writing: Anchor | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private firstTouched = 0;

  constructor(private readonly options: DeskOptions) {
    const { doc, editor, comments, onPress, onAsk } = options;
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
  }

  readonly get = (): DeskView => {
    this.cached ??= this.view();
    return this.cached;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  activate(thread: string | null): void {
    if (thread === this.active) return;
    const before = this.active;
    this.active = thread;
    for (const id of [before, thread]) if (id !== null) this.drawn.delete(id);
    this.draw();
    this.changed();
  }

  /** Begins to write to the selected words, or to a place that is given; null stops. */
  write(anchor: Anchor | null): void {
    this.writing = anchor;
    this.changed();
  }

  /** The place of the selection, as the page shows it: it need not have the focus. */
  selected(from: number, to: number): Anchor | null {
    return anchorAt(this.options.editor.view, this.base, from, to);
  }

  /** Brings the place of a thread into view. */
  reveal(thread: Thread): void {
    const position = this.positionOf(thread.id);
    if (position === null) return;
    const { node } = this.options.editor.view.domAtPos(position);
    const place = node instanceof Element ? node : node.parentElement;
    const rect = place?.getBoundingClientRect();
    if (rect === undefined || (rect.top > 150 && rect.top < innerHeight - 200)) return;
    place?.scrollIntoView({ block: "center" });
  }

  private positionOf(thread: string): number | null {
    const placed = this.places.get(thread);
    const spot = placed === null ? undefined : spotsOf(this.options.editor.view.state.doc).get(placed.key);
    return spot === undefined ? null : spot.at + 1;
  }

  private view(): DeskView {
    const all = [...this.known.values()];
    const order = new Map(
      all.map((thread) => {
        const placed = this.places.get(thread.id);
        return [thread.id, placed === null ? -1 : this.base.indexOf(placed.key) * 1e6 + (placed.offsets[0] ?? 0)] as const;
      }),
    );
    const isPlaced = ({ id, ...thread }: Thread) => anchorOf({ id, ...thread }).kind === "act" || this.places.get(id) !== null;
    return {
      placed: all.filter(isPlaced).sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0) || a.created_at - b.created_at),
      orphans: all.filter((thread) => !isPlaced(thread)),
      active: this.active,
      writing: this.writing,
    };
  }

  /** Takes over what the store says; a thread's place never changes, so it is looked for once. */
  private read(): void {
    const now = new Map(this.options.comments.get().threads.flatMap((one) => (one.suggestion === "" ? [[one.id, one] as const] : [])));
    for (const id of this.known.keys()) {
      if (now.has(id)) continue;
      this.known.delete(id);
      this.places.delete(id);
    }
    for (const [id, thread] of now) {
      const old = this.known.get(id);
      if (old === thread) continue;
      this.known.set(id, thread);
      if (old?.status !== thread.status) this.drawn.delete(id);
      const proposal = old === undefined ? asProposal(thread) : null;
      if (proposal !== null) this.places.set(proposal);
    }
    this.draw();
    this.changed();
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
  }

  /** Names or hues of bodies are known now. */
  relook(): void {
    this.drawn.clear();
    this.draw();
  }

  /** Redraws what changed its place; resolved threads have no highlight unless one looks at them. */
  private draw(): boolean {
    const redrawn = new Map<string, ReturnType<typeof decorationsOf>>();
    const { view } = this.options.editor;
    if (view.isDestroyed) return false;
    for (const id of this.drawn.keys()) {
      if (this.known.has(id)) continue;
      this.drawn.delete(id);
      redrawn.set(id, []);
    }
    const changed = [...this.known.values()].filter(({ id }) => !this.drawn.has(id) || this.drawn.get(id) !== this.places.get(id));
    const spots = changed.length === 0 ? new Map() : spotsOf(view.state.doc);
    for (const thread of changed) {
      const placed = this.places.get(thread.id);
      this.drawn.set(thread.id, placed);
      const isActive = thread.id === this.active;
      const isShown = placed !== null && (isActive || thread.status === "open");
      redrawn.set(thread.id, isShown ? decorationsOf(placed, spots, { ...this.options.look(thread), isActive }) : []);
    }
    redraw(view, redrawn as Redrawn);
    return redrawn.size > 0;
  }

  private changed(): void {
    this.cached = null;
    for (const listener of this.listeners) listener();
  }
}

/** By the place of the key, so that every layout has it. */
export function isCommentKey({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return code === "KeyM" && (ctrlKey || metaKey) && altKey && !shiftKey;
}
