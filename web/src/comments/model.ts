/** Comments, their places and formal remarks as values: what store, panel and marks pass around. */

import { limits } from "../../../schema/suggestion.json";
import type { Answer } from "../api/client.ts";
import type { Id, IdRange } from "../suggestions/core/record.ts";

export type Thread = Answer<"begin_thread">;
export type Comment = Thread["comments"][number];
export type Remark = Answer<"answer_remark">;
export type Reaction = Comment["reactions"][number]["kind"];
export type Result = Remark["answers"][number]["result"];

export const REACTIONS = ["agree", "disagree", "thanks", "question"] as const satisfies readonly Reaction[];
export const RESULTS = ["accepted", "partly", "declined"] as const satisfies readonly Result[];

/** Words of one block. */
export interface Stretch {
  readonly bid: string;
  readonly text: Id;
  readonly ranges: readonly IdRange[];
  readonly quote: string;
  readonly before: string;
  readonly after: string;
  readonly at: number;
}

/** Where a thread stands (`anchor` in `schema/suggestion.json`); a passage is words of at least two blocks, in the order of the text. */
export type Anchor =
  | { readonly kind: "act" }
  | { readonly kind: "unit"; readonly bid: string; readonly quote: string }
  | ({ readonly kind: "range" } & Stretch)
  | { readonly kind: "passage"; readonly stretches: readonly Stretch[] };

export const WHOLE_ACT: Anchor = { kind: "act" };

/** The server checks anchors before it takes them. */
export function anchorOf(thread: Thread): Anchor {
  return thread.anchor as unknown as Anchor;
}

/** The words it is about; a line of a passage ends with a stroke. */
export function quoteOf(anchor: Anchor): string {
  if (anchor.kind === "act") return "";
  return anchor.kind === "passage" ? anchor.stretches.map(({ quote }) => quote).join(" / ") : anchor.quote;
}

/** The blocks it is about, in the order of the text; none for the whole act. */
export function blocksOf(anchor: Anchor): readonly string[] {
  if (anchor.kind === "act") return [];
  return anchor.kind === "passage" ? anchor.stretches.map(({ bid }) => bid) : [anchor.bid];
}

/** More blocks than this cannot be commented at once. */
export const MAX_STRETCHES = limits.stretches;

/** True for more than one comment can be about: the server takes none beyond its `limits` (`schema/suggestion.json`). */
export function isTooMuch(anchor: Anchor): boolean {
  if (anchor.kind !== "passage") return false;
  const sum = (count: (stretch: Stretch) => number) => anchor.stretches.reduce((total, stretch) => total + count(stretch), 0);
  return (
    anchor.stretches.length > MAX_STRETCHES ||
    sum(({ quote }) => quote.length) > limits.text ||
    sum(({ ranges }) => ranges.length) > limits.ranges
  );
}

/** Whom a comment calls. */
export interface Mentions {
  readonly people: readonly string[];
  readonly bodies: readonly string[];
}

export const NOBODY: Mentions = { people: [], bodies: [] };

/** What somebody wrote and has not sent. */
export interface Words {
  readonly text: string;
  readonly mentions: Mentions;
}

/** A comment on its way to the server. Sending it again changes nothing: it has its id already. */
export interface Pending extends Words {
  readonly id: string;
  /** Empty for the first comment of a new thread, which then has this comment's id. */
  readonly thread: string;
  readonly anchor: Anchor;
  readonly suggestion: string;
  readonly release: boolean;
  readonly at: number;
  /** The server's sentence when it did not take it: it is not sent again by itself. */
  readonly refused?: string;
}

export interface CommentsState {
  /** Read once, from the server or from what this device kept. */
  readonly isLoaded: boolean;
  readonly threads: readonly Thread[];
  readonly remarks: readonly Remark[];
  readonly pending: readonly Pending[];
  /** Closing the page does not lose what is on its way. */
  readonly isKept: boolean;
}

/** The answer that holds. */
export function answerOf(remark: Remark): Remark["answers"][number] | null {
  return remark.answers.at(-1) ?? null;
}

export function calls(comment: Comment, user: string, body: string): boolean {
  return comment.deleted_at === null && (comment.mentions.people.includes(user) || comment.mentions.bodies.includes(body));
}

export type FilterName = "open" | "resolved" | "mine" | "mentions";
export const FILTERS = ["open", "resolved", "mine", "mentions"] as const satisfies readonly FilterName[];

export function matches(thread: Thread, filter: FilterName, user: string, body: string): boolean {
  if (filter === "open" || filter === "resolved") return thread.status === filter;
  if (filter === "mine") return thread.comments.some(({ author }) => author === user);
  return thread.comments.some((comment) => calls(comment, user, body));
}
