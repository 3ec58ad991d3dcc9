/** What a person does with proposals, and what they are told about it. */

import i18next from "i18next";
import { showToast } from "../../ui/Toasts.tsx";
import type { Suggestion } from "../model.ts";
import type { Desk } from "./desk.ts";
import type { Entry } from "./entries.ts";
import type { Result, Told } from "./told.ts";
import { type Names, sentence } from "./words.ts";

export async function accept(desk: Desk, entry: Entry, insist = false): Promise<void> {
  const next = neighbour(desk, entry);
  const told = await desk.accept([entry], insist);
  const results = [...told.results.values()];
  if (results.includes("flagged") && !insist) {
    desk.ask({ what: "insist", entry });
    return;
  }
  tellAccepted(told);
  if (results.every((result) => result === "accepted")) moveOn(desk, next);
}

/** Says once what became of several acceptances. */
export function tellAccepted({ results, sentence: reason }: Told): void {
  const of = (wanted: Result) => [...results.values()].filter((result) => result === wanted).length;
  const accepted = of("accepted");
  if (accepted > 0) showToast(i18next.t("cards.told.accepted", { count: accepted }));
  for (const result of ["flagged", "orphan", "changed", "decided", "taken"] as const) {
    if (of(result) > 0) showToast(i18next.t(`cards.told.${result}`), "warn");
  }
  if (of("waiting") > 0) showToast(i18next.t("cards.told.waiting"), "info");
  if (of("refused") > 0) showToast(reason, "bad");
}

export async function undo(desk: Desk): Promise<void> {
  const { results, sentence: reason } = await desk.undo();
  const all = [...results.values()];
  if (all.length === 0) return;
  if (all.every((result) => result === "accepted")) showToast(i18next.t("cards.told.undone"));
  else if (all.includes("offline")) showToast(i18next.t("cards.told.undoOffline"), "info");
  else showToast(reason || i18next.t("cards.told.undoLost"), "warn");
}

export async function reject(desk: Desk, entry: Entry, reason: string): Promise<void> {
  const next = neighbour(desk, entry);
  const { results, sentence: said } = await desk.reject(entry, reason);
  const all = [...results.values()];
  const failed = all.find((result) => result !== "accepted" && result !== "waiting");
  if (failed !== undefined) {
    tellRefused(failed, said);
    return;
  }
  if (all.includes("waiting")) showToast(i18next.t("cards.told.rejectWaiting"), "info");
  else showToast(i18next.t("cards.told.rejected"));
  moveOn(desk, next);
}

export async function reopen(desk: Desk, record: Suggestion): Promise<void> {
  const { results, sentence: said } = await desk.reopen([record]);
  const [result] = [...results.values()];
  if (result === "accepted") showToast(i18next.t("cards.told.reopened"));
  else if (result === "offline") showToast(i18next.t("errors.offline"), "warn");
  else if (result !== undefined) tellRefused(result, said);
}

/** Takes an acceptance back that was made in another window. */
export async function restore(desk: Desk, record: Suggestion): Promise<void> {
  const { results, sentence: said } = await desk.deciding.restore(record);
  const [result] = [...results.values()];
  if (result === "accepted") showToast(i18next.t("cards.told.undone"));
  else if (result === "offline") showToast(i18next.t("cards.told.undoOffline"), "info");
  else if (result === "flagged") showToast(i18next.t("cards.restoreByHand"), "warn");
  else if (result !== undefined) tellRefused(result, said);
}

function tellRefused(result: Result, said: string): void {
  const known = result === "changed" || result === "decided" || result === "taken" ? i18next.t(`cards.told.${result}`) : said;
  showToast(known, "warn");
}

/** Goes to the next or previous one, shows its place and has it read aloud. */
export function step(desk: Desk, direction: 1 | -1, names: Names): void {
  const entry = desk.step(direction);
  if (entry === null) {
    desk.say(i18next.t("cards.told.none"));
    return;
  }
  reveal(desk, entry);
  announce(desk, entry, names);
  if (document.activeElement?.closest("[data-card]")) focusCard(entry.key);
}

function announce(desk: Desk, entry: Entry, names: Names): void {
  const { entries } = desk.get();
  const place = i18next.t("cards.position", { number: entries.findIndex(({ key }) => key === entry.key) + 1, count: entries.length });
  desk.say(`${place}. ${names.body(entry.first.body)}. ${sentence(entry.first, names)}`);
}

/** The page's header and its tools stand above this, nothing to read around the place is below. */
const ABOVE = 150;
const BELOW = 200;

/** Brings the place of an entry into view, in the middle of the window, unless it is in sight. */
export function reveal(desk: Desk, entry: Entry): void {
  const position = desk.positionOf(entry);
  if (position === null) return;
  const { node } = desk.editor.view.domAtPos(position);
  const place = node instanceof Element && node !== desk.editor.view.dom ? node : node.parentElement;
  const rect = place?.getBoundingClientRect();
  if (rect === undefined || (rect.top > ABOVE && rect.top < innerHeight - BELOW)) return;
  place?.scrollIntoView({ block: "center" });
}

export function focusCard(key: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${CSS.escape(key)}"]`)?.focus({ preventScroll: true }));
}

/** Who comes after an entry when it is decided. */
function neighbour(desk: Desk, entry: Entry): string | null {
  const { entries } = desk.get();
  const index = entries.findIndex(({ key }) => key === entry.key);
  return (entries[index + 1] ?? entries[index - 1])?.key ?? null;
}

/** Work goes on with the next one, for those who work with cards; a person in the text stays there. */
function moveOn(desk: Desk, next: string | null): void {
  const inCard = document.activeElement?.closest("[data-card]") !== null;
  desk.activate(next);
  if (next !== null && (inCard || document.activeElement === document.body)) focusCard(next);
}
