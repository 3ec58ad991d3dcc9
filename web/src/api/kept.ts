/**
 * What the page remembers on this device so that it can open without a network: who is signed in, and the cards of acts.
 * Keyed by person; nothing on a shared computer; all of it goes at sign-out. Texts are kept by `sync`, not here.
 */

const PREFIX = "zlahoda.kept.";
const MAX_CARDS = 60;

interface Kept {
  readonly at: number;
  readonly value: unknown;
}

export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), value } satisfies Kept));
    forgetOldest();
  } catch (error) {
    console.warn("this browser keeps nothing", error);
  }
}

/** The caller names the type: only `keep` with the same key writes here. */
export function findKept<T>(key: string): T | null {
  try {
    const stored = localStorage.getItem(PREFIX + key);
    return stored === null ? null : ((JSON.parse(stored) as Kept).value as T);
  } catch {
    return null; // storage is forbidden, or an older version wrote something else: the same as nothing
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // storage is forbidden: then nothing was kept either
  }
}

export function forgetAll(): void {
  for (const key of keys()) forget(key);
}

function keys(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
}

function forgetOldest(): void {
  const cards = keys().filter((key) => key.startsWith("act."));
  if (cards.length <= MAX_CARDS) return;
  const age = (key: string) => (JSON.parse(localStorage.getItem(PREFIX + key) ?? '{"at":0}') as Kept).at;
  for (const key of cards.sort((a, b) => age(a) - age(b)).slice(0, cards.length - MAX_CARDS)) forget(key);
}
