/** Work that nobody waits for, done when the browser has nothing to type or draw. */

/** Runs it once, at the latest after `latestMs`; returns how to call it off. */
export function whenIdle(work: () => void, latestMs: number): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(work);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: latestMs });
  return () => cancelIdleCallback(handle);
}
