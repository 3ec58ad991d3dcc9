/** A comparison as the pages have it, and what is made of it without drawing. Its rules: docs/spec/compare.md. */

export const KINDS = [
  "replaced",
  "inserted",
  "deleted",
  "moved",
  "moved_edited",
  "renumbered",
  "reference",
  "orthographic",
  "typographic",
  "note",
] as const;
export type ChangeKind = (typeof KINDS)[number];
export type RowKind = ChangeKind | "same";

/** "=" on both sides, "-" only on the left, "+" only on the right; without "+" they join to the left text, without "-" to the right. */
export type Word = readonly ["=" | "-" | "+", string];

export interface End {
  readonly bid: string;
  readonly label: string;
  readonly unit: string;
}

export interface Row {
  /** Stays the same as long as the two sides do: a link to one change. */
  readonly id: string;
  /** Counts the changes from 1; null where nothing changed. */
  readonly number: number | null;
  readonly kind: RowKind;
  readonly unit: string;
  /** How people call where it stands: "Стаття 1066, частина 4"; empty where nothing has a number. */
  readonly place: string;
  readonly left: End | null;
  readonly right: End | null;
  readonly words: readonly Word[];
  readonly group: number | null;
}

export interface Side {
  readonly title: string;
  readonly name: string;
  readonly units: number;
}

export interface Comparison {
  readonly left: Side;
  readonly right: Side;
  readonly summary: Partial<Record<RowKind, number>>;
  readonly changes: number;
  readonly rows: readonly Row[];
}

export interface PaperRow {
  readonly number: number;
  readonly id: string;
  /** The provision it stands in, with its title. */
  readonly heading: string;
  /** The heading to write above the row; empty where the rows before say it. */
  readonly under: string;
  readonly kind: ChangeKind;
  readonly old: { readonly label: string; readonly words: readonly Word[] };
  readonly new: { readonly label: string; readonly words: readonly Word[] };
}

/** Kinds that say nothing about the law; a reader may hide them. */
export const QUIET: readonly ChangeKind[] = ["typographic", "note"];

/** Kinds that are no amendments: the comparative table never has them. */
export const NO_AMENDMENT: ReadonlySet<ChangeKind> = new Set(QUIET);

/** Unchanged rows shown on each side of a change. */
const CONTEXT = 1;
/** Fewer unchanged rows than this are shown rather than folded. */
const FEWEST_FOLDED = 3;

export type Piece =
  | { readonly type: "row"; readonly row: Row }
  | { readonly type: "fold"; readonly id: string; readonly rows: readonly Row[] };

/** A change that is hidden reads like unchanged text of the right side. */
export function isShown(row: Row, hidden: ReadonlySet<ChangeKind>): boolean {
  return row.kind !== "same" && !hidden.has(row.kind);
}

export function changesOf(rows: readonly Row[], hidden: ReadonlySet<ChangeKind>): Row[] {
  return rows.filter((row) => isShown(row, hidden));
}

/** The rows with long unchanged runs put together; what a reader has unfolded stands by its id. */
export function folded(rows: readonly Row[], hidden: ReadonlySet<ChangeKind>, unfolded: ReadonlySet<string>): Piece[] {
  const near = nearChanges(rows, hidden);
  const pieces: Piece[] = [];
  let run: Row[] = [];
  const end = () => {
    const first = run[0];
    if (first && run.length >= FEWEST_FOLDED && !unfolded.has(first.id)) pieces.push({ type: "fold", id: first.id, rows: run });
    else pieces.push(...run.map((row): Piece => ({ type: "row", row })));
    run = [];
  };
  rows.forEach((row, index) => {
    if (near[index]) {
      end();
      pieces.push({ type: "row", row });
    } else {
      run.push(row);
    }
  });
  end();
  return pieces;
}

/** For each row whether it is a change or stands beside one. */
function nearChanges(rows: readonly Row[], hidden: ReadonlySet<ChangeKind>): boolean[] {
  const near = rows.map(() => false);
  rows.forEach((row, index) => {
    if (!isShown(row, hidden)) return;
    for (let at = Math.max(0, index - CONTEXT); at <= Math.min(rows.length - 1, index + CONTEXT); at++) near[at] = true;
  });
  return near;
}

/** The words of one side; `marked` says which of them the other side does not have. */
export function wordsOf(row: { readonly words: readonly Word[] }, side: "left" | "right"): readonly Word[] {
  const other = side === "left" ? "+" : "-";
  return row.words.filter(([sign]) => sign !== other);
}

export function textOf(words: readonly Word[]): string {
  return words.map(([, text]) => text).join("");
}

/** A moved row's other place in words: where it stood, or stands now. */
export function labelOf(end: End | null): string {
  return end?.label ?? "";
}

/** The change before or after `current` among those shown; the first or last one where there is no current. */
export function neighbour(changes: readonly Row[], current: string | null, step: 1 | -1): Row | undefined {
  const at = changes.findIndex((row) => row.id === current);
  if (at < 0) return step > 0 ? changes[0] : changes.at(-1);
  return changes[at + step];
}

/** Where on the whole text the changes stand, 0 to 1, neighbours within `least` of each other put together. */
export function marksOf(
  rows: readonly Row[],
  hidden: ReadonlySet<ChangeKind>,
  least: number,
): { id: string; kind: ChangeKind; at: number }[] {
  const marks: { id: string; kind: ChangeKind; at: number }[] = [];
  const sizes = rows.map((row) => 40 + textOf(row.words).length);
  const whole = sizes.reduce((sum, size) => sum + size, 0) || 1;
  let before = 0;
  rows.forEach((row, index) => {
    const at = before / whole;
    before += sizes[index] ?? 0;
    const last = marks.at(-1);
    if (!isShown(row, hidden) || row.kind === "same" || (last && at - last.at < least)) return;
    marks.push({ id: row.id, kind: row.kind, at });
  });
  return marks;
}

/** The rows to show, with the headings of those that are not. */
export function shownRows(rows: readonly PaperRow[], isShown: (id: string) => boolean): PaperRow[] {
  const shown: PaperRow[] = [];
  let waiting = "";
  for (const row of rows) {
    if (row.under) waiting = row.under;
    if (!isShown(row.id)) continue;
    shown.push({ ...row, under: waiting === row.heading ? waiting : "" });
    waiting = "";
  }
  return shown;
}
