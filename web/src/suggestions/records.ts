/**
 * The suggestions of one document as this browser knows them: the server's records, kept live, with own wordings that are still on their way.
 * `useSuggestions()` in components, `Records` elsewhere.
 */

import { createContext, useContext, useSyncExternalStore } from "react";
import type { SuggestionsState } from "./model.ts";
import { Records } from "./store.ts";

export {
  carries,
  type Decision,
  type Drafts,
  type Lost,
  type Outcome,
  proposalOf,
  type Sending,
  type Suggestion,
  type SuggestionsState,
  type Verb,
} from "./model.ts";
export { Records };

export const RecordsContext = createContext<Records | null>(null);

/** The store of the document on the page. Throws outside of an act. */
export function useRecords(): Records {
  const records = useContext(RecordsContext);
  if (records === null) throw new Error("useRecords needs the page of an act around it");
  return records;
}

export function useSuggestions(): SuggestionsState {
  const records = useRecords();
  return useSyncExternalStore(records.subscribe, records.get);
}
