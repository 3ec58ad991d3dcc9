/**
 * Words that their author's editor wrote again behind a place, told by neighbours alone.
 *
 * After a reconnect nobody sees who claimed what (`claims.ts`): such an answer names every deletion there ever was. But an author's editor brings
 * its own words home as soon as it hears of the move. So if the author has written behind the copy that only the move made, and did not know of
 * somebody else's copy there, the words are among what was written.
 */

import * as Y from "yjs";

/** `behind`: the ids of the character it must stand behind, one after another through all moves. `unaware`: a copy the author did not know of. */
export function wroteAgain(
  text: Y.XmlText,
  author: number,
  words: string,
  { behind, unaware }: { readonly behind: readonly Y.ID[]; readonly unaware: Y.ID | null },
): boolean {
  let written = "";
  let isBehind = false;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.id.client !== author || !(item.content instanceof Y.ContentString)) continue;
    const { str } = item.content;
    for (let offset = 0; offset < item.length; offset++) {
      const origin = offset === 0 ? item.origin : Y.createID(author, item.id.clock + offset - 1);
      isBehind ||= behind.some((id) => Y.compareIDs(id, origin)) && !(unaware !== null && Y.compareIDs(item.rightOrigin, unaware));
      if (isBehind) written += str[offset] ?? "";
    }
  }
  return written.startsWith(words);
}

/** The character on whose right a character was written. */
export function originOf(doc: Y.Doc, id: Y.ID): Y.ID | null {
  const item = Y.getItem(doc.store, id);
  if (!(item instanceof Y.Item)) return null;
  return item.id.clock === id.clock ? item.origin : Y.createID(id.client, id.clock - 1);
}
