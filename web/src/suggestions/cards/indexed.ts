/** A set of decorations that finds those of a block at once: ProseMirror asks for every block of the act with every letter. */

import type { Node } from "prosemirror-model";
import { type Decoration, DecorationSet } from "prosemirror-view";

/** What a set is made of: decorations of its own level, and by threes where a child begins, where it ends, and the set within it. */
interface Parts {
  readonly local: readonly (Decoration & { readonly inline: boolean })[];
  readonly children: readonly (number | DecorationSet)[];
}

class IndexedSet extends DecorationSet {
  declare private sets: ReadonlyMap<number, DecorationSet> | undefined;

  override forChild(offset: number, node: Node): ReturnType<DecorationSet["forChild"]> {
    const { local, children } = this as unknown as Parts;
    // A stretch of words over several blocks reaches into them.
    if (local.some(({ inline }) => inline)) return super.forChild(offset, node);
    this.sets ??= setsOf(children);
    return this.sets.get(offset) ?? DecorationSet.empty;
  }
}

function setsOf(children: Parts["children"]): ReadonlyMap<number, DecorationSet> {
  const sets = new Map<number, DecorationSet>();
  for (let index = 0; index < children.length; index += 3) sets.set(children[index] as number, children[index + 2] as DecorationSet);
  return sets;
}

/** The same decorations; what is mapped or added to later is to be indexed again. */
export function indexed(set: DecorationSet): DecorationSet {
  if (set === DecorationSet.empty || set instanceof IndexedSet) return set;
  return Object.assign(Object.create(IndexedSet.prototype) as IndexedSet, set);
}
