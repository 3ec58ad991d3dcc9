/**
 * Numbers and hierarchy: a pure function of the flat list of units, the same as `server/text/numbering.py` (D1, I11, P6).
 *
 * Rules T1-T19 of `docs/spec/text.md`; the shared cases are `schema/vectors/numbering.json`. Nothing of this is stored.
 */

import act from "../../../schema/act.json";
import { following, type Numeral, readNumeral, writeNumber } from "./numerals.ts";

export const AUTO = "auto";
const LEAF_RANK = 12;

/** A block as numbering sees it; a table has the kind "". */
export interface Block {
  readonly bid: string;
  readonly kind: string;
  readonly level: number;
  readonly label: string;
  readonly quoted: string;
  readonly scope: string;
}

interface LevelFormat {
  readonly style: string;
  readonly text: string;
}

interface KindRule {
  readonly restart: readonly string[];
  readonly levels: readonly LevelFormat[];
  readonly inside?: Readonly<Record<string, readonly LevelFormat[]>>;
  readonly single?: string;
}

/** A numbering scheme as `schema/numbering/*.json` holds it. */
export interface Scheme {
  readonly id: string;
  readonly openers: readonly string[];
  readonly kinds: Readonly<Record<string, KindRule>>;
}

/** The derived facts, by block id; a root has the parent "". `containers` names what a unit's number counts in. */
export interface Numbering {
  readonly labels: ReadonlyMap<string, string>;
  readonly parents: ReadonlyMap<string, string>;
  readonly containers: ReadonlyMap<string, string>;
}

interface Open {
  readonly bid: string;
  readonly kind: string;
  readonly rank: number;
  readonly level: number;
  number: string;
}

interface Context {
  readonly root: string;
  readonly stack: Open[];
  opener: Open | null;
}

interface Series {
  readonly kind: string;
  value: number;
  shape: Numeral | null;
  size: number;
  firstAuto: string | null;
}

const RANKS: Readonly<Record<string, { rank: number }>> = act.kinds;

/** Labels, parents and containers in one pass. */
export function number(blocks: Iterable<Block>, scheme: Scheme): Numbering {
  const pass = new Pass(scheme);
  for (const block of blocks) pass.place(block);
  pass.nameSingleUnits();
  return pass;
}

class Pass implements Numbering {
  readonly labels = new Map<string, string>();
  readonly parents = new Map<string, string>();
  readonly containers = new Map<string, string>();
  private readonly seen = new Set<string>();
  private readonly contexts = new Map<string, Context>();
  private readonly series = new Map<string, Series>();
  private last = { bid: "", quoted: "" };

  constructor(private readonly scheme: Scheme) {}

  place(block: Block): void {
    const level = block.kind === "" ? 1 : Math.max(block.level, 1);
    const entry: Open = { bid: block.bid, kind: block.kind, rank: RANKS[block.kind]?.rank ?? LEAF_RANK, level, number: "" };
    const context = this.contextOf(block);
    close(context, entry);
    this.parents.set(block.bid, this.parentOf(context, entry));
    if (block.kind !== "") this.labels.set(block.bid, this.labelOf(block, context, entry));
    this.open(context, entry);
    this.seen.add(block.bid);
    this.last = { bid: block.bid, quoted: block.quoted };
  }

  nameSingleUnits(): void {
    for (const { kind, size, firstAuto } of this.series.values()) {
      const single = this.scheme.kinds[kind]?.single ?? "";
      if (single !== "" && size === 1 && firstAuto !== null) this.labels.set(firstAuto, single);
    }
  }

  private contextOf(block: Block): Context {
    const key = `${block.quoted}\u0000${block.scope}`;
    let context = this.contexts.get(key);
    if (context === undefined) {
      let root = this.seen.has(block.scope) ? block.scope : "";
      if (block.quoted !== "" && this.last.quoted !== block.quoted) root = this.last.bid;
      context = { root, stack: [], opener: null };
      this.contexts.set(key, context);
    }
    return context;
  }

  private parentOf(context: Context, entry: Open): string {
    const above = context.stack.at(-1);
    if (above !== undefined) return above.bid;
    if (context.opener !== null && !this.scheme.openers.includes(entry.kind)) return context.opener.bid;
    return context.root;
  }

  private open(context: Context, entry: Open): void {
    if (this.scheme.openers.includes(entry.kind)) context.opener = entry;
    else if (entry.rank > 0 && entry.kind !== "") context.stack.push(entry);
  }

  private labelOf(block: Block, context: Context, entry: Open): string {
    const rule = this.scheme.kinds[block.kind];
    if (rule === undefined) return block.label === AUTO ? "" : block.label;
    const container = containerOf(context, entry, rule)?.bid ?? "";
    this.containers.set(block.bid, container);
    const series = this.seriesOf([block.quoted, block.scope, container, block.kind, entry.level].join("\u0000"), block.kind);
    if (block.label === AUTO) return next(block, context, entry, rule, series);
    if (block.label !== "") {
      const numeral = readNumeral(block.label);
      if (numeral !== null) {
        series.value = numeral.value;
        series.shape = numeral;
        entry.number = numeral.core;
      }
      series.size++;
    }
    return block.label;
  }

  private seriesOf(key: string, kind: string): Series {
    let series = this.series.get(key);
    if (series === undefined) {
      series = { kind, value: 0, shape: null, size: 0, firstAuto: null };
      this.series.set(key, series);
    }
    return series;
  }
}

function close(context: Context, entry: Open): void {
  for (let last = context.stack.at(-1); last !== undefined; last = context.stack.at(-1)) {
    if (last.rank < entry.rank || (last.rank === entry.rank && last.level < entry.level)) return;
    context.stack.pop();
  }
}

function containerOf(context: Context, entry: Open, rule: KindRule): Open | null {
  const found = context.stack.findLast((ancestor) => rule.restart.includes(ancestor.kind) || ancestor.kind === entry.kind);
  if (found !== undefined) return found;
  return context.opener !== null && rule.restart.includes(context.opener.kind) ? context.opener : null;
}

function next(block: Block, context: Context, entry: Open, rule: KindRule, series: Series): string {
  const form = formatOf(context, entry, rule);
  if (form.style === "none") return form.text;
  series.value++;
  series.size++;
  series.firstAuto ??= block.bid;
  if (series.shape !== null) {
    entry.number = series.shape.leading + writeNumber(series.value, series.shape.style);
    return following(series.shape, series.value);
  }
  const own = writeNumber(series.value, form.style);
  const above = context.stack.findLast((ancestor) => ancestor.kind === entry.kind)?.number ?? "";
  const path = above !== "" && form.text.includes("{path}") ? `${above}.` : "";
  entry.number = path + own;
  return form.text.replaceAll("{path}", path).replaceAll("{n}", own);
}

function formatOf(context: Context, entry: Open, rule: KindRule): LevelFormat {
  const around = context.stack.findLast((ancestor) => rule.inside?.[ancestor.kind] !== undefined);
  const levels = (around === undefined ? undefined : rule.inside?.[around.kind]) ?? rule.levels;
  return levels[Math.min(entry.level, levels.length) - 1] ?? { style: "none", text: "" };
}
