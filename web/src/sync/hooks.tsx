/** The session and its documents for React. */

import { createContext, type ReactNode, useContext, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { Aside } from "./local";
import type { Person, Scope } from "./messages";
import { listPresent, type Present } from "./presence";
import type { LiveDocument } from "./provider";
import { SyncSession } from "./session";
import { type Status, statusOf } from "./status";

const SessionContext = createContext<SyncSession | null>(null);

interface ProviderProps {
  /** The id of the signed-in person. */
  user: string;
  /** The person said at sign-in that others use this computer: nothing is stored on it. */
  isSharedComputer: boolean;
  children: ReactNode;
  /** Shown while the copies on this device are being opened. */
  fallback?: ReactNode;
}

/** Around everything a signed-in person sees. */
export function SyncSessionProvider({ user, isSharedComputer, children, fallback = null }: ProviderProps) {
  const [session, setSession] = useState<SyncSession | null>(null);
  // Before the page is drawn, like the other beginnings of a text: a frame drawn first would only show that there is nothing yet.
  useLayoutEffect(() => {
    let isGone = false;
    let started: SyncSession | null = null;
    SyncSession.start({ user, keepsCopies: !isSharedComputer }).then(
      (made) => {
        started = made;
        if (isGone) {
          endQuietly(made);
        } else {
          setSession(made);
        }
      },
      (error: unknown) => console.error(error),
    );
    return () => {
      isGone = true;
      setSession(null);
      if (started !== null) {
        endQuietly(started);
      }
    };
  }, [user, isSharedComputer]);
  return session === null ? fallback : <SessionContext value={session}>{children}</SessionContext>;
}

function endQuietly(session: SyncSession): void {
  session.end({ removesCopies: false }).catch((error: unknown) => console.error(error));
}

/** The session of the signed-in person. Throws outside `SyncSessionProvider`. */
export function useSyncSession(): SyncSession {
  const session = useContext(SessionContext);
  if (session === null) {
    throw new Error("useSyncSession needs a SyncSessionProvider around it");
  }
  return session;
}

/** Everything set aside on this device for this person, oldest first. */
export function useAsides(): readonly Aside[] {
  const session = useSyncSession();
  return useSyncExternalStore(session.subscribe, () => session.asides.list);
}

export interface OpenDocument {
  /** Another object after the copy here was given up: mount the editor anew (`key={doc.guid}`). */
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly status: Status;
  readonly scope: Scope;
  /** The text is there: show it. Before, `status` says why not. */
  readonly isReady: boolean;
  /** Who the server says we are. */
  readonly user: Person | null;
  readonly present: readonly Present[];
  /** What was set aside of this document. */
  readonly asides: readonly Aside[];
  /** After signing in anew, or when rights were given. */
  askAgain(): void;
}

/** "Saved" is said once nothing was changed for this long: neither a person nor a screen reader wants to hear it after each letter. */
const CALM_MS = 400;

/** Opens a document (`{act}` or `{act}.{part}`) while the component is mounted; null for a moment at first. */
export function useDocument(id: string, title = ""): OpenDocument | null {
  const session = useSyncSession();
  const [opened, setOpened] = useState<OpenDocument | null>(null);
  const titleRef = useRef(title);
  titleRef.current = title;
  useLayoutEffect(() => {
    let last: OpenDocument | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const shared: { live?: LiveDocument } = {};
    const show = () => {
      clearTimeout(timer);
      if (shared.live !== undefined) {
        shared.live.title = titleRef.current;
        last = nextView(last, shared.live, session);
        setOpened(last);
      }
    };
    const showWhenDue = () => {
      const mayWait = last?.status.kind === "saving" && shared.live !== undefined && isOnlyProgress(statusOf(shared.live.state));
      if (!mayWait) {
        show();
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(show, CALM_MS);
    };
    const { live, release } = session.open(id, showWhenDue);
    shared.live = live;
    show();
    return () => {
      clearTimeout(timer);
      release();
      setOpened(null);
    };
  }, [id, session]);
  return opened;
}

/** While "saving" is shown, more letters to save or the end of saving are no news that cannot wait. */
function isOnlyProgress({ kind, canEdit }: Status): boolean {
  return canEdit && (kind === "saving" || kind === "saved");
}

/** The same object as before when nothing a page shows has changed: carets move far more often than people come and go. */
function nextView(before: OpenDocument | null, live: LiveDocument, session: SyncSession): OpenDocument {
  const present = listPresent(live.awareness, live.user);
  const asides = session.asides.list.filter((aside) => aside.document === live.id);
  const view: OpenDocument = {
    doc: live.doc,
    awareness: live.awareness,
    status: statusOf(live.state),
    scope: live.state.scope,
    isReady: live.state.isReady,
    user: live.user,
    present,
    asides,
    askAgain: () => live.askAgain(),
  };
  return before !== null && shownOf(before) === shownOf(view) && before.doc === view.doc ? before : view;
}

function shownOf({ status, scope, isReady, user, present, asides }: OpenDocument): string {
  return JSON.stringify([status, scope, isReady, user, present, asides.map((aside) => aside.id)]);
}
