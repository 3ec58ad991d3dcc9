/** Where the others are: a caret with name and body in their body's hue, their selection, and a mark on the margin of the unit. */

import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Binding } from "./binding.ts";
import { containerOf } from "./elements.ts";
import { seeSelection } from "./selection.ts";
import { startOf, textsOf } from "./ytext.ts";

const cursorsKey = new PluginKey<DecorationSet>("cursors");
/** One's own caret is told to others at most this often. */
const TELL_MS = 80;

interface Person {
  readonly name: string;
  readonly short: string;
  readonly hue: number;
}

/** What the server stamped on an entry; anything else shows nothing (P5). */
function readPerson(value: unknown): Person | null {
  if (typeof value !== "object" || value === null) return null;
  const { name, short, body, hue } = value as Record<string, unknown>;
  if (typeof name !== "string") return null;
  const number = typeof hue === "number" && Number.isFinite(hue) ? Math.abs(Math.trunc(hue)) % 12 : 0;
  return { name, short: typeof short === "string" ? short : typeof body === "string" ? body : "", hue: number };
}

export function cursors(binding: Binding, awareness: Awareness): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: cursorsKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => (tr.getMeta(cursorsKey) as DecorationSet | undefined) ?? (tr.docChanged ? set.map(tr.mapping, tr.doc) : set),
    },
    props: { decorations: (state) => cursorsKey.getState(state) },
    view: (view) => new Presence(view, binding, awareness),
  });
}

class Presence {
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private told = "";
  private readonly heard = ({ added, updated, removed }: Record<"added" | "updated" | "removed", number[]>) => {
    const own = this.awareness.clientID;
    if ([added, updated, removed].some((clients) => clients.some((client) => client !== own))) this.show(); // one's own caret is not drawn
  };
  private readonly show = () => {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  };
  private readonly tellSoon = () => {
    this.timer ??= setTimeout(() => this.tell(), TELL_MS);
  };

  constructor(
    private readonly view: EditorView,
    private readonly binding: Binding,
    private readonly awareness: Awareness,
  ) {
    awareness.on("change", this.heard);
    view.dom.addEventListener("focusin", this.tellSoon);
    view.dom.addEventListener("focusout", this.tellSoon);
    this.show();
  }

  update(view: EditorView, before: EditorState): void {
    if (!view.state.selection.eq(before.selection) || view.state.doc !== before.doc) this.tellSoon();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.awareness.off("change", this.heard);
    this.view.dom.removeEventListener("focusin", this.tellSoon);
    this.view.dom.removeEventListener("focusout", this.tellSoon);
    this.awareness.setLocalStateField("cursor", null);
    this.awareness.setLocalStateField("where", null);
  }

  private tell(): void {
    this.timer = undefined;
    const { anchor, head } = this.view.state.selection;
    const cursor = this.view.hasFocus() ? { anchor: this.relative(anchor), head: this.relative(head) } : null;
    const where = cursor === null ? null : (this.view.state.doc.resolve(head).node(1)?.attrs.bid ?? null);
    const told = JSON.stringify([cursor, where]);
    if (told === this.told) return;
    this.told = told;
    this.awareness.setLocalState({ ...this.awareness.getLocalState(), cursor, where });
  }

  private relative(position: number): unknown {
    const place = this.binding.elementAt(position);
    if (place === null) return null;
    let { offset } = place;
    for (const text of textsOf(place.element)) {
      if (offset <= text.length) return Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, offset, -1));
      offset -= text.length;
    }
    return null;
  }

  private absolute(json: unknown): number | null {
    if (typeof json !== "object" || json === null) return null;
    const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), this.binding.doc);
    if (found === null || !(found.type instanceof Y.XmlText)) return null;
    const container = containerOf(found.type);
    return container === null ? null : this.binding.positionOf(container, startOf(container, found.type) + found.index);
  }

  private draw(): void {
    this.frame = 0;
    seeSelection(this.view);
    const decorations: Decoration[] = [];
    for (const [client, state] of this.awareness.getStates()) {
      if (client !== this.awareness.clientID) decorations.push(...this.decorate(client, state));
    }
    this.view.dispatch(
      this.view.state.tr.setMeta(cursorsKey, DecorationSet.create(this.view.state.doc, decorations)).setMeta("addToHistory", false),
    );
  }

  private decorate(client: number, state: Record<string, unknown>): Decoration[] {
    const person = readPerson(state.user);
    const cursor = state.cursor as { anchor?: unknown; head?: unknown } | null | undefined;
    const head = this.absolute(cursor?.head);
    const anchor = this.absolute(cursor?.anchor);
    if (person === null || head === null || anchor === null) return [];
    const hue = String(person.hue);
    const found = [Decoration.widget(head, () => drawCaret(person), { key: `${client}-${hue}`, side: 10, ignoreSelection: true })];
    if (anchor !== head)
      found.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), { class: "act-others", "data-hue": hue }));
    const $head = this.view.state.doc.resolve(head);
    if ($head.depth > 0) found.push(Decoration.node($head.before(1), $head.after(1), { class: "act-occupied", "data-hue": hue }));
    return found;
  }
}

function drawCaret({ name, short, hue }: Person): HTMLElement {
  const caret = document.createElement("span");
  caret.className = "act-caret";
  caret.dataset.hue = String(hue);
  caret.setAttribute("aria-hidden", "true");
  const flag = caret.appendChild(document.createElement("span"));
  flag.className = "act-caret-name";
  flag.textContent = short === "" ? name : `${name} · ${short}`;
  return caret;
}
