/** What the pages of suggestions use of their core. */

export { Acceptor, type Claimed, type Entry } from "./accept.ts";
export { Base } from "./base.ts";
export type { Problem } from "./examine.ts";
export { conflicts, type Outcome } from "./judge.ts";
export type { Surface } from "./mode.ts";
export * as outbox from "./outbox.ts";
export type { How, Placed } from "./place.ts";
export { Places } from "./places.ts";
export type { Kind, Proposal, ProposalOf } from "./record.ts";
export { newId } from "./record.ts";
export { Review, type ReviewOptions } from "./review.ts";
export * as waiting from "./waiting.ts";
