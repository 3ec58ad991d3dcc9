/** The approval of an act as its pages have it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type * as Y from "yjs";
import { type Answer, call, type Given, upload } from "../api/client";
import { onTold } from "../sync";
import type { IconName } from "../ui/icons";
import type { Tone } from "../ui/Pieces";

export type Approval = Answer<"read_approval">;
export type BodyRow = Approval["bodies"][number];
export type Step = Approval["steps"][number];
export type Outcome = NonNullable<BodyRow["position"]>["outcome"];
export type Stated = Given<"state_position">["body"]["outcome"];
export type Difference = Answer<"read_difference">;
export type UnitChange = Difference["changes"][number];
export type Sheet = NonNullable<BodyRow["visas"]>;
export type Deputy = Answer<"list_deputies">["items"][number];
type Validity = NonNullable<BodyRow["validity"]>["state"];

/** Never by colour alone: each outcome has its sign beside its word. */
export const OUTCOME_LOOKS: Record<Outcome, { tone: Tone; icon: IconName }> = {
  AGREED: { tone: "good", icon: "check" },
  AGREED_WITH_REMARKS: { tone: "warn", icon: "comment" },
  REFUSED: { tone: "bad", icon: "close" },
  SILENT: { tone: "silent", icon: "clock" },
  NOT_COMPETENT: { tone: "info", icon: "minus" },
};

export const VALIDITY_LOOKS: Record<Validity, { tone: Tone; icon: IconName }> = {
  valid: { tone: "good", icon: "check" },
  look: { tone: "warn", icon: "eye" },
  stale: { tone: "stale", icon: "history" },
};

/**
 * Where the approval stands. The first answer comes before the positions were compared with the newest revision (`assessed` false):
 * for a code that takes seconds after a freeze.
 */
export function useApproval(act: string) {
  const whole = useQuery({
    queryKey: ["approval", act],
    queryFn: ({ signal }) => call("read_approval", { path: { act_id: act }, signal }),
  });
  const quick = useQuery({
    queryKey: ["approval-quick", act],
    queryFn: ({ signal }) => call("read_approval", { path: { act_id: act }, query: { assessed: false }, signal }),
    enabled: whole.data === undefined,
    gcTime: 0,
  });
  const data = whole.data ?? quick.data;
  return { data, error: whole.error, isPending: data === undefined && whole.isPending };
}

export function useDifference(act: string, round: number, body: string) {
  return useQuery({
    queryKey: ["difference", act, round, body],
    queryFn: ({ signal }) => call("read_difference", { path: { act_id: act, round: String(round), code: body }, signal }),
    refetchOnWindowFocus: false,
  });
}

function useChanging<Input, Output>(act: string, run: (input: Input) => Promise<Output>) {
  const forget = useForgetting(act);
  return useMutation({ mutationFn: run, onSettled: forget });
}

function useForgetting(act: string) {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      [["approval", act], ["act", act], ["difference", act], ["revisions", act], ["history", act], ["acts"], ["inbox"]].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
}

type RoundWanted = Omit<Given<"open_round">["body"], "revision" | "revision_hash"> & { note: string; invited: readonly string[] };

/** Invites the bodies that do not take part yet, freezes the text as it stands, and opens a round on exactly that revision. */
export function useOpenRound(act: string) {
  return useChanging(act, async ({ note, invited, ...round }: RoundWanted) => {
    for (const code of invited) await call("set_body", { path: { act_id: act, code }, body: { part: "interested" } });
    const frozen = await call("freeze_revision", { path: { act_id: act }, body: { note } });
    return call("open_round", { path: { act_id: act }, body: { ...round, note, revision: frozen.number, revision_hash: frozen.hash } });
  });
}

export function useStatePosition(act: string, round: number) {
  return useChanging(act, (body: Given<"state_position">["body"]) =>
    call("state_position", { path: { act_id: act, round: String(round) }, body }),
  );
}

export function useAdvance(act: string) {
  return useChanging(act, (body: Given<"advance_act">["body"]) => call("advance_act", { path: { act_id: act }, body }));
}

export function useSeal(act: string) {
  return useChanging(act, (body: Given<"seal_act">["body"]) => call("seal_act", { path: { act_id: act }, body }));
}

/** Asks people of one's own body for their visas; `starts` also moves the act to its internal visas. */
export function useAskVisas(act: string) {
  return useChanging(act, async ({ revision, starts, ...body }: Given<"ask_visas">["body"] & { revision: number; starts: boolean }) => {
    const sheet = await call("ask_visas", { path: { act_id: act, number: String(revision) }, body });
    if (starts) await call("advance_act", { path: { act_id: act }, body: { verb: "start_visas", revision } });
    return sheet;
  });
}

export function useGiveVisa(act: string, revision: number) {
  return useChanging(act, (body: Given<"give_visa">["body"]) =>
    call("give_visa", { path: { act_id: act, number: String(revision) }, body }),
  );
}

export function useAddLate(act: string, round: number) {
  return useChanging(act, (body: Given<"add_late_position">["body"]) =>
    call("add_late_position", { path: { act_id: act, round: String(round) }, body }),
  );
}

export function useAttachSignature(act: string, round: number) {
  return useChanging(act, ({ body, file }: { body: string; file: File }) =>
    upload("attach_signature", { path: { act_id: act, round: String(round) }, fields: { body, file } }),
  );
}

export function useDeputies(body: string) {
  return useQuery({ queryKey: ["deputies", body], queryFn: () => call("list_deputies", { path: { code: body } }) });
}

function useChangingDeputies<Input, Output>(body: string, run: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: run, onSettled: () => queries.invalidateQueries({ queryKey: ["deputies", body] }) });
}

export function useNameDeputy(body: string) {
  return useChangingDeputies(body, (given: Given<"name_deputy">["body"]) => call("name_deputy", { path: { code: body }, body: given }));
}

export function useRevokeDeputy(body: string) {
  return useChangingDeputies(body, (deputy: string) => call("revoke_deputy", { path: { code: body, deputy } }));
}

/** Provisions of the saved text, to choose a scope from. */
export function useProvisions(act: string, enabled: boolean) {
  return useQuery({
    queryKey: ["provisions", act],
    queryFn: () => call("read_text", { path: { act_id: act } }),
    enabled,
    staleTime: 60_000,
  });
}

/** Reads the approval anew when anybody states a position, opens a round, or a revision is frozen. */
export function useLiveApproval(act: string, doc: Y.Doc): void {
  const forget = useForgetting(act);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `forget` does the same each time
  useEffect(() => {
    const kinds = new Set<unknown>(["approval", "revision", "remark", "records"]);
    return onTold(doc, (told) => void (kinds.has(told.type) && forget()));
  }, [act, doc]);
}

/** The people of a body that one may find: for their names. */
export function usePeopleOf(body: string) {
  return useQuery({ queryKey: ["people-of", body], queryFn: () => call("search_users", { query: { q: "", body } }) });
}
