/** What is true about a document right now, as one value: a pure reducer over what happens, and the sentence it amounts to. */

import type { Denial, Scope } from "./messages";

export type StatusKind =
  | "connecting"
  | "saving"
  | "saved"
  | "offline"
  | "saving_stopped"
  | "read_only"
  | "set_aside"
  | "reload_needed"
  | "signed_out"
  | "no_access"
  | "broken";

export interface Status {
  readonly kind: StatusKind;
  /** Local changes that the server has not confirmed to be on disk, those of earlier sessions included. */
  readonly unsent: number;
  /** True when unsent changes survive closing the page. */
  readonly isKeptHere: boolean;
  /** True when typing is allowed. */
  readonly canEdit: boolean;
}

export interface SyncState {
  readonly link: "opening" | "up" | "down";
  readonly denial: Denial | null;
  readonly scope: Scope;
  /** The document is complete enough to be shown: caught up once, or loaded from this device. */
  readonly isReady: boolean;
  /** The server's answer of this connection has arrived. */
  readonly isCaughtUp: boolean;
  readonly isServerSaving: boolean;
  readonly unsent: number;
  /** No frame waits for its acknowledgement. */
  readonly isSettled: boolean;
  readonly localCopy: "none" | "kept" | "failed";
  readonly isSettingAside: boolean;
}

export type SyncEvent =
  | { type: "link_lost" }
  /** The connection is exchanged for another that is there already, or the first is still being looked for. */
  | { type: "link_renewed" }
  | { type: "admitted"; canWrite: boolean }
  | { type: "welcomed"; scope: Scope }
  | { type: "caught_up" }
  | { type: "denied"; denial: Denial }
  | { type: "asked_again" }
  | { type: "server_saving"; isSaving: boolean }
  | { type: "counted"; unsent: number; isSettled: boolean }
  | { type: "local_copy"; localCopy: SyncState["localCopy"] }
  | { type: "loaded_here"; scope: Scope }
  | { type: "setting_aside" }
  | { type: "started_over" };

export const initialState: SyncState = {
  link: "opening",
  denial: null,
  scope: "read",
  isReady: false,
  isCaughtUp: false,
  isServerSaving: true,
  unsent: 0,
  isSettled: true,
  localCopy: "none",
  isSettingAside: false,
};

export function reduce(state: SyncState, event: SyncEvent): SyncState {
  switch (event.type) {
    case "link_lost":
      return { ...state, link: "down", isCaughtUp: false, isServerSaving: true, isSettled: true };
    case "link_renewed":
      return { ...state, link: "opening", isCaughtUp: false, isServerSaving: true, isSettled: true };
    case "admitted":
      return { ...state, link: "up", denial: null, scope: narrowed(state.scope, event.canWrite) };
    case "welcomed":
      return { ...state, link: "up", denial: null, scope: event.scope };
    case "caught_up":
      return { ...state, isCaughtUp: true, isReady: true };
    case "denied":
      return { ...state, denial: event.denial, isCaughtUp: false, isServerSaving: true };
    case "asked_again":
      return { ...state, denial: null };
    case "server_saving":
      return { ...state, isServerSaving: event.isSaving };
    case "counted":
      return { ...state, unsent: event.unsent, isSettled: event.isSettled };
    case "local_copy":
      return { ...state, localCopy: event.localCopy };
    case "loaded_here":
      return { ...state, isReady: true, scope: event.scope };
    case "setting_aside":
      return { ...state, isSettingAside: true };
    case "started_over":
      return { ...initialState, localCopy: state.localCopy, scope: state.scope };
  }
}

/** Hocuspocus has two words for a scope; the welcome that follows says which of the narrower ones it is. */
function narrowed(scope: Scope, canWrite: boolean): Scope {
  if (canWrite) {
    return "write";
  }
  return scope === "write" ? "read" : scope;
}

export function statusOf(state: SyncState): Status {
  const kind = kindOf(state);
  const isOpenForEdits = state.isReady && state.scope === "write" && state.denial === null && !state.isSettingAside;
  return { kind, unsent: state.unsent, isKeptHere: state.localCopy === "kept", canEdit: isOpenForEdits };
}

function kindOf(state: SyncState): StatusKind {
  if (state.isSettingAside) {
    return "set_aside";
  }
  const denied = state.denial && DENIED[state.denial];
  if (denied) {
    return denied;
  }
  if (state.link === "down" || state.denial !== null) {
    return "offline";
  }
  if (!state.isCaughtUp) {
    return state.unsent > 0 && state.link === "up" ? "saving" : "connecting";
  }
  return kindWhenConnected(state);
}

function kindWhenConnected(state: SyncState): StatusKind {
  if (!state.isServerSaving) {
    return "saving_stopped";
  }
  if (state.unsent > 0) {
    return "saving";
  }
  if (state.scope !== "write") {
    return "read_only";
  }
  return state.isSettled ? "saved" : "connecting";
}

const DENIED: Record<Denial, StatusKind | null> = {
  "signed-out": "signed_out",
  "no-access": "no_access",
  "epoch-mismatch": "set_aside",
  "reload-needed": "reload_needed",
  broken: "broken",
  later: null,
};

/** Closing the page now would lose changes. */
export function wouldLose(status: Status): boolean {
  return status.unsent > 0 && !status.isKeptHere;
}
