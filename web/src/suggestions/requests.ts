/** The requests about suggestions of one document. They throw what `call` throws. */

import { type Answer, call } from "../api/client";
import type { Request } from "./core/outbox.ts";
import type { Decision, Suggestion, Verb } from "./model.ts";

interface Where {
  readonly act: string;
  readonly document: string;
}

const PAGE = 2_000;

/** All the person sees with this status, page by page. */
export async function listRecords({ act, document }: Where, status: Suggestion["status"]): Promise<Suggestion[]> {
  const found: Suggestion[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Answer<"list_suggestions"> = await call("list_suggestions", {
      path: { act_id: act },
      query: { document, status, after, limit: PAGE },
    });
    found.push(...page.items);
    after = page.next;
  }
  return found;
}

export async function listDecisions({ act }: Where, id: string): Promise<readonly Decision[]> {
  return (await call("list_decisions", { path: { act_id: act, suggestion_id: id } })).items;
}

export function askServer({ act }: Where, verb: Verb, id: string, version: number, reason: string): Promise<Suggestion> {
  return call(`${verb}_suggestion`, { path: { act_id: act, suggestion_id: id }, body: { version, reason } });
}

/** What the outbox has to tell. */
export function tellServer(where: Where, request: Request): Promise<Suggestion> {
  if (request.what === "withdraw") return askServer(where, "withdraw", request.id, request.version, "");
  const { id, kind, change, group = "" } = request.record;
  const body = { id, document: where.document, kind, change: change as unknown as Suggestion["change"], group, version: request.version };
  return call("put_suggestion", { path: { act_id: where.act }, body });
}
