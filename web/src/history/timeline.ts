/** What the pages make of the timeline, without drawing. */
import type { Entry } from "./data";

/** A day of the timeline with its entries, the newest first. */
export interface Day {
  readonly day: string;
  readonly entries: readonly Entry[];
}

/** Entries by day, in their order; `dayOf` names the day of a time. */
export function byDay(entries: readonly Entry[], dayOf: (at: number) => string): Day[] {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.at);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/** The places of the journal a player stops at, the oldest first: the ends of writings, revisions and points. */
export function stopsOf(entries: readonly Entry[]): number[] {
  return [...new Set(entries.map((entry) => entry.seq).filter((seq) => seq > 0))].sort((one, other) => one - other);
}

export interface Line {
  readonly bid: string;
  readonly kind: string;
  readonly label: string;
  readonly text: string;
}

/** Which lines are new or read differently than before; the first text shown has none. */
export function changedLines(before: readonly Line[] | null, now: readonly Line[]): Set<string> {
  if (before === null) return new Set();
  const texts = new Map(before.map((line) => [line.bid, `${line.label} ${line.text}`]));
  return new Set(now.filter((line) => texts.get(line.bid) !== `${line.label} ${line.text}`).map((line) => line.bid));
}
