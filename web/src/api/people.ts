/** Bodies and people as the pages read them. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Answer, call, type Given } from "./client";

export type Body = Answer<"list_bodies">["items"][number];
export type Administered = Answer<"list_people">["items"][number];
export type Found = Answer<"search_users">["items"][number];

export interface Bodies {
  readonly all: readonly Body[];
  find(code: string): Body | undefined;
  /** The name in the reader's language; the code of a body nobody knows. */
  nameOf(code: string): string;
  shortOf(code: string): string;
  hueOf(code: string): number | undefined;
}

export function useBodies(): Bodies {
  const { i18n } = useTranslation();
  const { data } = useQuery({ queryKey: ["bodies"], queryFn: () => call("list_bodies", {}), staleTime: 10 * 60_000 });
  const all = data?.items ?? [];
  const english = i18n.language === "en";
  const find = (code: string) => all.find((body) => body.code === code);
  return {
    all,
    find,
    nameOf: (code) => (english ? find(code)?.name_en : find(code)?.name_uk) ?? code,
    shortOf: (code) => (english ? find(code)?.short_en : find(code)?.short_uk) ?? code,
    hueOf: (code) => find(code)?.hue,
  };
}

export function useFoundPeople(q: string) {
  return useQuery({
    queryKey: ["people", q],
    queryFn: ({ signal }) => call("search_users", { query: { q }, signal }),
    enabled: q.trim().length >= 2,
    placeholderData: keepPreviousData,
  });
}

export function useAdministered(q: string, body: string) {
  return useQuery({
    queryKey: ["administered", q, body],
    queryFn: ({ signal }) => call("list_people", { query: { ...(q && { q }), ...(body && { body }) }, signal }),
    placeholderData: keepPreviousData,
  });
}

function useRefreshing<Input, Output>(run: (input: Input) => Promise<Output>, ...keys: string[]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}

export function useCreatePerson() {
  return useRefreshing((body: Given<"create_person">["body"]) => call("create_person", { body }), "administered");
}

export function useChangePerson() {
  return useRefreshing(
    ({ id, ...body }: { id: string } & Given<"change_person">["body"]) => call("change_person", { path: { user_id: id }, body }),
    "administered",
  );
}

export function useResetPassword() {
  return useRefreshing((id: string) => call("reset_password", { path: { user_id: id } }), "administered");
}

export function useSessions() {
  return useQuery({ queryKey: ["sessions"], queryFn: () => call("list_sessions", {}) });
}

export function useRevokeSession() {
  return useRefreshing((id: string) => call("revoke_session", { path: { session_id: id } }), "sessions");
}

export function useRevokeOtherSessions() {
  return useRefreshing(() => call("revoke_other_sessions", {}), "sessions");
}

export function useTokens() {
  return useQuery({ queryKey: ["tokens"], queryFn: () => call("list_tokens", {}) });
}

export function useCreateToken() {
  return useRefreshing((body: Given<"create_token">["body"]) => call("create_token", { body }), "tokens");
}

export function useRevokeToken() {
  return useRefreshing((id: string) => call("revoke_token", { path: { token_id: id } }), "tokens");
}

export function useChangePassword() {
  return useRefreshing((body: Given<"change_password">["body"]) => call("change_password", { body }), "sessions", "tokens", "me");
}
