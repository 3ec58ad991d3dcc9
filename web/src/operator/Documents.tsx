import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../api/problems";
import { formatSize } from "../i18n/numbers";
import { Button } from "../ui/Button";
import { SearchField } from "../ui/Field";
import { Banner, Chip, Empty, Loading } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { Segments } from "../ui/Tabs";
import { showToast } from "../ui/Toasts";
import { type Document, useDocuments, useVerify } from "./data";
import { RestoreDialog } from "./RestoreDialog";

const PAGE = 50;

interface Defect {
  readonly where: string;
  readonly what: string;
}

export function Documents() {
  const { t } = useTranslation();
  const [q, search] = useState("");
  const [shown, show] = useState<"all" | "open">("all");
  const [before, setBefore] = useState("");
  const [asked, ask] = useState<Document | null>(null);
  const [defects, setDefects] = useState<readonly Defect[]>([]);
  const { data, error, isPending } = useDocuments(q.trim(), shown === "open", before);
  const verify = useVerify();
  const check = (document: string) =>
    verify.mutate(document, {
      onSuccess: ({ items }) => {
        setDefects(items);
        if (items.length === 0) showToast(t("operator.documents.verified", { name: document }));
      },
      onError: (failure) => showToast(sentenceOf(failure), "bad"),
    });
  const columns = useColumns(check, ask, verify.isPending);
  const rows = data?.items ?? [];
  return (
    <div className="z-stack">
      <div className="z-filters">
        <SearchField
          label={t("operator.documents.search")}
          value={q}
          onChange={(text) => {
            search(text);
            setBefore("");
          }}
        />
        <Segments
          label={t("operator.documents.title")}
          value={shown}
          options={[
            { id: "all", label: t("operator.documents.all") },
            { id: "open", label: t("operator.documents.open") },
          ]}
          onChange={(chosen) => {
            show(chosen);
            setBefore("");
          }}
        />
      </div>
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {defects.length > 0 && (
        <Banner tone="bad" title={t("operator.documents.defects")} live>
          {defects.map((defect) => (
            <p key={`${defect.where} ${defect.what}`}>{`${defect.where}: ${defect.what}`}</p>
          ))}
        </Banner>
      )}
      {data && rows.length === 0 && <Empty icon="file" title={t("operator.documents.none")} text={t("operator.documents.noneText")} />}
      {rows.length > 0 && <Table label={t("operator.documents.title")} columns={columns} rows={rows} rowKey={(row) => row.document} />}
      {rows.length === PAGE && (
        <div className="z-row">
          <Button onPress={() => setBefore(rows.at(-1)?.document ?? "")}>{t("operator.documents.older")}</Button>
        </div>
      )}
      {asked && <RestoreDialog document={asked} onClose={() => ask(null)} />}
    </div>
  );
}

function useColumns(check: (document: string) => void, ask: (document: Document) => void, isBusy: boolean): Column<Document>[] {
  const { t } = useTranslation();
  return [
    {
      id: "name",
      title: t("operator.documents.name"),
      cell: (row) => (
        <span>
          <code>{row.document}</code> {row.sealed && <Chip icon="lock">{t("operator.documents.sealed")}</Chip>}{" "}
          {row.quarantined > 0 && <Chip tone="warn">{t("operator.documents.quarantined", { count: row.quarantined })}</Chip>}
        </span>
      ),
    },
    {
      id: "journal",
      title: t("operator.documents.journal"),
      cell: (row) => (
        <span>
          {t("operator.documents.journalValue", { last: row.last_seq, length: row.log_length })}
          <span className="z-quiet z-small">{row.log_bytes > 0 ? ` · ${formatSize(row.log_bytes)}` : ""}</span>
        </span>
      ),
    },
    {
      id: "fence",
      title: t("operator.documents.fence"),
      cell: (row) => <code>{`${row.epoch.slice(0, 8)} / ${row.roles_version}`}</code>,
      shrink: true,
    },
    { id: "here", title: t("operator.documents.here"), cell: (row) => <Here row={row} />, shrink: true },
    {
      id: "actions",
      title: t("operator.documents.actions"),
      cell: (row) => (
        <span className="z-operator-actions">
          <Button
            small
            label={t("operator.documents.verifyNamed", { name: row.document })}
            isPending={isBusy}
            onPress={() => check(row.document)}
          >
            {t("operator.documents.verify")}
          </Button>
          <Button
            small
            label={t("operator.documents.restoreNamed", { name: row.document })}
            isDisabled={row.sealed || row.last_seq === 0}
            onPress={() => ask(row)}
          >
            {t("operator.documents.restore")}
          </Button>
        </span>
      ),
      shrink: true,
      bare: true,
    },
  ];
}

function Here({ row }: { row: Document }) {
  const { t } = useTranslation();
  if (!row.open_here) return <span className="z-quiet">{t("operator.documents.closed")}</span>;
  if (row.saving_stopped) return <Chip tone="bad">{`${t("operator.documents.stopped")} · ${formatSize(row.pending_bytes)}`}</Chip>;
  return <span>{t("operator.documents.openHere", { count: row.connections })}</span>;
}
