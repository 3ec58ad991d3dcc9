/** One text with everything that changed in it. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Fold } from "./Fold";
import { KindMark, kindSentence } from "./KindMark";
import { hasName, isName, Label } from "./Label";
import { type ChangeKind, isShown, labelOf, type Piece, type Row, wordsOf } from "./model";
import { Words } from "./Words";

export interface ViewProps {
  readonly pieces: readonly Piece[];
  readonly hidden: ReadonlySet<ChangeKind>;
  readonly current: string | null;
  readonly onUnfold: (id: string) => void;
}

export function Redline({ pieces, hidden, current, onUnfold }: ViewProps) {
  return (
    <div className="z-redline">
      {pieces.map((piece) =>
        piece.type === "fold" ? (
          <Fold key={`fold ${piece.id}`} rows={piece.rows} onUnfold={onUnfold} />
        ) : (
          <Line key={piece.row.id} row={piece.row} isShown={isShown(piece.row, hidden)} isCurrent={piece.row.id === current} />
        ),
      )}
    </div>
  );
}

const Line = memo(function Line({ row, isShown: shown, isCurrent }: { row: Row; isShown: boolean; isCurrent: boolean }) {
  const { t } = useTranslation();
  if (!shown) return row.right && <Plain row={row} />;
  const isGone = row.right === null;
  return (
    <div id={`row-${row.id}`} className="z-row-changed" data-kind={row.kind} data-current={isCurrent || undefined} tabIndex={-1}>
      <div className="z-row-number">{!hasName(row) && <Label row={row} />}</div>
      <div className="z-row-text" data-unit={row.unit}>
        {hasName(row) && (
          <strong className="z-row-name">
            <Label row={row} />{" "}
          </strong>
        )}
        <Words words={row.words} />
        {row.words.length === 0 && <span className="z-quiet">{t(isGone ? "compare.emptyRemoved" : "compare.emptyAdded")}</span>}
      </div>
      <div className="z-row-kind">
        <KindMark kind={row.kind}>{kindSentence(t, row)}</KindMark>
      </div>
    </div>
  );
});

export function Plain({ row }: { row: Row }) {
  const label = labelOf(row.right);
  return (
    <div className="z-row-same">
      <div className="z-row-number">{!isName(label) && label}</div>
      <div className="z-row-text" data-unit={row.unit}>
        {isName(label) && <strong className="z-row-name">{label} </strong>}
        <Words words={wordsOf(row, "right").map(([, text]) => ["=", text])} />
      </div>
    </div>
  );
}
