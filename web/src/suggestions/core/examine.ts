/** An edited view, read as records: only the places that changed, and every one of them checked by building it again. */

import type { Node } from "prosemirror-model";
import type { Base } from "./base.ts";
import { derive, deriveMoves, type Extent, Unsayable } from "./derive.ts";
import { type IsFixed, type Matched, match } from "./match.ts";
import { type Placed, place } from "./place.ts";
import { changedChildren } from "./suggest.ts";
import { Layout, sameView, viewBlock, viewOrder } from "./view.ts";

/** `locked`: the edit would change a record that rests under a formal remark. */
export type Problem = Unsayable["reason"] | "locked";

/** What may be done to an own record: `fixed` ones can be withdrawn and proposed anew, `locked` ones neither. */
export type Hold = (id: string) => "free" | "fixed" | "locked";

/** What changed between two views, or why that cannot be said. */
export type Examined =
  | ({ readonly kind: "said"; readonly placed: readonly Placed[] } & Matched)
  /** `text`: the words that the edit put in. */
  | { readonly kind: "refused"; readonly reason: Problem; readonly text: string };

export function examine(base: Base, layout: Layout, shown: Node, doc: Node, hold: Hold = () => "free"): Examined | null {
  const region = changedChildren(shown, doc);
  if (region === null) return null;
  const old = extents(base, shown, region.left, region.oldEnd);
  const now = extents(base, doc, region.left, region.newEnd);
  try {
    const said = say(base, layout, old, now, doc, (id) => hold(id) !== "free");
    const touched = [...said.put.map(({ id }) => id), ...said.withdrawn];
    return touched.some((id) => hold(id) === "locked") ? { kind: "refused", reason: "locked", text: "" } : said;
  } catch (error) {
    if (error instanceof Unsayable) return { kind: "refused", reason: error.reason, text: "" };
    throw error;
  }
}

type Said = Extract<Examined, { kind: "said" }>;

function say(base: Base, layout: Layout, old: readonly Extent[], now: readonly Extent[], doc: Node, isFixed: IsFixed): Said {
  const [oldKeys, keys] = [old.map(({ key }) => key), now.map(({ key }) => key)];
  const isMoved = oldKeys.length !== keys.length || oldKeys.some((key, index) => key !== keys[index]);
  if (isMoved && (new Set(keys).size !== keys.length || oldKeys.some((key) => key !== "" && !keys.includes(key))))
    throw new Unsayable("order");
  const derived = now.flatMap((extent) => derive(base, extent));
  const before = [...new Set([...oldKeys, ...keys])]
    .flatMap((key) => placedIn(base, layout, key))
    .filter(({ proposal }) => proposal.kind !== "move");
  if (isMoved) {
    derived.push(...deriveMoves(base, baseKeys(base, doc)));
    before.push(...[...layout.all()].filter(({ proposal }) => proposal.kind === "move"));
  }
  const matched = match(derived, before, isFixed);
  const placed = matched.now.map((proposal) => place(base, proposal));
  if (!placed.every((one): one is Placed => one?.how === "exact")) throw new Unsayable("text");
  check(base, new Layout(isMoved ? placed : [...placed, ...moves(layout)]), now, isMoved ? doc : null);
  return { kind: "said", placed, ...matched };
}

function* moves(layout: Layout): Generator<Placed> {
  for (const placed of layout.all()) if (placed.proposal.kind === "move") yield placed;
}

/** The self-check: text and records give exactly what is shown. */
function check(base: Base, layout: Layout, now: readonly Extent[], moved: Node | null): void {
  for (const { key, nodes } of now) {
    const expected = viewBlock(base, layout, key);
    if (expected.length !== nodes.length || !expected.every((node, index) => sameView(base, node, nodes[index] as Node))) {
      throw new Unsayable("attributes");
    }
  }
  if (moved === null) return;
  const [expected, shown] = [viewOrder(base, layout), baseKeys(base, moved)];
  if (expected.length !== shown.length || expected.some((key, index) => key !== shown[index])) throw new Unsayable("order");
}

function baseKeys(base: Base, doc: Node): string[] {
  return doc.children.map((node) => node.attrs.bid as string).filter((bid) => base.isBlock(bid));
}

function placedIn(base: Base, layout: Layout, key: string): Placed[] {
  const node = base.node(key);
  const cells = node?.type.name === "table" ? node.children.flatMap((row) => row.children.map((cell) => cell.attrs.bid as string)) : [];
  return [key, ...cells].flatMap((one) => layout.of(one));
}

/** The extents that the children `from`..`to` belong to. */
export function extents(base: Base, doc: Node, from: number, to: number): Extent[] {
  let start = Math.min(from, doc.childCount);
  if (start === doc.childCount || !base.isBlock(doc.child(start).attrs.bid)) start--;
  while (start > 0 && !base.isBlock(doc.child(start).attrs.bid)) start--;
  start = Math.max(0, start);
  let end = to;
  while (end < doc.childCount && !base.isBlock(doc.child(end).attrs.bid)) end++;
  const found: { key: string; nodes: Node[] }[] = [];
  for (let index = start; index < end; index++) {
    const node = doc.child(index);
    if (base.isBlock(node.attrs.bid)) found.push({ key: node.attrs.bid, nodes: [node] });
    else if (found.length === 0) found.push({ key: "", nodes: [node] });
    else found.at(-1)?.nodes.push(node);
  }
  // What stood before the first block may have gone.
  if (start === 0 && found[0]?.key !== "") found.unshift({ key: "", nodes: [] });
  return found;
}
