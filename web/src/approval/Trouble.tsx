/** What stands in the way of a position, in words, with the next thing to do; what was written stays. */
import { useTranslation } from "react-i18next";
import { ApiError, fieldSentence, sentenceOf } from "../api/problems";
import { LinkButton } from "../ui/Button";
import { Banner } from "../ui/Pieces";
import type { Approval, Difference } from "./data";

interface TroubleProps {
  act: string;
  round: number;
  approval: Approval;
  /** What the person has read. */
  read: Difference;
  error: unknown;
}

export function Trouble({ act, round, approval, read, error }: TroubleProps) {
  const { t } = useTranslation();
  const isMine = approval.may_state.some((each) => each.round === round);
  const next = approval.may_state.find((each) => each.round !== round)?.round;
  if (!error && isMine) return null;
  const moved = approval.revision !== null && approval.revision > read.to ? approval.revision : null;
  const sentence = sentenceFor(error) ?? (approval.sealed ? t("approval.trouble.sealed") : t("approval.trouble.over", { round }));
  return (
    <div className="z-trouble">
      <Banner tone="bad" live>
        <p>{sentence}</p>
        {next !== undefined && <p>{t("approval.trouble.nextRound", { round: next })}</p>}
        {moved !== null && <p>{t("approval.trouble.moved", { from: read.to, to: moved })}</p>}
        <p>{t("approval.trouble.kept")}</p>
      </Banner>
      <div className="z-row">
        {next !== undefined && (
          <LinkButton look="primary" href={`/acts/${act}/position?round=${next}`}>
            {t("approval.toRound", { round: next })}
          </LinkButton>
        )}
        {moved !== null && (
          <LinkButton icon="compare" href={`/acts/${act}/compare?from=${read.to}&to=${moved}`}>
            {t("approval.trouble.seeDifference")}
          </LinkButton>
        )}
        {error instanceof ApiError && error.code === "deadline-passed" && (
          <LinkButton href={`/acts/${act}?panel=approval`}>{t("approval.late.add")}</LinkButton>
        )}
      </div>
    </div>
  );
}

/** The server's sentence, for a field where it names one. */
function sentenceFor(error: unknown): string | null {
  if (!error) return null;
  return fieldSentence(error, "remarks") ?? fieldSentence(error, "outcome") ?? fieldSentence(error, "text") ?? sentenceOf(error);
}
