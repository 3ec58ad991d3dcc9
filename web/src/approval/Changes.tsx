/** What changed since the body last judged, provision by provision, before and after. */
import { useTranslation } from "react-i18next";
import { KindMark } from "../compare/KindMark";
import "../compare/compare.css";
import type { RowKind, Word } from "../compare/model";
import { Words } from "../compare/Words";
import { LinkButton } from "../ui/Button";
import { Banner, Empty } from "../ui/Pieces";
import type { Difference, UnitChange } from "./data";

interface ChangesProps {
  act: string;
  difference: Difference;
}

/** What stands in the provisions that the body was asked about comes first; the rest is there to be unfolded. */
export function Changes({ act, difference }: ChangesProps) {
  const { t } = useTranslation();
  const { changes, since, to, scope } = difference;
  if (changes.length === 0) {
    return (
      <Empty
        icon={since === null ? "book" : "check"}
        title={t(since === null ? "approval.nothingToCompare" : "approval.noChanges")}
        text={t(since === null ? "approval.nothingToCompareText" : "approval.noChangesText")}
      >
        <LinkButton icon="book" href={`/acts/${act}`}>
          {t("approval.readText")}
        </LinkButton>
      </Empty>
    );
  }
  const inScope = scope.length === 0 ? changes : changes.filter((change) => change.in_scope);
  const elsewhere = scope.length === 0 ? [] : changes.filter((change) => !change.in_scope);
  return (
    <>
      <Banner tone="info">{since === null ? t("approval.firstTime", { to }) : t("approval.since", { since, to })}</Banner>
      {inScope.length === 0 && <p className="z-quiet">{t("approval.nothingInScope")}</p>}
      {inScope.length > 0 && <ChangeList changes={inScope} />}
      {elsewhere.length > 0 && (
        <details>
          <summary>{t("approval.elsewhere", { count: elsewhere.length })}</summary>
          <ChangeList changes={elsewhere} />
        </details>
      )}
    </>
  );
}

function ChangeList({ changes }: { changes: readonly UnitChange[] }) {
  return (
    <div className="z-compare-text">
      <ol className="z-linear">
        {changes.map((change) => (
          <Change key={`${change.part} ${change.bid}`} change={change} />
        ))}
      </ol>
    </div>
  );
}

function Change({ change }: { change: UnitChange }) {
  const { t } = useTranslation();
  const words = change.words as readonly Word[];
  const [was, became] = [words.filter(([sign]) => sign !== "+"), words.filter(([sign]) => sign !== "-")];
  return (
    <li data-kind={change.kind}>
      <h3>
        <span>{change.place || change.label || t("compare.beginning")}</span> <KindMark kind={change.kind as RowKind} />
      </h3>
      <dl>
        <dt>{t("compare.was")}</dt>
        <dd>{was.length === 0 ? <span className="z-quiet">{t("compare.notThere")}</span> : <Words words={was} />}</dd>
        <dt>{t("compare.became")}</dt>
        <dd>{became.length === 0 ? <span className="z-quiet">{t("compare.notThereNow")}</span> : <Words words={became} />}</dd>
      </dl>
    </li>
  );
}
