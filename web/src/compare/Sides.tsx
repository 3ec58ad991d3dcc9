/** Both texts beside each other, each change on one line with its counterpart: they scroll as one. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Fold } from "./Fold";
import { KindMark } from "./KindMark";
import { isName } from "./Label";
import { type End, isShown, labelOf, type Row, type Word, wordsOf } from "./model";
import type { ViewProps } from "./Redline";
import { Words } from "./Words";

export function Sides({ pieces, hidden, current, onUnfold, left, right }: ViewProps & { left: string; right: string }) {
  return (
    <div className="z-sides">
      <div className="z-sides-head">
        <div>{left}</div>
        <div>{right}</div>
      </div>
      {pieces.map((piece) =>
        piece.type === "fold" ? (
          <Fold key={`fold ${piece.id}`} rows={piece.rows} onUnfold={onUnfold} />
        ) : (
          <Pair key={piece.row.id} row={piece.row} isShown={isShown(piece.row, hidden)} isCurrent={piece.row.id === current} />
        ),
      )}
    </div>
  );
}

const Pair = memo(function Pair({ row, isShown: shown, isCurrent }: { row: Row; isShown: boolean; isCurrent: boolean }) {
  const { t } = useTranslation();
  const plain = (words: readonly Word[]): readonly Word[] => (shown ? words : words.map(([, text]) => ["=", text] as const));
  return (
    <div
      className="z-pair"
      data-kind={shown ? row.kind : "same"}
      data-current={isCurrent || undefined}
      {...(shown && { id: `row-${row.id}`, tabIndex: -1 })}
    >
      <Half end={row.left} words={plain(wordsOf(row, "left"))} unit={row.unit} none={shown ? t("compare.notThere") : ""} />
      <Half end={row.right} words={plain(wordsOf(row, "right"))} unit={row.unit} none={shown ? t("compare.notThereNow") : ""} />
      {shown && (
        <div className="z-row-kind">
          <KindMark kind={row.kind} />
        </div>
      )}
    </div>
  );
});

function Half({ end, words, unit, none }: { end: End | null; words: readonly Word[]; unit: string; none: string }) {
  if (end === null) return <div className="z-half z-quiet z-small">{none}</div>;
  return (
    <div className="z-half">
      <div className="z-row-number">{!isName(labelOf(end)) && labelOf(end)}</div>
      <div className="z-row-text" data-unit={unit}>
        {isName(labelOf(end)) && <strong className="z-row-name">{labelOf(end)} </strong>}
        <Words words={words} />
      </div>
    </div>
  );
}
