/** How own proposals that are no words show: new and moved blocks, rows and cells, and those that are to go; and what a copy takes along. */

import { Fragment, type Node, Slice } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { schema } from "../../editor/schema.ts";
import type { IsBase } from "./tokens.ts";

const ownKey = new PluginKey<DecorationSet>("own-proposals");

export function ownProposals(isBase: IsBase): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: ownKey,
    state: {
      init: (_config, state) => DecorationSet.create(state.doc, decorations(state.doc, isBase)),
      apply: (tr, set, before, after) => {
        if (!tr.docChanged) return set;
        if (isWordsOnly(before.doc, after.doc)) return set.map(tr.mapping, tr.doc);
        return DecorationSet.create(after.doc, decorations(after.doc, isBase));
      },
    },
    props: {
      decorations: (state) => ownKey.getState(state),
      transformCopied: ({ content, openStart, openEnd }) => {
        const kept = withoutDeleted(content);
        return kept.childCount === 0 ? Slice.empty : new Slice(kept, openStart, openEnd);
      },
    },
  });
}

/** True when blocks only changed their words. A table counts as changed whenever something in it is. */
function isWordsOnly(before: Node, after: Node): boolean {
  if (before.childCount !== after.childCount) return false;
  for (let index = 0; index < after.childCount; index++) {
    const [old, now] = [before.child(index), after.child(index)];
    if (old !== now && !(now.inlineContent && now.sameMarkup(old))) return false;
  }
  return true;
}

function decorations(doc: Node, isBase: IsBase): Decoration[] {
  const found: Decoration[] = [];
  const look = (node: Node, at: number, isInNew: boolean) => {
    const isNew = !isInNew && !isBase(node.attrs.bid);
    const name = isNew ? "new" : node.attrs.sug === "delete" ? "gone" : node.attrs.sug === "join" ? "joined" : null;
    if (name !== null) found.push(Decoration.node(at, at + node.nodeSize, { class: `sug-own-${name}` }));
    if (!node.inlineContent) lookInto(node, at + 1, isNew || isInNew);
  };
  const lookInto = (parent: Node, start: number, isInNew: boolean) => {
    let at = start;
    for (const child of parent.children) {
      look(child, at, isInNew);
      at += child.nodeSize;
    }
  };
  lookInto(doc, 0, false);
  return found;
}

/** Words that are to go are not copied along. */
function withoutDeleted(fragment: Fragment): Fragment {
  const kept: Node[] = [];
  fragment.forEach((node) => {
    if (schema.mark("deletion").isInSet(node.marks)) return;
    if (node.isText) kept.push(node.mark(schema.mark("insertion").removeFromSet(node.marks)));
    else if (node.attrs.sug !== "delete") kept.push(node.copy(withoutDeleted(node.content)));
  });
  return Fragment.fromArray(kept);
}
