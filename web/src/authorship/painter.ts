/** Colours the text by who wrote it: one mark per passage, drawn anew for the blocks an edit touched, a moment after it. */

import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type * as Y from "yjs";
import type { EditorHandle } from "../editor";
import { seeSelection } from "../editor/selection.ts";
import { addPlugin } from "../suggestions/cards/plugin.ts";
import { type Spot, spotsOf } from "../suggestions/cards/positions.ts";
import { Base } from "../suggestions/core/base.ts";
import type { Passage, Passages } from "./passages.ts";

type Redrawn = ReadonlyMap<string, readonly Decoration[]>;

const authorsKey = new PluginKey<DecorationSet>("authors");
const REST_MS = 200;
/** The server is asked again when typing has rested this long: by then the words are saved. */
const SAVED_MS = 3_000;

export interface PainterOptions {
  readonly doc: Y.Doc;
  readonly editor: EditorHandle;
  readonly hueOf: (body: string) => number | null;
  /** The words under the pointer, the finger or the caret; null for words that are not saved yet, undefined for none. */
  readonly onLook: (passage: Passage | null | undefined) => void;
  readonly onStale: () => void;
}

export class Painter {
  private readonly base: Base;
  private readonly stops: (() => void)[] = [];
  private readonly shown: Passage[] = [];
  private passages: Passages | null = null;
  private structure = -1;
  private drawn = new Set<string>();
  private redrawTimer: ReturnType<typeof setTimeout> | undefined;
  private askTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: PainterOptions) {
    const { doc, editor } = options;
    this.base = new Base(doc);
    this.stops.push(
      addPlugin(
        editor.view,
        authors((target) => options.onLook(this.passageAt(target))),
      ),
      editor.onChange(() => this.touched()),
    );
    const look = () => this.lookAtCaret();
    document.addEventListener("selectionchange", look);
    this.stops.push(() => document.removeEventListener("selectionchange", look));
  }

  destroy(): void {
    clearTimeout(this.redrawTimer);
    clearTimeout(this.askTimer);
    for (const stop of this.stops) stop();
    this.base.destroy();
  }

  /** Draws what the server said. */
  paint(passages: Passages): void {
    this.passages = passages;
    this.base.takeTouched();
    this.draw(new Set(this.base.textKeys()));
  }

  private touched(): void {
    clearTimeout(this.redrawTimer);
    clearTimeout(this.askTimer);
    this.redrawTimer = setTimeout(() => this.follow(), REST_MS);
    this.askTimer = setTimeout(() => this.options.onStale(), SAVED_MS);
  }

  private follow(): void {
    const touched = new Set(this.base.takeTouched());
    const isMoved = this.structure !== this.base.structure;
    this.draw(isMoved ? new Set(this.base.textKeys()) : touched);
  }

  private draw(keys: ReadonlySet<string>): void {
    const { view } = this.options.editor;
    const { passages } = this;
    if (passages === null || view.isDestroyed) return;
    this.structure = this.base.structure;
    const spots = spotsOf(view.state.doc);
    const redrawn = new Map<string, Decoration[]>();
    for (const key of this.drawn) if (!spots.has(key)) redrawn.set(key, []);
    for (const key of keys) {
      const spot = spots.get(key);
      const text = this.base.textOf(key);
      redrawn.set(key, spot === undefined || text === null ? [] : this.blockMarks(key, spot, passages, text.ids));
    }
    this.drawn = new Set([...this.drawn, ...keys].filter((key) => spots.has(key)));
    seeSelection(view);
    view.dispatch(view.state.tr.setMeta(authorsKey, redrawn as Redrawn).setMeta("addToHistory", false));
  }

  private blockMarks(key: string, spot: Spot, passages: Passages, ids: Parameters<Passages["runs"]>[0]): Decoration[] {
    const positions = positionsIn(spot);
    return passages.runs(ids).flatMap(({ from, to, passage }) => {
      const start = positions[from];
      const end = positions[to - 1];
      if (start === undefined || end === undefined) return [];
      const hue = passage === null ? null : this.options.hueOf(passages.bodyOf(passage));
      const attrs = {
        nodeName: "span",
        class: "who",
        "data-who": String(passage === null ? -1 : this.numberOf(passage)),
        ...(hue !== null && { "data-hue": String(hue) }),
        ...(passage !== null && passage.suggestion !== "" && { "data-accepted": "" }),
      };
      return [Decoration.inline(start, end + 1, attrs, { who: key })];
    });
  }

  private numberOf(passage: Passage): number {
    const known = this.shown.indexOf(passage, Math.max(0, this.shown.length - 64));
    return known >= 0 ? known : this.shown.push(passage) - 1;
  }

  private passageAt(target: EventTarget | null): Passage | null | undefined {
    const place = target instanceof Element ? target.closest<HTMLElement>("[data-who]") : null;
    if (place === null) return undefined;
    return this.shown[Number(place.dataset.who)] ?? null;
  }

  private lookAtCaret(): void {
    const node = getSelection()?.focusNode ?? null;
    const { view } = this.options.editor;
    if (node === null || view.isDestroyed || !view.dom.contains(node)) return;
    const found = this.passageAt(node instanceof Element ? node : node.parentElement);
    if (found !== undefined) this.options.onLook(found);
  }
}

/** The document position of each character of the act in a shown block; proposed words, which the act does not have, do not count. */
function positionsIn({ at, node }: Spot): number[] {
  const positions: number[] = [];
  node.forEach((child, start) => {
    if (child.marks.some(({ type }) => type.name === "insertion")) return;
    for (let index = 0; index < child.nodeSize; index++) positions.push(at + 1 + start + index);
  });
  return positions;
}

function authors(onLook: (target: EventTarget | null) => void): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: authorsKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => {
        const mapped = tr.docChanged ? set.map(tr.mapping, tr.doc) : set;
        const redrawn = tr.getMeta(authorsKey) as Redrawn | undefined;
        if (redrawn === undefined) return mapped;
        const old = mapped.find(undefined, undefined, (spec) => redrawn.has(spec.who));
        return mapped.remove(old).add(tr.doc, [...redrawn.values()].flat());
      },
    },
    props: {
      decorations: (state) => authorsKey.getState(state),
      attributes: { "data-authors": "" },
      handleDOMEvents: {
        mouseover: (_view, event) => {
          onLook(event.target);
          return false;
        },
        click: (_view, event) => {
          onLook(event.target);
          return false;
        },
      },
    },
  });
}
