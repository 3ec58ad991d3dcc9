/** Cards at the height of their places: they scroll with the text, and only those near the window are there. */

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Card } from "./Card.tsx";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import type { Entry } from "./entries.ts";
import { Heights } from "./heights.ts";
import { whenIdle } from "./idle.ts";
import { stack } from "./layout.ts";
import type { Names } from "./words.ts";

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

interface TrackProps {
  readonly desk: Desk;
  readonly view: DeskView;
  readonly names: Names;
}

export function Track({ desk, view, names }: TrackProps) {
  const track = useRef<HTMLDivElement>(null);
  const seen = useWindow(track);
  const places = usePlaces(desk, view.entries, track, seen.from);
  const { heights, observe } = useHeights();
  useLongSide(track);
  const boxes = view.entries.map(({ key }) => ({ key, top: places.get(key) ?? 0, height: heights.get(key) ?? USUAL_HEIGHT }));
  const tops = stack(boxes, GAP, view.active);
  const last = boxes.at(-1);
  const end = last === undefined ? 0 : (tops.get(last.key) ?? 0) + last.height + GAP;
  const shown = view.entries.filter(({ key }) => {
    const top = tops.get(key) ?? 0;
    return key === view.active || (top > seen.from - MARGIN && top < seen.to + MARGIN);
  });
  return (
    <div className="sug-track" ref={track} style={{ minHeight: end }}>
      {shown.map((entry) => (
        <div key={entry.key} className="sug-spot" ref={observe} data-key={entry.key} style={{ top: tops.get(entry.key) ?? 0 }}>
          <Card desk={desk} view={view} entry={entry} names={names} />
        </div>
      ))}
    </div>
  );
}

/** The heights at which entries have their places, from the top of the track. */
function usePlaces(
  desk: Desk,
  entries: readonly Entry[],
  track: React.RefObject<HTMLDivElement | null>,
  from: number,
): ReadonlyMap<string, number> {
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(new Map());
  const heights = useMemo(() => new Heights(desk.editor.view), [desk]);
  const latest = useRef(entries);
  latest.current = entries;
  const keys = useMemo(() => entries.map(({ key }) => key).join(" "), [entries]);
  const measure = useCallback(() => {
    if (desk.editor.view.isDestroyed) return;
    const found = measureAll(desk, heights, latest.current, track.current?.getBoundingClientRect().top ?? 0);
    setPlaces((known) => (sameMap(known, found) ? known : found));
  }, [desk, heights, track]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes, and what comes near the window, is measured at once
  useLayoutEffect(measure, [measure, keys, from]);
  useEffect(() => {
    let callOff = () => {};
    const later = () => {
      callOff();
      callOff = whenIdle(measure, LATEST_MS);
    };
    const stops = [desk.standing.onLayout(later), desk.subscribe(later)];
    const resized = new ResizeObserver(later);
    resized.observe(desk.editor.view.dom);
    return () => {
      for (const stop of stops) stop();
      resized.disconnect();
      callOff();
    };
  }, [desk, measure]);
  return places;
}

function measureAll(desk: Desk, heights: Heights, entries: readonly Entry[], origin: number): Map<string, number> {
  const positions = desk.standing.positionsOf(entries);
  const places = entries.map((entry, index) => ({ block: desk.standing.blockOf(entry), position: positions[index] ?? null }));
  const tops = heights.read(places);
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
