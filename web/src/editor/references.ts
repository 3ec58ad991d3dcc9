/** The words of a live reference as its target is numbered now; the same rules as `server/text/references.py` (T30-T38), the same vectors. */

import words from "../../../schema/numbering/references.json";
import type { Block, Numbering } from "./numbering.ts";
import { ordinal, readNumeral } from "./numerals.ts";

/** A block with its text; citations count абзаци by it. */
export interface CitedBlock extends Block {
  readonly text: string;
}

type Noun = Readonly<Record<string, string>>;
const NOUNS: Readonly<Record<string, Noun>> = words.nouns;
const LETTER_STYLES = ["letter", "latin", "upper_letter", "upper_latin"];
const HOLDERS = ["article", "part", "point", "subpoint", "note"];

/** How every block of one document is cited. Built once per numbering, O(n); asking is O(depth). */
export class Citations {
  private readonly blocks = new Map<string, CitedBlock>();
  private readonly places = new Map<string, number>();

  constructor(
    blocks: Iterable<CitedBlock>,
    private readonly numbering: Numbering,
  ) {
    for (const block of blocks) this.blocks.set(block.bid, block);
    const counts = new Map<string, number>();
    for (const block of this.blocks.values()) {
      if (!this.isCounted(block)) continue;
      const owner = this.ownerOf(block.bid);
      const count = (counts.get(owner) ?? this.opening(owner)) + 1;
      counts.set(owner, count);
      this.places.set(block.bid, count);
    }
  }

  /** The words for `target` seen from the unit `source`; a target that is gone is shown as lost (T37). */
  cite(target: string, form = "", source = "", language: "uk" | "en" = "uk"): string {
    const wanted = form.split(/\s+/);
    const grammaticalCase = wanted.find((word) => words.cases.includes(word)) ?? "nominative";
    const block = this.blocks.get(target);
    if (block === undefined) return words.dangling[language];
    if (block.kind === "") return NOUNS.table?.[grammaticalCase] ?? "";
    if (wanted.includes("number")) return this.numberOf(target, grammaticalCase);
    const steps = wanted.includes("own") ? [target] : this.chain(target, source);
    return steps.map((step) => this.name(step, step === target ? grammaticalCase : "genitive")).join(" ");
  }

  private isCounted(block: CitedBlock): boolean {
    return words.counted.includes(block.kind) && readNumeral(this.numbering.labels.get(block.bid) ?? "") === null;
  }

  private ownerOf(bid: string): string {
    let owner = this.numbering.parents.get(bid) ?? "";
    for (let block = this.blocks.get(owner); block !== undefined && this.isCounted(block); block = this.blocks.get(owner)) {
      owner = this.numbering.parents.get(owner) ?? "";
    }
    return owner;
  }

  private opening(owner: string): number {
    const block = this.blocks.get(owner);
    if (block === undefined || !HOLDERS.includes(block.kind)) return 0;
    const text = block.text.trimEnd();
    if (block.kind !== "article") return text === "" ? 0 : 1;
    return text !== "" && words.first_when_it_ends_with.includes(text.at(-1) ?? "") ? 1 : 0;
  }

  private chain(target: string, source: string): string[] {
    const steps: string[] = [];
    for (let step = target; step !== "" && steps.length < 64; ) {
      steps.push(step);
      let above = this.places.has(step) ? this.ownerOf(step) : (this.numbering.containers.get(step) ?? "");
      if (above === "" && this.leaves(step, source)) above = this.blocks.get(step)?.scope ?? "";
      const block = this.blocks.get(above);
      step = block !== undefined && block.kind !== "" && !words.not_cited.includes(block.kind) ? above : "";
    }
    return steps;
  }

  private leaves(step: string, source: string): boolean {
    const here = this.blocks.get(source);
    return source !== "" && here !== undefined && here.scope !== this.blocks.get(step)?.scope;
  }

  private name(bid: string, grammaticalCase: string): string {
    const noun = NOUNS[this.nounOf(bid)]?.[grammaticalCase] ?? "";
    const own = this.numberOf(bid, grammaticalCase);
    return own === "" ? noun : `${noun} ${own}`;
  }

  private nounOf(bid: string): string {
    const kind = this.blocks.get(bid)?.kind ?? "";
    const counted = kind === "paragraph" && this.places.has(bid);
    return counted && this.blocks.get(this.ownerOf(bid))?.kind === "article" ? words.counted_below_article : kind;
  }

  private numberOf(bid: string, grammaticalCase: string): string {
    const gender = NOUNS[this.nounOf(bid)]?.gender ?? "masculine";
    const place = this.places.get(bid);
    if (place !== undefined) return ordinal(place, gender, grammaticalCase);
    const numeral = readNumeral(this.numbering.labels.get(bid) ?? "");
    if (numeral === null) return "";
    if (/(feminine|masculine)$/.test(numeral.style)) return ordinal(numeral.value, gender, grammaticalCase);
    const kind = this.blocks.get(bid)?.kind ?? "";
    if (words.ordinal.includes(kind) && numeral.core === String(numeral.value)) return ordinal(numeral.value, gender, grammaticalCase);
    return LETTER_STYLES.includes(numeral.style) ? `${words.quotes[0]}${numeral.core}${words.quotes[1]}` : numeral.core;
  }
}
