/** The conversation about a record. Comments bring it: `provideThread(lazy(() => import("…")))` in the registry of panels. */

import type { ComponentType } from "react";

type Thread = ComponentType<{ readonly recordId: string }>;

let given: Thread | null = null;

export function provideThread(thread: Thread): void {
  given = thread;
}

/** Null where nothing can be said about a record. */
export function threadOf(): Thread | null {
  return given;
}
