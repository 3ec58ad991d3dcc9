/** What is known of suggestions in a browser: values that the store, the panels and the editor's plugins pass around. */

import type { Answer } from "../api/client";
import { type Proposal, sameJson } from "./core/record.ts";

export type Suggestion = Answer<"put_suggestion">;
export type Decision = Answer<"list_decisions">["items"][number];

/** What can be asked of the server about a record. `accept` and `reopen` of an accepted one are claims of a minute (R19, R23). */
export type Verb = "accept" | "reject" | "withdraw" | "release" | "reopen";

/** An own wording that the server did not take, kept until the person has seen it. `reason` is a code or the server's sentence. */
export interface Lost {
  readonly record: Proposal;
  readonly reason: "changed" | "decided" | "outdated" | string;
}

/** One object for as long as nothing changed. */
export interface SuggestionsState {
  /** The open records have been read once, from the server or (without a network) from this device. */
  readonly isLoaded: boolean;
  /** Everything the person may see in this document, sorted by id; decided ones after `loadDecided`. */
  readonly records: readonly Suggestion[];
  /** Own wordings the server does not have yet, by id; null for a withdrawn record. */
  readonly drafts: ReadonlyMap<string, Proposal | null>;
  readonly lost: readonly Lost[];
  readonly sending: Sending;
}

/** `unsent`: how many own proposals the server does not have. `kept`: closing the page does not lose them. */
export interface Sending {
  readonly kind: "idle" | "sending" | "offline";
  readonly unsent: number;
  readonly kept: boolean;
}

export type Outcome =
  | { readonly ok: true; readonly record: Suggestion }
  | {
      readonly ok: false;
      /** `changed`, `decided`: look again, `current` is how it is now; `taken`: somebody accepts it right now. */
      readonly reason: "changed" | "decided" | "taken" | "offline" | "refused";
      /** The server's sentence, in the person's language. */
      readonly sentence: string;
      readonly current: Suggestion | null;
    };

/** Own wordings by id on their way to the server; null withdraws. */
export type Drafts = ReadonlyMap<string, Proposal | null>;

const PROPOSALS = new WeakMap<Suggestion, Proposal>();

/** The proposal a record carries. The server's kinds are those of `schema/suggestion.json`; the view leaves out any other. */
export function proposalOf(record: Suggestion): Proposal {
  const known = PROPOSALS.get(record);
  if (known !== undefined) return known;
  const { id, kind, change, group } = record;
  const made = { id, kind, change, ...(group === "" ? {} : { group }) } as unknown as Proposal;
  PROPOSALS.set(record, made);
  return made;
}

/** True when a record carries exactly this. */
export function carries(record: Suggestion, proposal: Proposal): boolean {
  return sameJson(proposalOf(record), proposal);
}
