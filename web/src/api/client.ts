/** Calls of the HTTP API, typed by the server's own OpenAPI document. */
import { currentLocale } from "../i18n/i18n";
import { dropEarly, readingOptions, takeEarly } from "./early";
import { type ApiError, NoAnswer, readProblem } from "./problems";
import { type Operations, PLACES } from "./schema.gen";

type Name = keyof Operations;
type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What a call has to be given: the parts the operation has, and nothing else. */
export type Given<N extends Name> = (Operations[N]["path"] extends undefined ? { path?: never } : { path: Operations[N]["path"] }) &
  (Operations[N]["query"] extends undefined ? { query?: never } : { query?: Operations[N]["query"] }) &
  (Operations[N]["body"] extends undefined ? { body?: never } : { body: Operations[N]["body"] }) & { signal?: AbortSignal };

export type Answer<N extends Name> = Operations[N]["answer"];

/** What the whole page has to know: the session has ended, or a temporary password is due. */
export type SessionEvent = "ended" | "password-due";

const CSRF = { "x-zlahoda-csrf": "1" };
const listeners = new Set<(event: SessionEvent) => void>();

export function onSession(listener: (event: SessionEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Somebody else than a call has learnt that the session has ended: the socket of an open text. */
export function sessionEnded(): void {
  for (const listener of listeners) listener("ended");
}

function tell(error: ApiError, name: Name): void {
  const event =
    error.code === "password-change-needed" && name !== "list_sessions"
      ? "password-due"
      : error.status === 401 && name !== "sign_in"
        ? "ended"
        : null;
  if (event) for (const listener of listeners) listener(event);
}

/** Calls one operation. Throws ApiError when the server refuses, NoAnswer when there is none, and AbortError when told to stop. */
export async function call<N extends Name>(name: N, given: Given<N>): Promise<Answer<N>> {
  let response: Response;
  try {
    response = await send(name, given);
  } catch (error) {
    if (given.signal?.aborted) throw error;
    throw new NoAnswer();
  }
  if (!response.ok) {
    const problem = await readProblem(response);
    tell(problem, name);
    throw problem;
  }
  return (response.status === 204 ? undefined : await response.json()) as Answer<N>;
}

function send<N extends Name>(name: N, given: Given<N>): Promise<Response> {
  const { method } = PLACES[name];
  const address = addressOf(name, given.path, given.query);
  const options = { ...readingOptions(currentLocale()), method, ...(given.signal && { signal: given.signal }) };
  if (method === "GET") return takeEarly(address) ?? fetch(address, options);
  dropEarly();
  const body = "body" in given && given.body !== undefined ? JSON.stringify(given.body) : undefined;
  const headers = { ...options.headers, ...CSRF, ...(body !== undefined && { "content-type": "application/json" }) };
  return fetch(address, { ...options, headers, ...(body !== undefined && { body }) });
}

interface Sent {
  /** The parts of the operation's address. */
  path?: Values;
  fields: Readonly<Record<string, string | File>>;
  /** Hears the share sent, from 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a form with a file. Throws as `call` does. */
export function upload<N extends Name>(name: N, { path, fields, onProgress, signal }: Sent): Promise<Answer<N>> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(PLACES[name].method, addressOf(name, path));
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("accept-language", currentLocale());
    for (const [header, value] of Object.entries(CSRF)) request.setRequestHeader(header, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onerror = () => reject(new NoAnswer());
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    request.onload = () => {
      if (request.status < 300) {
        resolve(JSON.parse(request.responseText) as Answer<N>);
        return;
      }
      const headers = { "content-type": request.getResponseHeader("content-type") ?? "" };
      readProblem(new Response(request.responseText, { status: request.status, headers })).then((problem) => {
        tell(problem, name);
        reject(problem);
      }, reject);
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** The address of an operation: for a link that the browser follows itself, such as a download. */
export function addressOf(name: Name, path?: Values, query?: Values): string {
  const address = PLACES[name].path.replace(/\{(\w+)(?::\w+)?\}/g, (_, part: string) => encodeURIComponent(String(path?.[part] ?? "")));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(key, String(value));
  }
  return search.size > 0 ? `${address}?${search}` : address;
}
