/** One open document: its Y.Doc, its connection, its copy on this device, and what is true about them. */

import { HocuspocusProvider } from "@hocuspocus/provider";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import act from "../../../schema/act.json";
import { Acknowledgements } from "./acknowledgements";
import type { Asides } from "./asides";
import { readQuestion } from "./frames";
import { tellCaughtUp, tellIncoming } from "./incoming";
import { type Change, Keeping } from "./keeping";
import { type AsideReason, FROM_THIS_DEVICE, type LocalCopies } from "./local";
import { type Denial, type Person, readDenial, readServerMessage, type ServerMessage } from "./messages";
import { mergedUpdate, planResend } from "./resending";
import type { Socket } from "./socket";
import { initialState, reduce, type SyncEvent, type SyncState, statusOf, wouldLose } from "./status";
import { tellTold } from "./told";
import { ownWordsOnly, readUnsent } from "./unsentText";

export interface Surroundings {
  readonly socket: Socket;
  /** Null on a shared computer, or where the browser gives no storage. */
  readonly copies: LocalCopies | null;
  readonly asides: Asides;
}

/** Refusals because of what we may do, not of what we sent. */
const RIGHTS_RULES = new Set(["G1", "scope", "sealed"]);

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** A text as the page holds it: replaced as a whole when the copy here had to be given up. */
interface Text {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** Null until the copy on this device was read: nobody listens to the document before, else Yjs would write out again all that is read. */
  provider: HocuspocusProvider | null;
  stop(): void;
}

export class LiveDocument {
  state: SyncState = initialState;
  user: Person | null = null;
  title = "";
  private text: Text;
  private keeping: Keeping;
  private readonly acknowledgements = new Acknowledgements<Change>();
  /** The state the server asked from, where its question is the first on this connection. */
  private asked: Uint8Array | null = null;
  private behind: Change[][] = [];
  private epoch = "";
  private retry: ReturnType<typeof setTimeout> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private isClosed = false;

  constructor(
    readonly id: string,
    private readonly around: Surroundings,
    private readonly onChange: () => void,
  ) {
    this.keeping = this.makeKeeping();
    this.text = this.makeText();
    void this.open();
  }

  get doc(): Y.Doc {
    return this.text.doc;
  }

  get awareness(): Awareness {
    return this.text.awareness;
  }

  /** Closing the page now would lose changes. */
  get wouldLose(): boolean {
    return wouldLose(statusOf(this.state)) || (this.state.unsent > 0 && this.keeping.isWriting);
  }

  /** The page is hidden or about to close: what waits to be written on the device is written. */
  keepNow(): void {
    this.keeping.keepNow();
  }

  /** Ask again for access, after signing in anew or when rights were given. */
  askAgain(): void {
    if (this.state.denial !== null && !this.isClosed) {
      if (this.state.denial === "signed-out") {
        this.around.socket.renew();
      }
      this.dispatch({ type: "asked_again" });
      this.detach();
      this.join();
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
    this.text.stop();
    this.keeping.close();
  }

  private async open(): Promise<void> {
    try {
      const restored = await this.keeping.restore(this.doc);
      if (restored !== null) {
        this.epoch = restored.head.epoch;
        for (const change of restored.changes) {
          this.acknowledgements.add(change);
        }
        this.dispatch({ type: "loaded_here", scope: restored.head.scope });
        this.count();
      }
    } catch (error) {
      console.warn("the copy on this device could not be read", error);
      this.dispatch({ type: "local_copy", localCopy: "failed" });
    }
    this.join();
  }

  /** From now on the document is spoken of with the server, and what changes in it is kept. */
  private join(): void {
    if (this.isClosed) return;
    this.text.provider ??= this.connect(this.text);
    this.around.socket.join(this.text.provider);
  }

  private detach(): void {
    this.text.provider?.detach();
  }

  private makeKeeping(): Keeping {
    return new Keeping(this.around.copies, this.id, (localCopy) => this.dispatch({ type: "local_copy", localCopy }));
  }

  private makeText(): Text {
    const doc = new Y.Doc();
    const awareness = new Awareness(doc);
    awareness.on("change", this.onChange);
    return { doc, awareness, provider: null, stop: () => doc.destroy() };
  }

  private connect(text: Text): HocuspocusProvider {
    const { doc, awareness } = text;
    const notes: { provider?: HocuspocusProvider } = {};
    // Registered before the provider's own listener: a change is counted before it is sent.
    doc.on("update", (update: Uint8Array, origin: unknown) => this.noteUpdate(update, origin, notes.provider));
    const provider = new HocuspocusProvider({
      name: this.id,
      document: doc,
      awareness,
      websocketProvider: this.around.socket,
      // An address of its own for every attempt: late acknowledgements of an earlier one cannot be mistaken for ours.
      sessionAwareness: true,
      token: () => JSON.stringify({ token: "", epoch: this.epoch, schema: act.version }),
      onAuthenticated: ({ scope }) => this.dispatch({ type: "admitted", canWrite: scope === "read-write" }),
      onAuthenticationFailed: ({ reason }) => void this.denied(readDenial(reason)),
      onSynced: () => this.caughtUp(),
      onMessage: ({ event }) => {
        const frame = new Uint8Array(event.data);
        this.asked = this.acknowledgements.hasAnswered ? null : readQuestion(frame);
        tellIncoming(doc, frame);
      },
      onStateless: ({ payload }) => {
        tellTold(doc, payload);
        void this.hear(readServerMessage(payload));
      },
    });
    notes.provider = provider;
    const stopListening = this.listen(provider);
    text.stop = () => {
      stopListening();
      provider.destroy();
      doc.destroy();
    };
    return provider;
  }

  private listen(provider: HocuspocusProvider): () => void {
    const lost = ({ event }: { event: { code: number } }) => this.lostConnection(this.around.socket.isOnlyTurning(event.code));
    this.around.socket.on("disconnect", lost);
    const stop = this.around.socket.listen(provider.effectiveName, {
      behindAnswer: () => this.planAnswer(provider.document),
      sent: (kind) => {
        if (kind === "update") {
          this.acknowledgements.updateSent();
        } else if (kind === "answer") {
          this.acknowledgements.answerSent(this.behind);
        }
        this.count();
        this.caughtUp();
      },
      held: () => this.acknowledgements.updateHeld(),
      received: (kind) => {
        if (kind === "saved") {
          this.keeping.acknowledge(this.acknowledgements.saved(), provider.document);
          this.count();
        } else if (kind === "refused") {
          this.acknowledgements.refused();
          this.count();
        } else if (kind === "close" && this.state.denial === null) {
          this.dispatch({ type: "link_lost" });
          this.tryLater();
        }
      },
    });
    return () => {
      stop();
      this.around.socket.off("disconnect", lost);
    };
  }

  /**
   * What the server lacks leaves as it was made, change by change: an answer would say it all at once, and nobody could read from that which
   * deletion belongs to which copy. Where the server asks once more, something could not be used as it was: it gets the answer.
   */
  private planAnswer(doc: Y.Doc): Uint8Array[] | null {
    const plan = this.asked === null ? null : planResend(doc, this.asked, this.acknowledgements.remaining);
    this.behind = plan ?? [];
    return plan?.map(mergedUpdate) ?? null;
  }

  private noteUpdate(update: Uint8Array, origin: unknown, provider: HocuspocusProvider | undefined): void {
    if (origin === FROM_THIS_DEVICE) {
      return;
    }
    if (origin === provider) {
      this.keeping.receive(update, this.doc);
      return;
    }
    this.acknowledgements.add(this.keeping.keep(update, this.doc));
    this.count();
  }

  private lostConnection(isOnlyTurning: boolean): void {
    this.acknowledgements.disconnected();
    this.dispatch({ type: isOnlyTurning ? "link_renewed" : "link_lost" });
    this.count();
  }

  /** The server's text is here and ours is there: both halves of the handshake, in whatever order. */
  private caughtUp(): void {
    const { provider } = this.text;
    if (provider?.isAuthenticated && provider.isSynced && this.acknowledgements.hasAnswered && !this.state.isCaughtUp) {
      this.retryMs = FIRST_RETRY_MS;
      this.dispatch({ type: "caught_up" });
    }
  }

  private async hear(message: ServerMessage | null): Promise<void> {
    switch (message?.type) {
      case "welcome":
        await this.welcomed(message);
        break;
      case "rights":
        this.dispatch({ type: "welcomed", scope: message.scope });
        break;
      case "saving":
        this.dispatch({ type: "server_saving", isSaving: message.isSaving });
        break;
      case "rejected":
        if (!message.isForNow && this.acknowledgements.count > 0) {
          await this.setAside(RIGHTS_RULES.has(message.rule) ? "scope" : "rejected", message.rule);
        }
        break;
      case undefined:
        break;
    }
  }

  private async welcomed(welcome: ServerMessage & { type: "welcome" }): Promise<void> {
    if (this.epoch !== "" && welcome.epoch !== this.epoch) {
      await this.setAside("epoch", "");
      return;
    }
    this.user = welcome.user ?? this.user;
    this.epoch = welcome.epoch;
    this.dispatch({ type: "welcomed", scope: welcome.scope });
    await this.keeping.begin(this.doc, welcome.epoch, welcome.scope, this.title, this.acknowledgements.remaining);
  }

  private async denied(denial: Denial): Promise<void> {
    this.acknowledgements.disconnected();
    this.dispatch({ type: "denied", denial });
    this.count();
    switch (denial) {
      case "later":
        this.tryLater();
        break;
      case "epoch-mismatch":
        await this.setAside("epoch", "");
        break;
      case "no-access":
        await this.revoked();
        break;
      default: // for good, until the person does something: a denied document must not knock at the door
        this.detach();
    }
  }

  private tryLater(): void {
    clearTimeout(this.retry);
    this.detach();
    this.retry = setTimeout(
      () => {
        this.dispatch({ type: "asked_again" });
        this.join();
      },
      this.retryMs * (0.75 + Math.random() / 2),
    );
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  /** The right to see the act is gone: the copy goes from this device, the person's own unsent words stay (D15, P10). */
  private async revoked(): Promise<void> {
    this.detach();
    await this.keepAside("no-access", "");
    await this.keeping.remove();
    this.acknowledgements.clear();
    this.startOver(false);
    this.dispatch({ type: "denied", denial: "no-access" });
  }

  /** A CRDT cannot take back one change: keep the words, give up the copy, begin again from what the server has. */
  private async setAside(reason: AsideReason, rule: string): Promise<void> {
    if (this.state.isSettingAside) {
      return;
    }
    this.dispatch({ type: "setting_aside" });
    await this.keepAside(reason, rule);
    await this.keeping.remove();
    this.acknowledgements.clear();
    this.startOver(true);
  }

  private async keepAside(reason: AsideReason, rule: string): Promise<void> {
    const updates = this.acknowledgements.remaining.map((change) => change.update);
    if (updates.length === 0) {
      return;
    }
    const units = readUnsent(this.doc, updates);
    const mayShowText = reason !== "no-access";
    await this.around.asides.add({
      document: this.id,
      epoch: this.epoch,
      title: this.title,
      reason,
      rule,
      at: Date.now(),
      units: mayShowText ? units : ownWordsOnly(units),
      update: mayShowText ? new Uint8Array(Y.mergeUpdates(updates)) : new Uint8Array(),
    });
  }

  private startOver(isToConnect: boolean): void {
    this.text.stop();
    this.epoch = "";
    this.keeping = this.makeKeeping();
    this.text = this.makeText();
    this.dispatch({ type: "started_over" });
    if (isToConnect) this.join();
  }

  private count(): void {
    this.dispatch({ type: "counted", unsent: this.acknowledgements.count, isSettled: this.acknowledgements.isSettled });
  }

  private dispatch(event: SyncEvent): void {
    this.state = reduce(this.state, event);
    tellCaughtUp(this.text.doc, this.state.isCaughtUp, () => this.acknowledgements.remaining.map(({ update }) => update));
    this.onChange();
  }
}
