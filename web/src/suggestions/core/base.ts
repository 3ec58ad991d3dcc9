/** The text of the act as suggestions see it: blocks by id, characters with their Yjs ids. Never written to here. */

import type { Node } from "prosemirror-model";
import * as Y from "yjs";
import { derivedBid } from "../../editor/duplicates.ts";
import { bidOf, isTextElement, type Parent, readAttributes, readInline, visibleChildren } from "../../editor/elements.ts";
import { attributesOf, marksOf, schema } from "../../editor/schema.ts";
import { textsOf } from "../../editor/ytext.ts";
import type { Id, IdRange, Marks } from "./record.ts";

/** The text of a unit or cell: `ids[i]` and `marks[i]` belong to the UTF-16 unit `text[i]`. */
export interface BaseText {
  readonly text: string;
  readonly ids: readonly Id[];
  readonly marks: readonly Marks[];
}

export class Base {
  readonly root: Y.XmlFragment;
  private texts = new WeakMap<Y.XmlElement, BaseText>();
  private nodes = new WeakMap<Y.XmlElement, Node>();
  private byKey: Map<string, Y.XmlElement> | null = null;
  private keys = new Map<Y.XmlElement, string>();
  private keyOrder: string[] = [];
  private indexes = new Map<string, number>();
  /** Grows when blocks, rows or cells come, go or change their ids. */
  structure = 0;
  private touched = new Set<Y.XmlElement>();
  private readonly observer = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => this.changed(events);

  constructor(readonly doc: Y.Doc) {
    this.root = doc.getXmlFragment("default");
    this.root.observeDeep(this.observer);
  }

  destroy(): void {
    this.root.unobserveDeep(this.observer);
  }

  private changed(events: Y.YEvent<Y.AbstractType<unknown>>[]): void {
    for (const event of events) {
      if (!(event.target instanceof Y.XmlText) && !(isTextElement(event.target as Parent) && isOnlyLabels(event))) {
        this.byKey = null;
        this.structure++;
      }
      for (let type: Y.AbstractType<unknown> | null = event.target; type !== null; type = type.parent) {
        if (!(type instanceof Y.XmlElement)) continue;
        this.texts.delete(type);
        this.nodes.delete(type);
        this.touched.add(type);
      }
    }
  }

  /** Keys of what changed since the last call. */
  takeTouched(): string[] {
    const touched = this.touched;
    this.touched = new Set();
    return [...touched].flatMap((element) => this.keyOf(element) ?? []);
  }

  /** Forgets what was read of a unit or cell, or of everything; needed within a transaction, whose events come at its end. */
  forget(element: Y.XmlElement | null): void {
    for (let type: unknown = element; type instanceof Y.XmlElement; type = type.parent) {
      this.texts.delete(type);
      this.nodes.delete(type);
    }
    if (element !== null) return;
    this.texts = new WeakMap();
    this.nodes = new WeakMap();
    this.byKey = null;
    this.structure++;
  }

  /** Keys of the blocks at the root, in order. A key is the block id; of a later copy, the id it will get when the drafters' editors mend it. */
  order(): readonly string[] {
    this.read();
    return this.keyOrder;
  }

  /** The block, row or cell with a key. */
  find(key: string): Y.XmlElement | null {
    return this.read().get(key) ?? null;
  }

  has(key: string): boolean {
    return this.read().has(key);
  }

  /** True for a unit or table at the root. */
  isBlock(key: string): boolean {
    this.read();
    return this.indexes.has(key);
  }

  keyOf(element: Y.XmlElement): string | null {
    this.read();
    return this.keys.get(element) ?? null;
  }

  /** Index of the block at the root that is or holds the element with this key; -1 when there is none. */
  indexOf(key: string): number {
    let element = this.find(key);
    while (element?.parent instanceof Y.XmlElement) element = element.parent;
    return element === null ? -1 : (this.indexes.get(this.keys.get(element) ?? "") ?? -1);
  }

  /** The block as the editor would show it, without suggestions. */
  node(key: string): Node | null {
    const element = this.find(key);
    return element === null ? null : this.nodeOf(element);
  }

  private nodeOf(element: Y.XmlElement): Node {
    const known = this.nodes.get(element);
    // A copy of a block gets another key when the block itself comes or goes.
    if (known !== undefined && known.attrs.bid === this.keyOf(element)) return known;
    const content = isTextElement(element) ? readInline(element) : visibleChildren(element).map((child) => this.nodeOf(child));
    const attrs = { ...readAttributes(element), bid: this.keyOf(element) ?? "", sug: "" };
    const node = (schema.nodes[element.nodeName] as NonNullable<(typeof schema.nodes)[string]>).create(attrs, content);
    this.nodes.set(element, node);
    return node;
  }

  text(element: Y.XmlElement): BaseText {
    const known = this.texts.get(element);
    if (known !== undefined) return known;
    const read = readText(element);
    this.texts.set(element, read);
    return read;
  }

  /** The text of a key; null when the key is of no unit or cell. */
  textOf(key: string): BaseText | null {
    const element = this.find(key);
    return element !== null && isTextElement(element) ? this.text(element) : null;
  }

  /** Keys of everything that carries text, in order of the document. */
  *textKeys(): Generator<string> {
    for (const [key, element] of this.read()) if (isTextElement(element)) yield key;
  }

  private read(): Map<string, Y.XmlElement> {
    if (this.byKey !== null) return this.byKey;
    const byKey = new Map<string, Y.XmlElement>();
    this.keys = new Map();
    const add = (element: Y.XmlElement): string => {
      let key = bidOf(element);
      if (key === "" || byKey.has(key)) key = derivedBid(element);
      for (let copy = 2; byKey.has(key); copy++) key = `${derivedBid(element)}-${copy}`;
      byKey.set(key, element);
      this.keys.set(element, key);
      for (const child of isTextElement(element) ? [] : visibleChildren(element)) add(child);
      return key;
    };
    this.keyOrder = visibleChildren(this.root).map(add);
    this.indexes = new Map(this.keyOrder.map((key, index) => [key, index]));
    this.byKey = byKey;
    return byKey;
  }
}

/** True when an event on a unit or cell changed attributes other than its id. */
function isOnlyLabels(event: Y.YEvent<Y.AbstractType<unknown>>): boolean {
  return !event.keys.has("bid");
}

function readText(element: Y.XmlElement): BaseText {
  const ids: Id[] = [];
  const marks: Marks[] = [];
  let text = "";
  for (const type of textsOf(element)) {
    let raw: Marks = {};
    let current: Marks = {};
    for (let item = type._start; item !== null; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentFormat) {
        raw = withFormat(raw, item.content as unknown as { key: string; value: Marks[string] | null });
        current = attributesOf(marksOf(raw));
      } else if (item.countable) {
        text += item.content instanceof Y.ContentString ? item.content.str : "\ufffc".repeat(item.length);
        for (let offset = 0; offset < item.length; offset++) {
          ids.push([item.id.client, item.id.clock + offset]);
          marks.push(current);
        }
      }
    }
  }
  return { text, ids, marks };
}

function withFormat(current: Marks, { key, value }: { key: string; value: Marks[string] | null }): Marks {
  const { [key]: _old, ...rest } = current;
  return value === null ? rest : { ...rest, [key]: value };
}

/** The id under which a record names the text of an element. */
export function textId(element: Y.XmlElement): Id {
  const item = (textsOf(element)[0] ?? element)._item;
  return item === null ? [0, 0] : [item.id.client, item.id.clock];
}

/** Ids of a stretch of a text as ranges. */
export function rangesOf(ids: readonly Id[]): IdRange[] {
  const ranges: [number, number, number][] = [];
  for (const [client, clock] of ids) {
    const last = ranges.at(-1);
    if (last !== undefined && last[0] === client && last[1] + last[2] === clock) last[2]++;
    else ranges.push([client, clock, 1]);
  }
  return ranges;
}
