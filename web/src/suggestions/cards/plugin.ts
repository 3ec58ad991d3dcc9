/** The marks of proposals in the editor: mapped with each edit, replaced only where a record or its place changed. */

import { Plugin, PluginKey } from "prosemirror-state";
import { type Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { seeSelection } from "../../editor/selection.ts";
import { indexed } from "./indexed.ts";

/** New marks by record; an empty list takes a record's marks away. */
export type Redrawn = ReadonlyMap<string, readonly Decoration[]>;

const marksKey = new PluginKey<DecorationSet>("suggestion-marks");

export interface MarksOptions {
  /** A record's marks were pressed, or the pointer is over them (null: no more). */
  readonly onPress: (id: string) => void;
  readonly onHover: (id: string | null) => void;
  /** True when the key did something. Asked before the editor. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

export function marks({ onPress, onHover, onKey }: MarksOptions): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: marksKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => {
        const mapped = tr.docChanged ? set.map(tr.mapping, tr.doc) : set;
        const redrawn = tr.getMeta(marksKey) as Redrawn | undefined;
        return indexed(redrawn === undefined ? mapped : replace(mapped, redrawn, tr.doc));
      },
    },
    props: {
      decorations: (state) => marksKey.getState(state),
      handleDOMEvents: {
        keydown: (_view, event) => {
          if (!onKey(event)) return false;
          event.preventDefault();
          return true;
        },
        mousedown: (_view, event) => {
          const id = recordAt(event);
          if (id !== null) onPress(id);
          return false;
        },
        mouseover: (_view, event) => {
          onHover(recordAt(event));
          return false;
        },
        mouseleave: () => {
          onHover(null);
          return false;
        },
      },
    },
  });
}

function replace(set: DecorationSet, redrawn: Redrawn, doc: EditorView["state"]["doc"]): DecorationSet {
  const old = set.find(undefined, undefined, (spec) => redrawn.has(spec.sug));
  return set.remove(old).add(doc, [...redrawn.values()].flat());
}

/** Where marks stand already as they should there is nothing to do: they moved along with the letters. */
function differing(set: DecorationSet, redrawn: Redrawn): Redrawn {
  const drawn = new Map<string, Decoration[]>();
  for (const one of set.find(undefined, undefined, (spec) => redrawn.has(spec.sug)))
    drawn.set(one.spec.sug, [...(drawn.get(one.spec.sug) ?? []), one]);
  return new Map([...redrawn].filter(([id, marks]) => wordsOf(drawn.get(id) ?? []) !== wordsOf(marks)));
}

function wordsOf(marks: readonly Decoration[]): string {
  return marks
    .map(({ from, to, spec }) => `${from} ${to} ${spec.key}`)
    .sort()
    .join("\n");
}

/** The record whose mark is under the pointer, the innermost of several. */
function recordAt({ target }: Event): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>("[data-sug]")?.dataset.sug ?? null) : null;
}

/** True when something looks different now. */
export function redraw(view: EditorView, redrawn: Redrawn): boolean {
  const differs = differing(marksKey.getState(view.state) ?? DecorationSet.empty, redrawn);
  if (differs.size === 0) return false;
  seeSelection(view);
  view.dispatch(view.state.tr.setMeta(marksKey, differs).setMeta("addToHistory", false));
  return true;
}

/** Adds the plugin to an editor that stands already; returns how to take it out. */
export function addPlugin(view: EditorView, plugin: Plugin): () => void {
  const { state } = view;
  view.updateState(state.reconfigure({ plugins: [...state.plugins, plugin] }));
  return () => {
    if (view.isDestroyed) return;
    view.updateState(view.state.reconfigure({ plugins: view.state.plugins.filter((one) => one !== plugin) }));
  };
}
