import { describe, expect, it } from "vitest";
import cabinet from "../../../schema/numbering/cabinet.json";
import law from "../../../schema/numbering/law.json";
import numberings from "../../../schema/vectors/numbering.json";
import references from "../../../schema/vectors/references.json";
import { type Block, number, type Scheme } from "./numbering.ts";
import { Citations, type CitedBlock } from "./references.ts";

const SCHEMES: Readonly<Record<string, Scheme>> = { cabinet, law };

function blocks(units: readonly Partial<CitedBlock>[]): CitedBlock[] {
  return units.map((unit) => ({ bid: "", kind: "", level: 1, label: "", quoted: "", scope: "", text: "", ...unit }));
}

describe("numbering", () => {
  it.each(numberings.cases)("$name", (vector) => {
    const found = number(blocks(vector.units) as Block[], SCHEMES[vector.scheme] as Scheme);
    expect(Object.fromEntries(found.labels)).toEqual(vector.labels);
    expect(Object.fromEntries(found.parents)).toEqual(vector.parents);
    expect(Object.fromEntries(found.containers)).toEqual(vector.containers);
  });
});

describe("references", () => {
  it.each(references.cases)("$name", (vector) => {
    const all = blocks(vector.units);
    const citations = new Citations(all, number(all, SCHEMES[vector.scheme] as Scheme));
    for (const { target, form, source, text } of vector.references) expect(citations.cite(target, form, source)).toBe(text);
  });
});
