/** Revisions as milestones, restore points between them, who wrote how much; from here one freezes, compares, restores, plays. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import { sentenceOf } from "../api/problems";
import { formatDate } from "../i18n/dates";
import { Button, LinkButton } from "../ui/Button";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { type Entry, useHistory, useLiveHistory } from "./data";
import { FreezeDialog, RestoreDialog } from "./dialogs";
import { EntryLine } from "./EntryLine";
import "./history.css";
import { byDay } from "./timeline";

export function HistoryPanel() {
  const { t } = useTranslation();
  const { act, document, doc } = useActView();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useHistory(act.id, document.part);
  const [isFreezing, setFreezing] = useState(false);
  const [restored, setRestored] = useState<Entry | null>(null);
  useLiveHistory(act.id, doc);
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  const people = Object.assign({}, ...(data?.pages.map((page) => page.people) ?? []));
  const at = document.part ? `?part=${document.part}` : "";
  return (
    <div className="z-history">
      <div className="z-history-tools">
        {act.abilities.includes("freeze") && (
          <Button icon="stamp" look="primary" small onPress={() => setFreezing(true)}>
            {t("history.freeze")}
          </Button>
        )}
        {entries.length > 0 && (
          <LinkButton icon="play" small href={`/acts/${act.id}/history${at}`}>
            {t("history.play")}
          </LinkButton>
        )}
      </div>
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {data && entries.length === 0 && <Empty icon="history" title={t("history.none")} text={t("history.noneText")} />}
      {byDay(entries, formatDate).map(({ day, entries: ofDay }) => (
        <section key={day} aria-label={day}>
          <h3>{day}</h3>
          <ol>
            {ofDay.map((entry) => (
              <EntryLine key={`${entry.kind} ${entry.seq} ${entry.at}`} entry={entry} people={people}>
                <Actions
                  act={act.id}
                  part={document.part}
                  entry={entry}
                  mayRestore={act.abilities.includes("edit")}
                  onRestore={setRestored}
                />
              </EntryLine>
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <Button small onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
          {t("history.older")}
        </Button>
      )}
      <FreezeDialog act={act} isOpen={isFreezing} onClose={() => setFreezing(false)} />
      <RestoreDialog act={act} entry={restored} onClose={() => setRestored(null)} />
    </div>
  );
}

interface ActionsProps {
  act: string;
  part: string;
  entry: Entry;
  mayRestore: boolean;
  onRestore: (entry: Entry) => void;
}

function Actions({ act, part, entry, mayRestore, onRestore }: ActionsProps) {
  const { t } = useTranslation();
  if (entry.kind === "session") return null;
  const from = entry.kind === "revision" ? String(entry.number) : `point:${entry.seq}`;
  const search = new URLSearchParams({ from, to: "live", ...(part && { part }) });
  return (
    <div className="z-entry-actions">
      <LinkButton look="link" small href={`/acts/${act}/compare?${search}`}>
        {t("history.compare")}
      </LinkButton>
      {entry.kind === "revision" && mayRestore && (
        <Button look="link" small onPress={() => onRestore(entry)} label={t("history.restoreOf", { number: entry.number })}>
          {t("history.restore")}
        </Button>
      )}
    </div>
  );
}
