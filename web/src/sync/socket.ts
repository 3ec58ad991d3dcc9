/** One connection for every open document, with the rules that make "saved" exact; a WebSocket, or requests where none gets through. */

import { type HocuspocusProvider, HocuspocusProviderWebsocket, WebSocketStatus } from "@hocuspocus/provider";
import { encodeAwarenessUpdate } from "y-protocols/awareness";
import { encodeStateVector } from "yjs";
import { type FrameKind, readFrame, writeFrame } from "./frames";
import type { Standpoint } from "./httpFrames";
import { HttpSocket } from "./httpSocket";
import { rememberedWay, rememberWay, serverAnswers, webSocketSpeaks } from "./probes";
import { WayChoice } from "./transport";

export interface FrameListener {
  /** What leaves right behind an answer; then the answer itself says nothing. Null: the answer leaves as it is. */
  behindAnswer(): Uint8Array[] | null;
  /** A frame with this document's edits or questions really left. */
  sent(kind: FrameKind): void;
  /** An update was not sent; the answer to the server's next question carries it. */
  held(): void;
  received(kind: FrameKind): void;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;
const STABLE_AFTER_MS = 10_000;
const LINGER_MS = 2_000;
const PROBE_MS = 4_000;
/** The server speaks first, at once: a socket that is open and silent for so long is held by something on the way. */
const SILENCE_MS = 8_000;
/** The first answer to a request brings the whole text. */
const HTTP_SILENCE_MS = 30_000;
/** The update that says nothing. */
const NOTHING = new Uint8Array(2);
/** Our own close code, for a connection given up for a better one: nobody needs to hear of it. */
export const TURNED = 4499;

/**
 * The stock socket queues frames while it is closed and sends them after the handshake, besides the answer that holds the
 * same edits, so that the acknowledgement of one is taken for the other. Here nothing waits in a queue: while the socket is
 * closed, and until the server's first question was answered, updates are held back; that answer carries them all.
 */
export class Socket extends HocuspocusProviderWebsocket {
  private readonly listeners = new Map<string, FrameListener>();
  private readonly answered = new Set<string>();
  private connectedAt = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private probe: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private look: ReturnType<typeof setTimeout> | undefined;
  private readonly choice = new WayChoice(rememberedWay());
  private readonly HttpCarrier: new (
    url: string,
  ) => HttpSocket;
  /** No server has spoken yet, and the ways to it are still being tried: that is no lost connection. */
  private isFinding = true;
  /** How often the way was changed since the server last spoke. */
  private turns = 0;

  constructor(url: string) {
    // `minDelay`: with the stock one (a second) a shorter delay is refused as a mistake, and nobody ever tries again.
    super({ url, autoConnect: false, delay: FIRST_DELAY_MS, factor: 1.5, minDelay: 0, maxDelay: LONGEST_DELAY_MS });
    const standpoints = () => this.standpoints();
    this.HttpCarrier = class extends HttpSocket {
      constructor(address: string) {
        super(address, standpoints);
      }
    };
    this.on("message", (event: MessageEvent<ArrayBuffer>) => this.readMessage(event));
    this.on("connect", () => this.afterConnect());
    this.on("disconnect", ({ event }: { event: { code: number } }) => this.afterDisconnect(event.code));
    window.addEventListener("online", this.wake);
    window.addEventListener("offline", this.doubt);
    document.addEventListener("visibilitychange", this.wake);
  }

  /** Hears of every frame of one address, from the moment it is called. */
  listen(address: string, listener: FrameListener): () => void {
    this.listeners.set(address, listener);
    return () => {
      this.listeners.delete(address);
      this.answered.delete(address);
    };
  }

  /** Lets a document speak over this socket, which is opened when it is closed. */
  join(provider: HocuspocusProvider): void {
    this.shouldConnect = true;
    provider.attach();
  }

  /** A connection is who it was when it was opened: after signing in anew it takes another. */
  renew(): void {
    if (this.isOpen) {
      this.emit("close", { event: { code: 4408, reason: "signed in anew" } });
    }
  }

  /** A socket that no document needs any more is closed after a moment: the server would, and we would come back for nothing. */
  override detach(provider: HocuspocusProvider): void {
    super.detach(provider);
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (this.configuration.providerMap.size === 0) {
        this.disconnect();
      }
    }, LINGER_MS);
  }

  /** A balancer sends everyone in one act to one process by the act in the address; any other process would do as well. */
  override get url(): string {
    const [address] = this.configuration.providerMap.keys();
    const act = /^[0-9a-f]{32}/.exec(address ?? "");
    return act === null ? super.url : `${super.url}?act=${act[0]}`;
  }

  /** True when frames can leave at once. */
  get isOpen(): boolean {
    return this.webSocket?.readyState === WebSocket.OPEN;
  }

  /** True when a connection that ended with this code is no loss worth telling: another way is being taken. */
  isOnlyTurning(code: number): boolean {
    return code === TURNED || (this.isFinding && navigator.onLine);
  }

  override createWebSocketConnection(): Promise<unknown> {
    const isHttp = this.choice.way === "http";
    this.configuration.WebSocketPolyfill = isHttp ? this.HttpCarrier : WebSocket;
    clearTimeout(this.silence);
    const giveUp = () => this.emit("close", { event: { code: 4408, reason: "silent" } });
    this.silence = setTimeout(giveUp, isHttp ? HTTP_SILENCE_MS : SILENCE_MS);
    return super.createWebSocketConnection();
  }

  override disconnect(): void {
    this.stopLooking();
    super.disconnect();
  }

  override send(data: Uint8Array): void {
    const frame = readFrame(data);
    const listener = frame && this.listeners.get(frame.address);
    const isEarly = frame?.kind === "update" && !this.answered.has(frame.address);
    if (!this.isOpen || isEarly) {
      if (frame?.kind === "update") {
        listener?.held();
      }
      return;
    }
    if (frame?.kind === "question") {
      this.answered.delete(frame.address);
    } else if (frame?.kind === "answer") {
      this.answered.add(frame.address);
    }
    const behind = frame?.kind === "answer" ? (listener?.behindAnswer() ?? null) : null;
    super.send(frame === null || behind === null ? data : writeFrame(frame.address, "answer", NOTHING));
    for (const update of behind ?? []) {
      super.send(writeFrame(frame?.address ?? "", "update", update));
    }
    if (frame) {
      listener?.sent(frame.kind);
    }
  }

  override destroy(): void {
    this.stopLooking();
    clearTimeout(this.probe);
    clearTimeout(this.idle);
    window.removeEventListener("online", this.wake);
    window.removeEventListener("offline", this.doubt);
    document.removeEventListener("visibilitychange", this.wake);
    super.destroy();
  }

  private readMessage(event: MessageEvent<ArrayBuffer>): void {
    clearTimeout(this.probe);
    this.probe = undefined;
    const frame = readFrame(new Uint8Array(event.data));
    if (frame) {
      this.listeners.get(frame.address)?.received(frame.kind);
    }
  }

  private afterConnect(): void {
    this.connectedAt = Date.now();
    clearTimeout(this.silence);
    this.isFinding = false;
    this.turns = 0;
    this.choice.spoke();
    rememberWay(this.choice.way);
    if (this.choice.way === "http") {
      this.lookLater();
    }
  }

  /** A connection that never lasts is tried less and less often; all clients of a restarted server do not come back at once. */
  private afterDisconnect(code: number): void {
    this.answered.clear();
    this.stopLooking();
    const hasSpoken = this.connectedAt > 0;
    const lastedMs = hasSpoken ? Date.now() - this.connectedAt : 0;
    this.connectedAt = 0;
    const base = lastedMs > STABLE_AFTER_MS ? FIRST_DELAY_MS : Math.min(this.configuration.delay * 1.5, LONGEST_DELAY_MS);
    this.configuration.delay = Math.round(base * (0.75 + Math.random() / 2));
    if (code !== TURNED && this.shouldConnect && this.choice.ended({ hasSpoken, lastedMs })) {
      void this.tryOtherWay();
    }
  }

  // -- the way to the server

  /** Only where the server answers at all: one that is away is not looked for by another way. */
  private async tryOtherWay(): Promise<void> {
    const isThere = await serverAnswers(this.url);
    if (isThere && this.shouldConnect && this.status === WebSocketStatus.Disconnected) {
      this.choice.turn();
      this.turns += 1;
      this.isFinding &&= this.turns === 1;
      if (this.turns === 1) {
        void this.connect(); // at once; where neither way works, each waits for its turn
      }
    } else if (!isThere && this.isFinding) {
      this.isFinding = false;
      this.emit("disconnect", { event: { code: 4408, reason: "no server" } });
    }
  }

  private lookLater(): void {
    clearTimeout(this.look);
    this.look = setTimeout(() => void this.lookForWebSocket(), this.choice.nextLookMs());
  }

  /** On requests: does a WebSocket get through by now? Then it is taken; what is unsent goes with its first answers. */
  private async lookForWebSocket(): Promise<void> {
    const speaks = await webSocketSpeaks(this.url, SILENCE_MS);
    if (this.choice.way !== "http" || !this.isOpen) {
      return;
    }
    if (!speaks) {
      this.lookLater();
      return;
    }
    this.choice.turn();
    this.emit("close", { event: { code: TURNED, reason: "a WebSocket gets through" } });
    void this.connect();
  }

  private stopLooking(): void {
    clearTimeout(this.silence);
    clearTimeout(this.look);
  }

  /** Where every document stands that the server has let us into. */
  private async standpoints(): Promise<Standpoint[]> {
    const inside = [...this.configuration.providerMap.values()].filter((provider) => provider.isAuthenticated);
    return Promise.all(
      inside.map(async (provider) => {
        const { awareness, document: doc } = provider;
        const shows = awareness !== null && awareness.getLocalState() !== null;
        return {
          address: provider.effectiveName,
          token: (await provider.getToken()) ?? "",
          stateVector: encodeStateVector(doc),
          presence: shows ? encodeAwarenessUpdate(awareness, [doc.clientID]) : null,
        };
      }),
    );
  }

  /** The network is back, or the page is looked at again: try now instead of at the end of the pause. */
  private readonly wake = (): void => {
    if (!this.shouldConnect || document.visibilityState !== "visible") {
      return;
    }
    if (this.status === WebSocketStatus.Disconnected) {
      void this.connect();
    } else if (this.choice.way === "http" && this.isOpen) {
      this.stopLooking();
      void this.lookForWebSocket();
    }
  };

  /** The browser says that the network is gone: unless the server speaks soon, the connection counts as lost. */
  private readonly doubt = (): void => {
    this.probe ??= setTimeout(() => this.giveUp(), PROBE_MS);
  };

  private giveUp(): void {
    this.probe = undefined;
    if (this.webSocket !== null) {
      this.emit("close", { event: { code: 4408, reason: "no answer" } });
    }
  }
}
