/** The bodies of the HTTP transport (`server/rooms/requests.py`), and the frames it makes itself. */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** Where this page stands in one document: enough for any process of the server to go on from there. */
export interface Standpoint {
  readonly address: string;
  readonly token: string;
  readonly stateVector: Uint8Array;
  /** What the page shows of itself, as an awareness update; null for nothing. */
  readonly presence: Uint8Array | null;
}

const AWARENESS = 1;
const AUTH = 2;
const TOKEN = 0;
const DENIED = 1;

export function writeUpload(standpoints: readonly Standpoint[], frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  writeList(encoder, standpoints.map(tokenFrame));
  writeList(encoder, frames);
  return new Uint8Array(encoding.toUint8Array(encoder));
}

export function writePoll(standpoints: readonly Standpoint[]): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, standpoints.length);
  for (const standpoint of standpoints) {
    encoding.writeVarString(encoder, standpoint.address);
    encoding.writeVarUint8Array(encoder, tokenFrame(standpoint));
    encoding.writeVarUint8Array(encoder, standpoint.stateVector);
    encoding.writeVarUint8Array(encoder, presenceFrame(standpoint));
  }
  return new Uint8Array(encoding.toUint8Array(encoder));
}

/** The frames of an answer. Throws on bytes that are none. */
export function readFrames(body: ArrayBuffer): Uint8Array[] {
  if (body.byteLength === 0) {
    return [];
  }
  const decoder = decoding.createDecoder(new Uint8Array(body));
  return Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarUint8Array(decoder).slice());
}

/** What a WebSocket's server says to who may not come in, for an answer that refused the request as a whole. */
export function denialFrame(address: string, reason: string): Uint8Array {
  const encoder = frameFor(address, AUTH);
  encoding.writeVarUint(encoder, DENIED);
  encoding.writeVarString(encoder, reason);
  return encoding.toUint8Array(encoder);
}

function tokenFrame({ address, token }: Standpoint): Uint8Array {
  const encoder = frameFor(address, AUTH);
  encoding.writeVarUint(encoder, TOKEN);
  encoding.writeVarString(encoder, token);
  return encoding.toUint8Array(encoder);
}

function presenceFrame({ address, presence }: Standpoint): Uint8Array {
  if (presence === null) {
    return new Uint8Array();
  }
  const encoder = frameFor(address, AWARENESS);
  encoding.writeVarUint8Array(encoder, presence);
  return encoding.toUint8Array(encoder);
}

function frameFor(address: string, type: number): encoding.Encoder {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, address);
  encoding.writeVarUint(encoder, type);
  return encoder;
}

function writeList(encoder: encoding.Encoder, frames: readonly Uint8Array[]): void {
  encoding.writeVarUint(encoder, frames.length);
  for (const frame of frames) {
    encoding.writeVarUint8Array(encoder, frame);
  }
}
