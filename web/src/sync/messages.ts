/** What the server says besides document bytes: stateless JSON messages and the reasons it denies access. */

export type Scope = "write" | "suggest" | "read";

/** Why the server does not let us into a document. `later` is worth another try by itself, the others are not. */
export type Denial = "signed-out" | "no-access" | "epoch-mismatch" | "reload-needed" | "broken" | "later";

export interface Person {
  readonly id: string;
  readonly name: string;
  /** Code of the body: `mvs`. */
  readonly body: string;
  /** Short name of the body as people say it: `МВС`. */
  readonly short: string;
  /** Which of the twelve hues of the theme is theirs. */
  readonly hue: number;
}

export type ServerMessage =
  | { type: "welcome"; epoch: string; schema: number; scope: Scope; user: Person | null }
  /** Rights were given or taken while the text is open. */
  | { type: "rights"; scope: Scope }
  | { type: "saving"; isSaving: boolean }
  /** `isForNow`: the server had no room for it and will ask for it again. */
  | { type: "rejected"; rule: string; isForNow: boolean };

/** A stateless message of the server; null for one that this version does not know. */
export function readServerMessage(payload: string): ServerMessage | null {
  const fields = parseObject(payload);
  switch (fields?.type) {
    case "welcome":
      return {
        type: "welcome",
        epoch: text(fields.epoch),
        schema: Number(fields.schema ?? 0),
        scope: readScope(fields.scope),
        user: readPerson(fields.user),
      };
    case "rights":
      return { type: "rights", scope: readScope(fields.scope) };
    case "saving":
      return { type: "saving", isSaving: fields.state === "ok" };
    case "rejected":
      return { type: "rejected", rule: text(fields.rule), isForNow: fields.retry === true };
    default:
      return null;
  }
}

const HUES = 12;

const DENIALS: Record<string, Denial> = {
  "not-signed-in": "signed-out",
  forbidden: "no-access",
  "not-found": "no-access",
  "password-change-needed": "signed-out",
  "epoch-mismatch": "epoch-mismatch",
  "reload-needed": "reload-needed",
  "bad-request": "broken",
  damaged: "broken",
};

/** A denial by its code; a reason we do not know may pass, so it is tried again later. */
export function readDenial(reason: string): Denial {
  return DENIALS[reason.trim()] ?? "later";
}

/** Who somebody is, as the server stamped it into their presence; null when it did not. */
export function readPerson(value: unknown): Person | null {
  if (typeof value !== "object" || value === null) {
    return null;
  }
  const fields = value as Record<string, unknown>;
  const id = text(fields.id);
  const name = text(fields.name);
  const body = text(fields.body);
  const hue = Number(fields.hue);
  return id && name ? { id, name, body, short: text(fields.short) || body, hue: Number.isFinite(hue) ? Math.abs(hue) % HUES : 0 } : null;
}

function readScope(value: unknown): Scope {
  return value === "write" || value === "suggest" ? value : "read";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The fields of a JSON object; null for anything else. */
export function parseObject(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // not one of ours
  }
}
