/** Cards at the height of their places: they scroll with the text, and only those near the window are there. */

import type { EditorView } from "prosemirror-view";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Heights, type Place } from "./heights.ts";
import { whenIdle } from "./idle.ts";
import { stack } from "./layout.ts";
import "./track.css";

/** Room between two cards, in CSS pixels. */
const GAP = 8;
/** The height of a card that was not measured yet. */
const USUAL_HEIGHT = 148;
/** Cards this far outside of the window are there already. */
const MARGIN = 900;
/** The window moves in steps of this, so that scrolling seldom renders. */
const STEP = 400;
/** While one types, cards follow their places when the browser has time, and at the latest after this. */
const LATEST_MS = 150;

interface Keyed {
  readonly key: string;
}

/** What the cards stand beside; the same object for as long as it is the same text. */
export interface Beside<Entry> {
  readonly view: EditorView;
  /** Where entries stand now, one for each. */
  places(entries: readonly Entry[]): readonly Place[];
  /** Hears when places may stand at other heights. */
  onLayout(listener: () => void): () => void;
}

interface TrackProps<Entry extends Keyed> {
  readonly beside: Beside<Entry>;
  /** In the order of the text. */
  readonly entries: readonly Entry[];
  /** The key of the one that stands exactly at its place. */
  readonly active: string | null;
  /** Others may leave the column at its top to make room for that one. */
  readonly mayLeave?: boolean;
  readonly children: (entry: Entry) => ReactNode;
}

export function Track<Entry extends Keyed>({ beside, entries, active, mayLeave = false, children }: TrackProps<Entry>) {
  const track = useRef<HTMLDivElement>(null);
  const seen = useWindow(track);
  const places = usePlaces(beside, entries, track, seen.from);
  const { heights, observe } = useHeights();
  const staying = useRef(new Map<string, number>());
  useLongSide(track);
  const boxes = entries.map(({ key }) => ({
    key,
    top: Math.max(GAP, places.get(key) ?? 0),
    height: heights.get(key) ?? USUAL_HEIGHT,
  }));
  const tops = stack(boxes, GAP, active, mayLeave);
  const last = boxes.at(-1);
  const end = last === undefined ? 0 : (tops.get(last.key) ?? 0) + last.height + GAP;
  const shown = entries.filter(({ key }) => {
    const top = tops.get(key) ?? 0;
    const isNear = top > seen.from - MARGIN && top < seen.to + MARGIN;
    return places.has(key) && (isNear || key === active || staying.current.has(key));
  });
  return (
    <div className="track" ref={track} style={{ minHeight: end }}>
      {shown.map((entry) => (
        <div key={entry.key} className="track-spot" ref={observe} data-key={entry.key} style={{ top: tops.get(entry.key) ?? 0 }}>
          <Spot of={entry.key} staying={staying.current}>
            {children(entry)}
          </Spot>
        </div>
      ))}
    </div>
  );
}

const Stay = createContext<(() => () => void) | null>(null);

/** For what must not be lost while it is there, such as words being written: its card stays, however far one scrolls. */
export function useStaying(): void {
  const stay = useContext(Stay);
  useEffect(() => stay?.(), [stay]);
}

function Spot({ of: key, staying, children }: { of: string; staying: Map<string, number>; children: ReactNode }) {
  const stay = useCallback(() => {
    staying.set(key, (staying.get(key) ?? 0) + 1);
    return () => {
      const left = (staying.get(key) ?? 0) - 1;
      if (left > 0) staying.set(key, left);
      else staying.delete(key);
    };
  }, [key, staying]);
  return <Stay value={stay}>{children}</Stay>;
}

/** The heights at which entries have their places, from the top of the track. */
function usePlaces<Entry extends Keyed>(
  beside: Beside<Entry>,
  entries: readonly Entry[],
  track: React.RefObject<HTMLDivElement | null>,
  from: number,
): ReadonlyMap<string, number> {
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(new Map());
  const heights = useMemo(() => new Heights(beside.view), [beside]);
  const latest = useRef(entries);
  latest.current = entries;
  const keys = useMemo(() => entries.map(({ key }) => key).join(" "), [entries]);
  const measure = useCallback(() => {
    if (beside.view.isDestroyed) return;
    const found = measureAll(beside, heights, latest.current, track.current?.getBoundingClientRect().top ?? 0);
    setPlaces((known) => (sameMap(known, found) ? known : found));
  }, [beside, heights, track]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes, and what comes near the window, is measured at once
  useLayoutEffect(measure, [measure, keys, from]);
  useEffect(() => {
    let callOff = () => {};
    const later = () => {
      callOff();
      callOff = whenIdle(measure, LATEST_MS);
    };
    const stop = beside.onLayout(later);
    const resized = new ResizeObserver(later);
    resized.observe(beside.view.dom);
    return () => {
      stop();
      resized.disconnect();
      callOff();
    };
  }, [beside, measure]);
  return places;
}

function measureAll<Entry extends Keyed>(
  beside: Beside<Entry>,
  heights: Heights,
  entries: readonly Entry[],
  origin: number,
): Map<string, number> {
  const tops = heights.read(beside.places(entries));
  return new Map(entries.map(({ key }, index) => [key, Math.round((tops[index] ?? 0) - origin)]));
}

/** The side with cards at the height of their places is as long as the text. */
function useLongSide(track: React.RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const side = track.current?.closest(".z-side");
    side?.setAttribute("data-track", "");
    return () => side?.removeAttribute("data-track");
  }, [track]);
}

function sameMap(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...other].every(([key, value]) => one.get(key) === value);
}

/** The heights of the cards that are there. */
function useHeights() {
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const observer = useRef<ResizeObserver | null>(null);
  observer.current ??= new ResizeObserver((changes) => {
    setHeights((known) => {
      const next = new Map(known);
      for (const { target } of changes) {
        const key = target instanceof HTMLElement ? target.dataset.key : undefined;
        if (key !== undefined && target.isConnected) next.set(key, Math.ceil(target.getBoundingClientRect().height));
      }
      return sameMap(known, next) ? known : next;
    });
  });
  const observe = useCallback((element: HTMLDivElement | null) => {
    if (element === null) return;
    observer.current?.observe(element);
    return () => observer.current?.unobserve(element);
  }, []);
  return { heights, observe };
}

/** What of the track the window shows. */
function useWindow(track: React.RefObject<HTMLDivElement | null>): { from: number; to: number } {
  const [from, setFrom] = useState(0);
  useEffect(() => {
    const read = () => {
      const top = track.current?.getBoundingClientRect().top ?? 0;
      setFrom(Math.floor(-top / STEP) * STEP);
    };
    read();
    addEventListener("scroll", read, { passive: true });
    addEventListener("resize", read);
    return () => {
      removeEventListener("scroll", read);
      removeEventListener("resize", read);
    };
  }, [track]);
  return { from, to: from + (typeof innerHeight === "number" ? innerHeight : 0) + STEP };
}
