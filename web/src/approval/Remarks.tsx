/** The remarks that go with a position: to which provision, why, and the wording the body wants. */
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { TextField } from "../ui/Field";
import { type UnitChange, useProvisions } from "./data";

export interface Remark {
  readonly key: string;
  readonly text: string;
  readonly proposed: string;
  /** The provision; empty for the whole act. */
  readonly bid: string;
  readonly part: string;
}

export function newRemark(): Remark {
  return { key: crypto.randomUUID(), text: "", proposed: "", bid: "", part: "" };
}

interface RemarksProps {
  act: string;
  remarks: readonly Remark[];
  /** Provisions that changed: they are offered first, before those of the whole text. */
  places: readonly UnitChange[];
  onChange: (remarks: readonly Remark[]) => void;
}

const WHOLE = "whole";
const SHOWN_OTHERS = 300;
const SHOWN_LETTERS = 50;

export function Remarks({ act, remarks, places, onChange }: RemarksProps) {
  const { t } = useTranslation();
  const put = (key: string, change: Partial<Remark>) =>
    onChange(remarks.map((remark) => (remark.key === key ? { ...remark, ...change } : remark)));
  const { data: text } = useProvisions(act, true);
  const changed = places
    .filter((place) => place.kind !== "deleted")
    .map((place) => ({ id: `${place.part}/${place.bid}`, label: place.place || place.label || t("compare.beginning") }));
  const others = (text?.units ?? [])
    .filter((unit) => unit.label !== "" && !places.some((place) => place.bid === unit.bid))
    .map((unit) => ({ id: `/${unit.bid}`, label: `${unit.label} ${unit.text.slice(0, SHOWN_LETTERS)}`.trim() }));
  const options = [{ id: WHOLE, label: t("approval.whole") }, ...changed, ...others.slice(0, SHOWN_OTHERS)];
  return (
    <div className="z-stack">
      {remarks.length === 0 && <p className="z-quiet">{t("approval.noRemarks")}</p>}
      {remarks.map((remark, index) => (
        <section key={remark.key} className="z-panel" aria-label={t("approval.remarkNumber", { number: index + 1 })}>
          <Select
            label={t("approval.remarkPlace")}
            value={remark.bid ? `${remark.part}/${remark.bid}` : WHOLE}
            options={options}
            onChange={(id) => {
              const [part = "", bid = ""] = id === WHOLE ? [] : id.split("/");
              put(remark.key, { part, bid });
            }}
          />
          <TextField
            label={t("approval.remarkText")}
            value={remark.text}
            onChange={(text) => put(remark.key, { text })}
            maxLength={8000}
            multiline
            isRequired
          />
          <TextField
            label={t("approval.remarkProposed")}
            value={remark.proposed}
            onChange={(proposed) => put(remark.key, { proposed })}
            maxLength={8000}
            multiline
          />
          <div className="z-row">
            <Button look="quiet" small icon="trash" onPress={() => onChange(remarks.filter((each) => each.key !== remark.key))}>
              {t("approval.removeRemark")}
            </Button>
          </div>
        </section>
      ))}
      <div className="z-row">
        <Button icon="plus" onPress={() => onChange([...remarks, newRemark()])}>
          {t("approval.addRemark")}
        </Button>
      </div>
    </div>
  );
}
