import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { type Answer, call } from "../api/client";
import { useBodies } from "../api/people";
import { hasStatus, sentenceOf } from "../api/problems";
import { formatDateTime } from "../i18n/dates";
import { uk } from "../i18n/texts";
import { Button } from "../ui/Button";
import { ForbiddenPage } from "../ui/ForbiddenPage";
import { Banner, Chip, Empty, Loading } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { useTitle } from "../ui/useTitle";

type Event = Answer<"read_audit">["items"][number];
type KnownKind = keyof typeof uk.people.audit.kinds;

/** A kind of event in words; the code itself when this version has no words for it yet. */
function kindWord(t: TFunction, kind: string): string {
  const key = kind.replace(/\W+/g, "_");
  return key in uk.people.audit.kinds ? t(`people.audit.kinds.${key as KnownKind}`) : kind;
}

function useAudit(scope: string) {
  return useInfiniteQuery({
    queryKey: ["audit", scope],
    queryFn: ({ pageParam, signal }) => call("read_audit", { query: { scope, ...(pageParam && { before: pageParam }) }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
}

export function AuditPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const scope = search.get("scope") ?? "system";
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(scope);
  const columns = useAuditColumns();
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  useTitle(t("people.audit.title"));
  if (hasStatus(error, 403)) {
    return (
      <main id="main" tabIndex={-1} className="z-page">
        <ForbiddenPage />
      </main>
    );
  }
  return (
    <main id="main" tabIndex={-1} className="z-page">
      <div className="z-page-head">
        <div>
          <h1>{t("people.audit.title")}</h1>
          <p>{t("people.audit.text")}</p>
        </div>
        {data && <Intact isIntact={data.pages[0]?.intact ?? true} />}
      </div>
      <div className="z-stack">
        {isPending && <Loading />}
        {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
        {data && rows.length === 0 && <Empty icon="shield" title={t("people.audit.none")} text={t("people.audit.noneText")} />}
        {rows.length > 0 && (
          <Table
            label={t(scope === "system" ? "people.audit.whole" : "people.audit.ofAct")}
            columns={columns}
            rows={rows}
            rowKey={(event) => event.hash}
          />
        )}
        {hasNextPage && (
          <div className="z-row">
            <Button onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
              {t("people.audit.older")}
            </Button>
          </div>
        )}
      </div>
    </main>
  );
}

function Intact({ isIntact }: { isIntact: boolean }) {
  const { t } = useTranslation();
  return (
    <Chip tone={isIntact ? "good" : "bad"} icon={isIntact ? "check" : "alert"}>
      {t(isIntact ? "people.audit.intact" : "people.audit.broken")}
    </Chip>
  );
}

/** The log holds ids; a name is shown while the person has one here (D17). */
function useNames(): (id: string) => string {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["people", "all"], queryFn: () => call("search_users", {}), staleTime: 60_000 });
  const names = new Map(data?.items.map((person) => [person.id, person.name]));
  return (id) => (id === "system" ? t("people.audit.system") : (names.get(id) ?? id));
}

function useAuditColumns(): Column<Event>[] {
  const { t } = useTranslation();
  const bodies = useBodies();
  const nameOf = useNames();
  const said = (value: unknown) => (typeof value === "string" && bodies.find(value) ? bodies.shortOf(value) : nameOf(String(value)));
  const details = (event: Event) =>
    Object.entries(event.payload)
      .filter(([name]) => name !== "session" && name !== "token")
      .map(([name, value]) => `${name}: ${said(value)}`)
      .join(", ");
  return [
    { id: "when", title: t("people.audit.columns.when"), cell: (event) => formatDateTime(event.at), shrink: true },
    { id: "what", title: t("people.audit.columns.what"), cell: (event) => kindWord(t, event.kind) },
    { id: "who", title: t("people.audit.columns.who"), cell: (event) => nameOf(event.actor) },
    {
      id: "details",
      title: t("people.audit.columns.details"),
      cell: (event) => <span className="z-quiet z-small">{details(event)}</span>,
    },
    { id: "number", title: t("people.audit.columns.number"), cell: (event) => event.seq, shrink: true },
  ];
}
