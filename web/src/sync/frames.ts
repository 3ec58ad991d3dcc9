/** What a Hocuspocus frame is, without applying it: address ‖ type ‖ body (ping and pong are one bare byte). */

import { createDecoder, readVarString, readVarUint } from "lib0/decoding";

/** The kinds that count for "saved": which frames carry edits, which ask for them, and the server's acknowledgements. */
export type FrameKind = "question" | "answer" | "update" | "saved" | "refused" | "close" | "other";

export interface Frame {
  readonly address: string;
  readonly kind: FrameKind;
}

const SYNC = 0;
const CLOSE = 7;
const SYNC_STATUS = 8;

/** The address and kind of a frame; null for ping, pong and bytes that are no frame. */
export function readFrame(data: Uint8Array): Frame | null {
  if (data.length < 2) {
    return null;
  }
  try {
    const decoder = createDecoder(data);
    const address = readVarString(decoder);
    const type = readVarUint(decoder);
    if (type === SYNC) {
      return { address, kind: syncKind(readVarUint(decoder)) };
    }
    if (type === SYNC_STATUS) {
      return { address, kind: readVarUint(decoder) === 1 ? "saved" : "refused" };
    }
    return { address, kind: type === CLOSE ? "close" : "other" };
  } catch {
    return null; // a cut frame says nothing we could count; the provider reports it
  }
}

function syncKind(step: number): FrameKind {
  return step === 0 ? "question" : step === 1 ? "answer" : "update";
}
