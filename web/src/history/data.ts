/** The history of a document as the pages read it. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type * as Y from "yjs";
import { type Answer, call } from "../api/client";
import { onTold } from "../sync";

export type History = Answer<"read_history">;
export type Entry = History["items"][number];
export type Past = Answer<"read_past">;

const PAGE = 100;

/** Revisions, restore points and who wrote between them, the newest first, page by page. */
export function useHistory(act: string, part: string) {
  return useInfiniteQuery({
    queryKey: ["history", act, part],
    queryFn: ({ pageParam, signal }) =>
      call("read_history", { path: { act_id: act }, query: { part, limit: PAGE, ...(pageParam && { before: pageParam }) }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
}

/** The text after one update; it never changes. */
export function usePast(act: string, part: string, seq: number | null) {
  return useQuery({
    queryKey: ["past", act, part, seq],
    queryFn: ({ signal }) => call("read_past", { path: { act_id: act }, query: { part, seq: seq ?? 1 }, signal }),
    enabled: seq !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
}

function useForgetting(act: string) {
  const queries = useQueryClient();
  return () => Promise.all(["history", "revisions", "compare"].map((name) => queries.invalidateQueries({ queryKey: [name, act] })));
}

export function useFreeze(act: string) {
  const forget = useForgetting(act);
  return useMutation({
    mutationFn: (note: string) => call("freeze_revision", { path: { act_id: act }, body: { note } }),
    onSuccess: forget,
  });
}

export function useRestore(act: string) {
  const forget = useForgetting(act);
  return useMutation({
    mutationFn: (number: number) => call("restore_revision", { path: { act_id: act, number: String(number) } }),
    onSuccess: forget,
  });
}

/** Reads the history anew when a revision is frozen by anybody. */
export function useLiveHistory(act: string, doc: Y.Doc): void {
  const forget = useForgetting(act);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `forget` does the same each time
  useEffect(() => onTold(doc, (told) => void (told.type === "revision" && forget())), [act, doc]);
}
