/** Which way to the server is taken: a WebSocket where the network lets one through, else requests; and when to look again. Pure. */

export type Way = "websocket" | "http";

/** How a connection ended. */
export interface Ending {
  /** The server had said something over it. */
  readonly hasSpoken: boolean;
  readonly lastedMs: number;
}

const STABLE_MS = 10_000;
const MANY_BREAKS = 3;
const FIRST_LOOK_MS = 15_000;
const FIRST_LOOK_AFTER_BREAKS_MS = 5 * 60_000;
const LONGEST_LOOK_MS = 10 * 60_000;

export class WayChoice {
  private failures = 0;
  private breaks = 0;
  private hasWorked = false;
  private lookMs = FIRST_LOOK_MS;

  constructor(private chosen: Way) {}

  get way(): Way {
    return this.chosen;
  }

  /** The server has spoken over the chosen way. */
  spoke(): void {
    this.failures = 0;
    this.hasWorked = true;
  }

  /**
   * A connection ended, or never came to be; true when the other way should be tried, if the server can be reached at all. A first
   * WebSocket that fails is enough; where WebSockets have worked, a server that restarts looks the same, so one failure is not.
   */
  ended({ hasSpoken, lastedMs }: Ending): boolean {
    if (hasSpoken) {
      this.breaks = lastedMs < STABLE_MS ? this.breaks + 1 : 0;
      return this.chosen === "websocket" && this.breaks >= MANY_BREAKS;
    }
    this.failures += 1;
    return this.failures >= (this.hasWorked ? 2 : 1);
  }

  /** Take the other way. */
  turn(): void {
    this.failures = 0;
    if (this.chosen === "websocket") {
      this.chosen = "http";
      this.lookMs = this.breaks >= MANY_BREAKS ? FIRST_LOOK_AFTER_BREAKS_MS : FIRST_LOOK_MS;
    } else {
      this.chosen = "websocket";
    }
    this.breaks = 0;
  }

  /** How long until WebSockets are looked at again; each time longer. */
  nextLookMs(): number {
    const ms = this.lookMs;
    this.lookMs = Math.min(ms * 2, LONGEST_LOOK_MS);
    return ms;
  }
}
