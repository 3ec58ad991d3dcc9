/** What the registry of panels takes of the cards. */

import { useSyncExternalStore } from "react";
import { type Records, useRecords } from "../records.ts";
import { keyOf } from "./entries.ts";

export { provideThread } from "./thread.ts";

/** How many open proposals there are, those of one action counted once. What shows it is drawn anew only when that changes, not with each letter. */
export function useOpenCount(): number {
  const records = useRecords();
  return useSyncExternalStore(records.subscribe, () => countOpen(records));
}

function countOpen(records: Records): number {
  return new Set(records.get().records.flatMap((record) => (record.status === "open" ? [keyOf(record)] : []))).size;
}
