/** What the registry of panels takes of the cards. */

import { useSuggestions } from "../records.ts";
import { keyOf } from "./entries.ts";

export { provideThread } from "./thread.ts";

/** How many open proposals there are, those of one action counted once. */
export function useOpenCount(): number {
  const { records } = useSuggestions();
  return new Set(records.flatMap((record) => (record.status === "open" ? [keyOf(record)] : []))).size;
}
