/** A server between drafters, for tests: it merges what it passes on, tells again what was missed, and every frame comes when it is told to. */

import * as Y from "yjs";
import { grouped, mergedUpdate, planResend } from "../sync/resending.ts";
import { Clock, Drafter } from "./testing.ts";

/** A repeatable source of numbers in [0, 1). */
export function random(seedValue: number): () => number {
  let state = seedValue;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One drafter's connection. Frames under way are lost when it breaks. */
export class Line {
  isOnline = true;
  /** The answer to the last reconnect has been heard. */
  isCaughtUp = true;
  /** What others' carets this editor has heard of; it may lack people for a while. */
  readonly peers = new Set<number>();
  inbox: Uint8Array[] = [];
  /** What the drafter made and does not know to be on disk. */
  unsaved: Uint8Array[] = [];
  /** How many of these the server has taken: their acknowledgements are under way. */
  taken = 0;

  constructor(readonly drafter: Drafter) {
    drafter.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "network") this.unsaved.push(update);
    });
  }
}

export class Wire {
  readonly clock = new Clock();
  readonly lines: Line[] = [];
  private readonly server = new Y.Doc();
  /** How many changes a frame carries, if it is not one. */
  private readonly carried = new WeakMap<Uint8Array, number>();
  /** Every update the server took. */
  private readonly log: { readonly update: Uint8Array }[] = [];

  constructor(state: Uint8Array, ids: readonly number[]) {
    Y.applyUpdate(this.server, state);
    for (const id of ids) this.lines.push(this.join(id, state));
    for (const line of this.lines) for (const id of ids) line.peers.add(id);
  }

  private join(id: number, state: Uint8Array): Line {
    const line: Line = new Line(
      new Drafter(
        id,
        state,
        this.clock,
        () => line.peers,
        () => line.isCaughtUp,
      ),
    );
    return line;
  }

  /** The server takes the first frames of a drafter and passes them on, merged or one by one. */
  take(line: Line, count: number, isMerged: boolean): void {
    const frames = line.drafter.outbox.splice(0, count);
    if (!line.isOnline || frames.length === 0) return;
    line.taken += frames.reduce((sum, frame) => sum + (this.carried.get(frame) ?? 1), 0);
    this.log.push(...frames.map((update) => ({ update })));
    const passed = isMerged ? [Y.mergeUpdates(frames)] : frames;
    for (const frame of passed) {
      Y.applyUpdate(this.server, frame);
      for (const other of this.lines) if (other !== line && other.isOnline) other.inbox.push(frame);
    }
  }

  deliver(line: Line, count: number): void {
    for (const frame of line.inbox.splice(0, count)) line.drafter.receive(frame);
    if (line.inbox.length === 0) line.unsaved.splice(0, line.taken);
    if (line.inbox.length === 0) line.taken = 0;
    line.isCaughtUp ||= line.isOnline && line.inbox.length === 0;
  }

  cut(line: Line): void {
    line.isOnline = line.isCaughtUp = false;
    line.inbox = [];
    line.taken = 0;
    line.drafter.outbox.length = 0;
  }

  /** Both tell each other what the other lacks, as it was made; what the server says then names every deletion there ever was. */
  mend(line: Line): void {
    if (line.isOnline) return;
    line.isOnline = true;
    const { doc, outbox } = line.drafter;
    outbox.length = 0;
    const changes = line.unsaved.map((update) => ({ update }));
    const left = planResend(doc, Y.encodeStateVector(this.server), changes);
    if (left === null) throw new Error("the drafter has what nobody made");
    line.inbox = [...this.missedBy(doc), Y.encodeStateAsUpdate(this.server, Y.encodeStateVector(doc))];
    line.unsaved = left.flat().map(({ update }) => update);
    for (const group of left) {
      const frame = mergedUpdate(group);
      this.carried.set(frame, group.length);
      outbox.push(frame);
    }
  }

  /** Whoever comes back is answered by one difference, as after a long time. */
  forget(): void {
    this.log.length = 0;
  }

  /** What brings new characters, and all that only deletes: that does not say whether it was heard. */
  private missedBy(doc: Y.Doc): Uint8Array[] {
    const held = Y.decodeStateVector(Y.encodeStateVector(doc));
    const missed = this.log.filter(({ update }) => {
      const { to } = Y.parseUpdateMeta(update);
      return to.size === 0 || [...to].some(([client, end]) => end > (held.get(client) ?? 0));
    });
    return grouped(missed).map(mergedUpdate);
  }

  get isIdle(): boolean {
    return this.lines.every((line) => line.inbox.length === 0 && line.drafter.outbox.length === 0);
  }

  /** Lets everything arrive and every timer run. */
  settle(next: () => number): void {
    for (let quiet = 0; quiet < 8; ) {
      if (this.isIdle) {
        this.clock.advance(1000);
        quiet++;
        continue;
      }
      const line = this.lines[Math.floor(next() * this.lines.length)] as Line;
      if (next() < 0.5) this.take(line, 1 + Math.floor(next() * 4), next() < 0.5);
      else this.deliver(line, 1 + Math.floor(next() * 4));
      if (next() < 0.1) this.clock.advance(200);
    }
  }
}
