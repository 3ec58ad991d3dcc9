/** Marks of proposals in the text that are no text: words to come, new blocks, rows and columns, and signs that say what is to happen. */

import type { Block, Piece } from "../core/record.ts";
import { visible } from "./visible.ts";

/** Whose it is: the record's id, the hue of the body (0 to 11) and what a screen reader says first. */
export interface Owner {
  readonly id: string;
  readonly hue: number;
  /** "Мінфін пропонує додати" */
  readonly says: string;
}

/** Longer words are cut in the text; the card has all of them. */
const LONGEST = 1_500;

const TAGS: Readonly<Record<string, string>> = { strong: "strong", em: "em", underline: "u", strike: "s", sup: "sup", sub: "sub" };

/** Words to come, within a text. */
export function drawWords(owner: Owner, pieces: readonly Piece[]): HTMLElement {
  const words = make("ins", "sug-ins", owner);
  appendPieces(words, pieces, LONGEST);
  return words;
}

/** A sign at a place: "¶" where a unit is to be split, "Пункт → Підпункт" before its text. */
export function drawSign(owner: Owner, text: string): HTMLElement {
  const sign = make("span", "sug-sign", owner);
  sign.textContent = text;
  return sign;
}

/** New units or tables, between blocks; `nameOf` a unit's kind in words. */
export function drawBlocks(owner: Owner, blocks: readonly Block[], nameOf: (kind: string) => string): HTMLElement {
  const place = make("div", "sug-blocks", owner);
  for (const block of blocks) place.append(block.name === "table" ? tableOf(block) : unitOf(block, nameOf));
  return place;
}

/** Where a moved unit is to stand. */
export function drawTarget(owner: Owner, text: string): HTMLElement {
  const place = make("div", "sug-blocks sug-target", owner);
  place.textContent = text;
  return place;
}

export function drawRow(owner: Owner, cells: readonly (readonly Piece[])[]): HTMLElement {
  const row = make("tr", "sug-row", owner);
  for (const cell of cells) row.append(cellOf(cell));
  return row;
}

export function drawCell(owner: Owner, pieces: readonly Piece[]): HTMLElement {
  const cell = make("td", "sug-cell", owner);
  appendPieces(cell, pieces, LONGEST);
  return cell;
}

function make(tag: string, className: string, { id, hue, says }: Owner): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.contentEditable = "false";
  element.dataset.sug = id;
  element.dataset.hue = String(hue);
  element.title = says;
  return element;
}

function unitOf({ attributes, runs = [] }: Block, nameOf: (kind: string) => string): HTMLElement {
  const unit = document.createElement("div");
  const kind = unit.appendChild(document.createElement("span"));
  kind.className = "sug-kind";
  kind.textContent = nameOf(String(attributes.kind ?? ""));
  appendPieces(unit.appendChild(document.createElement("ins")), runs, LONGEST);
  return unit;
}

function tableOf({ children = [] }: Block): HTMLElement {
  const table = document.createElement("table");
  for (const row of children) {
    const line = table.appendChild(document.createElement("tr"));
    for (const cell of row.children ?? []) line.append(cellOf(cell.runs ?? []));
  }
  return table;
}

function cellOf(pieces: readonly Piece[]): HTMLElement {
  const cell = document.createElement("td");
  appendPieces(cell.appendChild(document.createElement("ins")), pieces, LONGEST);
  return cell;
}

function appendPieces(place: HTMLElement, pieces: readonly Piece[], longest: number): void {
  let left = longest;
  for (const { t, m } of pieces) {
    if (left <= 0) break;
    const text = t.length > left ? `${[...t].slice(0, left).join("")}…` : t;
    left -= t.length;
    let inner: HTMLElement = place;
    for (const name of Object.keys(m)) {
      const tag = TAGS[name];
      if (tag !== undefined) inner = inner.appendChild(document.createElement(tag));
    }
    if ("break" in m) inner.appendChild(document.createElement("br"));
    else inner.append(visible(text));
  }
}
