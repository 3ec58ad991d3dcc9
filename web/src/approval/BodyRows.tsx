/** One row per body: what it said about which revision, what that is worth now, how long it still has, and what its people do here. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import { useBodies } from "../api/people";
import { useMe } from "../api/session";
import { formatDateTime } from "../i18n/dates";
import { Button, LinkButton } from "../ui/Button";
import { Chip } from "../ui/Pieces";
import { type Approval, type BodyRow, OUTCOME_LOOKS, VALIDITY_LOOKS } from "./data";
import { AddLate, LatePapers } from "./Late";
import { useNameOf } from "./people";
import { AttachSignature, Signatures } from "./Signatures";
import { AskVisas, VisaSheet } from "./Visas";

export function BodyRows({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{t("approval.bodies")}</h3>
      <ul className="z-bodies-rows" aria-label={t("approval.bodies")}>
        {approval.bodies.map((row) => (
          <Row key={`${row.kind} ${row.body}`} row={row} approval={approval} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row, approval }: { row: BodyRow; approval: Approval }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const me = useMe();
  const notes = [row.kind === "legal" && t("approval.legal"), row.mandatory && t("approval.mandatory")].filter(Boolean).join(" · ");
  return (
    <li className="z-body-row">
      <div className="z-body-row-head">
        <Chip hue={bodies.hueOf(row.body)} title={bodies.nameOf(row.body)}>
          {bodies.shortOf(row.body)}
        </Chip>
        {notes && <span className="z-small z-quiet">{notes}</span>}
      </div>
      <Said row={row} />
      <Worth row={row} approval={approval} />
      <Remarks row={row} approval={approval} />
      <LatePapers late={row.late} />
      <Signatures signatures={row.signatures} />
      {row.visas && <VisaSheet sheet={row.visas} />}
      {row.body === me.body && <OwnTools row={row} approval={approval} />}
    </li>
  );
}

function Said({ row }: { row: BodyRow }) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const { position, request } = row;
  const isWaiting = request !== null && (position === null || position.round !== request.round);
  return (
    <>
      {isWaiting && (
        <div className="z-said-line">
          <Chip tone="silent" icon="clock">
            {t(position ? "approval.waitingAgain" : "approval.waiting")}
          </Chip>
          <span className="z-small z-quiet">{dueWords(t, row, formatDateTime(request.due_at))}</span>
        </div>
      )}
      {position && (
        <div className="z-said-line">
          <Chip {...OUTCOME_LOOKS[position.outcome]}>{position.label}</Chip>
          <span className="z-small z-quiet">
            {position.silent && request
              ? t("approval.silentOn", { number: position.revision, due: formatDateTime(request.due_at) })
              : t("approval.onRevision", { number: position.revision, at: formatDateTime(position.at) })}
          </span>
          {!position.silent && <span className="z-small z-quiet">{signedBy(t, nameOf, position)}</span>}
          {position.note && <p className="z-small">{position.note}</p>}
        </div>
      )}
      {!position && !request && <p className="z-small z-quiet">{t("approval.notAsked")}</p>}
    </>
  );
}

function signedBy(t: TFunction, nameOf: (user: string) => string, position: NonNullable<BodyRow["position"]>): string {
  const name = nameOf(position.signatory);
  return position.deputy_for ? t("approval.byDeputy", { name, signatory: nameOf(position.deputy_for) }) : t("approval.by", { name });
}

function dueWords(t: TFunction, row: BodyRow, due: string): string {
  if (row.days_left === null || row.days_left < 0) return t("approval.overdue", { due });
  if (row.days_left === 0) return t("approval.dueToday", { due });
  return t("approval.daysLeft", { count: row.days_left, due });
}

/** What the position is worth on the newest revision, why, and the way to the difference since the revision that the body judged. */
function Worth({ row, approval }: { row: BodyRow; approval: Approval }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const { position, validity } = row;
  if (!position || approval.revision === null || position.revision >= approval.revision) return null;
  if (!validity) {
    return (
      <p className="z-small z-quiet" role="status">
        {approval.assessed ? "" : t("approval.assessing")}
      </p>
    );
  }
  const compare = `/acts/${act.id}/compare?from=${position.revision}&to=${approval.revision}`;
  return (
    <div className="z-said-line">
      <Chip {...VALIDITY_LOOKS[validity.state]}>{t(`approval.validity.${validity.state}`)}</Chip>
      <span className="z-small">{validity.reason}</span>
      {validity.state !== "valid" && validity.units.length > 0 && (
        <ul className="z-reasons" aria-label={t("approval.because")}>
          {validity.units.slice(0, SHOWN_REASONS).map((unit) => (
            <li key={`${unit.part} ${unit.bid}`} className="z-small">
              {unit.place || unit.label || t("compare.beginning")}: {t(`compare.kinds.${unit.kind}`)}
            </li>
          ))}
          {validity.units.length > SHOWN_REASONS && (
            <li className="z-small">{t("approval.moreReasons", { count: validity.units.length - SHOWN_REASONS })}</li>
          )}
        </ul>
      )}
      <LinkButton small look="link" href={compare}>
        {t("approval.sinceRevision", { number: position.revision })}
      </LinkButton>
    </div>
  );
}

const SHOWN_REASONS = 4;

function Remarks({ row, approval }: { row: BodyRow; approval: Approval }) {
  const { t } = useTranslation();
  const view = useActView();
  if (row.remarks.length === 0) return null;
  const open = row.remarks.filter((remark) => remark.answers.length === 0).length;
  const answered = row.remarks.length - open;
  return (
    <details className="z-row-remarks">
      <summary>
        {t("approval.remarks", { count: row.remarks.length })}
        {", "}
        {open === 0 ? t("approval.allAnswered") : t("approval.answered", { count: answered })}
      </summary>
      <ol>
        {row.remarks.map((remark) => {
          const answer = remark.answers.at(-1);
          return (
            <li key={remark.id} className="z-small">
              <p>
                {t("approval.remarkNo", { number: remark.number })} {remark.text}
              </p>
              {remark.proposed && <p className="z-quiet">{t("approval.proposes", { text: remark.proposed })}</p>}
              <p className={answer ? "" : "z-quiet"}>
                {approval.labels.results[answer?.result ?? ""]}
                {answer?.reason ? `: ${answer.reason}` : ""}
              </p>
            </li>
          );
        })}
      </ol>
      {open > 0 && view.act.abilities.includes("answer") && (
        <Button small icon="comment" onPress={() => view.show("comments", REMARKS)}>
          {t("approval.answerRemarks")}
        </Button>
      )}
    </details>
  );
}

/** What the panel of comments is asked to bring forward. */
const REMARKS = "remarks";

/** What the people of this row's body may do besides stating the position. */
function OwnTools({ row, approval }: { row: BodyRow; approval: Approval }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const me = useMe();
  const { position, request } = row;
  const signs = act.abilities.includes("state_position") || act.abilities.includes("give_opinion");
  const isOwed = request !== null && approval.open_round === request.round && position?.round !== request.round;
  const tools = [
    isOwed && act.abilities.includes("ask_visas") && <AskVisas key="visas" revision={request.revision} sheet={row.visas} starts={false} />,
    position?.silent && signs && <AddLate key="late" round={position.round} body={row.body} labels={approval.labels} />,
    position && !position.silent && position.signatory === me.id && (
      <AttachSignature key="signature" round={position.round} body={row.body} />
    ),
    act.abilities.includes("state_position") && (
      <LinkButton key="deputies" small look="quiet" icon="people" href="/deputies">
        {t("approval.deputies.title")}
      </LinkButton>
    ),
  ].filter(Boolean);
  return tools.length === 0 ? null : <div className="z-row">{tools}</div>;
}
