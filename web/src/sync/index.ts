/** What pages use of sync. */

export { type OpenDocument, SyncSessionProvider, useAsides, useDocument, useSyncSession } from "./hooks";
export { onIncoming } from "./incoming";
export { KEEP_MS } from "./keeping";
export type { Aside, LocalCopies, Note } from "./local";
export type { Person, Scope } from "./messages";
export type { Present } from "./presence";
export { describeStatus, SaveStatus } from "./SaveStatus";
export { SetAside, SetAsideButton } from "./SetAside";
export { SyncSession } from "./session";
export type { Status, StatusKind } from "./status";
export { onTold, type Told } from "./told";
