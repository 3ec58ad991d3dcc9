/** What kind of change a row is, in a word and a sign; never by colour alone. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { labelOf, type Row, type RowKind } from "./model";

const SIGNS: Record<RowKind, string> = {
  same: "",
  inserted: "+",
  deleted: "−",
  replaced: "±",
  moved: "⇄",
  moved_edited: "⇄±",
  renumbered: "№",
  reference: "→",
  orthographic: "а",
  typographic: "«»",
  note: "{}",
};

export function KindMark({ kind, children }: { kind: RowKind; children?: string }) {
  const { t } = useTranslation();
  return (
    <span className="z-kind" data-kind={kind}>
      <span className="z-kind-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      {children ?? t(`compare.kinds.${kind}`)}
    </span>
  );
}

/** The kind with what a mark in the text can't show: where it stood, what its number was. */
export function kindSentence(t: TFunction, row: Row): string {
  const [from, to] = [labelOf(row.left), labelOf(row.right)];
  const word = t(`compare.kinds.${row.kind}`);
  if (row.kind === "moved" || row.kind === "moved_edited") return from ? t("compare.movedFrom", { word, from }) : word;
  if (row.kind === "renumbered" || (row.left && row.right && from !== to)) {
    return t("compare.renumberedFrom", { word, from: from || t("compare.noNumber"), to: to || t("compare.noNumber") });
  }
  return word;
}
