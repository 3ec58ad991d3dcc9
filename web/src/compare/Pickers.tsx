/** Which two texts: revisions, the draft, what was imported, a file; and the way back to what one's own body has judged. */
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { documentWord } from "../api/words";
import { formatDate } from "../i18n/dates";
import { Button, IconButton } from "../ui/Button";
import { Select } from "../ui/Choice";
import { FILE, type Revision, useAgreed, type Wanted } from "./data";
import type { Comparison } from "./model";

interface PickersProps {
  act: Act;
  revisions: readonly Revision[];
  wanted: Wanted;
  change: (change: Partial<Wanted>) => void;
}

const MAIN = "main";

export function Pickers({ act, revisions, wanted, change }: PickersProps) {
  const { t } = useTranslation();
  const texts = useTexts(revisions, [wanted.from, wanted.to]);
  const agreed = useAgreed(act.id);
  const parts = act.documents.map((each) => ({ id: each.part || MAIN, label: documentWord(t, each.part) }));
  const isAgreed = wanted.from === String(agreed) && wanted.to === "live";
  return (
    <div className="z-compare-pickers">
      <Select label={t("compare.from")} value={wanted.from} options={texts} onChange={(from) => change({ from, row: "" })} />
      <IconButton
        icon="compare"
        label={t("compare.swap")}
        isDisabled={wanted.to === FILE}
        onPress={() => change({ from: wanted.to, to: wanted.from, row: "" })}
      />
      <Select
        label={t("compare.to")}
        value={wanted.to}
        options={[...texts, { id: FILE, label: t("compare.file") }]}
        onChange={(to) => change({ to, row: "" })}
      />
      {parts.length > 1 && (
        <Select
          label={t("compare.part")}
          value={wanted.part || MAIN}
          options={parts}
          onChange={(part) => change({ part: part === MAIN ? "" : part, row: "" })}
        />
      )}
      {agreed !== null && !isAgreed && (
        <div className="z-compare-agreed">
          <Button look="link" small icon="stamp" onPress={() => change({ from: String(agreed), to: "live", row: "" })}>
            {t("compare.sinceAgreed", { number: agreed })}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What the two sides are called in the language of the page; a file by its own name. */
export function useNames(comparison: Comparison, revisions: readonly Revision[], wanted: Wanted): { left: string; right: string } {
  const texts = useTexts(revisions, [wanted.from, wanted.to]);
  const named = (id: string, given: string) => texts.find((each) => each.id === id && each.label !== id)?.label.trim() ?? given;
  return { left: named(wanted.from, comparison.left.name), right: named(wanted.to, comparison.right.name) };
}

/** Every text there is to compare, the newest first; what the address names beside them too. */
function useTexts(revisions: readonly Revision[], named: readonly string[]) {
  const { t } = useTranslation();
  const known = [
    { id: "live", label: t("compare.live") },
    ...revisions.map(({ number, created_at: at, note }) => ({
      id: String(number),
      label: number === 0 ? t("compare.base", { date: formatDate(at) }) : t("compare.revision", { number, date: formatDate(at), note }),
    })),
  ];
  const others = named.filter((id) => id !== FILE && !known.some((each) => each.id === id));
  return [...known, ...others.map((id) => ({ id, label: id.startsWith("point:") ? t("compare.point", { seq: id.slice(6) }) : id }))];
}
