/** The papers of a round as tables to read; each prints from its own page. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useAct } from "../api/acts";
import { addressOf, call } from "../api/client";
import { sentenceOf } from "../api/problems";
import { Words } from "../compare/Words";
import "../compare/compare.css";
import { LinkButton } from "../ui/Button";
import { Select } from "../ui/Choice";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import "./approval.css";
import { isPaper, PAPERS, type Paper, type PaperKind } from "./papers";

export function PapersPage() {
  const { actId = "" } = useParams();
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const { data: act } = useAct(actId);
  const rounds = useQuery({ queryKey: ["rounds", actId], queryFn: () => call("list_rounds", { path: { act_id: actId } }) });
  const asked = search.get("kind") ?? "";
  const kind: PaperKind = isPaper(asked) ? asked : "protocol";
  const newest = rounds.data?.items.at(-1)?.number ?? 0;
  const round = Number(search.get("round") ?? newest) || newest;
  const paper = usePaper(actId, round, kind);
  useTitle(t(`approval.papers.${kind}`));
  const go = (change: Record<string, string>) =>
    setSearch({ round: String(round), kind, ...change }, { replace: true, preventScrollReset: true });
  const error = rounds.error ?? paper.error;
  return (
    <main id="main" tabIndex={-1} className="z-papers-page">
      <header>
        <LinkButton look="quiet" icon="left" href={`/acts/${actId}?panel=approval`}>
          {t("compare.back")}
        </LinkButton>
        <h1>{t(`approval.papers.${kind}`)}</h1>
        {act && <p className="z-quiet">{act.title}</p>}
      </header>
      <div className="z-paper-tools">
        <Select
          label={t("approval.paper")}
          value={kind}
          options={PAPERS.map((id) => ({ id, label: t(`approval.papers.${id}`) }))}
          onChange={(id) => go({ kind: id })}
        />
        <Select
          label={t("approval.round")}
          value={String(round)}
          options={(rounds.data?.items ?? []).map((each) => ({
            id: String(each.number),
            label: t("approval.roundOf", { round: each.number, number: each.revision }),
          }))}
          onChange={(id) => go({ round: id })}
        />
        {round > 0 && (
          <a
            className="z-button"
            data-look="plain"
            href={addressOf("read_paper", { act_id: actId, round, kind })}
            target="_blank"
            rel="noopener"
          >
            {t("approval.print")}
          </a>
        )}
      </div>
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {!error && (rounds.isPending || (round > 0 && paper.isPending)) && <Loading />}
      {rounds.data && newest === 0 && <Empty icon="file" title={t("approval.noRounds")} text={t("approval.noneText")} />}
      {paper.data && <PaperTable paper={paper.data} />}
    </main>
  );
}

function usePaper(act: string, round: number, kind: PaperKind) {
  return useQuery({
    queryKey: ["paper", act, round, kind],
    queryFn: async ({ signal }) =>
      // the operation also answers with a page, so its answer has no type of its own
      (await call("read_paper", {
        path: { act_id: act, round: String(round), kind },
        query: { format: "json" },
        signal,
      })) as unknown as Paper,
    enabled: round > 0,
  });
}

function PaperTable({ paper }: { paper: Paper }) {
  const { t } = useTranslation();
  return (
    <article className="z-paper-sheet">
      <h2>{paper.title}</h2>
      {paper.lines.map((line) => (
        <p key={line} className="z-paper-line">
          {line}
        </p>
      ))}
      {paper.rows.length === 0 ? (
        <p className="z-quiet z-paper-line">{t("approval.emptyPaper")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keys
        <section className="z-paper-scroll z-compare-text" tabIndex={0} aria-label={paper.title}>
          <table>
            <thead>
              <tr>
                {paper.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {paper.rows.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a paper never change their order
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={paper.columns[column]} data-title={paper.columns[column]}>
                      {cell.map((paragraph, line) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: nor do the paragraphs of a cell
                        <p key={line} {...(paragraph.strong && { className: "z-strong" })}>
                          <Words words={paragraph.words} />
                        </p>
                      ))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </article>
  );
}
