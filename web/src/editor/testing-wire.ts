/** A server between drafters, for tests: it merges what it passes on, answers a reconnect by difference, and every frame comes when it is told to. */

import * as Y from "yjs";
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

  constructor(readonly drafter: Drafter) {}
}

export class Wire {
  readonly clock = new Clock();
  readonly lines: Line[] = [];
  private readonly server = new Y.Doc();

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
    const passed = isMerged ? [Y.mergeUpdates(frames)] : frames;
    for (const frame of passed) {
      Y.applyUpdate(this.server, frame);
      for (const other of this.lines) if (other !== line && other.isOnline) other.inbox.push(frame);
    }
  }

  deliver(line: Line, count: number): void {
    for (const frame of line.inbox.splice(0, count)) line.drafter.receive(frame);
    line.isCaughtUp ||= line.isOnline && line.inbox.length === 0;
  }

  cut(line: Line): void {
    line.isOnline = line.isCaughtUp = false;
    line.inbox = [];
    line.drafter.outbox.length = 0;
  }

  /** Both tell each other what the other lacks; such an answer names every deletion there ever was. */
  mend(line: Line): void {
    if (line.isOnline) return;
    line.isOnline = true;
    const { doc, outbox } = line.drafter;
    outbox.length = 0;
    line.inbox = [Y.encodeStateAsUpdate(this.server, Y.encodeStateVector(doc))];
    outbox.push(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(this.server)));
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
