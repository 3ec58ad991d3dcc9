/** The keys of going through proposals, once: what they do and what the help says. By the place of the key, so that every layout has them. */

export type KeyName = "next" | "previous" | "accept" | "reject" | "card" | "undo";
export type HelpName = Exclude<KeyName, "undo"> | "inCard";

export const HELP: readonly { readonly name: HelpName; readonly keys: string }[] = [
  { name: "next", keys: "Mod-Alt-j" },
  { name: "previous", keys: "Mod-Alt-k" },
  { name: "accept", keys: "Mod-Alt-a" },
  { name: "reject", keys: "Mod-Alt-x" },
  { name: "card", keys: "Mod-Alt-c" },
  { name: "inCard", keys: "↑ ↓ A X" },
];

const WITH_ALT: Readonly<Record<string, KeyName>> = {
  KeyJ: "next",
  KeyK: "previous",
  KeyA: "accept",
  KeyX: "reject",
  KeyC: "card",
};

/** What a key means anywhere on the page of the act. */
export function actionOf({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): KeyName | null {
  if (!(ctrlKey || metaKey) || shiftKey) return null;
  if (altKey) return WITH_ALT[code] ?? null;
  return code === "KeyZ" ? "undo" : null;
}

const IN_CARD: Readonly<Record<string, KeyName>> = { ArrowDown: "next", ArrowUp: "previous", KeyA: "accept", KeyX: "reject" };

/** What a key alone means while a card has the focus. */
export function actionInCard({
  code,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): KeyName | null {
  return ctrlKey || metaKey || altKey || shiftKey ? null : (IN_CARD[code] ?? null);
}
