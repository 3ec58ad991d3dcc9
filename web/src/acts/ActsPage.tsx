import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { KINDS, useActs } from "../api/acts";
import { useBodies } from "../api/people";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { kindWord, STAGES, stageWord } from "../api/words";
import { Button, LinkButton } from "../ui/Button";
import { Select } from "../ui/Choice";
import { SearchField } from "../ui/Field";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { Segments } from "../ui/Tabs";
import { useTitle } from "../ui/useTitle";
import { ActsBoard } from "./ActsBoard";
import { ActsTable } from "./ActsTable";

const FILTERS = ["q", "kind", "stage", "body"] as const;
type Name = (typeof FILTERS)[number] | "view";

/** The filters live in the address, so that a list can be sent to a colleague and the way back finds it again. */
function useFilters() {
  const [search, setSearch] = useSearchParams();
  const filter = Object.fromEntries(FILTERS.flatMap((name) => (search.get(name) ? [[name, search.get(name) ?? ""]] : [])));
  const set = (name: Name, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const get = (name: Name) => search.get(name) ?? "";
  return {
    filter,
    get,
    set,
    reset: () => setSearch((before) => (before.has("view") ? { view: "board" } : {}), { replace: true }),
    isSet: Object.keys(filter).length > 0,
  };
}

export function ActsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const filters = useFilters();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useActs(filters.filter);
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  const mayCreate = me.abilities.includes("create_act");
  const isBoard = filters.get("view") === "board";
  useTitle(t("acts.title"));
  return (
    <main id="main" tabIndex={-1} className="z-page">
      <div className="z-page-head">
        <div className="z-row">
          <h1>{t("acts.title")}</h1>
          <Segments
            label={t("acts.view")}
            value={isBoard ? "board" : "table"}
            options={[
              { id: "table", label: t("acts.table"), icon: "outline" },
              { id: "board", label: t("acts.board"), icon: "board" },
            ]}
            onChange={(view) => filters.set("view", view === "board" ? view : "")}
          />
        </div>
        {mayCreate && (
          <div className="z-row">
            <LinkButton icon="upload" href="/acts/import">
              {t("acts.import")}
            </LinkButton>
            <LinkButton look="primary" icon="plus" href="/acts/new">
              {t("acts.create")}
            </LinkButton>
          </div>
        )}
      </div>
      <ActFilters filters={filters} />
      {error && (
        <Banner tone="bad" live action={<Button onPress={() => void refetch()}>{t("ui.retry")}</Button>}>
          {sentenceOf(error)}
        </Banner>
      )}
      {isPending && <Loading />}
      {data && rows.length === 0 && <NoActs isFiltered={filters.isSet} mayCreate={mayCreate} onReset={filters.reset} />}
      {rows.length > 0 && (
        <div className="z-stack">
          {isBoard ? <ActsBoard cards={rows} /> : <ActsTable cards={rows} />}
          <div className="z-row">
            {!hasNextPage && <span className="z-quiet z-small">{t("acts.count", { count: rows.length })}</span>}
            {hasNextPage && (
              <Button onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
                {t("ui.more")}
              </Button>
            )}
          </div>
        </div>
      )}
    </main>
  );
}

function ActFilters({ filters }: { filters: ReturnType<typeof useFilters> }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  return (
    <div className="z-filters">
      <SearchField label={t("acts.search")} value={filters.get("q")} onChange={(q) => filters.set("q", q)} />
      <Select
        hideLabel
        label={t("acts.filters.kind")}
        value={filters.get("kind")}
        options={[{ id: "", label: t("acts.filters.anyKind") }, ...KINDS.map((id) => ({ id: id as string, label: kindWord(t, id) }))]}
        onChange={(kind) => filters.set("kind", kind)}
      />
      <Select
        hideLabel
        label={t("acts.filters.stage")}
        value={filters.get("stage")}
        options={[{ id: "", label: t("acts.filters.anyStage") }, ...STAGES.map((id) => ({ id, label: stageWord(t, id) }))]}
        onChange={(stage) => filters.set("stage", stage)}
      />
      <Select
        hideLabel
        label={t("acts.filters.body")}
        value={filters.get("body")}
        options={[
          { id: "", label: t("acts.filters.anyBody") },
          ...bodies.all.map(({ code }) => ({ id: code, label: bodies.shortOf(code) })),
        ]}
        onChange={(body) => filters.set("body", body)}
      />
    </div>
  );
}

function NoActs({ isFiltered, mayCreate, onReset }: { isFiltered: boolean; mayCreate: boolean; onReset: () => void }) {
  const { t } = useTranslation();
  if (isFiltered) {
    return (
      <Empty icon="search" title={t("acts.notFound.title")} text={t("acts.notFound.text")}>
        <Button onPress={onReset}>{t("acts.filters.reset")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon="acts" title={t("acts.none.title")} text={t(mayCreate ? "acts.none.text" : "acts.none.guestText")}>
      {mayCreate && (
        <LinkButton look="primary" icon="plus" href="/acts/new">
          {t("acts.create")}
        </LinkButton>
      )}
    </Empty>
  );
}
