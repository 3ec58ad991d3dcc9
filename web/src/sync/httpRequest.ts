/** One request of the HTTP transport, and what its answer means for a session. */

import { parseObject } from "./messages";

export type Answer =
  | { readonly kind: "answered"; readonly body: ArrayBuffer }
  /** The session is over, as a WebSocket would have been closed. */
  | { readonly kind: "closed"; readonly code: number; readonly reason: string }
  /** The person may not; as each document would have been denied over a WebSocket. */
  | { readonly kind: "denied"; readonly reason: string }
  /** The server has it and needs longer: ask again. */
  | { readonly kind: "later" }
  /** No answer, or not one of the server's: whether the request arrived is not known. */
  | { readonly kind: "lost" };

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly mayOutlivePage?: boolean;
}

/** Browsers let so many bytes in all outlive a page. */
const MAX_OUTLIVING_BYTES = 60_000;

/** Sends a body; never throws. */
export async function ask(url: string, body: Uint8Array<ArrayBuffer>, options: AskOptions): Promise<Answer> {
  const limits = [AbortSignal.timeout(options.timeoutMs), ...(options.signal ? [options.signal] : [])];
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-zlahoda-csrf": "1" },
      body,
      cache: "no-store",
      credentials: "same-origin",
      keepalive: options.mayOutlivePage === true && body.length < MAX_OUTLIVING_BYTES,
      signal: AbortSignal.any(limits),
    });
    return response.ok ? { kind: "answered", body: await response.arrayBuffer() } : readRefusal(await response.text());
  } catch {
    return { kind: "lost" }; // cut off, timed out, or taken back by us
  }
}

/** What a refusal says; one that is not the server's problem+json comes from something on the way. */
export function readRefusal(text: string): Answer {
  const problem = parseObject(text);
  const code = typeof problem?.code === "string" ? problem.code : "";
  if (typeof problem?.close_code === "number") {
    return { kind: "closed", code: problem.close_code, reason: typeof problem.reason === "string" ? problem.reason : code };
  }
  switch (code) {
    case "":
      return { kind: "lost" };
    case "unavailable":
      return { kind: "later" };
    case "not-signed-in":
    case "forbidden":
    case "password-change-needed":
    case "cross-site":
      return { kind: "denied", reason: code === "cross-site" ? "forbidden" : code };
    default:
      return { kind: "closed", code: 4400, reason: code };
  }
}
