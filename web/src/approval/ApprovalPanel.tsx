/** Where the act stands, what is asked of this person, one row per body, the papers, what happened. */
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { formatDateTime } from "../i18n/dates";
import { LinkButton } from "../ui/Button";
import { Banner, Chip, Empty, Loading } from "../ui/Pieces";
import "./approval.css";
import { BodyRows } from "./BodyRows";
import { type Approval, useApproval, useLiveApproval } from "./data";
import { PAPERS } from "./papers";
import { useNameOf } from "./people";
import { Steps } from "./Steps";
import { Timeline } from "./Timeline";
import { AskVisas, GiveVisa, VisaSheet } from "./Visas";

export function ApprovalPanel() {
  const { act, doc } = useActView();
  const { data, error, isPending } = useApproval(act.id);
  useLiveApproval(act.id, doc);
  return (
    <div className="z-approval">
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {data && <Shown approval={data} />}
    </div>
  );
}

function Shown({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  return (
    <>
      <header className="z-approval-state">
        <Chip strong tone={approval.sealed ? "good" : "info"} icon={approval.sealed ? "lock" : "stamp"}>
          {approval.state_label}
        </Chip>
        {approval.revision ? (
          <span className="z-quiet z-small" title={approval.revision_hash}>
            {t("approval.newest", { number: approval.revision, hash: approval.revision_hash.slice(0, 12) })}
          </span>
        ) : (
          <span className="z-quiet z-small">{t("approval.noRevision")}</span>
        )}
      </header>
      {approval.sealed && (
        <Banner tone="good" icon="lock">
          {t("approval.sealedText")}
        </Banner>
      )}
      {approval.procedure === "emergency" && <Banner tone="warn">{t("approval.emergencyText")}</Banner>}
      {!approval.assessed && <Loading label={t("approval.assessing")} />}
      <MyTurn approval={approval} />
      <Steps approval={approval} />
      <LeadVisas approval={approval} />
      {approval.bodies.length > 0 && <BodyRows approval={approval} />}
      {approval.bodies.length === 0 && approval.procedure !== "emergency" && (
        <Empty icon="stamp" title={t("approval.none")} text={t("approval.noneText")} />
      )}
      <Papers approval={approval} />
      <Timeline approval={approval} />
    </>
  );
}

/** What is asked of this person: the position of their body, or their visa. */
function MyTurn({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const me = useMe();
  const nameOf = useNameOf();
  const may = approval.may_state[0];
  const row = approval.bodies.find(({ body, request }) => body === me.body && request?.round === may?.round);
  const owing = (row?.visas?.people.length ?? 0) - (row?.visas?.visas.length ?? 0);
  const sheets = [...approval.bodies.map(({ visas }) => visas), approval.lead_visas].filter((sheet) => sheet?.body === me.body);
  return (
    <>
      {may && (
        <section className="z-turn" aria-label={t("approval.yourTurn")}>
          <p>
            {row?.request && t("approval.asksYou", { number: row.request.revision, due: formatDateTime(row.request.due_at) })}
            {may.deputy_for && ` ${t("approval.asDeputy", { name: nameOf(may.deputy_for) })}`}
          </p>
          {owing > 0 && <p className="z-small">{t("approval.visas.owing", { count: owing })}</p>}
          <LinkButton look="primary" icon="stamp" wide href={`/acts/${act.id}/position?round=${may.round}`}>
            {t("approval.state")}
          </LinkButton>
        </section>
      )}
      {sheets.map((sheet) => sheet && <GiveVisa key={`${sheet.revision} ${sheet.number}`} sheet={sheet} />)}
    </>
  );
}

/** The visas of the lead body come before a round. */
function LeadVisas({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const me = useMe();
  const { lead_visas: sheet, revision } = approval;
  const isBefore = approval.steps.some(({ verb }) => verb === "start_visas" || verb === "open_round");
  const mayAsk = me.body === act.lead_body && act.abilities.includes("ask_visas") && Boolean(revision) && isBefore;
  const starts = approval.steps.some(({ verb, missing }) => verb === "start_visas" && missing.length === 0);
  if (!sheet && !mayAsk) return null;
  return (
    <section>
      <h3>{t("approval.visas.title")}</h3>
      {sheet && <VisaSheet sheet={sheet} />}
      {mayAsk && revision && (
        <div className="z-row">
          <AskVisas revision={revision} sheet={sheet} starts={starts} />
        </div>
      )}
    </section>
  );
}

function Papers({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const round = approval.open_round ?? Math.max(0, ...approval.bodies.map((row) => row.request?.round ?? row.position?.round ?? 0));
  if (!round) return null;
  return (
    <section>
      <h3>{t("approval.papersTitle")}</h3>
      <ul className="z-papers">
        {PAPERS.map((kind) => (
          <li key={kind}>
            <LinkButton look="link" icon="file" href={`/acts/${approval.act}/papers?round=${round}&kind=${kind}`}>
              {t(`approval.papers.${kind}`)}
            </LinkButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
