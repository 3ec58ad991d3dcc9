/** What one signed-in person has open: one socket, many documents, their copies on this device. */

import { Asides } from "./asides";
import { LocalCopies } from "./local";
import { LiveDocument } from "./provider";
import { Socket } from "./socket";

export interface SessionOptions {
  /** The id of the signed-in person; copies are opened for them alone. */
  readonly user: string;
  /** False on a shared computer: nothing is stored. */
  readonly keepsCopies: boolean;
  /** `wss://host/sync`; by default that of the page's own server. */
  readonly url?: string;
}

interface Opened {
  readonly live: LiveDocument;
  readonly listeners: Set<() => void>;
  users: number;
}

/** Unsent work that a feature holds beside a text. */
export interface UnsentWork {
  readonly document: string;
  readonly title: string;
  readonly count: number;
  /** Closing the page does not lose it. */
  readonly isKeptHere: boolean;
}

/** A document is closed a moment after the last page lets it go, so that changing pages does not reconnect. */
const LINGER_MS = 1_000;

export class SyncSession {
  readonly asides: Asides;
  private readonly opened = new Map<string, Opened>();
  private readonly listeners = new Set<() => void>();
  private readonly workers = new Set<() => UnsentWork>();

  private constructor(
    private readonly socket: Socket,
    readonly copies: LocalCopies | null,
    user: string,
  ) {
    this.asides = new Asides(copies, user, () => this.tellAll());
    window.addEventListener("beforeunload", this.warn);
    document.addEventListener("visibilitychange", this.keepNow);
  }

  static async start({ user, keepsCopies, url }: SessionOptions): Promise<SyncSession> {
    const copies = keepsCopies ? await openCopies(user) : null;
    const session = new SyncSession(new Socket(url ?? ownUrl()), copies, user);
    // No text waits for them; they are shown when they come.
    session.asides.load().catch((error: unknown) => console.warn("what was set aside could not be read", error));
    return session;
  }

  /** Opens a document, or shares the open one; call what is returned to let it go. */
  open(id: string, listener: () => void): { live: LiveDocument; release: () => void } {
    let entry = this.opened.get(id);
    if (entry === undefined) {
      const listeners = new Set<() => void>();
      const live = new LiveDocument(id, { socket: this.socket, copies: this.copies, asides: this.asides }, () => tell(listeners));
      entry = { live, listeners, users: 0 };
      this.opened.set(id, entry);
    }
    const { live } = entry;
    entry.users += 1;
    entry.listeners.add(listener);
    return { live, release: () => this.release(id, entry, listener) };
  }

  /** Hears of changes in what was set aside. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** True while leaving would lose changes that are neither on the server nor on this device. */
  get wouldLose(): boolean {
    const work = [...this.workers].map((ask) => ask());
    return [...this.opened.values()].some((entry) => entry.live.wouldLose) || work.some((one) => one.count > 0 && !one.isKeptHere);
  }

  /** A feature that holds unsent work beside a text says how much; returns how to stop. */
  addWork(ask: () => UnsentWork): () => void {
    this.workers.add(ask);
    return () => this.workers.delete(ask);
  }

  /** Documents with unsent changes, open ones and those kept from earlier: what sign-out has to ask about. */
  async listUnsent(): Promise<{ document: string; title: string; count: number }[]> {
    const kept = (await this.copies?.listUnsent()) ?? [];
    const found = new Map(kept.map(({ head, count }) => [head.document, { document: head.document, title: head.title, count }]));
    for (const [document, { live }] of this.opened) {
      if (live.state.unsent > 0) {
        found.set(document, { document, title: live.title, count: live.state.unsent });
      }
    }
    for (const { document, title, count, isKeptHere } of [...this.workers].map((ask) => ask())) {
      if (count > 0 && !isKeptHere) {
        found.set(document, { document, title, count: count + (found.get(document)?.count ?? 0) });
      }
    }
    return [...found.values()];
  }

  /** Ends everything; with `removesCopies` (sign-out) nothing of this person stays on the device. */
  async end({ removesCopies }: { removesCopies: boolean }): Promise<void> {
    window.removeEventListener("beforeunload", this.warn);
    document.removeEventListener("visibilitychange", this.keepNow);
    for (const { live } of this.opened.values()) {
      live.close();
    }
    this.opened.clear();
    this.socket.destroy();
    if (removesCopies) {
      await this.copies?.removeAll();
    }
    this.copies?.close();
  }

  private release(id: string, entry: Opened, listener: () => void): void {
    entry.users -= 1;
    entry.listeners.delete(listener);
    setTimeout(() => {
      if (entry.users === 0 && this.opened.get(id) === entry) {
        this.opened.delete(id);
        entry.live.close();
      }
    }, LINGER_MS);
  }

  /** A page that goes out of sight may never come back. */
  private readonly keepNow = (): void => {
    for (const { live } of this.opened.values()) live.keepNow();
  };

  private readonly warn = (event: BeforeUnloadEvent): void => {
    this.keepNow();
    if (this.wouldLose) {
      event.preventDefault();
    }
  };

  private tellAll(): void {
    tell(this.listeners);
    for (const entry of this.opened.values()) {
      tell(entry.listeners);
    }
  }
}

function tell(listeners: ReadonlySet<() => void>): void {
  for (const listener of listeners) {
    listener();
  }
}

async function openCopies(user: string): Promise<LocalCopies | null> {
  try {
    return await LocalCopies.open(user);
  } catch (error) {
    console.warn("this browser keeps no copies", error);
    return null;
  }
}

function ownUrl(): string {
  return `${location.origin.replace(/^http/, "ws")}/sync`;
}
