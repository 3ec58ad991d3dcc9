/** The words in changes that did not reach the server, unit by unit, so that a person can read and reuse them (P10). */

import * as Y from "yjs";

export interface Run {
  readonly text: string;
  /** Written by the unsent changes; otherwise the text around it. */
  readonly isUnsent: boolean;
}

export interface UnsentUnit {
  readonly bid: string;
  readonly kind: string;
  readonly runs: readonly Run[];
  /** UTF-16 units of text that the unsent changes took out of this unit. */
  readonly removed: number;
  /** Attributes the unsent changes set, such as a new `kind` or `label`. */
  readonly attributes: readonly string[];
}

/** Clock ranges by client id, end exclusive. */
type Ranges = Map<number, [start: number, end: number][]>;

/** What `updates` changed in `doc` (which holds them): only units they touched, in document order. */
export function readUnsent(doc: Y.Doc, updates: readonly Uint8Array[]): UnsentUnit[] {
  const { inserted, deleted } = readRanges(updates);
  return [...textHolders(doc.getXmlFragment("default"))].flatMap((element) => {
    const unit = readUnit(element, inserted, deleted);
    return unit.removed > 0 || unit.attributes.length > 0 || unit.runs.some((run) => run.isUnsent) ? [unit] : [];
  });
}

/** The same without the text around it: what may be kept when the right to read the act is gone. */
export function ownWordsOnly(units: readonly UnsentUnit[]): UnsentUnit[] {
  return units.flatMap((unit) => {
    const runs = unit.runs.filter((run) => run.isUnsent);
    return runs.length > 0 ? [{ ...unit, runs }] : [];
  });
}

/** For the clipboard and for a text file: a paragraph per unit, the unsent words between ⟦ and ⟧. */
export function asPlainText(units: readonly UnsentUnit[]): string {
  return units.map((unit) => unit.runs.map((run) => (run.isUnsent ? `⟦${run.text}⟧` : run.text)).join("")).join("\n\n");
}

function readRanges(updates: readonly Uint8Array[]): { inserted: Ranges; deleted: Ranges } {
  const inserted: Ranges = new Map();
  const deleted: Ranges = new Map();
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      addRange(inserted, struct.id.client, struct.id.clock, struct.length);
    }
    for (const [client, items] of ds.clients) {
      for (const item of items) {
        addRange(deleted, client, item.clock, item.len);
      }
    }
  }
  return { inserted, deleted };
}

function addRange(ranges: Ranges, client: number, start: number, length: number): void {
  const known = ranges.get(client) ?? [];
  known.push([start, start + length]);
  ranges.set(client, known);
}

/** Every element that holds text itself: units and cells. */
function* textHolders(parent: Y.XmlFragment): Generator<Y.XmlElement> {
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlElement) {
      if (child.nodeName === "unit" || child.nodeName === "cell") {
        yield child;
      } else {
        yield* textHolders(child);
      }
    }
  }
}

function readUnit(element: Y.XmlElement, inserted: Ranges, deleted: Ranges): UnsentUnit {
  const runs: Run[] = [];
  let removed = 0;
  for (const child of element.toArray()) {
    for (let item = child instanceof Y.XmlText ? child._start : null; item !== null; item = item.right) {
      if (item.deleted) {
        removed += item.countable ? overlap(item, deleted) : 0;
      } else if (item.content instanceof Y.ContentString) {
        addRuns(runs, item, item.content.str, inserted);
      }
    }
  }
  const attributes = [...element._map].filter(([, item]) => !item.deleted && overlap(item, inserted) > 0).map(([name]) => name);
  const isNew = element._item !== null && overlap(element._item, inserted) > 0;
  return {
    bid: element.getAttribute("bid") ?? "",
    kind: element.getAttribute("kind") ?? element.nodeName,
    runs,
    removed,
    attributes: isNew ? [] : attributes,
  };
}

function overlap(item: Y.Item, ranges: Ranges): number {
  const end = item.id.clock + item.length;
  return (ranges.get(item.id.client) ?? []).reduce(
    (sum, [from, to]) => sum + Math.max(0, Math.min(end, to) - Math.max(item.id.clock, from)),
    0,
  );
}

/** An item of text has a clock per UTF-16 unit, and the unsent part may be any piece of it. */
function addRuns(runs: Run[], item: Y.Item, text: string, inserted: Ranges): void {
  const ranges = inserted.get(item.id.client) ?? [];
  for (let at = 0; at < text.length; at += 1) {
    const clock = item.id.clock + at;
    const isUnsent = ranges.some(([from, to]) => from <= clock && clock < to);
    const last = runs.at(-1);
    if (last?.isUnsent === isUnsent) {
      runs[runs.length - 1] = { text: last.text + text.charAt(at), isUnsent };
    } else {
      runs.push({ text: text.charAt(at), isUnsent });
    }
  }
}
