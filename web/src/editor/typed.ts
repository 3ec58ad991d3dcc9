/** When one's own characters were typed. */

/** Longer ago, others may have had time to see words and delete them on purpose. */
const LATE_MS = 60_000;

export class Typed {
  /** What was typed up to a clock of Yjs, and when; ascending. */
  private notes: { readonly clock: number; readonly at: number }[] = [];

  constructor(private readonly now: () => number) {}

  note(clock: number): void {
    const at = this.now();
    this.notes = [...this.notes.filter((one) => at - one.at < LATE_MS && one.clock < clock).slice(-200), { clock, at }];
  }

  /** True for a character typed within the last minute. */
  isLate(clock: number): boolean {
    const found = this.notes.find((one) => clock < one.clock);
    return found !== undefined && this.now() - found.at < LATE_MS;
  }
}
