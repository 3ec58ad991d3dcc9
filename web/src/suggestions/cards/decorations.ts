/** Proposals as decorations of the clean text: the text itself never holds a proposed word. */

import type { Node } from "prosemirror-model";
import { Decoration } from "prosemirror-view";
import { stretches } from "../core/apply.ts";
import type { Placed } from "../core/place.ts";
import type { Proposal, ProposalOf } from "../core/record.ts";
import { drawBlocks, drawCell, drawRow, drawSign, drawTarget, drawWords, type Owner } from "./draw.ts";
import type { Spot } from "./positions.ts";

/** What the marks of a record need to know beyond its place. */
export interface Look {
  readonly owner: Owner;
  /** A unit's kind in words. */
  nameOf(kind: string): string;
  /** What a sign says: "Пункт → Підпункт", "↕ після п. 5". */
  sign(proposal: Proposal): string;
}

type Spots = ReadonlyMap<string, Spot>;

/** Empty when the place is not on the page yet; the next round finds it. */
export function decorationsOf(placed: Placed, spots: Spots, look: Look): Decoration[] {
  const { proposal, key, offset, offsets } = placed;
  const spot = spots.get(key);
  if (spot === undefined) return proposal.kind === "unit_insert" && key === "" ? [blocksAt(0, proposal, look)] : [];
  switch (proposal.kind) {
    case "text":
      return [...inlineOf(spot, offsets, look, "del", "sug-del"), ...wordsAt(spot, placed, proposal, look)];
    case "format":
      return inlineOf(spot, offsets, look, "span", "sug-format");
    case "split":
      return [signAt(textAt(spot, offset), "¶", look, proposal)];
    case "join":
      return [...unitOf(spot, look, "sug-join"), signAt(spot.at + 1, "⤴", look, proposal)];
    case "unit_insert":
      return [blocksAt(spot.end ?? spot.at + spot.node.nodeSize, proposal, look)];
    case "unit_delete":
      return [...unitOf(spot, look, "sug-gone"), ...signIn(spot, look, proposal)];
    case "unit_attributes":
      return [...unitOf(spot, look, "sug-changed"), ...signIn(spot, look, proposal)];
    case "move":
      return [...unitOf(spot, look, "sug-moved"), ...signIn(spot, look, proposal), ...targetOf(spots, proposal, look)];
    default:
      return tableParts(spot, offset, proposal, spots, look);
  }
}

type TableProposal = ProposalOf<"row_insert" | "row_delete" | "column_insert" | "column_delete">;

function tableParts(table: Spot, offset: number, proposal: TableProposal, spots: Spots, look: Look): Decoration[] {
  if (proposal.kind === "row_insert") {
    const before = spots.get(proposal.change.after);
    const at = before === undefined ? table.at + 1 : before.at + before.node.nodeSize;
    return [widget(at, look, () => drawRow(look.owner, proposal.change.cells))];
  }
  if (proposal.kind === "row_delete") {
    const row = spots.get(proposal.change.bid);
    return row === undefined ? [] : unitOf(row, look, "sug-gone");
  }
  return rowsOf(table).flatMap((row, index) => {
    if (proposal.kind === "column_insert") {
      const cells = proposal.change.cells[index] ?? [];
      return [widget(cellAt(row, proposal.change.after + 1).at, look, () => drawCell(look.owner, cells), `${index}`)];
    }
    const cell = cellAt(row, offset);
    return cell.node === null ? [] : unitOf({ at: cell.at, node: cell.node }, look, "sug-gone");
  });
}

function rowsOf({ at, node }: Spot): Spot[] {
  const rows: Spot[] = [];
  node.forEach((row, offset) => {
    rows.push({ at: at + 1 + offset, node: row });
  });
  return rows;
}

/** The position before the cell with an index, or behind the last one. */
function cellAt({ at, node }: Spot, index: number): { at: number; node: Node | null } {
  let position = at + 1;
  for (let before = 0; before < Math.min(index, node.childCount); before++) position += node.child(before).nodeSize;
  return { at: position, node: node.maybeChild(index) };
}

function textAt({ at, node, textAt: inView }: Spot, offset: number, isStart = false): number {
  return inView?.(offset, isStart) ?? at + 1 + Math.min(offset, node.content.size);
}

/** An element of its own for each record, so that two on the same words are both there. */
function inlineOf(spot: Spot, offsets: readonly number[], { owner }: Look, nodeName: string, className: string): Decoration[] {
  const attrs = { nodeName, class: className, "data-sug": owner.id, "data-hue": String(owner.hue), title: owner.says };
  return stretches(offsets).flatMap(([from, count]) => {
    const [start, end] = [textAt(spot, from, true), textAt(spot, from + count)];
    return end > start ? [Decoration.inline(start, end, attrs, { sug: owner.id, key: `${className} ${keyOf(owner)}` })] : [];
  });
}

/** Behind the words they replace, as people read it: "будинком будівлею". */
function wordsAt(spot: Spot, { offset, offsets }: Placed, { change }: ProposalOf<"text">, look: Look): Decoration[] {
  if (change.insert.length === 0) return [];
  const replaced = stretches(offsets).find(([from]) => from === offset);
  const at = textAt(spot, offset + (replaced?.[1] ?? 0));
  const words = change.insert.map(({ t }) => t).join("");
  return [widget(at, look, () => drawWords(look.owner, change.insert), `${words.length} ${hash(words)}`)];
}

function unitOf({ at, node }: Spot, { owner }: Look, className: string): Decoration[] {
  const attrs = { class: className, "data-sug": owner.id, "data-hue": String(owner.hue) };
  return [Decoration.node(at, at + node.nodeSize, attrs, { sug: owner.id, key: `${className} ${keyOf(owner)}` })];
}

/** A sign at the head of a unit's text; a table has no place for one but its frame. */
function signIn(spot: Spot, look: Look, proposal: Proposal): Decoration[] {
  return spot.node.inlineContent ? [signAt(spot.at + 1, look.sign(proposal), look, proposal)] : [];
}

function signAt(at: number, text: string, look: Look, { kind }: Proposal): Decoration {
  return widget(at, look, () => drawSign(look.owner, text), `${kind} ${text}`);
}

function blocksAt(at: number, { change }: ProposalOf<"unit_insert">, look: Look): Decoration {
  return widget(at, look, () => drawBlocks(look.owner, change.blocks, look.nameOf), `${change.blocks.length}`);
}

function targetOf(spots: Spots, proposal: ProposalOf<"move">, look: Look): Decoration[] {
  const { after } = proposal.change;
  const behind = spots.get(after);
  if (behind === undefined && after !== "") return [];
  const at = behind === undefined ? 0 : behind.at + behind.node.nodeSize;
  return [widget(at, look, () => drawTarget(look.owner, `↕ ${proposal.change.quote}`), "target")];
}

/** Before what drafters type at the same place, as the record stands behind the character on its left. */
function widget(at: number, { owner }: Look, draw: () => HTMLElement, part = ""): Decoration {
  const key = `${keyOf(owner)} ${part}`;
  let drawn: HTMLElement | null = null;
  // One element for good: ProseMirror asks for it again with every letter typed beside it, and a new one would be styled and laid out again.
  const drawOnce = () => {
    drawn ??= draw();
    return drawn;
  };
  return Decoration.widget(at, drawOnce, { side: -1, key, ignoreSelection: true, marks: [], sug: owner.id });
}

/** Marks with the same key look the same. */
function keyOf({ id, hue, says }: Owner): string {
  return `${id} ${hue} ${hash(says)}`;
}

/** Tells a changed wording from the one drawn; not for security. */
function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) | 0;
  return value;
}
