/** Finds words that stayed behind when their surroundings were moved. Reads Yjs, writes nothing. */

import * as Y from "yjs";
import { bidOf, containerOf } from "./elements.ts";
import { isGone, type Relocation, type Relocations } from "./relocations.ts";
import type { Run } from "./schema.ts";
import type { Changed } from "./transaction.ts";

/** Beside a character, or at the start of a text that has none. */
export type Place = { readonly id: Y.ID; readonly side: "before" | "after" } | { readonly text: Y.XmlText };

export interface Piece {
  readonly id: Y.ID;
  /** One UTF-16 unit. */
  readonly text: string;
  readonly attributes: Run["attributes"];
}

export interface Stranded {
  readonly pieces: readonly Piece[];
  readonly source: Y.XmlText;
  /** The block they were typed into is deleted. */
  readonly gone: boolean;
  /** Where they belong; null when nobody knows. */
  readonly place: Place | null;
  readonly mover: number;
}

export interface Scene {
  readonly changed: Changed;
  readonly made: readonly Relocation[];
  readonly relocations: Relocations;
  /** Whether the update itself names a deletion; null when the update was not seen. */
  readonly knows: ((id: Y.ID) => boolean) | null;
  /**
   * What to do with words of one's own that nobody may have seen although the update names them: an answer after a reconnect names every deletion
   * there ever was. Just typed, they are brought home; older ones are told, as somebody may have deleted them on purpose. Null for any other words.
   */
  readonly doubt: (id: Y.ID) => "bring" | "tell" | null;
  /** Words that nobody else can have seen: if their text is gone, they were not meant to go with it. */
  readonly isUnseen: (id: Y.ID) => boolean;
  /** Looks for a deleted text's new place by its block id. */
  readonly relocate: (text: Y.XmlText) => Relocation | null;
}

export function findStranded(scene: Scene): Stranded[] {
  const { changed, made } = scene;
  const copies = new Set(made.map((one) => one.target));
  const found: Stranded[] = [];
  for (const text of changed.inserted.keys()) if (!copies.has(text)) found.push(...typedBehindItsPlace(scene, text));
  for (const { source, target, mover } of made) {
    if (isGone(source)) found.push(...inGoneText(scene, source, mover, target));
    else if (isSplit(changed, source, target)) found.push(...behindSplit(scene, source, mover));
  }
  const moved = new Set(made.map((one) => one.source));
  for (const text of new Set([...changed.deleted.keys(), ...changed.buried])) {
    if (!isGone(text) || moved.has(text)) continue;
    const relocation = changed.buried.has(text) ? scene.relocate(text) : null;
    found.push(...inGoneText(scene, text, relocation?.mover ?? 0, relocation?.target ?? null));
  }
  return found;
}

/** New characters whose left neighbour, as their author saw it, had been moved away before they arrived. */
function typedBehindItsPlace({ changed, relocations }: Scene, text: Y.XmlText): Stranded[] {
  const runs = new Runs(text, false);
  walk(text, (item, attributes) => {
    if (item.deleted || !changed.isNew(item)) return;
    const copy = relocations.find(item.origin);
    if (copy !== null) runs.start({ id: copy, side: "after" }, copy.client);
    else if (!runs.has(item.origin)) return;
    runs.add(item, attributes, () => true);
  });
  return runs.all();
}

/** Characters that live to the right of a tail that was split off: whoever split did not know them. */
function behindSplit({ changed, relocations }: Scene, text: Y.XmlText, mover: number): Stranded[] {
  const runs = new Runs(text, false);
  const tail = new Set((changed.deleted.get(text)?.ids ?? []).map((id) => `${id.client}:${id.clock}`));
  let copy: Y.ID | null = null;
  walk(text, (item, attributes) => {
    const last = item.lastId;
    if (item.deleted && tail.has(`${last.client}:${last.clock}`)) copy = relocations.find(last) ?? copy;
    else if (!item.deleted && copy !== null) {
      runs.start({ id: copy, side: "after" }, mover);
      runs.add(item, attributes, () => true);
    }
  });
  return runs.all();
}

/** Characters of a deleted text that whoever deleted it did not know. */
function inGoneText(
  { changed, relocations, knows, doubt, isUnseen }: Scene,
  text: Y.XmlText,
  mover: number,
  target: Y.XmlText | null,
): Stranded[] {
  const runs = new Runs(text, true);
  const deleted = new Set((changed.deleted.get(text)?.ids ?? []).map((id) => `${id.client}:${id.clock}`));
  let copy: Y.ID | null = null;
  const isStranded = (id: Y.ID) => {
    if (relocations.find(id) !== null) return false;
    if (changed.isNew(Y.getItem(changed.doc.store, id) as Y.Item)) return knows === null || !knows(id);
    if (!deleted.has(`${id.client}:${id.clock}`)) return false;
    return knows === null ? target !== null : !knows(id) || isUnseen(id) || (target !== null && doubt(id) !== null);
  };
  walk(text, (item, attributes) => {
    for (let offset = 0; offset < item.length; offset++) {
      const id = Y.createID(item.id.client, item.id.clock + offset);
      copy = relocations.find(id) ?? copy;
      if (!isStranded(id)) continue;
      const isToTell = knows?.(id) === true && !isUnseen(id) && doubt(id) === "tell";
      if (isToTell) runs.start(null, mover);
      else runs.start(copy !== null ? { id: copy, side: "after" } : firstPlace(text, relocations, target), mover);
      runs.add(item, attributes, (at) => at === offset);
    }
  });
  return runs.all();
}

function firstPlace(text: Y.XmlText, relocations: Relocations, target: Y.XmlText | null): Place | null {
  let first: Y.ID | null = null;
  walk(text, (item) => {
    for (let offset = 0; first === null && offset < item.length; offset++)
      first = relocations.find(Y.createID(item.id.client, item.id.clock + offset));
  });
  if (first !== null) return { id: first, side: "before" };
  return target === null ? null : { text: target };
}

/** A block that is new in this transaction and stands right behind the source, or behind other new ones. */
function isSplit(changed: Changed, source: Y.XmlText, target: Y.XmlText): boolean {
  const from = containerOf(source)?._item ?? null;
  const to = containerOf(target)?._item ?? null;
  if (from === null || to === null || !changed.isNew(to)) return false;
  for (let item = from.right; item !== null; item = item.right) {
    if (item === to) return true;
    if (!item.deleted && !changed.isNew(item)) return false;
  }
  return false;
}

/** Every string item of a text in order, deleted ones too, with the marks at it. */
function walk(text: Y.XmlText, each: (item: Y.Item, attributes: Run["attributes"]) => void): void {
  const gone = isGone(text);
  let attributes: Record<string, Record<string, string | number>> = {};
  for (let item = text._start; item !== null; item = item.right) {
    if (item.content instanceof Y.ContentFormat && (gone || !item.deleted)) {
      const { key, value } = item.content as unknown as { key: string; value: Record<string, string | number> | null };
      const { [key]: _, ...rest } = attributes;
      attributes = value === null ? rest : { ...rest, [key]: value };
    } else if (item.content instanceof Y.ContentString) each(item, attributes);
  }
}

/** Collects pieces into runs, one per place. */
class Runs {
  private readonly list: { pieces: Piece[]; place: Place | null; mover: number }[] = [];
  private readonly ids = new Set<string>();

  constructor(
    private readonly source: Y.XmlText,
    private readonly gone: boolean,
  ) {}

  start(place: Place | null, mover: number): void {
    const last = this.list.at(-1);
    if (last !== undefined && JSON.stringify(samePlace(last.place)) === JSON.stringify(samePlace(place))) return;
    this.list.push({ pieces: [], place, mover });
  }

  has(id: Y.ID | null): boolean {
    return id !== null && this.ids.has(`${id.client}:${id.clock}`);
  }

  add(item: Y.Item, attributes: Run["attributes"], wanted: (offset: number) => boolean): void {
    const { str } = item.content as Y.ContentString;
    for (let offset = 0; offset < item.length; offset++) {
      if (!wanted(offset)) continue;
      const id = Y.createID(item.id.client, item.id.clock + offset);
      this.ids.add(`${id.client}:${id.clock}`);
      this.list.at(-1)?.pieces.push({ id, text: str[offset] ?? "", attributes });
    }
  }

  all(): Stranded[] {
    return this.list.map((run) => ({ ...run, source: this.source, gone: this.gone }));
  }
}

function samePlace(place: Place | null): unknown {
  return place !== null && "text" in place ? bidOf(containerOf(place.text) as Y.XmlElement) : place;
}
