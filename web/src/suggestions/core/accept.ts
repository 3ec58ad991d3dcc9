/**
 * The drafter's side: a record becomes an ordinary edit of the text, in one Yjs transaction with its entry in `resolutions` (D5).
 *
 * The server's claim comes first; this module is told the claimed version. Nothing is guessed: a record some of whose words are gone is
 * `flagged` and changes nothing unless the drafter insists, an orphan changes nothing.
 */

import type { Node } from "prosemirror-model";
import type * as Y from "yjs";
import { diffInline } from "../../editor/diff.ts";
import { ExactUndo, mayUndo, straightenNeighbours } from "../../editor/undo.ts";
import { deleteRange, formatRange, insertRuns } from "../../editor/ytext.ts";
import { applyAll } from "./apply.ts";
import { Base } from "./base.ts";
import { judgeAll, type Outcome } from "./judge.ts";
import type { Proposal } from "./record.ts";
import { inverseOf } from "./restore.ts";

/** An entry of `resolutions`. */
export type Entry = { readonly v: number; readonly a: "accept" | "reopen" };

export interface Claimed {
  readonly proposal: Proposal;
  readonly version: number;
}

export interface AcceptOptions {
  /** Applies the living part of flagged records too. */
  readonly insist?: boolean;
}

/** The origin of transactions that accept; editors show them like changes of others. */
export class Acceptance {
  readonly name = "accept";
}

/** The origin of an undone acceptance. */
export class Reopening {
  readonly name = "reopen";
}

interface Done {
  readonly claimed: readonly Claimed[];
  /** The step of the undo manager; null when the text did not change. */
  readonly item: unknown;
  /** Units and cells before and after, by key. */
  readonly before: ReadonlyMap<string, Node>;
  readonly after: ReadonlyMap<string, Node>;
}

export class Acceptor {
  readonly base: Base;
  readonly origin = new Acceptance();
  private readonly resolutions: Y.Map<Entry>;
  private readonly undoManager: Y.UndoManager;
  private readonly done: Done[] = [];

  constructor(readonly doc: Y.Doc) {
    this.base = new Base(doc);
    this.resolutions = doc.getMap<Entry>("resolutions");
    this.undoManager = new ExactUndo(this.base.root, {
      trackedOrigins: new Set<unknown>([this.origin]),
      captureTimeout: 0,
      deleteFilter: mayUndo,
    });
  }

  destroy(): void {
    this.undoManager.destroy();
    this.base.destroy();
  }

  /** What accepting these together would do now, by id; changes nothing. The preview of "accept all". */
  judge(proposals: readonly Proposal[]): ReadonlyMap<string, Outcome> {
    return new Map(judgeAll(this.base, proposals).map(({ proposal, outcome }) => [proposal.id, outcome]));
  }

  /**
   * Accepts claimed records in one transaction. Returns the outcome of each, by id; only what was applied gets an entry, and what is
   * accepted already is left out.
   */
  accept(claimed: readonly Claimed[], { insist = false }: AcceptOptions = {}): ReadonlyMap<string, Outcome> {
    const open = claimed.filter(({ proposal }) => this.resolutions.get(proposal.id)?.a !== "accept");
    const judged = judgeAll(
      this.base,
      open.map(({ proposal }) => proposal),
    );
    const wanted = judged.flatMap(({ placed, outcome }) => (placed !== null && (outcome === "clean" || insist) ? [placed] : []));
    const outcomes = new Map(judged.map(({ proposal, outcome }) => [proposal.id, outcome]));
    const ids = new Set(wanted.map(({ proposal }) => proposal.id));
    if (ids.size === 0) return outcomes;
    const size = this.undoManager.undoStack.length;
    const applied: Claimed[] = [];
    const before = this.texts();
    this.doc.transact(() => {
      const left = applyAll(this.base, wanted);
      for (const one of open) {
        const { id } = one.proposal;
        if (left.has(id)) outcomes.set(id, "flagged");
        if (!ids.has(id) || left.has(id)) continue;
        this.resolutions.set(id, { v: one.version, a: "accept" });
        applied.push(one);
      }
    }, this.origin);
    if (applied.length > 0)
      this.done.push({ claimed: applied, item: this.undoManager.undoStack[size] ?? null, before, after: this.texts() });
    return outcomes;
  }

  canUndo(): boolean {
    return this.done.length > 0;
  }

  /** Takes the last acceptance back; what drafters did since stays. Returns the records that are open again. */
  undo(): readonly Claimed[] {
    const last = this.done.pop();
    if (last === undefined) return [];
    const now = this.texts();
    this.doc.transact((transaction) => {
      if (last.item !== null && this.undoManager.undoStack.includes(last.item as never)) this.undoManager.undo();
      this.repair(last, now);
      straightenNeighbours(transaction);
      for (const { proposal, version } of last.claimed) this.resolutions.set(proposal.id, { v: version, a: "reopen" });
    }, new Reopening());
    return last.claimed;
  }

  /** Whether an acceptance that was made elsewhere, or before a reload, could be taken back now. */
  canRestore(proposal: Proposal): boolean {
    return inverseOf(this.base, proposal) !== null;
  }

  /** Takes back an acceptance that was made elsewhere, by what its record says. False when the text is not as it was: nothing changed. */
  restore({ proposal, version }: Claimed): boolean {
    const takeBack = inverseOf(this.base, proposal);
    if (takeBack === null) return false;
    this.doc.transact(() => {
      takeBack();
      this.resolutions.set(proposal.id, { v: version, a: "reopen" });
    }, new Reopening());
    return true;
  }

  private texts(): Map<string, Node> {
    return new Map([...this.base.textKeys()].flatMap((key) => [[key, this.base.node(key) as Node] as const]));
  }

  /**
   * A text that nobody changed since the acceptance gets exactly the words it had. Yjs alone can delete more: when it undoes an insertion
   * whose words an earlier undo brought back, and the words beside them, as one item, it deletes the item as a whole.
   */
  private repair({ before, after }: Done, now: ReadonlyMap<string, Node>): void {
    this.base.forget(null);
    for (const [key, old] of before) {
      const [element, changed, is] = [this.base.find(key), after.get(key), now.get(key)];
      if (element === null || (changed === undefined ? is !== undefined : is === undefined || !is.content.eq(changed.content))) continue;
      const { edit, formats } = diffInline((this.base.node(key) as Node).content, old.content);
      if (edit !== null && edit.removed > 0) deleteRange(element, edit.from, edit.removed);
      if (edit !== null && edit.inserted.length > 0) insertRuns(element, edit.from, edit.inserted);
      for (const { from, length, attributes } of formats) formatRange(element, from, length, attributes);
    }
    this.base.forget(null);
  }
}
