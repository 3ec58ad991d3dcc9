import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/problems.ts";
import { formatAgo } from "../../i18n/dates.ts";
import type { Suggestion } from "../model.ts";
import { useRecords } from "../records.ts";
import type { Names } from "./words.ts";

/** Everything that was decided about a record: who, when, why. */
export function History({ record, names }: { record: Suggestion; names: Names }) {
  const { t } = useTranslation();
  const records = useRecords();
  const { data, error } = useQuery({
    queryKey: ["decisions", record.id, record.stamp],
    queryFn: () => records.decisions(record.id),
  });
  if (error) return <p className="sug-note">{sentenceOf(error)}</p>;
  if (data?.length === 0) return <p className="sug-note">{t("cards.noHistory")}</p>;
  return (
    <ol className="sug-history">
      {data?.map(({ at, who, body, what, reason }) => (
        <li key={`${at} ${what}`}>
          <span>
            {names.person(who, body)} · {names.body(body)}: {t(`cards.decision.${what}`)}, {formatAgo(at)}
          </span>
          {reason !== "" && <q>{reason}</q>}
        </li>
      ))}
    </ol>
  );
}
