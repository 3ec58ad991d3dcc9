/** Highlights of commented places in the editor: mapped with each edit, replaced only where a thread or its place changed. */

import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { seeSelection } from "../editor/selection.ts";
import type { Spot } from "../suggestions/cards/positions.ts";
import type { Placed } from "../suggestions/core/place.ts";
import { stretchesIn } from "./places.ts";

/** New marks by thread; an empty list takes a thread's marks away. */
export type Redrawn = ReadonlyMap<string, readonly Decoration[]>;

const marksKey = new PluginKey<DecorationSet>("comment-marks");

export interface MarksOptions {
  /** A commented place was pressed. */
  readonly onPress: (thread: string) => void;
  /** True when the key did something. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

export function marks({ onPress, onKey }: MarksOptions): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: marksKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => {
        const mapped = tr.docChanged ? set.map(tr.mapping, tr.doc) : set;
        const redrawn = tr.getMeta(marksKey) as Redrawn | undefined;
        if (redrawn === undefined) return mapped;
        const old = mapped.find(undefined, undefined, (spec) => redrawn.has(spec.thread));
        return mapped.remove(old).add(tr.doc, [...redrawn.values()].flat());
      },
    },
    props: {
      decorations: (state) => marksKey.getState(state),
      attributes: { "data-comments": "" },
      handleDOMEvents: {
        keydown: (_view, event) => {
          if (!onKey(event)) return false;
          event.preventDefault();
          return true;
        },
        click: (_view, event) => {
          const thread = threadAt(event);
          if (thread !== null) onPress(thread);
          return false;
        },
      },
    },
  });
}

function threadAt({ target }: Event): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>("[data-comment]")?.dataset.comment ?? null) : null;
}

export function redraw(view: EditorView, redrawn: Redrawn): void {
  if (redrawn.size === 0) return;
  seeSelection(view);
  view.dispatch(view.state.tr.setMeta(marksKey, redrawn).setMeta("addToHistory", false));
}

export interface Look {
  readonly hue: number;
  readonly isActive: boolean;
  /** What the pointer and a screen reader are told. */
  readonly says: string;
}

/** Empty when the place is not on the page yet; the next round finds it. */
export function decorationsOf(
  thread: string,
  { proposal, key, offsets }: Placed,
  spots: ReadonlyMap<string, Spot>,
  look: Look,
): Decoration[] {
  const spot = spots.get(key);
  if (spot === undefined) return [];
  const attrs = { "data-comment": thread, "data-hue": String(look.hue), ...(look.isActive && { "data-active": "" }) };
  const spec = { thread };
  if (proposal.kind !== "format") return [Decoration.node(spot.at, spot.at + spot.node.nodeSize, { class: "cmt-unit", ...attrs }, spec)];
  return stretchesIn(spot, offsets).map(([from, to]) =>
    Decoration.inline(from, to, { nodeName: "span", class: "cmt-mark", title: look.says, ...attrs }, spec),
  );
}
