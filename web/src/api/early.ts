/** Answers asked for before the program that reads them had arrived. Each is read once, and only by the call that would have asked the same. */

const ACT = /^\/acts\/(?!(?:new|import)\/?$)([^/]+)(?:\/[^/]+)?\/?$/;

/** The act whose page stands at this path of the address; null for any other page. */
export function actAt(path: string): string | null {
  return ACT.exec(path)?.[1] ?? null;
}

/** Older answers are asked for anew. */
const FRESH_MS = 10_000;

const asked = new Map<string, { readonly at: number; readonly answer: Promise<Response> }>();

/** What a reading call sends. The language is the page's: no later choice is known yet. */
export function readingOptions(locale: string): RequestInit {
  return {
    method: "GET",
    credentials: "same-origin",
    cache: "no-store",
    headers: { accept: "application/json", "accept-language": locale },
  };
}

export function askEarly(address: string): void {
  const answer = fetch(address, readingOptions(document.documentElement.lang));
  answer.catch(() => undefined); // whoever takes it hears of it
  asked.set(address, { at: performance.now(), answer });
}

export function takeEarly(address: string): Promise<Response> | null {
  const early = asked.get(address);
  asked.delete(address);
  return early !== undefined && performance.now() - early.at < FRESH_MS ? early.answer : null;
}

/** Something is about to change, who is signed in perhaps: what was asked before says nothing any more. */
export function dropEarly(): void {
  asked.clear();
}
