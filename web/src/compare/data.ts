/** Comparisons, the texts there are to compare, and what the address of the page says. */
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { type Answer, call, upload } from "../api/client";
import { useMe } from "../api/session";
import { type ChangeKind, type Comparison, KINDS, type PaperRow, QUIET } from "./model";

export type Revision = Answer<"list_revisions">["items"][number];

export const VIEWS = ["redline", "sides", "table", "linear"] as const;
export type View = (typeof VIEWS)[number];
export const COLUMNS = ["2", "3", "4"] as const;
export type Columns = (typeof COLUMNS)[number];

export interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly part: string;
  readonly view: View;
  readonly columns: Columns;
  readonly hidden: ReadonlySet<ChangeKind>;
  /** The change in sight. */
  readonly row: string | null;
}

function oneOf<T extends string>(values: readonly T[], value: string | null, otherwise: T): T {
  return values.find((each) => each === value) ?? otherwise;
}

function hiddenIn(search: URLSearchParams): ReadonlySet<ChangeKind> {
  const said = search.get("hide");
  return said === null ? new Set(QUIET) : new Set(KINDS.filter((kind) => said.split(",").includes(kind)));
}

/** Everything about what is shown is in the address, so that it can be sent to a colleague. */
export function useWanted(otherwise: View): [Wanted, (change: Partial<Wanted>) => void] {
  const [search, setSearch] = useSearchParams();
  const wanted: Wanted = {
    from: search.get("from") ?? "",
    to: search.get("to") ?? "live",
    part: search.get("part") ?? "",
    view: oneOf(VIEWS, search.get("view"), otherwise),
    columns: oneOf(COLUMNS, search.get("columns"), "2"),
    hidden: hiddenIn(search),
    row: search.get("row"),
  };
  const change = useCallback(
    (given: Partial<Wanted>) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          for (const name of ["from", "to", "part", "view", "columns", "row"] as const) {
            const value = given[name];
            if (value === undefined) continue;
            if (value) after.set(name, value);
            else after.delete(name);
          }
          if (given.hidden) after.set("hide", [...given.hidden].join(","));
          return after;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setSearch],
  );
  return [wanted, change];
}

export function useRevisions(act: string) {
  return useQuery({ queryKey: ["revisions", act], queryFn: () => call("list_revisions", { path: { act_id: act } }) });
}

/** A file that stands in for the new side. It stays on this page: nothing of it is kept, and no address names it. */
export interface Chosen {
  readonly file: File;
  /** Tells one choice from the next, also of the same file, which may have changed. */
  readonly turn: number;
}

export const FILE = "file";

/** The two texts. */
export interface Given {
  readonly act: string;
  readonly from: string;
  readonly to: string;
  readonly part: string;
  readonly chosen: Chosen | null;
}

async function compare(given: Given, shown: { format: "view" | "table"; columns?: number }, signal: AbortSignal): Promise<unknown> {
  const { act, from, to, part, chosen } = given;
  const path = { act_id: act };
  if (to !== FILE) return call("compare", { path, query: { from, to, part, ...shown }, signal });
  if (chosen === null) throw new Error("no file is chosen");
  const fields = {
    file: chosen.file,
    from,
    format: shown.format,
    ...(part && { part }),
    ...(shown.columns && { columns: String(shown.columns) }),
  };
  return upload("compare_file", { path, fields, signal });
}

function useCompared<T>(given: Given, shown: { format: "view" | "table"; columns?: number }) {
  const { act, from, to, part, chosen } = given;
  return useQuery({
    queryKey: ["compare", act, from, to, part, to === FILE ? chosen?.turn : null, shown.format],
    queryFn: async ({ signal }) => (await compare(given, shown, signal)) as T,
    // The live text is read anew each time; frozen ones never change.
    staleTime: to === "live" || from === "live" ? 0 : Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    enabled: from !== "" && (to !== FILE || chosen !== null),
    ...(to === FILE && { retry: false, refetchOnReconnect: false }),
  });
}

/** What changed. */
export function useComparison(given: Given) {
  return useCompared<Comparison>(given, { format: "view" });
}

/** The rows of the comparative table. */
export function usePaper(given: Given) {
  return useCompared<{ readonly rows: readonly PaperRow[] }>(given, { format: "table", columns: 4 });
}

/** The newest revision that the reader's body has stated its position on; null while it has not. */
export function useAgreed(act: string): number | null {
  const me = useMe();
  const { data } = useQuery({
    queryKey: ["approval", act],
    queryFn: ({ signal }) => call("read_approval", { path: { act_id: act }, signal }),
  });
  const stated = data?.bodies.filter((row) => row.body === me.body).flatMap((row) => (row.position ? [row.position.revision] : [])) ?? [];
  return stated.length > 0 ? Math.max(...stated) : null;
}
