/** Whether the text of the act in sight shows who wrote it. One act at a time; leaving it ends the view. */

import { useSyncExternalStore } from "react";

let isOn = false;
const listeners = new Set<() => void>();

export function showAuthors(on: boolean): void {
  isOn = on;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAuthorsShown(): boolean {
  return useSyncExternalStore(subscribe, () => isOn);
}
