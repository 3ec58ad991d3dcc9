/** What a Hocuspocus frame is, without applying it: address ‖ type ‖ body (ping and pong are one bare byte). */

import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from "lib0/encoding";

/** The kinds that count for "saved": which frames carry edits, which ask for them, and the server's acknowledgements. */
export type FrameKind = "question" | "answer" | "update" | "saved" | "refused" | "close" | "other";

export interface Frame {
  readonly address: string;
  readonly kind: FrameKind;
}

const SYNC = 0;
const STEPS = { question: 0, answer: 1, update: 2 } as const;
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

/** The state vector of a question; null for any other frame. */
export function readQuestion(data: Uint8Array): Uint8Array | null {
  if (readFrame(data)?.kind !== "question") {
    return null;
  }
  const decoder = createDecoder(data);
  readVarString(decoder);
  readVarUint(decoder);
  readVarUint(decoder);
  return readVarUint8Array(decoder);
}

/** A frame with document bytes. */
export function writeFrame(address: string, kind: "answer" | "update", update: Uint8Array): Uint8Array {
  const encoder = createEncoder();
  writeVarString(encoder, address);
  writeVarUint(encoder, SYNC);
  writeVarUint(encoder, STEPS[kind]);
  writeVarUint8Array(encoder, update);
  return toUint8Array(encoder);
}

function syncKind(step: number): FrameKind {
  return step === STEPS.question ? "question" : step === STEPS.answer ? "answer" : "update";
}
