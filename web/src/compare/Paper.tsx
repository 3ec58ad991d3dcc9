/** The comparative table (порівняльна таблиця) as it is printed. */
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../api/problems";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { type Columns, type Given, usePaper } from "./data";
import { kindSentence } from "./KindMark";
import { type PaperRow, type Row, shownRows } from "./model";
import { Words } from "./Words";

interface PaperProps {
  given: Given;
  columns: Columns;
  /** The changes to show, each with what its kind says. */
  changes: readonly Row[];
  current: string | null;
}

export function Paper({ given, columns, changes, current }: PaperProps) {
  const { t } = useTranslation();
  const { data, error } = usePaper(given);
  if (error) return <Banner tone="bad">{sentenceOf(error)}</Banner>;
  if (!data) return <Loading />;
  const shown = new Map(changes.map((row) => [row.id, row]));
  const rows = shownRows(data.rows, (id) => shown.has(id));
  if (rows.length === 0) return <Empty icon="compare" title={t("compare.noAmendments")} text={t("compare.noAmendmentsText")} />;
  const hasNumbers = columns === "4";
  const hasReasons = columns !== "2";
  return (
    <section className="z-paper" aria-label={t("compare.views.table")} data-columns={columns}>
      <table>
        <thead>
          <tr>
            {hasNumbers && (
              <th scope="col" className="z-paper-number">
                №
              </th>
            )}
            <th scope="col">{t("compare.paper.old")}</th>
            <th scope="col">{t("compare.paper.new")}</th>
            {hasReasons && (
              <th scope="col" className="z-paper-reason">
                {t("compare.paper.reason")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.id}>
              {row.under && (
                <tr>
                  <th scope="rowgroup" className="z-paper-under" colSpan={Number(columns)}>
                    {row.under}
                  </th>
                </tr>
              )}
              <tr id={`row-${row.id}`} data-current={row.id === current || undefined} tabIndex={-1}>
                {hasNumbers && <td className="z-paper-number">{row.number}</td>}
                <Cell side={row.old} none={t("compare.absent")} />
                <Cell side={row.new} none={t("compare.absentNow")} />
                {hasReasons && <td className="z-paper-reason">{reasonOf(shown.get(row.id))}</td>}
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );

  function reasonOf(row: Row | undefined): string {
    return row ? kindSentence(t, row) : "";
  }
}

function Cell({ side, none }: { side: PaperRow["old"]; none: string }) {
  if (side.words.length === 0 && !side.label) {
    return (
      <td>
        <span aria-hidden="true">—</span>
        <span className="z-said">{none}</span>
      </td>
    );
  }
  return (
    <td>
      {side.label && <span className="z-paper-label">{side.label} </span>}
      <Words words={side.words} />
    </td>
  );
}
