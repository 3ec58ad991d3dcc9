/** What the operator's API says, read again every few seconds while the page is looked at. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Answer, call } from "../api/client";

export type Node = Answer<"list_nodes">["items"][number];
export type Document = Answer<"list_document_health">["items"][number];
export type Kept = Answer<"list_quarantine">["items"][number];

const EVERY_MS = 5000;

export function useNodes() {
  return useQuery({ queryKey: ["operator", "nodes"], queryFn: ({ signal }) => call("list_nodes", { signal }), refetchInterval: EVERY_MS });
}

export function useDocuments(q: string, open: boolean, before: string) {
  return useQuery({
    queryKey: ["operator", "documents", q, open, before],
    queryFn: ({ signal }) => call("list_document_health", { query: { q, open, before }, signal }),
    refetchInterval: EVERY_MS,
    placeholderData: (shown) => shown,
  });
}

export function useQuarantine() {
  return useQuery({
    queryKey: ["operator", "quarantine"],
    queryFn: ({ signal }) => call("list_quarantine", { signal }),
    refetchInterval: EVERY_MS,
  });
}

/** An action after which everything on the page is read again. */
function useAction<Given, Result>(act: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => queries.invalidateQueries({ queryKey: ["operator"] }) });
}

export const useDrain = () => useAction((node: string) => call("drain_node", { path: { node } }));
export const useVerify = () => useAction((document: string) => call("verify_document", { path: { document } }));
export const useRestore = () =>
  useAction(({ document, seq }: { document: string; seq: number }) => call("restore_document", { path: { document }, body: { seq } }));
export const useRelease = () => useAction((id: string) => call("release_quarantined", { path: { id } }));
export const useDiscard = () => useAction((id: string) => call("discard_quarantined", { path: { id } }));
