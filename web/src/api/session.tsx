/** Who is signed in. */
import { QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { type Answer, call, type Given } from "./client";
import { findKept, forget, forgetAll, keep } from "./kept";
import { hasStatus, NoAnswer } from "./problems";

export interface Me extends Answer<"read_me"> {
  /** Others use this computer: nothing is kept on it. */
  readonly shared_computer: boolean;
}

const ME = "me";

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        networkMode: "always",
        retry: (failures, error) => failures < 2 && (error instanceof NoAnswer || hasStatus(error, 502, 503, 504)),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
      mutations: { networkMode: "always" },
    },
  });
}

/**
 * The signed-in person; null when nobody is. Without a network: the person who was signed in here last. Raises when the session of
 * the person on the page has ended: whoever was here stays, and is asked to sign in over the page.
 */
async function readMe({ client }: { client: QueryClient }): Promise<Me | null> {
  try {
    const sessions = listSessions();
    sessions.catch(() => undefined); // who this is comes first; what went wrong with the sessions is heard below
    const person = await call("read_me", {});
    const session = (await sessions).find((each) => each.current);
    const me: Me = { ...person, shared_computer: session?.shared_computer ?? true };
    if (me.shared_computer) forget(ME);
    else keep(ME, me);
    return me;
  } catch (error) {
    if (hasStatus(error, 401)) {
      forget(ME);
      if (client.getQueryData<Me | null>([ME])) throw error;
      return null;
    }
    const kept = error instanceof NoAnswer ? findKept<Me>(ME) : null;
    if (kept) return kept;
    throw error;
  }
}

/** While a temporary password waits to be changed nothing but that can be asked. */
async function listSessions(): Promise<Answer<"list_sessions">["items"]> {
  try {
    return (await call("list_sessions", {})).items;
  } catch (error) {
    if (hasStatus(error, 403)) return [];
    throw error;
  }
}

export const ME_QUERY = { queryKey: [ME], queryFn: readMe, staleTime: 60_000 } as const;

const MeContext = createContext<Me | null>(null);
export const MeProvider = MeContext.Provider;

/** The signed-in person, inside the pages that need one. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside of a signed-in page");
  return me;
}

export function useMeQuery() {
  return useQuery(ME_QUERY);
}

export function useSignIn() {
  const queries = useQueryClient();
  return async (given: Given<"sign_in">["body"]) => {
    const started = await call("sign_in", { body: given });
    const before = queries.getQueryData<Me | null>(ME_QUERY.queryKey);
    if (before && before.id !== started.user) {
      forgetAll();
      queries.clear();
    }
    await queries.fetchQuery({ ...ME_QUERY, staleTime: 0 });
    await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== ME_QUERY.queryKey[0] });
    return started;
  };
}

/** Ends the session here and forgets what this device kept of it. Works without a network too: the device forgets either way. */
export function useSignOut() {
  const queries = useQueryClient();
  return async () => {
    forgetAll();
    try {
      await call("sign_out", {});
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
    queries.clear();
    queries.setQueryData(ME_QUERY.queryKey, null);
  };
}
