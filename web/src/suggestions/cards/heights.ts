/** How high places of cards stand in the window. What is far from it is estimated: the browser has not laid it out (see the ADR on stretches). */

import type { EditorView } from "prosemirror-view";

/** Beyond this from the window, in CSS pixels, a place is as high as its block, and a block stands in its stretch by its rank. */
const NEAR = 1_500;

export interface Place {
  /** Id of the block at the root. */
  readonly block: string;
  /** The position in the editor's document; null when it is not there yet. */
  readonly position: number | null;
}

interface Box {
  readonly top: number;
  readonly height: number;
  readonly ranks: ReadonlyMap<Node, number>;
}

export class Heights {
  private blocks: ReadonlyMap<string, HTMLElement> = new Map();

  constructor(private readonly view: EditorView) {}

  /** From the top of the window, in CSS pixels. */
  read(places: readonly Place[]): readonly number[] {
    const head = this.view.dom.getBoundingClientRect().top;
    const boxes = new Map<HTMLSlotElement, Box>();
    let isFresh = false;
    const blockOf = (bid: string): HTMLElement | null => {
      if (!isFresh && !isStill(this.blocks.get(bid), bid)) {
        this.blocks = blocksOf(this.view.dom);
        isFresh = true;
      }
      return this.blocks.get(bid) ?? null;
    };
    return places.map(({ block, position }) => {
      if (position === null) return head;
      const element = block === "" ? null : blockOf(block);
      if (element === null) return this.exact(position);
      const rough = roughly(element, boxes);
      return isNear(rough) ? this.exact(position, element) : rough;
    });
  }

  private exact(position: number, element: HTMLElement | null = null): number {
    const { doc } = this.view.state;
    if (position > doc.content.size) return element?.getBoundingClientRect().top ?? 0;
    const isText = doc.resolve(position).parent.inlineContent;
    if (isText) return this.view.coordsAtPos(position, 1).top;
    const node = this.view.nodeDOM(position);
    return (node instanceof HTMLElement ? node : (element ?? this.view.dom)).getBoundingClientRect().top;
  }
}

function isNear(top: number): boolean {
  return top > -NEAR && top < innerHeight + NEAR;
}

function isStill(element: HTMLElement | undefined, bid: string): boolean {
  return element?.isConnected === true && element.dataset.bid === bid;
}

/** The blocks on the page by id: asking the editor for one at a time would walk over all of them each time. */
function blocksOf(text: HTMLElement): ReadonlyMap<string, HTMLElement> {
  const blocks = new Map<string, HTMLElement>();
  for (const child of text.children) {
    if (child instanceof HTMLElement && child.dataset.bid !== undefined) blocks.set(child.dataset.bid, child);
  }
  return blocks;
}

/** Without laying out a stretch that the browser skips. */
function roughly(element: HTMLElement, boxes: Map<HTMLSlotElement, Box>): number {
  const slot = element.assignedSlot;
  if (slot === null) return element.getBoundingClientRect().top;
  const box = boxes.get(slot) ?? boxOf(slot);
  boxes.set(slot, box);
  return box.top + (box.height * (box.ranks.get(element) ?? 0)) / Math.max(1, box.ranks.size);
}

function boxOf(slot: HTMLSlotElement): Box {
  const { top, height } = slot.getBoundingClientRect();
  return { top, height, ranks: new Map(slot.assignedNodes().map((node, rank) => [node, rank])) };
}
