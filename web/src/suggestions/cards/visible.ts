/** Words of the text for people to judge: characters that show nothing, or turn the reading direction, are written out. */

import { PLACEHOLDER } from "../../editor/schema.ts";

/** Joiners and selectors within an emoji are part of the picture. */
const LONE = /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|[\d#*])(?:\u200d|\ufe0e|\ufe0f)/gu;
const UNSEEN = /(?![\t\n]|\u200d|\ufe0f)(?:\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}|\u034f|[\u115f\u1160\u2028\u2029\u2800\u3164\uffa0])/gu;

export function visible(text: string): string {
  return text.replaceAll(PLACEHOLDER, "▫").replace(LONE, writtenOut).replace(UNSEEN, writtenOut);
}

function writtenOut(sign: string): string {
  return `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
