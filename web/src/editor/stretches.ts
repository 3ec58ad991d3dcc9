/**
 * A long act is laid out, painted and read by the browser in stretches of some tens of blocks (see the ADR on stretches).
 *
 * The blocks stay children of the editor's element, as ProseMirror wants them. A shadow root gives each stretch a box and slots the blocks into
 * it, so that for layout and painting the act is a short list of boxes, and what is far from the screen is skipped (`content-visibility`).
 * Every child is in exactly one stretch, in the order of the document.
 */

import { Plugin, type PluginView, type Selection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { isMeasured } from "./engine.ts";

/** Blocks in a stretch; one with more than twice as many is split. */
const SIZE = 50;
/** What a block takes until it was laid out for the first time, in CSS pixels: a line, characters in a line, the space around a block. */
const LINE = 28;
const CHARACTERS = 78;
const SPACE = 10;
/** Kinds with more space above them than others; a stretch does not begin with one, because the space around blocks does not merge across its edge. */
const APART = new Set(["book", "section", "subsection", "chapter", "clause", "annex", "heading", "article", "signature"]);

/** Frames after a scroll in which stretches on the way get their real heights. */
const SETTLES_IN = 4;

export function stretches(): Plugin {
  let current: Stretches | null = null;
  return new Plugin({
    view: (view) => {
      current = isMeasured() ? new Stretches(view) : null;
      return current ?? {};
    },
    props: {
      handleScrollToSelection: () => {
        current?.settle();
        return false;
      },
    },
  });
}

type Slottable = Element | Text;

interface Group {
  readonly stretch: Stretch;
  readonly nodes: Slottable[];
}

class Stretch {
  /** A box itself: with boxes around slots Chromium cuts a selection at each of them. */
  readonly slot = document.createElement("slot");
  nodes: readonly Slottable[] = [];

  constructor() {
    this.slot.part.add("stretch");
  }

  hold(nodes: readonly Slottable[]): void {
    if (nodes.length === this.nodes.length && nodes.every((node, index) => node === this.nodes[index])) return;
    if (this.nodes.length === 0) this.slot.style.containIntrinsicBlockSize = `auto ${guessHeight(nodes)}px`;
    this.nodes = nodes;
    this.slot.assign(...nodes);
  }
}

class Stretches implements PluginView {
  private readonly shadow: ShadowRoot;
  private readonly observer = new MutationObserver(() => this.arrange());
  private stretches: Stretch[] = [];
  private kept: ReadonlySet<Stretch | null> = new Set();
  private home = new WeakMap<Node, Stretch>();
  private scrolledTo: Stretch | null = null;

  constructor(private readonly view: EditorView) {
    // Plugin views are made anew when a feature brings its plugins; a shadow root stays.
    this.shadow = view.dom.shadowRoot ?? view.dom.attachShadow({ mode: "open", slotAssignment: "manual" });
    this.shadow.replaceChildren();
    this.arrange();
    this.observer.observe(view.dom, { childList: true });
  }

  /** Before ProseMirror scrolls: a block in no stretch has no place on the page. */
  update(): void {
    if (this.observer.takeRecords().length > 0) this.arrange();
    this.keepEnds();
  }

  destroy(): void {
    this.observer.disconnect();
  }

  /** A caret that was scrolled to in another stretch stays in sight, also when what is above it turns out higher or lower than guessed. */
  settle(): void {
    const stretch = this.stretchOf(this.view.dom.ownerDocument.getSelection()?.focusNode ?? null);
    if (stretch === this.scrolledTo) return;
    this.scrolledTo = stretch;
    this.lookAgain(this.view.state.selection, SETTLES_IN);
  }

  private lookAgain(selection: Selection, frames: number): void {
    if (frames === 0) return;
    requestAnimationFrame(() => {
      const { view } = this;
      if (view.isDestroyed || !view.state.selection.eq(selection)) return;
      const { top, bottom } = view.coordsAtPos(selection.head);
      if (top < 0 || bottom > innerHeight) view.dispatch(view.state.tr.scrollIntoView());
      this.lookAgain(selection, frames - 1);
    });
  }

  /** Both ends of the selection stay laid out wherever they are: Chromium loses a caret that it cannot place. */
  private keepEnds(): void {
    const selection = this.view.dom.ownerDocument.getSelection();
    const kept = new Set([selection?.anchorNode, selection?.focusNode].map((node) => this.stretchOf(node ?? null)));
    for (const stretch of this.kept) if (!kept.has(stretch)) stretch?.slot.part.remove("kept");
    for (const stretch of kept) stretch?.slot.part.add("kept");
    this.kept = kept;
  }

  private stretchOf(node: Node | null): Stretch | null {
    let child = node;
    while (child !== null && child.parentNode !== this.view.dom) child = child.parentNode;
    return (child && this.home.get(child)) ?? null;
  }

  private arrange(): void {
    const groups = this.group().flatMap(splitLong);
    const kept = new Set(groups.map(({ stretch }) => stretch));
    for (const stretch of this.stretches) if (!kept.has(stretch)) stretch.slot.remove();
    this.stretches = groups.map(({ stretch }) => stretch);
    let next = this.shadow.firstChild;
    for (const { stretch, nodes } of groups) {
      for (const node of nodes) this.home.set(node, stretch);
      if (stretch.slot === next) next = next.nextSibling;
      else this.shadow.insertBefore(stretch.slot, next);
      stretch.hold(nodes);
    }
  }

  /** The children in their order: each begins the stretch it was in, or joins its elder brother's. */
  private group(): Group[] {
    const groups: Group[] = [];
    const ranks = new Map(this.stretches.map((stretch, index) => [stretch, index]));
    let rank = -1;
    for (const node of this.view.dom.childNodes) {
      const own = this.home.get(node);
      const ownRank = (own === undefined ? undefined : ranks.get(own)) ?? -1;
      const begins = ownRank > rank && (ownRank === rank + 1 || node.nextSibling === null || this.home.get(node.nextSibling) === own);
      const last = groups.at(-1);
      if (last === undefined || begins) {
        rank = Math.max(ownRank, rank);
        groups.push({ stretch: begins && own !== undefined ? own : new Stretch(), nodes: [node as Slottable] });
      } else last.nodes.push(node as Slottable);
    }
    return groups;
  }
}

function splitLong({ stretch, nodes }: Group): Group[] {
  return pieces(nodes).map((piece, index) => ({ stretch: index === 0 ? stretch : new Stretch(), nodes: piece }));
}

function pieces(nodes: readonly Slottable[]): Slottable[][] {
  const found: Slottable[][] = [];
  let from = 0;
  while (nodes.length - from > 2 * SIZE) {
    let cut = from + SIZE;
    while (cut < from + 2 * SIZE && standsApart(nodes[cut])) cut++;
    found.push(nodes.slice(from, cut));
    from = cut;
  }
  return [...found, nodes.slice(from)];
}

function standsApart(node: Slottable | undefined): boolean {
  return node instanceof HTMLElement && (node.dataset.kind === undefined || APART.has(node.dataset.kind));
}

function guessHeight(nodes: readonly Node[]): number {
  return nodes.reduce((sum, { textContent }) => sum + SPACE + LINE * Math.ceil(((textContent ?? "").length + 1) / CHARACTERS), 0);
}
