/** What a desk is given, and what it gives to panel, sheet and line. */

import type * as Y from "yjs";
import type { EditorHandle } from "../../editor";
import type { Queue } from "../core/waiting.ts";
import type { Suggestion } from "../model.ts";
import type { Records } from "../store.ts";
import type { Look } from "./decorations.ts";
import type { Entry, Filter } from "./entries.ts";
import type { KeyName } from "./keys.ts";
import type { Told } from "./told.ts";

/** What panel, sheet and line show. */
export interface DeskView {
  readonly isLoaded: boolean;
  /** Open ones with a place, in the order of the text, as filtered. */
  readonly entries: readonly Entry[];
  /** All open ones with a place. */
  readonly all: readonly Entry[];
  readonly orphans: readonly Entry[];
  /** Accepted, rejected and withdrawn ones, the latest first; complete once asked for. */
  readonly decided: readonly Suggestion[];
  readonly filter: Filter;
  /** Keys of chosen cards. */
  readonly chosen: ReadonlySet<string>;
  readonly active: string | null;
  readonly hovered: string | null;
  readonly queue: Queue;
  readonly canUndo: boolean;
  readonly isOnline: boolean;
  readonly mayDecide: boolean;
  readonly asked: Asked | null;
  /** The last thing to be read aloud. */
  readonly said: string;
}

/** A question over the page. */
export type Asked =
  | { readonly what: "reject" | "insist"; readonly entry: Entry }
  | { readonly what: "several"; readonly entries: readonly Entry[] };

export interface DeskOptions {
  readonly doc: Y.Doc;
  readonly records: Records;
  /** Id of the person: a reviewer's private view shows their own proposals by itself. */
  readonly user: string;
  readonly editor: EditorHandle;
  readonly mayDecide: boolean;
  readonly isOnline: boolean;
  /** How the marks of a record look; asked again after `relook`. */
  readonly look: (record: Suggestion) => Look;
  readonly load: () => Queue | null;
  readonly save: (queue: Queue) => void;
  readonly onTold: (told: Told) => void;
  readonly onKey: (name: KeyName) => void;
}
