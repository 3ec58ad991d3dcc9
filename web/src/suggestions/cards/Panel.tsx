/** The panel of proposals: beside the text its cards stand at the height of their places, elsewhere they are a list. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../../acts/slots.ts";
import { formatAgo } from "../../i18n/dates.ts";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/Choice.tsx";
import { Banner, Chip, Empty, Loading, type Tone } from "../../ui/Pieces.tsx";
import { NARROW, useMedia } from "../../ui/useMedia.ts";
import type { Suggestion } from "../model.ts";
import { useRecords } from "../records.ts";
import { focusCard, reopen, restore, reveal } from "./actions.ts";
import { Card, Changes, Who } from "./Card.tsx";
import "./cards.css";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import { type Entry, EVERYTHING } from "./entries.ts";
import { Head, type Shown } from "./Head.tsx";
import { History } from "./History.tsx";
import { type Beside, Track } from "./Track.tsx";
import { useDesk, useDeskView, useNames } from "./useDesk.ts";
import type { Names } from "./words.ts";

export function Panel() {
  const { t } = useTranslation();
  const desk = useDesk();
  return desk === null ? <Loading label={t("cards.loading")} /> : <DeskPanel desk={desk} />;
}

interface Parts {
  readonly desk: Desk;
  readonly view: DeskView;
  readonly names: Names;
}

function DeskPanel({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const view = useDeskView(desk);
  const names = useNames();
  const [shown, setShown] = useState<Shown>("open");
  useAsked(desk, setShown);
  return (
    <div className="sug-panel">
      <Head desk={desk} view={view} names={names} shown={shown} onShow={setShown} />
      {!view.isOnline && (
        <Banner tone="info" icon="offline" live>
          {t("cards.offline")}
        </Banner>
      )}
      {shown === "open" && <Open desk={desk} view={view} names={names} />}
      {shown === "orphans" && <Orphans desk={desk} view={view} names={names} />}
      {shown === "decided" && <Decided desk={desk} view={view} names={names} />}
    </div>
  );
}

/** Brings forward the record that the page was asked for. */
function useAsked(desk: Desk, show: (shown: Shown) => void): void {
  const { focus, panel } = useActView();
  useEffect(() => {
    if (focus === null || panel !== "suggestions") return;
    const key = desk.standing.keyOfRecord(focus.id) ?? focus.id;
    const entry = desk.find(key);
    if (entry === null) return;
    show(entry.at === null ? "orphans" : "open");
    desk.activate(key);
    reveal(desk, entry);
    focusCard(key);
  }, [desk, focus, panel, show]);
}

function Open({ desk, view, names }: Parts) {
  const { t } = useTranslation();
  const isNarrow = useMedia(NARROW);
  if (!view.isLoaded) return <Loading label={t("cards.loading")} />;
  if (view.all.length === 0) return <Empty icon="pencil" title={t("cards.empty.title")} text={t("cards.empty.text")} />;
  if (view.entries.length === 0) {
    return (
      <Empty icon="filter" title={t("cards.empty.filtered")}>
        <Button onPress={() => desk.setFilter(EVERYTHING)}>{t("cards.empty.reset")}</Button>
      </Empty>
    );
  }
  if (!isNarrow) return <AtPlaces desk={desk} view={view} names={names} />;
  return (
    <div className="sug-list">
      {view.entries.map((entry) => (
        <Card key={entry.key} desk={desk} view={view} entry={entry} names={names} isOpen />
      ))}
    </div>
  );
}

function AtPlaces({ desk, view, names }: Parts) {
  const beside = useMemo(() => besideOf(desk), [desk]);
  return (
    <Track beside={beside} entries={view.entries} active={view.active}>
      {(entry) => <Card desk={desk} view={view} entry={entry} names={names} />}
    </Track>
  );
}

function besideOf(desk: Desk): Beside<Entry> {
  const { editor, standing } = desk;
  return {
    view: editor.view,
    places: (entries) => {
      const positions = standing.positionsOf(entries);
      return entries.map((entry, index) => ({ block: standing.blockOf(entry), position: positions[index] ?? null }));
    },
    onLayout: (listener) => {
      const stops = [standing.onLayout(listener), desk.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

function Orphans({ desk, view, names }: Parts) {
  const { t } = useTranslation();
  if (view.orphans.length === 0) return <Empty icon="check" title={t("cards.empty.orphans")} />;
  return (
    <div className="sug-list">
      <p className="sug-note">{t("cards.orphansHelp")}</p>
      {view.orphans.map((entry) => (
        <Card key={entry.key} desk={desk} view={view} entry={entry} names={names} isOpen />
      ))}
    </div>
  );
}

const STATUSES = ["accepted", "rejected", "withdrawn", "stale"] as const;
const TONES: Readonly<Record<Suggestion["status"], Tone>> = {
  open: "info",
  accepted: "good",
  rejected: "bad",
  withdrawn: "silent",
  stale: "stale",
};

function Decided({ desk, view, names }: Parts) {
  const { t } = useTranslation();
  const records = useRecords();
  const [status, setStatus] = useState<Suggestion["status"] | "">("");
  const { isPending, error, refetch } = useQuery({
    queryKey: ["decided", view.isOnline],
    queryFn: () => records.loadDecided().then(() => true),
    staleTime: 0,
    gcTime: 0,
  });
  const shown = view.decided.filter((record) => status === "" || record.status === status);
  const options = STATUSES.map((id) => ({ id, label: t(`cards.status.${id}`) }));
  return (
    <div className="sug-list">
      <Select<Suggestion["status"] | "">
        hideLabel
        label={t("cards.filters.status")}
        value={status}
        options={[{ id: "", label: t("cards.filters.anyStatus") }, ...options]}
        onChange={setStatus}
      />
      {error && (
        <Banner tone="warn" action={<Button onPress={() => void refetch()}>{t("ui.retry")}</Button>}>
          {t("cards.failedToLoad")}
        </Banner>
      )}
      {isPending && <Loading label={t("cards.loading")} />}
      {!isPending && shown.length === 0 && <Empty icon="check" title={t("cards.empty.decided")} />}
      {shown.map((record) => (
        <DecidedCard key={record.id} desk={desk} view={view} record={record} names={names} />
      ))}
    </div>
  );
}

function DecidedCard({ desk, view, record, names }: Parts & { record: Suggestion }) {
  const { t } = useTranslation();
  const [hasHistory, setHistory] = useState(false);
  const { decided, status } = record;
  const mayReopen = view.mayDecide && status === "rejected";
  const mayRestore = view.mayDecide && status === "accepted" && desk.deciding.canRestore(record);
  const isByHand = view.mayDecide && status === "accepted" && !mayRestore && !view.canUndo;
  return (
    <article className="sug-card" data-hue={names.hue(record.body)} data-decided="">
      <Who record={record} names={names} />
      <Changes records={[record]} names={names} />
      <div className="sug-state">
        <Chip tone={TONES[status]} icon={status === "accepted" ? "check" : "info"}>
          {decided === null
            ? t(`cards.status.${status}`)
            : t("cards.decidedBy", {
                status: t(`cards.status.${status}`),
                name: names.person(decided.who, decided.body),
                when: formatAgo(decided.at),
              })}
        </Chip>
        {decided !== null && decided.reason !== "" && <p className="sug-note">{t("cards.reason", { reason: decided.reason })}</p>}
        {isByHand && <p className="sug-note">{t("cards.restoreByHand")}</p>}
      </div>
      <div className="sug-actions">
        {mayReopen && (
          <Button small onPress={() => void reopen(desk, record)}>
            {t("cards.reopen")}
          </Button>
        )}
        {mayRestore && (
          <Button small onPress={() => void restore(desk, record)}>
            {t("cards.undoAccept")}
          </Button>
        )}
        <span className="z-grow" />
        <Button small look="quiet" icon="history" onPress={() => setHistory(!hasHistory)}>
          {t("cards.history")}
        </Button>
      </div>
      {hasHistory && <History record={record} names={names} />}
    </article>
  );
}
