/**
 * One block id, one block. When two drafters moved the same block at once, both copies stay (nobody's words are deleted), the later one in the
 * document gets an id made from its Yjs id, so that every editor gives it the same, and the drafters are asked which copy to keep.
 */

import * as Y from "yjs";
import type { Binding } from "./binding.ts";
import { bidOf, visibleChildren } from "./elements.ts";
import type { RescueOptions } from "./rescue.ts";

/** A later report about the same `kept` id replaces the earlier one. */
export interface Duplicate {
  /** The id both had; the earlier copy keeps it. */
  readonly kept: string;
  readonly renamed: string;
  /** The text of the renamed copy. */
  readonly text: string;
}

export type DuplicatesOptions = Pick<RescueOptions, "peers" | "schedule" | "mayWrite"> & {
  readonly onDuplicate?: (duplicate: Duplicate) => void;
};

const OTHERS_WAIT_MS = 2000;

export class Duplicates {
  readonly origin = { name: "duplicates" };
  private readonly doc: Y.Doc;
  private readonly told = new Set<string>();
  private readonly observer = (transaction: Y.Transaction) => this.observe(transaction);

  constructor(
    private readonly binding: Binding,
    private readonly options: DuplicatesOptions,
  ) {
    this.doc = binding.doc;
    this.doc.on("afterTransaction", this.observer);
  }

  destroy(): void {
    this.doc.off("afterTransaction", this.observer);
  }

  private observe(transaction: Y.Transaction): void {
    if (transaction.local || ![...transaction.changed.keys()].some((type) => !(type instanceof Y.XmlText))) return;
    const found = findDuplicates(this.binding.root);
    if (found.length === 0) return;
    for (const element of found) this.tell(element);
    const rank = [...this.options.peers()].filter((peer) => peer < this.doc.clientID).length;
    if (rank === 0) this.repair();
    else this.options.schedule(() => this.repair(), OTHERS_WAIT_MS + rank * 500);
  }

  private repair(): void {
    if (this.options.mayWrite?.() === false) return;
    const found = findDuplicates(this.binding.root);
    if (found.length === 0) return;
    this.doc.transact(() => {
      for (const element of found) element.setAttribute("bid", derivedBid(element));
    }, this.origin);
  }

  private tell(element: Y.XmlElement): void {
    const renamed = derivedBid(element);
    if (this.told.has(renamed)) return;
    this.told.add(renamed);
    const text = element.nodeName === "unit" ? visibleText(element) : "";
    this.options.onDuplicate?.({ kept: bidOf(element), renamed, text });
  }
}

/** An id that every editor derives alike: from the Yjs id of the element. */
export function derivedBid(element: Y.XmlElement): string {
  const id = element._item?.id;
  if (!id) throw new Error("an element outside a document has no id");
  return `y-${id.client.toString(36)}-${id.clock.toString(36)}`;
}

/** The later blocks of each id, in document order. */
function findDuplicates(root: Y.XmlFragment): Y.XmlElement[] {
  const seen = new Set<string>();
  const found: Y.XmlElement[] = [];
  const visit = (element: Y.XmlElement) => {
    const bid = bidOf(element);
    if (bid !== "" && seen.has(bid)) found.push(element);
    seen.add(bid);
    for (const child of visibleChildren(element)) visit(child);
  };
  for (const element of visibleChildren(root)) visit(element);
  return found;
}

function visibleText(element: Y.XmlElement): string {
  return element
    .toArray()
    .map((child) =>
      child instanceof Y.XmlText ? (child.toDelta() as { insert: unknown }[]).map((part) => String(part.insert)).join("") : "",
    )
    .join("");
}
