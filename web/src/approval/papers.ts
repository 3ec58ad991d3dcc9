/** The papers that are made of a round. */
import type { Word } from "../compare/model";

export const PAPERS = ["protocol", "disagreements", "comparative", "positions"] as const;
export type PaperKind = (typeof PAPERS)[number];

export function isPaper(kind: string): kind is PaperKind {
  return PAPERS.some((each) => each === kind);
}

/** A paper as a table. The operation also answers with a page to print, so the API's description has no type for this. */
export interface Paper {
  readonly title: string;
  readonly lines: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (readonly Paragraph[])[])[];
}

interface Paragraph {
  readonly words: readonly Word[];
  readonly strong: boolean;
}
