/**
 * Words typed into a place that somebody else was moving at the same time are brought after it (P10).
 *
 * A split, join or move is, in Yjs, a deletion and a copy. What another drafter typed meanwhile stays behind among the deleted characters, or
 * is deleted with the block it was typed into. Such words are *stranded*. Each editor finds them from the same facts (`Relocations`); their author's
 * editor brings them home at once, the mover's if the author is away, anyone's after a while. If two do, the one with the higher client id
 * takes its copy back. Words whose place is gone for good are reported to the drafters with their text.
 */

import * as Y from "yjs";
import type { Binding } from "./binding.ts";
import { type Brought, claim, type DeleteSet, findBrought, findCopiedAgain, withoutBrought } from "./claims.ts";
import { Deletions } from "./deletions.ts";
import { settleDouble, standsTwice, textsWith } from "./doubles.ts";
import { containerOf } from "./elements.ts";
import { Homecoming, isLiving, OTHERS_WAIT_MS } from "./homecoming.ts";
import { type Characters, containerBid, type DoubleCopy, isGone, type Relocation, Relocations } from "./relocations.ts";
import type { Run } from "./schema.ts";
import { findStranded, type Piece, type Place, type Stranded } from "./stranded.ts";
import { type Changed, charactersOf, collectChanged, deleteIds, indexOf, key } from "./transaction.ts";
import { Typed } from "./typed.ts";
import { insertInto, sameAttributes } from "./ytext.ts";

/** How long the others wait for the editor whose turn it is. */
const MOVER_WAITS_MS = 1500;

/** Words that have lost their place; drafters see them with their text until they have dealt with them. A later report with the same id replaces it. */
export interface Displaced {
  readonly id: string;
  readonly text: string;
  /** The block they were typed into, and its text, both possibly unknown ("" after a reload). */
  readonly bid: string;
  readonly context: string;
}

export interface RescueOptions {
  /** The client ids of everybody who is here now. */
  readonly peers: () => ReadonlySet<number>;
  readonly schedule: (run: () => void, ms: number) => void;
  /** Milliseconds; the clock of `schedule`. */
  readonly now?: () => number;
  readonly onDisplaced?: (displaced: Displaced) => void;
  /** The same words now stand in two places, because two drafters moved them at once. */
  readonly onDouble?: (double: DoubleCopy) => void;
  /** Called after the words around a caret went elsewhere. */
  readonly onRelocated?: (relocations: Relocations) => void;
  readonly mayWrite?: () => boolean;
  /** False while others' edits cannot be heard: then nobody knows whether others' words have been brought home already. */
  readonly isCaughtUp?: () => boolean;
  /** True for words of one's own that nobody else can have seen yet, although an answer after a reconnect may name them as deleted. */
  readonly isUnseen?: (id: Y.ID) => boolean;
}

/** Words on their way; typing that goes on at the same place joins them. */
type Pending = Omit<Stranded, "pieces"> & { pieces: Stranded["pieces"] };

export class Rescue {
  readonly origin = { name: "rescue" };
  readonly relocations = new Relocations();
  private readonly typed: Typed;
  private readonly known = new Set<string>();
  private pending: Pending[] = [];
  private readonly home: Homecoming;
  /** Every character found stranded so far, by the text it was typed into. */
  private readonly stranded = new Map<Y.XmlText, Set<string>>();
  private readonly lost = new Map<Y.XmlText, Set<string>>();
  private readonly deletions = new Deletions();
  private incoming: DeleteSet | null = null;
  private readonly doc: Y.Doc;
  private readonly observer = (transaction: Y.Transaction) => this.observe(transaction);
  /** What is to be written once the running transactions are through: only then does one update hold it whole, with its claims. */
  private toDo: (() => void)[] = [];
  private isObserving = false;
  private readonly finish = () => {
    this.incoming = null;
    this.isObserving = false;
    const toDo = this.toDo.splice(0);
    if (toDo.length === 0) return;
    this.doc.transact(() => {
      for (const run of toDo) run();
    }, this.origin);
  };

  constructor(
    binding: Binding,
    private readonly options: RescueOptions,
  ) {
    this.doc = binding.doc;
    this.typed = new Typed(options.now ?? Date.now);
    this.home = new Homecoming(this.doc, this.relocations, options, (run) => this.soon(run));
    // Deleted words must stay readable: they may be needed to find where their neighbours went.
    this.doc.gc = false;
    this.doc.on("afterTransaction", this.observer);
    this.doc.on("afterAllTransactions", this.finish);
  }

  destroy(): void {
    this.doc.off("afterTransaction", this.observer);
    this.doc.off("afterAllTransactions", this.finish);
  }

  /** Tells what an update from outside deletes itself, before it is applied: what it does not name was not known to its author. */
  noteIncoming(update: Uint8Array): void {
    this.incoming = Y.decodeUpdate(update).ds;
  }

  private soon(run: () => void): void {
    this.toDo.push(run);
    if (!this.isObserving) this.finish();
  }

  private observe(transaction: Y.Transaction): void {
    this.isObserving = true;
    const changed = collectChanged(transaction);
    if (changed === null) return;
    const { incoming } = this;
    const knows = incoming === null || transaction.local ? null : (id: Y.ID) => Y.isDeleted(incoming, id);
    if (transaction.local && transaction.origin !== this.origin) this.typed.note(Y.getState(this.doc.store, this.doc.clientID));
    const isAnswer = incoming !== null && this.deletions.areNamedIn(incoming);
    const brought = incoming === null ? [] : this.findBrought(incoming, isAnswer, transaction, changed);
    const inserted = withoutBrought(changed.inserted, brought);
    const doubles = knows === null ? [] : this.relocations.findDoubles(inserted, knows, this.isLarge());
    const isOwn = transaction.origin === this.origin;
    const isDoubtful = knows !== null && (isAnswer || !this.isCaughtUp());
    const made = isOwn ? [] : this.relocations.log({ ...changed, deleted: withKnown(changed.deleted, knows), inserted }, isDoubtful);
    this.deletions.note(changed);
    for (const double of doubles) if (!this.settle(double, knows)) this.tellOfDouble(double);
    // Told here and not by whoever wrote: only now does the editor show what was brought home.
    if (made.length > 0 || isOwn) this.options.onRelocated?.(this.relocations);
    if (transaction.local) return;
    this.home.settle(brought, changed);
    const found = findStranded({
      changed,
      made,
      relocations: this.relocations,
      knows,
      doubt: this.doubtOf(made),
      isUnseen: (id) => this.options.isUnseen?.(id) === true,
      relocate: (text) => this.relocateByBid(text),
    });
    for (const one of found) this.take(one);
  }

  /** What an update brought home, and what it copied although it stands elsewhere by now. */
  private findBrought(names: DeleteSet, isAnswer: boolean, transaction: Y.Transaction, changed: Changed): Brought[] {
    const brought = findBrought({ stranded: this.stranded, names, isAnswer, transaction, changed, relocations: this.relocations });
    return isAnswer ? brought : [...brought, ...findCopiedAgain(names, changed, this.relocations)];
  }

  /** What to do with words whose deletion an answer after a reconnect names. */
  private doubtOf(made: readonly Relocation[]): (id: Y.ID) => "bring" | "tell" | null {
    const unheard = new Set(made.flatMap((one) => one.unheard.map(key)));
    const isBehind = !this.isCaughtUp();
    return (id) => {
      if (id.client !== this.doc.clientID || !(isBehind || unheard.has(key(id)))) return null;
      return this.typed.isLate(id.clock) ? "bring" : "tell";
    };
  }

  /** Told only if it lasts: two who brought the same words home settle that themselves. */
  private tellOfDouble(double: DoubleCopy): void {
    this.options.schedule(() => {
      if (standsTwice(double)) this.options.onDouble?.(double);
    }, OTHERS_WAIT_MS);
  }

  private isCaughtUp(): boolean {
    return this.options.isCaughtUp?.() !== false;
  }

  /** One of two copies goes; false when that is not plain, or not this editor's to do. */
  private settle(double: DoubleCopy, knows: ((id: Y.ID) => boolean) | null): boolean {
    if (knows === null || this.isLarge() || !this.isCaughtUp()) return false;
    // Whose copy of words brought home stays is told by their author (homecoming.ts), not by where they stand.
    if (double.isAstray) return false;
    if (this.options.mayWrite?.() === false) return false;
    if (!settleDouble(this.doc, double, knows, this.relocations, this.origin)) return false;
    const before = textsWith(this.doc, double.text).length;
    this.options.schedule(() => {
      // Whoever did not know of it may have copied them on meanwhile.
      const found = textsWith(this.doc, double.text);
      const [one, other] = found;
      if (found.length > before && one !== undefined && other !== undefined) this.options.onDouble?.({ ...double, one, other });
    }, OTHERS_WAIT_MS);
    return true;
  }

  /** True for an update that deletes in many places: the answer after a reconnect names every deletion there ever was. */
  private isLarge(): boolean {
    let ranges = 0;
    for (const own of this.incoming?.clients.values() ?? []) ranges += own.length;
    return ranges > 40;
  }

  /** A block found again under its own id, when its deletion was not seen by this editor. */
  private relocateByBid(source: Y.XmlText): Relocation | null {
    const bid = containerBid(source);
    const target = bid === "" ? null : findText(this.doc, bid);
    if (target === null || target === source) return null;
    const from = charactersOf(source, () => true);
    const to = charactersOf(target, (item) => !item.deleted);
    // What is known is not matched again: among equal letters it would be guessed.
    const isLogged = from.ids.some((id) => this.relocations.find(id) !== null);
    return isLogged ? { source, target, mover: to.ids[0]?.client ?? 0, unheard: [] } : this.relocations.logPair(source, from, target, to);
  }

  private take(stranded: Stranded): void {
    const fresh = stranded.pieces.filter((piece) => !this.known.has(key(piece.id)));
    for (const piece of fresh) this.known.add(key(piece.id));
    this.relocations.noteAstray(fresh.map((piece) => piece.id));
    const own = this.stranded.get(stranded.source) ?? new Set<string>();
    this.stranded.set(stranded.source, own);
    for (const piece of fresh) own.add(key(piece.id));
    const authors = new Set(fresh.map((piece) => piece.id.client));
    for (const author of authors) this.takeFrom({ ...stranded, pieces: fresh.filter((piece) => piece.id.client === author) });
  }

  private takeFrom(record: Pending): void {
    if (record.place === null) {
      this.report(record);
      return;
    }
    const waiting = this.pending.find(
      (one) => one.source === record.source && one.gone === record.gone && samePlace(one.place, record.place),
    );
    if (waiting !== undefined) {
      waiting.pieces = inOrder(record.source, [...waiting.pieces, ...record.pieces]);
      return;
    }
    this.pending.push(record);
    const delay = this.delayFor(record);
    if (delay === 0) this.soon(() => this.rehome(record));
    else this.rehomeIn(record, delay);
  }

  private rehomeIn(record: Pending, delay: number): void {
    this.options.schedule(() => {
      if (!this.isCaughtUp()) this.rehomeIn(record, delay);
      else this.rehome(record);
    }, delay);
  }

  private delayFor(record: Pending): number {
    const { mover } = record;
    const me = this.doc.clientID;
    const author = authorOf(record);
    if (author === me) return 0;
    if (mover === me) return MOVER_WAITS_MS;
    const rank = [...this.options.peers()].filter((peer) => peer < me).length;
    return OTHERS_WAIT_MS + rank * 500;
  }

  private rehome(record: Pending): void {
    if (!this.pending.includes(record) || this.options.mayWrite?.() === false) return;
    this.pending = this.pending.filter((one) => one !== record);
    const waiting = record.pieces.filter((piece) => this.relocations.find(piece.id) === null);
    const pieces = record.gone ? waiting : waiting.filter((piece) => isLiving(this.doc, piece.id));
    if (pieces.length === 0 || this.isDone(record, pieces)) return;
    const place = this.placeOf(record, pieces);
    if (place === null) {
      this.report({ ...record, pieces });
      return;
    }
    this.doc.transact((transaction) => {
      this.write(record, pieces, place.text, place.index);
      const ids = pieces.map((piece) => piece.id);
      if (record.gone) claim(transaction, ids);
      else deleteIds(record.source, new Set(ids.map(key)));
    }, this.origin);
  }

  /** Behind those of the same words that others have brought home. */
  private placeOf({ place, pieces: all }: Pending, pieces: Stranded["pieces"]): { text: Y.XmlText; index: number } | null {
    const before = all[all.indexOf(pieces[0] as Piece) - 1];
    const copy = before === undefined ? null : this.relocations.find(before.id);
    const behind = copy === null ? null : this.resolve({ id: copy, side: "after" });
    return behind ?? (place === null ? null : this.resolve(place));
  }

  private write(record: Stranded, pieces: Stranded["pieces"], target: Y.XmlText, start: number): void {
    let index = start;
    for (const run of runsOf(pieces)) {
      insertInto(target, index, run);
      index += run.text.length;
    }
    const written = charactersOf(target, (item) => !item.deleted);
    const ids = written.ids.slice(start, index);
    this.relocations.add(
      pieces.map((piece) => piece.id),
      ids,
    );
    this.home.note({ source: record.source, author: authorOf(record), text: written.text.slice(start, index), ids });
  }

  /** True when others have brought these words home without this editor having heard that they did. */
  private isDone({ place, mover }: Pending, pieces: Stranded["pieces"]): boolean {
    const author = pieces[0]?.id.client ?? 0;
    if (author === this.doc.clientID || place === null || "text" in place || place.side === "before") return false;
    return this.home.isDone(place.id, author, pieces.map((piece) => piece.text).join(""), mover === this.doc.clientID);
  }

  /** Where a place is now, following further moves; null when it is gone for good. */
  private resolve(place: Place): { text: Y.XmlText; index: number } | null {
    if ("text" in place) return isGone(place.text) ? null : { text: place.text, index: 0 };
    let id = place.id;
    for (let hops = 0; hops < 64; hops++) {
      const further = this.relocations.find(id);
      if (further === null) break;
      id = further;
    }
    const found = indexOf(this.doc, id);
    if (found === null || isGone(found.text)) return null;
    return { text: found.text, index: found.index + (place.side === "after" && found.living ? 1 : 0) };
  }

  /** One report per lost text; typing that goes on makes it longer. */
  private report(record: Stranded): void {
    const lost = this.lost.get(record.source) ?? new Set<string>();
    for (const piece of record.pieces) lost.add(key(piece.id));
    this.lost.set(record.source, lost);
    const all = charactersOf(record.source, () => true);
    const text = all.ids.map((id, index) => (lost.has(key(id)) ? (all.text[index] ?? "") : "")).join("");
    if (text.trim() === "") return;
    this.options.onDisplaced?.({
      id: key(record.source._item?.id ?? Y.createID(0, 0)),
      text,
      bid: containerBid(record.source),
      context: all.text,
    });
  }
}

function authorOf(record: Pending): number {
  return record.pieces[0]?.id.client ?? 0;
}

function samePlace(one: Place | null, other: Place | null): boolean {
  if (one === null || other === null) return false;
  if ("text" in one || "text" in other) return "text" in one && "text" in other && one.text === other.text;
  return one.side === other.side && Y.compareIDs(one.id, other.id);
}

/** Pieces in the order of the text they were typed into. */
function inOrder(source: Y.XmlText, pieces: Stranded["pieces"]): Stranded["pieces"] {
  const order = new Map(charactersOf(source, () => true).ids.map((id, index) => [key(id), index]));
  return [...pieces].sort((a, b) => (order.get(key(a.id)) ?? 0) - (order.get(key(b.id)) ?? 0));
}

function runsOf(pieces: Stranded["pieces"]): Run[] {
  const runs: { text: string; attributes: Run["attributes"] }[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last !== undefined && sameAttributes(last.attributes, piece.attributes)) last.text += piece.text;
    else runs.push({ text: piece.text, attributes: piece.attributes });
  }
  return runs;
}

/** Without what the author of the update cannot have meant to delete. */
function withKnown(deleted: ReadonlyMap<Y.XmlText, Characters>, knows: ((id: Y.ID) => boolean) | null): ReadonlyMap<Y.XmlText, Characters> {
  if (knows === null) return deleted;
  return new Map(
    [...deleted].map(([text, { ids, text: string }]) => {
      const kept = ids.map((id, index) => [id, string[index] ?? ""] as const).filter(([id]) => knows(id));
      return [text, { ids: kept.map(([id]) => id), text: kept.map(([, character]) => character).join("") }] as const;
    }),
  );
}

function findText(doc: Y.Doc, bid: string): Y.XmlText | null {
  const root = doc.getXmlFragment("default");
  for (const node of root.createTreeWalker((node) => node instanceof Y.XmlText)) {
    if (node instanceof Y.XmlText && containerOf(node) !== null && containerBid(node) === bid) return node;
  }
  return null;
}
