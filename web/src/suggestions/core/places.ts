/** Records and where they stand, kept up with the text: after an edit only those of the blocks it touched are found anew. */

import type { Base } from "./base.ts";
import { type Placed, place } from "./place.ts";
import type { Proposal } from "./record.ts";
import { Layout } from "./view.ts";

export class Places {
  private readonly records = new Map<string, Proposal>();
  private readonly placed = new Map<string, Placed>();
  private cached: Layout | null = null;
  private changed = new Set<string>();
  private structure: number;

  constructor(
    readonly base: Base,
    records: Iterable<Proposal> = [],
  ) {
    this.structure = base.structure;
    for (const record of records) this.set(record);
  }

  /** Adds a record or replaces the one with its id; a place found already may be given. */
  set(record: Proposal, known: Placed | null = null): void {
    this.records.set(record.id, record);
    this.locate(record, known);
  }

  delete(id: string): void {
    this.note(this.placed.get(id));
    this.records.delete(id);
    this.placed.delete(id);
    this.cached = null;
  }

  get(id: string): Placed | null {
    return this.placed.get(id) ?? null;
  }

  find(id: string): Proposal | null {
    return this.records.get(id) ?? null;
  }

  all(): readonly Proposal[] {
    return [...this.records.values()];
  }

  /** Records whose words are gone; to be listed with their quotes. */
  orphans(): readonly Proposal[] {
    return this.all().filter(({ id }) => !this.placed.has(id));
  }

  layout(): Layout {
    this.cached ??= new Layout(this.placed.values());
    return this.cached;
  }

  /** Follows the text. Orphans are looked for again when blocks came or went. */
  update(): void {
    const touched = this.base.takeTouched();
    for (const key of touched) this.changed.add(key);
    if (this.structure !== this.base.structure) {
      this.structure = this.base.structure;
      for (const record of this.records.values()) this.locate(record);
      return;
    }
    const layout = this.layout();
    for (const key of touched) for (const { proposal } of layout.of(key)) this.locate(proposal);
  }

  /** Keys of what changed, of the text and of the records, since the last call. */
  takeChanged(): ReadonlySet<string> {
    const { changed } = this;
    this.changed = new Set();
    return changed;
  }

  private note(placed: Placed | null | undefined): void {
    if (placed) this.changed.add(placed.key);
  }

  private locate(record: Proposal, known: Placed | null = null): void {
    const found = known ?? place(this.base, record);
    this.note(this.placed.get(record.id));
    this.note(found);
    if (found === null) this.placed.delete(record.id);
    else this.placed.set(record.id, found);
    this.cached = null;
  }
}
