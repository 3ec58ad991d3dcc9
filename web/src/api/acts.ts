/** Acts as the pages read them. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Answer, call, type Given } from "./client";
import { findKept, forget, keep } from "./kept";
import { hasStatus, NoAnswer } from "./problems";
import { type Me, useMe } from "./session";

export type ActCard = Answer<"list_acts">["items"][number];
export type Act = Answer<"read_act">;
export type Member = Act["members"][number];
export type Role = Member["roles"][number];
export type Part = Act["bodies"][number]["part"];
export type Ability = Act["abilities"][number];

export const KINDS = ["postanova", "rozporiadzhennia", "zakonoproiekt", "other"] as const;
export type Kind = (typeof KINDS)[number];
export const PARTS = ["lead", "co_developer", "interested", "reader"] as const satisfies readonly Part[];
export const ROLES = ["lead", "drafter", "reviewer", "signatory", "legal", "reader"] as const satisfies readonly Role[];

export interface ActFilter {
  readonly q?: string;
  readonly kind?: string;
  readonly stage?: string;
  readonly body?: string;
  /** Only those on which the person holds a role. */
  readonly mine?: boolean;
}

/** The acts the person may see, changed last first, page by page. */
export function useActs(filter: ActFilter, limit = 50) {
  return useInfiniteQuery({
    queryKey: ["acts", filter, limit],
    queryFn: ({ pageParam, signal }) => call("list_acts", { query: { ...filter, limit, ...(pageParam && { after: pageParam }) }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** An act's card; without a network the one this device kept. */
async function readAct(id: string, me: Me): Promise<Act> {
  const key = `act.${me.id}.${id}`;
  try {
    const act = await call("read_act", { path: { act_id: id } });
    if (!me.shared_computer) keep(key, act);
    return act;
  } catch (error) {
    if (hasStatus(error, 403, 404)) forget(key);
    const kept = error instanceof NoAnswer ? findKept<Act>(key) : null;
    if (kept) return kept;
    throw error;
  }
}

export function actQuery(id: string, me: Me) {
  return { queryKey: ["act", id], queryFn: () => readAct(id, me) } as const;
}

export function useAct(id: string) {
  return useQuery(actQuery(id, useMe()));
}

function useChanging<Input, Output>(run: (input: Input) => Promise<Output>, id?: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["acts"] }),
        ...(id === undefined ? [] : [queries.invalidateQueries({ queryKey: ["act", id] })]),
      ]),
  });
}

export function useCreateAct() {
  return useChanging((body: Given<"create_act">["body"]) => call("create_act", { body }));
}

export function useRenameAct(id: string) {
  return useChanging((title: string) => call("rename_act", { path: { act_id: id }, body: { title } }), id);
}

export function useSetBody(id: string) {
  return useChanging(
    ({ code, part }: { code: string; part: Part }) => call("set_body", { path: { act_id: id, code }, body: { part } }),
    id,
  );
}

export function useRemoveBody(id: string) {
  return useChanging((code: string) => call("remove_body", { path: { act_id: id, code } }), id);
}

/** One more role for a person. */
export function useAddRole(id: string) {
  return useChanging(
    ({ user, role }: { user: string; role: Role }) => call("set_member", { path: { act_id: id, user_id: user }, body: { role } }),
    id,
  );
}

/** Exactly these roles for a person. */
export function useSetRoles(id: string) {
  return useChanging(
    ({ user, roles }: { user: string; roles: readonly Role[] }) =>
      call("set_member", { path: { act_id: id, user_id: user }, body: { roles } }),
    id,
  );
}

export function useRemoveMember(id: string) {
  return useChanging((user: string) => call("remove_member", { path: { act_id: id, user_id: user } }), id);
}

export function useAddDocument(id: string) {
  return useChanging((part: string) => call("add_part", { path: { act_id: id }, body: { part } }), id);
}
