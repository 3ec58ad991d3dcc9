import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../api/client";
import { sentenceOf } from "../api/problems";
import { formatDateTime } from "../i18n/dates";
import { formatSize } from "../i18n/numbers";
import { Button } from "../ui/Button";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { showToast } from "../ui/Toasts";
import { Ask } from "./Ask";
import { type Kept, useDiscard, useQuarantine, useRelease } from "./data";

export function Quarantine() {
  const { t } = useTranslation();
  const { data, error, isPending } = useQuarantine();
  const [asked, ask] = useState<Kept | null>(null);
  const release = useRelease();
  const discard = useDiscard();
  const failed = (failure: unknown) => showToast(sentenceOf(failure), "bad");
  const tryAgain = (kept: Kept) =>
    release.mutate(kept.id, { onSuccess: () => showToast(t("operator.quarantine.released")), onError: failed });
  const columns = useColumns(tryAgain, ask, release.isPending);
  return (
    <div className="z-stack">
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {data?.items.length === 0 && <Empty icon="check" title={t("operator.quarantine.none")} text={t("operator.quarantine.noneText")} />}
      {data && data.items.length > 0 && (
        <Table label={t("operator.quarantine.title")} columns={columns} rows={data.items} rowKey={(kept) => kept.id} />
      )}
      <Ask
        title={t("operator.quarantine.discardTitle")}
        isOpen={asked !== null}
        answer={t("operator.quarantine.discard")}
        isPending={discard.isPending}
        onClose={() => ask(null)}
        onAnswer={() =>
          asked &&
          discard.mutate(asked.id, {
            onSuccess: () => showToast(t("operator.quarantine.discarded")),
            onError: failed,
            onSettled: () => ask(null),
          })
        }
      >
        <p>{t("operator.quarantine.discardText")}</p>
      </Ask>
    </div>
  );
}

function useColumns(tryAgain: (kept: Kept) => void, ask: (kept: Kept) => void, isBusy: boolean): Column<Kept>[] {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["people", "all"], queryFn: () => call("search_users", {}), staleTime: 60_000 });
  const names = new Map(data?.items.map((person) => [person.id, person.name]));
  return [
    { id: "when", title: t("operator.quarantine.when"), cell: (kept) => formatDateTime(kept.at), shrink: true },
    { id: "document", title: t("operator.quarantine.document"), cell: (kept) => <code>{kept.document}</code> },
    { id: "author", title: t("operator.quarantine.author"), cell: (kept) => names.get(kept.user) ?? kept.user },
    {
      id: "rule",
      title: t("operator.quarantine.rule"),
      cell: (kept) => (kept.rule === "poisoned" ? t("operator.quarantine.rules.poisoned") : kept.rule),
    },
    { id: "size", title: t("operator.quarantine.size"), cell: (kept) => formatSize(kept.size_bytes), shrink: true },
    {
      id: "actions",
      title: t("operator.quarantine.actions"),
      cell: (kept) => (
        <span className="z-operator-actions">
          <Button
            small
            label={t("operator.quarantine.releaseNamed", { when: formatDateTime(kept.at) })}
            isPending={isBusy}
            onPress={() => tryAgain(kept)}
          >
            {t("operator.quarantine.release")}
          </Button>
          <Button small label={t("operator.quarantine.discardNamed", { when: formatDateTime(kept.at) })} onPress={() => ask(kept)}>
            {t("operator.quarantine.discard")}
          </Button>
        </span>
      ),
      shrink: true,
      bare: true,
    },
  ];
}
