/** Questions before a decision: why one is rejected, whether what is left of one may enter, what several will do. */

import i18next from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Checkbox } from "../../ui/Choice.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/icons.tsx";
import type { Outcome } from "../core/index.ts";
import { accept, reject, tellAccepted } from "./actions.ts";
import { Changes, Who } from "./Card.tsx";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import type { Entry } from "./entries.ts";
import type { Told } from "./told.ts";
import { type Names, sentence } from "./words.ts";

interface DialogsProps {
  readonly desk: Desk;
  readonly view: DeskView;
  readonly names: Names;
}

export function Dialogs({ desk, view, names }: DialogsProps) {
  const { asked } = view;
  const close = () => desk.ask(null);
  if (asked === null) return null;
  switch (asked.what) {
    case "reject":
      return <Rejecting key={asked.entry.key} desk={desk} entry={asked.entry} names={names} onClose={close} />;
    case "insist":
      return <Insisting desk={desk} entry={asked.entry} names={names} onClose={close} />;
    case "several":
      return <Several desk={desk} entries={asked.entries} names={names} onClose={close} />;
  }
}

interface AboutOne {
  readonly desk: Desk;
  readonly entry: Entry;
  readonly names: Names;
  readonly onClose: () => void;
}

const LONGEST_REASON = 2_000;

function Rejecting({ desk, entry, names, onClose }: AboutOne) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [isPending, setPending] = useState(false);
  const submit = async () => {
    setPending(true);
    await reject(desk, entry, reason.trim());
    setPending(false);
    onClose();
  };
  const foot = (
    <>
      <Button onPress={onClose}>{t("ui.cancel")}</Button>
      <Button look="primary" isPending={isPending} onPress={() => void submit()}>
        {t("cards.rejecting.submit")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("cards.rejecting.title")} isOpen onClose={onClose} foot={foot}>
      <One entry={entry} names={names} />
      <TextField
        label={t("cards.rejecting.reason")}
        help={t("cards.rejecting.help")}
        value={reason}
        onChange={setReason}
        maxLength={LONGEST_REASON}
        multiline
        autoFocus
      />
    </Dialog>
  );
}

function Insisting({ desk, entry, names, onClose }: AboutOne) {
  const { t } = useTranslation();
  const submit = () => {
    onClose();
    void accept(desk, entry, true);
  };
  const foot = (
    <>
      <Button onPress={onClose}>{t("ui.cancel")}</Button>
      <Button look="primary" onPress={submit}>
        {t("cards.insist.submit")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("cards.insist.title")} isOpen onClose={onClose} foot={foot}>
      <p>{t("cards.insist.text")}</p>
      <One entry={entry} names={names} />
    </Dialog>
  );
}

function One({ entry, names }: { entry: Entry; names: Names }) {
  return (
    <div className="sug-card" data-hue={names.hue(entry.first.body)} data-decided="">
      <Who record={entry.first} names={names} />
      <Changes records={entry.records} names={names} />
    </div>
  );
}

interface AboutSeveral {
  readonly desk: Desk;
  readonly entries: readonly Entry[];
  readonly names: Names;
  readonly onClose: () => void;
}

/** What each will do, then what each did: never silent about one. */
function Several({ desk, entries, names, onClose }: AboutSeveral) {
  const { t } = useTranslation();
  const outcomes = useMemo(() => outcomesOf(desk, entries), [desk, entries]);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isPending, setPending] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const wanted = entries.filter(({ key }) => outcomes.get(key) === "clean" && !left.has(key));
  const submit = async () => {
    setPending(true);
    const done = await desk.accept(wanted);
    setPending(false);
    setTold(done);
    tellAccepted(done);
  };
  const toggle = (key: string, isOn: boolean) => {
    const next = new Set(left);
    if (isOn) next.delete(key);
    else next.add(key);
    setLeft(next);
  };
  const foot = told ? (
    <Button look="primary" onPress={onClose}>
      {t("cards.preview.close")}
    </Button>
  ) : (
    <>
      <Button onPress={onClose}>{t("ui.cancel")}</Button>
      <Button look="primary" isPending={isPending} isDisabled={wanted.length === 0} onPress={() => void submit()}>
        {t("cards.preview.submit", { count: wanted.length })}
      </Button>
    </>
  );
  return (
    <Dialog title={t("cards.preview.title")} isOpen onClose={onClose} foot={foot} size="wide" isReading>
      <p aria-live="polite">{told ? doneText(told, entries) : t("cards.preview.intro")}</p>
      <ul className="sug-preview">
        {entries.map((entry) => (
          <Row
            key={entry.key}
            entry={entry}
            names={names}
            outcome={outcomes.get(entry.key) ?? "orphan"}
            told={told}
            isOn={!left.has(entry.key)}
            onToggle={(isOn) => toggle(entry.key, isOn)}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function doneText({ results }: Told, entries: readonly Entry[]): string {
  const done = entries.filter(({ records }) => records.every(({ id }) => results.get(id) === "accepted"));
  return i18next.t("cards.preview.done", { accepted: done.length, count: entries.length });
}

/** Judged together: of two that contradict each other the first is clean. A card is as good as the worst of its records. */
function outcomesOf(desk: Desk, entries: readonly Entry[]): ReadonlyMap<string, Outcome> {
  const judged = desk.deciding.judge(entries.flatMap(({ records }) => records));
  return new Map(
    entries.map(({ key, records }) => {
      const all = records.map(({ id }) => judged.get(id) ?? "orphan");
      return [key, all.includes("orphan") ? "orphan" : all.includes("flagged") ? "flagged" : "clean"];
    }),
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly names: Names;
  readonly outcome: Outcome;
  readonly told: Told | null;
  readonly isOn: boolean;
  readonly onToggle: (isOn: boolean) => void;
}

function Row({ entry, names, outcome, told, isOn, onToggle }: RowProps) {
  const { t } = useTranslation();
  const result = told === null ? null : (entry.records.map(({ id }) => told.results.get(id)).find((one) => one !== "accepted") ?? null);
  const isDone = told !== null && entry.records.every(({ id }) => told.results.get(id) === "accepted");
  const isGood = told === null ? outcome === "clean" : isDone;
  const words = isDone ? t("cards.result.accepted") : result ? t(`cards.result.${result}`) : t(`cards.preview.${outcome}`);
  return (
    <li data-hue={names.hue(entry.first.body)} data-good={isGood ? "" : undefined}>
      <Checkbox isSelected={isDone || (outcome === "clean" && isOn)} isDisabled={told !== null || outcome !== "clean"} onChange={onToggle}>
        <b>{names.body(entry.first.body)}</b>. {entry.records.map((record) => sentence(record, names)).join("; ")}
      </Checkbox>
      <span className="sug-outcome">
        <Icon name={isGood ? "check" : "alert"} size={14} />
        {words}
      </span>
    </li>
  );
}
