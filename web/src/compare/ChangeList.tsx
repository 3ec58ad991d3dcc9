/** What changed, in order, with how many there are of each kind; a kind that is not ticked is shown nowhere. */
import { useTranslation } from "react-i18next";
import { Checkbox } from "../ui/Choice";
import { KindMark } from "./KindMark";
import { type ChangeKind, type Comparison, KINDS, type Row, textOf } from "./model";

interface KindsProps {
  comparison: Comparison;
  hidden: ReadonlySet<ChangeKind>;
  onHide: (hidden: ReadonlySet<ChangeKind>) => void;
}

export function Kinds({ comparison, hidden, onHide }: KindsProps) {
  const { t } = useTranslation();
  const present = KINDS.filter((kind) => (comparison.summary[kind] ?? 0) > 0);
  const toggle = (kind: ChangeKind, isShown: boolean) => {
    const after = new Set(hidden);
    if (isShown) after.delete(kind);
    else after.add(kind);
    onHide(after);
  };
  return (
    <fieldset className="z-kinds">
      <legend>{t("compare.kindsTitle")}</legend>
      {present.map((kind) => (
        <div key={kind} className="z-kinds-line">
          <Checkbox isSelected={!hidden.has(kind)} onChange={(isShown) => toggle(kind, isShown)}>
            <KindMark kind={kind} />
          </Checkbox>
          <span className="z-kinds-count">{comparison.summary[kind]}</span>
        </div>
      ))}
    </fieldset>
  );
}

/** The same where there is no room beside the text: one line that opens. */
export function FoldedKinds(props: KindsProps) {
  const { t } = useTranslation();
  const present = KINDS.filter((kind) => (props.comparison.summary[kind] ?? 0) > 0);
  const shown = present.filter((kind) => !props.hidden.has(kind)).length;
  return (
    <details className="z-kinds-folded">
      <summary>{t("compare.kindsShown", { shown, of: present.length })}</summary>
      <Kinds {...props} />
    </details>
  );
}

const SHOWN_AT_ONCE = 500;

interface ListProps {
  changes: readonly Row[];
  current: string | null;
  onGo: (id: string) => void;
}

export function ChangeList({ changes, current, onGo }: ListProps) {
  const { t } = useTranslation();
  return (
    <nav className="z-changes" aria-label={t("compare.list")}>
      <ol>
        {changes.slice(0, SHOWN_AT_ONCE).map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className="z-change"
              onClick={() => onGo(row.id)}
              {...(row.id === current && { "aria-current": "true" as const })}
            >
              <KindMark kind={row.kind}>{row.place || t(row.unit === "row" ? "compare.tableRow" : "compare.unnumbered")}</KindMark>
              <span className="z-change-text">{excerpt(row)}</span>
            </button>
          </li>
        ))}
      </ol>
      {changes.length > SHOWN_AT_ONCE && <p className="z-quiet z-small">{t("compare.more", { count: changes.length - SHOWN_AT_ONCE })}</p>}
    </nav>
  );
}

/** The first words that changed, else the first words. */
function excerpt(row: Row): string {
  const changed = row.words.find(([sign]) => sign === "+") ?? row.words.find(([sign]) => sign === "-");
  return (changed ? changed[1] : textOf(row.words)).trim().slice(0, 80);
}
