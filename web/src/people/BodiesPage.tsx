import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Body, useBodies } from "../api/people";
import { SearchField } from "../ui/Field";
import { Chip, Empty } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { useTitle } from "../ui/useTitle";

/** Apostrophes and case do not matter in a search. */
const fold = (text: string) => text.toLocaleLowerCase("uk").replace(/[’ʼ`]/g, "'");

export function BodiesPage() {
  const { t, i18n } = useTranslation();
  const bodies = useBodies();
  const [q, setQ] = useState("");
  useTitle(t("people.bodies.title"));
  const english = i18n.language === "en";
  const rows = bodies.all.filter((body) =>
    fold(`${body.code} ${body.name_uk} ${body.name_en} ${body.short_uk} ${body.short_en}`).includes(fold(q.trim())),
  );
  const columns: Column<Body>[] = [
    { id: "name", title: t("people.bodies.columns.name"), cell: (body) => (english ? body.name_en : body.name_uk) },
    {
      id: "short",
      title: t("people.bodies.columns.short"),
      cell: (body) => <Chip hue={body.hue}>{english ? body.short_en : body.short_uk}</Chip>,
      shrink: true,
    },
    { id: "code", title: t("people.bodies.columns.code"), cell: (body) => <code>{body.code}</code>, shrink: true },
    {
      id: "state",
      title: t("people.bodies.columns.state"),
      cell: (body) => (body.active ? t("people.bodies.active") : <Chip tone="silent">{t("people.bodies.inactive")}</Chip>),
      shrink: true,
    },
  ];
  return (
    <main id="main" tabIndex={-1} className="z-page">
      <div className="z-page-head">
        <h1>{t("people.bodies.title")}</h1>
        <span className="z-quiet">{t("people.bodies.count", { count: rows.length })}</span>
      </div>
      <div className="z-filters">
        <SearchField label={t("people.bodies.search")} value={q} onChange={setQ} />
      </div>
      {rows.length === 0 ? (
        <Empty icon="body" title={t("people.bodies.none")} />
      ) : (
        <Table label={t("people.bodies.title")} columns={columns} rows={rows} rowKey={(body) => body.code} />
      )}
    </main>
  );
}
