/** What records say, in the words of the interface. */

import i18next from "i18next";
import { KINDS } from "../../editor/schema.ts";
import { currentLocale } from "../../i18n/i18n.ts";
import type { Proposal } from "../core/record.ts";
import { proposalOf, type Suggestion } from "../model.ts";
import type { Look } from "./decorations.ts";
import { type Change, describe, type Said } from "./describe.ts";
import { visible } from "./visible.ts";

/** Who and where, in the reader's language. */
export interface Names {
  body(code: string): string;
  hue(code: string): number;
  person(id: string, body: string): string;
  /** What the person does in the act, empty when nobody knows. */
  role(id: string): string;
  /** "Стаття 2.", or the first words of a block without a number; empty for one that is gone. */
  place(bid: string): string;
}

/** Longer words of a sentence are cut. */
const LONGEST = 80;

export function kindName(kind: string): string {
  return KINDS[kind]?.[currentLocale()] ?? kind;
}

/** "Замінити: «будинком» → «будівлею»", as it is read aloud. */
export function sentence(record: Suggestion, names: Names): string {
  const said = describe(proposalOf(record));
  return `${i18next.t(`cards.what.${said.what}`)}: ${summary(said, names)}`;
}

function summary(said: Said, names: Names): string {
  const { before, after, changes, behind } = said;
  const words = [before, after].filter((text) => text !== "").map((text) => `«${shorten(visible(text))}»`);
  const parts = [words.join(" → "), ...changes.map((change) => changeText(said, change))];
  if (behind !== null && said.what === "move") parts.push(behindText(behind, names));
  return parts.filter((part) => part !== "").join(", ");
}

export function behindText(bid: string, names: Names): string {
  return bid === "" ? i18next.t("cards.first") : i18next.t("cards.behind", { place: names.place(bid) });
}

export function shorten(text: string): string {
  const letters = [...text];
  return letters.length <= LONGEST ? text : `${letters.slice(0, LONGEST).join("")}…`;
}

/** "вид: пункт → підпункт", "жирний", "без: курсив". */
export function changeText({ what }: Said, { name, before, after }: Change): string {
  if (what !== "format") return `${attributeName(name)}: ${[before, after].flatMap((value) => valueName(name, value)).join(" → ")}`;
  return after === null ? i18next.t("cards.without", { mark: markName(name) }) : markName(name);
}

function attributeName(name: string): string {
  return name === "kind" || name === "level" || name === "label" ? i18next.t(`cards.attribute.${name}`) : name;
}

function valueName(name: string, value: string | null): string[] {
  if (value === null) return [];
  if (name === "kind") return [kindName(value)];
  if (name !== "label") return [value];
  return [value === "auto" ? i18next.t("cards.auto") : value === "" ? i18next.t("cards.unnumbered") : value];
}

const MARKS = ["strong", "em", "underline", "strike", "sup", "sub", "link", "ref", "footnote", "image", "break"] as const;

function markName(name: string): string {
  const known = MARKS.find((mark) => mark === name);
  return known === undefined ? name : i18next.t(`cards.mark.${known}`);
}

/** What stands on the sign before a unit whose record has no words of its own. */
function signText(proposal: Proposal, names: Names): string {
  const said = describe(proposal);
  if (said.what === "attributes") return said.changes.map((change) => changeText(said, change)).join(", ");
  if (said.what === "move") return `↕ ${behindText(said.behind ?? "", names)}`;
  return `− ${i18next.t(`cards.what.${said.what}`)}`;
}

/** How the marks of a record look and what they say to the pointer. */
export function lookOf(record: Suggestion, names: Names): Look {
  const body = names.body(record.body);
  const owner = {
    id: record.id,
    hue: names.hue(record.body),
    says: `${i18next.t("cards.proposes", { body })}. ${sentence(record, names)}`,
  };
  return { owner, nameOf: kindName, sign: (proposal) => signText(proposal, names) };
}
