/** When to ask the server again after it did not answer. */

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/** Waits longer each time, until something worked. One thing to be tried again has one of these: a later call replaces the earlier. */
export class Retry {
  private ms: number;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly firstMs = FIRST_MS,
    private readonly longestMs = LONGEST_MS,
  ) {
    this.ms = firstMs;
  }

  later(run: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(run, this.ms);
    this.ms = Math.min(this.ms * 2, this.longestMs);
  }

  reset(): void {
    this.ms = this.firstMs;
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
