import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { labelOf, type Row } from "./model";

/** Unchanged text that is not in sight, and how much of it there is. */
export function Fold({ rows, onUnfold }: { rows: readonly Row[]; onUnfold: (id: string) => void }) {
  const { t } = useTranslation();
  const first = rows[0];
  if (!first) return null;
  const labels = rows.map((row) => labelOf(row.right)).filter((label) => label !== "");
  const range = labels.length > 1 ? `${labels[0]} … ${labels.at(-1)}` : (labels[0] ?? "");
  return (
    <div className="z-fold">
      <Button look="quiet" small icon="down" onPress={() => onUnfold(first.id)}>
        {t("compare.unchanged", { count: rows.length })}
      </Button>
      {range && <span className="z-quiet z-small">{range}</span>}
    </div>
  );
}
