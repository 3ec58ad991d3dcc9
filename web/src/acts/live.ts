/** The live texts of the signed-in person, for the parts of the app that must not load the editor to ask about them. */
import type { SyncSession } from "../sync";

let current: SyncSession | null = null;
const askers = new Set<() => void>();

/** Told by the page of an act while texts are open. */
export function setLive(session: SyncSession | null): void {
  current = session;
}

/** A place in the open text that can be gone to. */
export interface LivePlace {
  readonly bid: string;
  /** "Стаття 5. Забезпечення доступу". */
  readonly name: string;
  go(): void;
}

let listPlaces: (() => LivePlace[]) | null = null;

/** Told by the page of an act while its text stands; null when it is gone. */
export function setPlaces(list: (() => LivePlace[]) | null): void {
  listPlaces = list;
}

/** The contents of the open text, in order; none where no text is open. */
export function livePlaces(): LivePlace[] {
  return listPlaces?.() ?? [];
}

/** Leaving the page now would lose changes that are neither on the server nor on this device. */
export function wouldLoseWork(): boolean {
  return current?.wouldLose ?? false;
}

/** Runs when the person has signed in anew over an open text. */
export function onAccessRenewed(ask: () => void): () => void {
  askers.add(ask);
  return () => askers.delete(ask);
}

export function askForAccessAgain(): void {
  for (const ask of askers) ask();
}

export interface UnsentText {
  readonly document: string;
  readonly title: string;
  readonly count: number;
}

/** Texts with changes that the server does not have, open ones and those kept on this device. */
export async function listUnsent(user: string, keepsCopies: boolean): Promise<UnsentText[]> {
  return withSession(user, keepsCopies, (session) => session.listUnsent());
}

/** Closes all texts and takes their copies from this device: at sign-out (D15). */
export async function removeCopies(user: string, keepsCopies: boolean): Promise<void> {
  const open = current;
  current = null;
  if (open) {
    await open.end({ removesCopies: true });
    return;
  }
  const { SyncSession: Session } = await import("../sync");
  const session = await Session.start({ user, keepsCopies });
  await session.end({ removesCopies: true });
}

async function withSession<T>(user: string, keepsCopies: boolean, ask: (session: SyncSession) => Promise<T>): Promise<T> {
  if (current) return ask(current);
  const { SyncSession: Session } = await import("../sync");
  const session = await Session.start({ user, keepsCopies });
  try {
    return await ask(session);
  } finally {
    await session.end({ removesCopies: false });
  }
}
