/** Typing "1." or "а)" at the head of a paragraph makes it a point or subpoint, as people write acts. */

import { InputRule, inputRules } from "prosemirror-inputrules";
import type { Plugin } from "prosemirror-state";
import { AUTO } from "./numbering.ts";
import { schema } from "./schema.ts";

/** What a label at the head of a line says the unit is. */
export interface Recognised {
  readonly kind: string;
  readonly level: number;
  readonly label: string;
  /** How many characters of the line the label takes, with the space behind it. */
  readonly length: number;
}

const SHAPES: readonly { readonly pattern: RegExp; readonly kind: string; readonly level: number }[] = [
  { pattern: /^((?:Стаття|СТАТТЯ)\s+\d+[\d\s\-‑⁰¹²³⁴⁵⁶⁷⁸⁹]*\.?)(?:\s+|$)/u, kind: "article", level: 1 },
  { pattern: /^((?:Розділ|РОЗДІЛ)\s+[IVXLCІХ\d]+\.?)(?:\s+|$)/u, kind: "section", level: 1 },
  { pattern: /^((?:Глава|ГЛАВА)\s+[IVXLCІХ\d]+\.?)(?:\s+|$)/u, kind: "chapter", level: 1 },
  { pattern: /^((?:Додаток|ДОДАТОК)(?:\s+\d+)?)(?:\s+|$)/u, kind: "annex", level: 1 },
  { pattern: /^(\d+(?:\.\d+)+[⁰¹²³⁴⁵⁶⁷⁸⁹]*\.?)\s+/u, kind: "point", level: 2 },
  { pattern: /^(\d+(?:-\d+)?[⁰¹²³⁴⁵⁶⁷⁸⁹]*\.)\s+/u, kind: "point", level: 1 },
  { pattern: /^(\d+(?:-\d+)?[⁰¹²³⁴⁵⁶⁷⁸⁹]*\))\s+/u, kind: "subpoint", level: 1 },
  { pattern: /^([а-яґєії]\))\s+/u, kind: "subpoint", level: 2 },
  { pattern: /^([–—-])\s+/u, kind: "item", level: 1 },
];

/** The label at the head of a line of a pasted plain text, kept as it was written; null for an ordinary line. */
export function recogniseLabel(line: string): Recognised | null {
  for (const { pattern, kind, level } of SHAPES) {
    const found = pattern.exec(line);
    if (found?.[1] !== undefined) return { kind, level, label: found[1].trim(), length: found[0].length };
  }
  return null;
}

const RULES: readonly { readonly pattern: RegExp; readonly kind: string; readonly level: number }[] = [
  { pattern: /^\d+\.\s$/, kind: "point", level: 1 },
  { pattern: /^\d+\)\s$/, kind: "subpoint", level: 1 },
  { pattern: /^[а-яґєії]\)\s$/u, kind: "subpoint", level: 2 },
  { pattern: /^[-–]\s$/, kind: "item", level: 1 },
];

export function typing(): Plugin {
  return inputRules({ rules: RULES.map(({ pattern, kind, level }) => rule(pattern, kind, level)) });
}

/** Kinds that a line begun with Enter may have before one says by a number what it is. */
const NUMBERED: ReadonlySet<string> = new Set(["article", "part", "point", "subpoint", "item"]);

/** The unit is numbered by its place, whatever number was typed; only a plain paragraph changes, or a new line that has nothing but this number. */
function rule(pattern: RegExp, kind: string, level: number): InputRule {
  return new InputRule(pattern, (state, _match, start, end) => {
    const $start = state.doc.resolve(start);
    const { type, attrs, content } = $start.parent;
    const isPlain = attrs.kind === "paragraph" && attrs.label === "";
    const isNew = NUMBERED.has(attrs.kind) && attrs.label === AUTO && content.size === end - start;
    if (type !== schema.nodes.unit || !(isPlain || isNew)) return null;
    const position = $start.before();
    return state.tr
      .delete(start, end)
      .setNodeAttribute(position, "kind", kind)
      .setNodeAttribute(position, "level", level)
      .setNodeAttribute(position, "label", AUTO);
  });
}
