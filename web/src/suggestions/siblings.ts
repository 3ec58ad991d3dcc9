/** Tabs of one person in one document: each shows at once what the other proposes, also without a network. */

import type { Proposal } from "./core/record.ts";
import type { Suggestion } from "./model.ts";

/** Own wordings by id, null for a withdrawn record. `settled`: what the server has counts again, and what it answered, if it did. */
export interface SiblingNews {
  readonly drafts: readonly (readonly [id: string, wanted: Proposal | null])[];
  readonly settled: readonly (readonly [id: string, record: Suggestion | null])[];
}

export class Siblings {
  private readonly channel: BroadcastChannel | null;

  constructor(user: string, document: string, onNews: (news: SiblingNews) => void) {
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`zlahoda.suggestions.${user}.${document}`) : null;
    this.channel?.addEventListener("message", ({ data }: MessageEvent<SiblingNews>) => onNews(data));
  }

  tell(news: SiblingNews): void {
    if (news.drafts.length + news.settled.length > 0) this.channel?.postMessage(news);
  }

  close(): void {
    this.channel?.close();
  }
}
