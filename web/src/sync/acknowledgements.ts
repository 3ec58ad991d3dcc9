/**
 * Which local changes the server has on disk. Hocuspocus acknowledges without naming what: exactly one SyncStatus per update and for a
 * connection's first answer, in the order they were sent, so the frames on their way are kept in a queue, each with the changes it carries.
 */

interface Flight<Change> {
  /** Changes that are on disk once this frame is acknowledged, unless a later answer took them over. */
  carries: Change[];
}

export class Acknowledgements<Change> {
  private unsent = new Set<Change>();
  private unsentYet: Change[] = [];
  private flights: Flight<Change>[] = [];
  private answered = false;

  /** True once this connection's first question of the server was answered. */
  get hasAnswered(): boolean {
    return this.answered;
  }

  /** Changes not yet known to be on disk, in the order they were made. */
  get remaining(): Change[] {
    return [...this.unsent];
  }

  get count(): number {
    return this.unsent.size;
  }

  /** True when no frame waits for its acknowledgement. */
  get isSettled(): boolean {
    return this.flights.length === 0;
  }

  /** A change was made here, or was found unsent in the copy on this device. */
  add(change: Change): void {
    this.unsent.add(change);
    this.unsentYet.push(change);
  }

  /** An update left: it carries what was made since the last one. */
  updateSent(): void {
    this.flights.push({ carries: this.unsentYet });
    this.unsentYet = [];
  }

  /** An update was held back; the next answer carries it. */
  updateHeld(): void {
    this.unsentYet = [];
  }

  /**
   * The answer to a question of the server left. It carries everything the document holds, also what earlier frames carry: the
   * server asks again exactly when it could not use one of them, and acknowledges these once this answer is on disk, not the answer
   * itself (sync.md S6, S7). `behind`: what left right behind it instead, frame by frame.
   */
  answerSent(behind: readonly (readonly Change[])[] = []): void {
    for (const flight of this.flights) {
      flight.carries = [];
    }
    const later = new Set(behind.flat());
    const carries = this.remaining.filter((change) => !later.has(change));
    if (!this.answered) {
      this.answered = true;
      this.flights.push({ carries }, ...behind.map((changes) => ({ carries: [...changes] })));
    } else {
      const last = this.flights.at(-1);
      if (last === undefined) return; // nothing is owed: what was not sent yet is acknowledged with the next update
      last.carries = carries;
    }
    this.unsentYet = [];
  }

  /** The server has the oldest frame on disk: the changes that became safe by it. */
  saved(): Change[] {
    const carried = this.flights.shift()?.carries ?? [];
    const safe = carried.filter((change) => this.unsent.has(change));
    for (const change of safe) {
      this.unsent.delete(change);
    }
    return safe;
  }

  /** The server did not take the oldest frame: the changes it carried, which stay unsent. */
  refused(): Change[] {
    return (this.flights.shift()?.carries ?? []).filter((change) => this.unsent.has(change));
  }

  /** The connection is gone: what was on its way may or may not have arrived, the next answer will tell. */
  disconnected(): void {
    this.answered = false;
    this.flights = [];
    this.unsentYet = [];
  }

  /** Forget everything (the changes were set aside). */
  clear(): void {
    this.disconnected();
    this.unsent.clear();
  }
}
