/** The whole view, built anew only where text or records changed since the last time: a letter of a drafter costs one block, not thousands. */

import type { Node } from "prosemirror-model";
import type { Base } from "./base.ts";
import { type Layout, type ViewCache, viewBlock, viewBlocks, viewOrder } from "./view.ts";

export class ViewBlocks {
  private readonly cache: ViewCache = new Map();
  private lists: (readonly Node[])[] = [];
  private places = new Map<string, number>();
  /** Of the text when `lists` was made; another one now means that blocks came, went or changed places. */
  private structure = -1;
  private hadMoves = false;

  constructor(private readonly base: Base) {}

  /** `changed`: keys of blocks, rows and cells whose text or records changed since the last call. */
  read(layout: Layout, changed: Iterable<string>): Node[] {
    if (this.structure !== this.base.structure || layout.hasMoves || this.hadMoves) this.readAll(layout);
    else for (const key of changed) this.readAgain(layout, key);
    return this.lists.flat();
  }

  private readAll(layout: Layout): void {
    const order = ["", ...viewOrder(this.base, layout)];
    this.lists = order.map((key) => viewBlocks(this.base, layout, key, this.cache));
    this.places = new Map(order.map((key, index) => [key, index]));
    this.structure = this.base.structure;
    this.hadMoves = layout.hasMoves;
  }

  private readAgain(layout: Layout, key: string): void {
    const root = this.base.order()[this.base.indexOf(key)] ?? "";
    const place = this.places.get(root);
    if (place !== undefined) this.lists[place] = viewBlock(this.base, layout, root);
  }
}
