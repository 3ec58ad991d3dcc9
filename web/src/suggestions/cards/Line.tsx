/** The line from the marks of a proposal to its card, while one of both is looked at. */

import { useEffect, useState } from "react";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import type { Names } from "./words.ts";

interface Ends {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export function Line({ desk, view, names }: { desk: Desk; view: DeskView; names: Names }) {
  const key = view.hovered ?? view.active;
  const entry = key === null ? null : desk.find(key);
  const ends = useEnds(desk, entry?.key ?? null, entry?.first.id ?? null);
  useLit(view.active === null ? null : desk.find(view.active), key === view.active ? null : entry);
  if (entry === null || ends === null) return null;
  const { x1, y1, x2, y2 } = ends;
  return (
    <svg className="sug-line" data-hue={names.hue(entry.first.body)} aria-hidden="true">
      <path d={`M${x1} ${y1} H${x2 - 14} L${x2} ${y2}`} />
    </svg>
  );
}

/** Where both are in the window; null while one of them is not. */
function useEnds(desk: Desk, key: string | null, id: string | null): Ends | null {
  const [ends, setEnds] = useState<Ends | null>(null);
  useEffect(() => {
    if (key === null || id === null) {
      setEnds(null);
      return;
    }
    let frame = 0;
    const read = () => setEnds((known) => sameOr(known, endsOf(desk.editor.view.dom, key, id)));
    const later = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(read);
    };
    const stop = [desk.standing.onLayout(later), desk.subscribe(later)];
    addEventListener("scroll", later, { passive: true, capture: true });
    addEventListener("resize", later);
    later();
    return () => {
      cancelAnimationFrame(frame);
      for (const one of stop) one();
      removeEventListener("scroll", later, { capture: true });
      removeEventListener("resize", later);
    };
  }, [desk, key, id]);
  return ends;
}

function endsOf(text: HTMLElement, key: string, id: string): Ends | null {
  const card = document.querySelector(`.track [data-card="${CSS.escape(key)}"]`)?.getBoundingClientRect();
  const marked = [...text.querySelectorAll(`[data-sug="${CSS.escape(id)}"]`)].at(0);
  const mark = marked === undefined ? undefined : [...marked.getClientRects()].at(-1);
  if (card === undefined || mark === undefined || mark.bottom < 0 || mark.top > innerHeight || card.bottom < 0 || card.top > innerHeight)
    return null;
  return { x1: mark.right + 2, y1: mark.bottom - 1, x2: card.left, y2: card.top + 22 };
}

function sameOr(known: Ends | null, found: Ends | null): Ends | null {
  return known !== null && found !== null && JSON.stringify(known) === JSON.stringify(found) ? known : found;
}

type Marked = { readonly records: readonly { readonly id: string }[] } | null;

/** The marks of what is looked at stand out. A style of their own, so that the editor has nothing to redraw. */
function useLit(active: Marked, hovered: Marked): void {
  const [sheet] = useState(() => new CSSStyleSheet());
  useEffect(() => {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  }, [sheet]);
  const rule = [ruleOf(active, "sug-active"), ruleOf(hovered, "sug-hovered")].join("\n");
  useEffect(() => sheet.replaceSync(rule), [sheet, rule]);
}

function ruleOf(marked: Marked, name: "sug-active" | "sug-hovered"): string {
  const ids = (marked?.records ?? []).map(({ id }) => `.act [data-sug="${CSS.escape(id)}"]`);
  return ids.length === 0 ? "" : `${ids.join(",")}{background-color:color-mix(in srgb,var(--z-hue) ${STRENGTH[name]},transparent)}`;
}

const STRENGTH = { "sug-active": "30%", "sug-hovered": "18%" } as const;
