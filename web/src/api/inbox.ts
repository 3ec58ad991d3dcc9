/** What waits for the person, and how far the approval of acts has come, as the pages read it. */
import { useQuery } from "@tanstack/react-query";
import { type Answer, call } from "./client";

export type Waiting = Answer<"read_inbox">["items"][number];
export type Standing = Answer<"list_standings">["items"][number];

const LOOK_EVERY_MS = 60_000;

/** Read again each minute while the page is in sight: nobody is told from outside of an open act. */
export function useInbox() {
  return useQuery({
    queryKey: ["inbox"],
    queryFn: ({ signal }) => call("read_inbox", { signal }),
    refetchInterval: LOOK_EVERY_MS,
    staleTime: 5_000,
  });
}

/** How many things wait; 0 before it is known. */
export function useWaitingCount(): number {
  const { data } = useInbox();
  return data?.items.length ?? 0;
}

/** By the act's id; acts that were never sent anywhere are not in it. */
export function useStandings(acts: readonly string[]): ReadonlyMap<string, Standing> {
  const { data } = useQuery({
    queryKey: ["acts", "standings", acts],
    queryFn: ({ signal }) => call("list_standings", { query: { acts: acts.join(",") }, signal }),
    enabled: acts.length > 0,
  });
  return new Map((data?.items ?? []).map((one) => [one.act, one]));
}
