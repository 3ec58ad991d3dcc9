/** Stating a body's position: what the five steps need, and what is said where there is nothing to state. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useAct } from "../api/acts";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { LinkButton } from "../ui/Button";
import { Empty, Loading } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import "./approval.css";
import { useApproval, useDifference } from "./data";
import { Stating } from "./Stating";

export function PositionPage() {
  const { actId = "" } = useParams();
  const [search] = useSearchParams();
  const { t } = useTranslation();
  const me = useMe();
  const round = Number(search.get("round") ?? "0");
  const { data: act, error: actError } = useAct(actId);
  const { data: approval, error } = useApproval(actId);
  const { data: difference, error: differenceError } = useDifference(actId, round, me.body);
  const isMine = approval?.may_state.some((each) => each.round === round) ?? false;
  const [began, setBegan] = useState<number | null>(null);
  if (isMine && began !== round) setBegan(round);
  useTitle(t("approval.state"));
  const failure = actError ?? error ?? differenceError;
  // What somebody has begun to write stays in sight, whatever becomes of the round.
  if (act && approval && difference && (isMine || began === round)) {
    return <Stating key={round} act={{ id: act.id, title: act.title }} round={round} approval={approval} difference={difference} />;
  }
  if (failure) return <Message title={sentenceOf(failure)} act={actId} />;
  if (!act || !approval || !difference) {
    return (
      <main id="main" tabIndex={-1}>
        <Loading />
      </main>
    );
  }
  const next = approval.may_state[0]?.round;
  return <Message title={t("approval.notYours")} act={actId} {...(next !== undefined && { next })} />;
}

function Message({ title, act, next }: { title: string; act: string; next?: number }) {
  const { t } = useTranslation();
  return (
    <main id="main" tabIndex={-1}>
      <Empty page icon="stamp" title={title}>
        {next !== undefined && (
          <LinkButton look="primary" href={`/acts/${act}/position?round=${next}`}>
            {t("approval.toRound", { round: next })}
          </LinkButton>
        )}
        <LinkButton look={next === undefined ? "primary" : "plain"} href={`/acts/${act}?panel=approval`}>
          {t("compare.back")}
        </LinkButton>
      </Empty>
    </main>
  );
}
