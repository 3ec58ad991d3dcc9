/**
 * A WebSocket's stand-in for networks that let none through: what is sent goes up in numbered requests, one at a time, and what
 * others do comes as answers to polls. Every answer is whole, so that a proxy that holds back streams holds back nothing.
 */

import { readFrame } from "./frames";
import { denialFrame, readFrames, type Standpoint, writePoll, writeUpload } from "./httpFrames";
import { type Answer, ask } from "./httpRequest";

/** Longest hold of a poll; shortened where a proxy cuts them off earlier. */
const WAIT_S = 20;
const POLL_MARGIN_MS = 10_000;
const UPLOAD_MS = 40_000;
const ATTEMPTS = 3;
const RETRY_MS = 500;
/** A page nobody looks at asks now and then and holds no connection: browsers have only six for one server. */
const HIDDEN_PAUSE_MS = 6_000;
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_BATCH_FRAMES = 1000;
const PONG = 10;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

export class HttpSocket extends EventTarget {
  binaryType = "arraybuffer";
  identifier = 0;
  readyState = CONNECTING;
  private readonly path: string;
  /** What the WebSocket's address says for a load balancer. */
  private readonly balancing: string;
  private readonly ended = new AbortController();
  private queue: Uint8Array[] = [];
  private number = 0;
  private isSending = false;
  private isPolling = false;
  private hasAnsweredPing = false;
  /** An answer may be lost: the next poll asks for the difference to what is here. */
  private isDoubtful = false;
  private poll: AbortController | undefined;
  private waitS = WAIT_S;
  private failures = 0;

  constructor(
    url: string,
    private readonly standpoints: () => Promise<Standpoint[]>,
  ) {
    super();
    const address = new URL(url.replace(/^ws/, "http"));
    this.path = `${address.origin}${address.pathname}/http/${newName()}`;
    this.balancing = address.search.replace("?", "&");
    queueMicrotask(() => {
      if (this.readyState === CONNECTING) {
        this.readyState = OPEN;
        this.dispatchEvent(new Event("open"));
      }
    });
  }

  send(frame: Uint8Array): void {
    const isPong = frame.length === 1 && frame[0] === PONG;
    if (this.readyState !== OPEN || (isPong && this.hasAnsweredPing)) {
      return;
    }
    this.hasAnsweredPing ||= isPong;
    this.queue.push(frame);
    void this.sendAll();
  }

  /** Ends the session; what was not sent yet goes with the last request, which outlives the page. */
  close(code = 1000, reason = ""): void {
    if (this.readyState === CLOSED) {
      return;
    }
    const rest = this.queue;
    this.end();
    if (this.number > 0) {
      void ask(this.uploadTo(this.number + 1, "&last=1"), writeUpload([], rest), { timeoutMs: UPLOAD_MS, mayOutlivePage: true });
    }
    queueMicrotask(() => this.tellClosed(code, reason));
  }

  private get isOpen(): boolean {
    return this.readyState === OPEN;
  }

  // -- up

  private async sendAll(): Promise<void> {
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    await pause(0, this.ended.signal); // what is said in the same turn goes together: a provider's token and its first question
    while (this.isOpen && this.queue.length > 0) {
      const isIn = await this.upload(this.takeBatch());
      if (isIn) {
        void this.pollOn();
      }
    }
    this.isSending = false;
  }

  private uploadTo(number: number, more = ""): string {
    return `${this.path}?n=${number}${more}${this.balancing}`;
  }

  private takeBatch(): Uint8Array[] {
    let size = 0;
    let count = 0;
    for (const frame of this.queue.slice(0, MAX_BATCH_FRAMES)) {
      size += frame.length;
      if (count > 0 && size > MAX_BATCH_BYTES) {
        break;
      }
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  /** One batch, again under the same number until it is answered: the server takes it once. True when it took it. */
  private async upload(frames: Uint8Array[]): Promise<boolean> {
    const addresses = new Set(frames.map((frame) => readFrame(frame)?.address));
    const mine = (await this.standpoints()).filter(({ address }) => addresses.has(address));
    const body = writeUpload(mine, frames);
    this.number += 1;
    for (let attempt = 1; this.isOpen; attempt += 1) {
      const answer = await ask(this.uploadTo(this.number), body, { timeoutMs: UPLOAD_MS, signal: this.ended.signal });
      if (this.isSettled(answer, addresses)) {
        return answer.kind === "answered";
      }
      if (answer.kind === "lost") {
        this.doubt();
        if (attempt >= ATTEMPTS) {
          this.fail(1006, "no answer");
        }
      }
      await pause(RETRY_MS * Math.min(attempt, 4), this.ended.signal);
    }
    return false;
  }

  // -- down

  private async pollOn(): Promise<void> {
    if (this.isPolling) {
      return;
    }
    this.isPolling = true;
    while (this.isOpen && this.isPolling) {
      await this.pollOnce();
      if (this.isOpen && document.visibilityState === "hidden") {
        await pauseWhileHidden(HIDDEN_PAUSE_MS, this.ended.signal);
      }
    }
  }

  private async pollOnce(): Promise<void> {
    const mine = await this.standpoints();
    const waitS = document.visibilityState === "hidden" ? 0 : this.waitS;
    const path = `${this.path}/poll?wait=${waitS}${this.isDoubtful ? "&anew=1" : ""}${this.balancing}`;
    this.isDoubtful = false;
    this.poll = new AbortController();
    const began = Date.now();
    const signal = AbortSignal.any([this.poll.signal, this.ended.signal]);
    const answer = await ask(path, writePoll(mine), { timeoutMs: waitS * 1000 + POLL_MARGIN_MS, signal });
    if (!this.isOpen || this.poll.signal.aborted) {
      return; // asked again at once
    }
    if (this.isSettled(answer, new Set(mine.map(({ address }) => address)))) {
      this.failures = 0;
      this.isPolling = answer.kind === "answered"; // who was turned away asks again with the next upload that is taken
      return;
    }
    await this.pollLost(Date.now() - began);
  }

  /** A proxy that cuts off polls after some seconds gets shorter ones. */
  private async pollLost(afterMs: number): Promise<void> {
    this.isDoubtful = true;
    this.failures += 1;
    this.waitS = Math.max(1, Math.min(this.waitS, Math.floor(afterMs / 2000)));
    if (this.failures >= ATTEMPTS) {
      this.fail(1006, "no answer");
    }
    await pause(RETRY_MS * this.failures, this.ended.signal);
  }

  /** An answer to an upload was lost, and frames with it, perhaps: do not wait for the poll under way. */
  private doubt(): void {
    this.isDoubtful = true;
    this.poll?.abort();
  }

  // -- both

  /** Takes an answer; false when the request has to be sent again. */
  private isSettled(answer: Answer, addresses: ReadonlySet<string | undefined>): boolean {
    switch (answer.kind) {
      case "answered":
        this.deliver(answer.body);
        return true;
      case "closed":
        this.fail(answer.code, answer.reason);
        return true;
      case "denied":
        for (const address of addresses) {
          if (address) {
            this.tell(denialFrame(address, answer.reason));
          }
        }
        return true;
      default:
        return false;
    }
  }

  private deliver(body: ArrayBuffer): void {
    let frames: Uint8Array[];
    try {
      frames = readFrames(body);
    } catch {
      this.fail(1002, "an answer that is none"); // a proxy's own page, perhaps
      return;
    }
    for (const frame of frames) {
      if (this.isOpen) {
        this.tell(frame);
      }
    }
  }

  private tell(frame: Uint8Array): void {
    this.dispatchEvent(new MessageEvent("message", { data: new Uint8Array(frame).buffer }));
  }

  private fail(code: number, reason: string): void {
    if (this.readyState !== CLOSED) {
      this.end();
      this.tellClosed(code, reason);
    }
  }

  private end(): void {
    this.readyState = CLOSED;
    this.queue = [];
    this.ended.abort();
  }

  private tellClosed(code: number, reason: string): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

/** 32 hexadecimal digits nobody guesses. */
function newName(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function pauseWhileHidden(ms: number, signal: AbortSignal): Promise<void> {
  const shown = new AbortController();
  const look = () => shown.abort();
  document.addEventListener("visibilitychange", look);
  await pause(ms, AbortSignal.any([signal, shown.signal]));
  document.removeEventListener("visibilitychange", look);
}
