/** Change by change, one below the other, in plain sentences: for a phone, for a screen reader, for reading aloud in a meeting. */
import { useTranslation } from "react-i18next";
import { KindMark, kindSentence } from "./KindMark";
import { type Row, textOf, wordsOf } from "./model";
import { Words } from "./Words";

interface LinearProps {
  changes: readonly Row[];
  current: string | null;
}

export function Linear({ changes, current }: LinearProps) {
  return (
    <ol className="z-linear">
      {changes.map((row) => (
        <Change key={row.id} row={row} isCurrent={row.id === current} />
      ))}
    </ol>
  );
}

function Change({ row, isCurrent }: { row: Row; isCurrent: boolean }) {
  const { t } = useTranslation();
  const [left, right] = [wordsOf(row, "left"), wordsOf(row, "right")];
  const isText = textOf(left) !== textOf(right) || row.left === null || row.right === null;
  return (
    <li id={`row-${row.id}`} data-kind={row.kind} data-current={isCurrent || undefined} tabIndex={-1}>
      <h3>
        <span>{row.place || t(row.unit === "row" ? "compare.tableRow" : "compare.unnumbered")}</span>{" "}
        <KindMark kind={row.kind}>{kindSentence(t, row)}</KindMark>
      </h3>
      {isText ? (
        <dl>
          <dt>{t("compare.was")}</dt>
          <dd>{row.left === null ? <span className="z-quiet">{t("compare.notThere")}</span> : <Words words={left} />}</dd>
          <dt>{t("compare.became")}</dt>
          <dd>{row.right === null ? <span className="z-quiet">{t("compare.notThereNow")}</span> : <Words words={right} />}</dd>
        </dl>
      ) : (
        <p>{textOf(right)}</p>
      )}
    </li>
  );
}
