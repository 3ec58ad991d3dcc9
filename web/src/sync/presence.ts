/** Who is in a document, from awareness: one entry per person, however many tabs they have open. */

import type { Awareness } from "y-protocols/awareness";
import { type Person, readPerson } from "./messages";

export interface Present extends Person {
  readonly tabs: number;
  readonly isMe: boolean;
  /** The block id of the unit the person's caret is in, from any of their tabs; null when they only read. */
  readonly where: string | null;
}

/** Everyone present, oneself first, the others by name. `me` is who the server says we are. */
export function listPresent(awareness: Awareness, me: Person | null): Present[] {
  const people = new Map<string, Present>();
  for (const [client, state] of awareness.getStates()) {
    const isMe = client === awareness.clientID;
    const person = isMe ? me : readPerson(state.user);
    if (person) {
      const before = people.get(person.id);
      people.set(person.id, {
        ...person,
        tabs: (before?.tabs ?? 0) + 1,
        isMe: isMe || (before?.isMe ?? false) || person.id === me?.id,
        where: readWhere(state.where) ?? before?.where ?? null,
      });
    }
  }
  return [...people.values()].sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name, "uk"));
}

function readWhere(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
