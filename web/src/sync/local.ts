/**
 * Copies of documents on this device (D15). IndexedDB already separates servers by origin; a copy is keyed by user, document and
 * epoch within it, and which changes are unsent is a table of its own, so that it is known again after a crash or a restart.
 */

import * as Y from "yjs";
import { type Database, done, openDatabase, transact } from "./database";
import type { Scope } from "./messages";
import type { UnsentUnit } from "./unsentText";

/** Origin of what a copy puts into a document: neither typed here nor received. */
export const FROM_THIS_DEVICE = Symbol("from this device");

export interface CopyHead {
  readonly key: string;
  readonly user: string;
  readonly document: string;
  readonly epoch: string;
  readonly scope: Scope;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

export type AsideReason = "rejected" | "epoch" | "no-access" | "scope";

/** Changes that could not be saved, kept until the person throws them away. */
export interface Aside {
  readonly id: number;
  readonly user: string;
  readonly document: string;
  readonly epoch: string;
  readonly title: string;
  readonly reason: AsideReason;
  readonly rule: string;
  readonly at: number;
  readonly units: readonly UnsentUnit[];
  /** The bytes themselves, as one v1 update; empty when the text may not be kept. */
  readonly update: Uint8Array<ArrayBuffer>;
}

interface StoredUpdate {
  readonly id: number;
  readonly copy: string;
  readonly update: Uint8Array;
}

/** What a feature keeps beside a text: records it has read, and own ones that the server does not have yet. */
export interface Note {
  readonly document: string;
  readonly epoch: string;
  /** What it is, unique within the document and epoch. */
  readonly name: string;
  /** Work that would be lost: asked about at sign-out, and not removed with the copy of a text. */
  readonly isUnsent: boolean;
  /** JSON. */
  readonly value: unknown;
}

interface StoredNote extends Note {
  readonly key: string;
  readonly user: string;
  readonly copy: string;
}

type Notes = IDBRequest<StoredNote[]>;

const STORES = ["copies", "updates", "unsent", "asides", "notes"];
const VERSION = 2;

function make(database: Database): void {
  const isNew = !database.objectStoreNames.contains("copies");
  if (isNew) {
    database.createObjectStore("copies", { keyPath: "key" }).createIndex("user", "user");
    for (const name of ["updates", "unsent"]) {
      database.createObjectStore(name, { keyPath: "id", autoIncrement: true }).createIndex("copy", "copy");
    }
    database.createObjectStore("asides", { keyPath: "id", autoIncrement: true }).createIndex("user", "user");
  }
  const notes = database.createObjectStore("notes", { keyPath: "key" });
  notes.createIndex("user", "user");
  notes.createIndex("copy", "copy");
}

/** Everything kept here for one person; nobody else's copies can be reached through it. */
export class LocalCopies {
  private constructor(
    private readonly database: Database,
    readonly user: string,
  ) {}

  static async open(user: string, name = "zlahoda"): Promise<LocalCopies> {
    return new LocalCopies(await openDatabase(name, VERSION, make), user);
  }

  close(): void {
    this.database.close();
  }

  /** The copy of a document used last, whatever its epoch. */
  async findCopy(document: string): Promise<CopyHead | null> {
    const heads = (await this.list()).filter((head) => head.document === document);
    return heads.sort((a, b) => b.usedAt - a.usedAt)[0] ?? null;
  }

  list(): Promise<CopyHead[]> {
    return transact(this.database, ["copies"], "readonly", (tx) =>
      done<CopyHead[]>(tx.objectStore("copies").index("user").getAll(this.user)),
    );
  }

  /** The copy of this history of a document; made when there is none. */
  async openCopy(document: string, epoch: string, scope: Scope, title: string): Promise<LocalCopy> {
    const key = this.keyOf(document, epoch);
    const head: CopyHead = { key, user: this.user, document, epoch, scope, title, usedAt: Date.now() };
    await this.noteUse(head);
    return new LocalCopy(this.database, head);
  }

  /** The copy behind a head that was found here; nothing is read or written yet. */
  copyOf(head: CopyHead): LocalCopy {
    return new LocalCopy(this.database, head);
  }

  async noteUse(head: CopyHead): Promise<void> {
    const used: CopyHead = { ...head, usedAt: Date.now() };
    await transact(this.database, ["copies"], "readwrite", (tx) => done(tx.objectStore("copies").put(used)));
  }

  /** Documents with changes that never reached the server, for the question at sign-out. */
  async listUnsent(): Promise<{ head: CopyHead; count: number }[]> {
    const heads = await this.list();
    const counts = await transact(this.database, ["unsent", "notes"], "readonly", (tx) =>
      Promise.all(
        heads.map(async ({ key }) => {
          const [updates, notes] = [tx.objectStore("unsent"), tx.objectStore("notes")].map((store) => store.index("copy"));
          const [count, kept] = await Promise.all([done(updates?.count(key) as IDBRequest<number>), done(notes?.getAll(key) as Notes)]);
          return count + kept.filter((note) => note.isUnsent).length;
        }),
      ),
    );
    return heads.map((head, at) => ({ head, count: counts[at] ?? 0 })).filter((entry) => entry.count > 0);
  }

  private keyOf(document: string, epoch: string): string {
    return JSON.stringify([this.user, document, epoch]);
  }

  /** The notes beside a document, of every epoch: what was unsent when the text was restored from a backup is still somebody's work. */
  async listNotes(document: string): Promise<readonly Note[]> {
    const all = await transact(this.database, ["notes"], "readonly", (tx) =>
      done<StoredNote[]>(tx.objectStore("notes").index("user").getAll(this.user)),
    );
    return all.filter((note) => note.document === document);
  }

  /** Writes some notes and removes others, together. */
  async changeNotes(put: readonly Note[], removed: readonly Pick<Note, "document" | "epoch" | "name">[]): Promise<void> {
    const keyOf = ({ document, epoch, name }: Pick<Note, "document" | "epoch" | "name">) =>
      JSON.stringify([this.user, document, epoch, name]);
    await transact(this.database, ["notes"], "readwrite", async (tx) => {
      const store = tx.objectStore("notes");
      await Promise.all([
        ...put.map((note) =>
          done(store.put({ ...note, key: keyOf(note), user: this.user, copy: this.keyOf(note.document, note.epoch) } satisfies StoredNote)),
        ),
        ...removed.map((note) => done(store.delete(keyOf(note)))),
      ]);
    });
  }

  listAsides(): Promise<Aside[]> {
    return transact(this.database, ["asides"], "readonly", (tx) => done<Aside[]>(tx.objectStore("asides").index("user").getAll(this.user)));
  }

  async addAside(aside: Omit<Aside, "id">): Promise<Aside> {
    const id = await transact(this.database, ["asides"], "readwrite", (tx) => done(tx.objectStore("asides").add(aside)));
    return { ...aside, id: Number(id) };
  }

  removeAside(id: number): Promise<void> {
    return transact(this.database, ["asides"], "readwrite", (tx) => done(tx.objectStore("asides").delete(id)));
  }

  /** At sign-out: every copy of this person, and what was set aside, goes from this device. */
  async removeAll(): Promise<void> {
    for (const head of await this.list()) {
      await new LocalCopy(this.database, head).remove();
    }
    const asides = await this.listAsides();
    await transact(this.database, ["asides", "notes"], "readwrite", async (tx) => {
      const notes = await done(tx.objectStore("notes").index("user").getAllKeys(this.user));
      await Promise.all([
        ...asides.map((aside) => done(tx.objectStore("asides").delete(aside.id))),
        ...notes.map((key) => done(tx.objectStore("notes").delete(key))),
      ]);
    });
  }
}

/** One history of one document. Several tabs may write to it at once: each adds rows, none changes another's. */
export class LocalCopy {
  private received: Uint8Array[] = [];
  /** Rows whose content the document of this tab holds; only these may be replaced by its state. */
  private held: number[] = [];

  constructor(
    private readonly database: Database,
    readonly head: CopyHead,
  ) {}

  get rowCount(): number {
    return this.held.length;
  }

  /** Puts everything kept here into `doc`; the unsent changes among it, oldest first. */
  async load(doc: Y.Doc): Promise<{ id: number; update: Uint8Array }[]> {
    const [updates, unsent] = await transact(this.database, ["updates", "unsent"], "readonly", (tx) =>
      Promise.all([this.rows(tx, "updates"), this.rows(tx, "unsent")]),
    );
    doc.transact(() => {
      for (const row of [...updates, ...unsent]) {
        Y.applyUpdate(doc, row.update, FROM_THIS_DEVICE);
      }
    }, FROM_THIS_DEVICE);
    this.held = updates.map((row) => row.id);
    return unsent.map(({ id, update }) => ({ id, update }));
  }

  /** Remember what came from the server: written together with the next change, or by `flush`. Losing it costs a download. */
  receive(update: Uint8Array): void {
    this.received.push(update);
  }

  /** Keep changes made here, oldest first; resolves with the number of each once all are stored. Rejects when the device is full. */
  keep(updates: readonly Uint8Array[]): Promise<readonly number[]> {
    return this.write(["updates", "unsent"], async (tx, rows) => {
      const ids = updates.map((update) => done(tx.objectStore("unsent").add({ copy: this.head.key, update })));
      await this.addRow(tx, Y.mergeUpdates([...updates]), rows);
      return (await Promise.all(ids)).map(Number);
    });
  }

  /** Write what was received and not yet stored. */
  async flush(): Promise<void> {
    if (this.received.length > 0) {
      await this.write(["updates"], async () => undefined);
    }
  }

  /** The server has these changes on disk: they are no longer unsent. */
  acknowledge(ids: readonly number[]): Promise<void> {
    return transact(this.database, ["unsent"], "readwrite", async (tx) => {
      await Promise.all(ids.map((id) => done(tx.objectStore("unsent").delete(id))));
    });
  }

  /** Replace the rows that `doc` holds by its state; rows another tab wrote since stay as they are. */
  async compact(doc: Y.Doc): Promise<void> {
    const replaced = [...this.held];
    const state = Y.encodeStateAsUpdate(doc);
    this.received = [];
    await this.write(["updates"], async (tx, rows) => {
      await this.addRow(tx, state, rows);
      await Promise.all(replaced.map((id) => done(tx.objectStore("updates").delete(id))));
    });
    this.held = this.held.filter((id) => !replaced.includes(id));
  }

  /** Take everything of this history from the device, its unsent changes included: set them aside first. */
  async remove(): Promise<void> {
    this.received = [];
    await transact(this.database, STORES, "readwrite", async (tx) => {
      for (const name of ["updates", "unsent"]) {
        const ids = await done(tx.objectStore(name).index("copy").getAllKeys(this.head.key));
        await Promise.all(ids.map((id) => done(tx.objectStore(name).delete(id))));
      }
      const notes = await done(tx.objectStore("notes").index("copy").getAll(this.head.key) as Notes);
      const read = notes.filter((note) => !note.isUnsent);
      await Promise.all(read.map((note) => done(tx.objectStore("notes").delete(note.key))));
      await done(tx.objectStore("copies").delete(this.head.key));
    });
  }

  /** What was received is written first: an unsent change without what it builds on could not be shown offline. */
  private async write<Value>(stores: string[], work: (tx: IDBTransaction, rows: number[]) => Promise<Value>): Promise<Value> {
    const received = this.received;
    const rows: number[] = [];
    this.received = [];
    const value = await transact(this.database, stores, "readwrite", async (tx) => {
      if (received.length > 0) {
        await this.addRow(tx, Y.mergeUpdates(received), rows);
      }
      return work(tx, rows);
    });
    this.held.push(...rows);
    return value;
  }

  private async addRow(tx: IDBTransaction, update: Uint8Array, rows: number[]): Promise<void> {
    rows.push(Number(await done(tx.objectStore("updates").add({ copy: this.head.key, update }))));
  }

  private rows(tx: IDBTransaction, store: string): Promise<StoredUpdate[]> {
    return done<StoredUpdate[]>(tx.objectStore(store).index("copy").getAll(this.head.key));
  }
}
