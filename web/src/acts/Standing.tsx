/** How far the approval of an act has come, in a list: how many have answered, what they said, the nearest deadline. */
import { useTranslation } from "react-i18next";
import type { Standing as Stand } from "../api/inbox";
import { useBodies } from "../api/people";
import { formatDate, formatDateTime } from "../i18n/dates";
import { Icon, type IconName } from "../ui/icons";

type Said = Stand["said"][number];

const SIGNS: Readonly<Record<NonNullable<Said["outcome"]>, IconName>> = {
  AGREED: "check",
  AGREED_WITH_REMARKS: "comment",
  REFUSED: "close",
  SILENT: "clock",
  NOT_COMPETENT: "minus",
};

/** "2 з 4", and a sign for each body with its word for those who hear the page. */
export function Positions({ standing }: { standing: Stand | undefined }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  if (!standing) return null;
  const answered = standing.said.filter(({ outcome }) => outcome !== null).length;
  return (
    <span className="z-standing">
      <span>{t("acts.positions.answered", { answered, asked: standing.said.length })}</span>
      <span className="z-chips">
        {standing.said.map(({ body, outcome }) => {
          const words = t("acts.positions.said", {
            body: bodies.shortOf(body),
            outcome: outcome ? t(`acts.positions.outcomes.${outcome}`) : t("acts.positions.waiting"),
          });
          return (
            <span key={body} className="z-chip" data-hue={bodies.hueOf(body)} title={words}>
              <Icon name={outcome ? SIGNS[outcome] : "clock"} size={14} />
              <span aria-hidden="true">{bodies.shortOf(body)}</span>
              <span className="z-hidden">{words}</span>
            </span>
          );
        })}
      </span>
    </span>
  );
}

export function Deadline({ standing }: { standing: Stand | undefined }) {
  const { t } = useTranslation();
  if (!standing || standing.due_at === 0) return null;
  const { due_at: due, days_left: days } = standing;
  return (
    <span className="z-standing" title={formatDateTime(due)}>
      <time dateTime={new Date(due).toISOString()}>{formatDate(due)}</time>
      {days !== null && days >= 0 && <span className="z-quiet z-small">{t("acts.positions.left", { count: days })}</span>}
    </span>
  );
}
