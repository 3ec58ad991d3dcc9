/** The first step of a position: what is asked, in whose name, about which revision, by when. */
import { useTranslation } from "react-i18next";
import { useBodies } from "../api/people";
import { formatDateTime } from "../i18n/dates";
import { LinkButton } from "../ui/Button";
import type { Approval, Difference } from "./data";

interface AskedProps {
  act: { id: string; title: string };
  round: number;
  approval: Approval;
  difference: Difference;
}

export function Asked({ act, round, approval, difference }: AskedProps) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const row = approval.bodies.find((each) => each.body === difference.body && each.request?.round === round);
  return (
    <>
      <dl className="z-facts">
        <dt>{t("approval.facts.act")}</dt>
        <dd>{act.title}</dd>
        <dt>{t("approval.facts.body")}</dt>
        <dd>{bodies.nameOf(difference.body)}</dd>
        <dt>{t("approval.facts.revision")}</dt>
        <dd>{t("approval.newest", { number: difference.to, hash: difference.to_hash.slice(0, 12) })}</dd>
        {row?.request && (
          <>
            <dt>{t("approval.facts.due")}</dt>
            <dd>
              {formatDateTime(row.request.due_at)} ({row.request.deadline_label})
              {row.days_left !== null && row.days_left > 0 && <p className="z-small">{t("approval.daysOnly", { count: row.days_left })}</p>}
              {row.request.silent && <p className="z-small z-quiet">{t("approval.silence")}</p>}
            </dd>
          </>
        )}
        {difference.scope.length > 0 && (
          <>
            <dt>{t("approval.facts.scope")}</dt>
            <dd>{t("approval.scoped", { count: difference.scope.length })}</dd>
          </>
        )}
        {difference.position && (
          <>
            <dt>{t("approval.facts.before")}</dt>
            <dd>
              {difference.position.label}
              <p className="z-small z-quiet">
                {t("approval.onRevision", { number: difference.position.revision, at: formatDateTime(difference.position.at) })}
              </p>
            </dd>
          </>
        )}
      </dl>
      <div className="z-row">
        <LinkButton icon="book" href={`/acts/${act.id}`}>
          {t("approval.readText")}
        </LinkButton>
      </div>
    </>
  );
}
