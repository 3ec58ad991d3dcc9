/** One line of the timeline in words. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useBodies } from "../api/people";
import { formatTime } from "../i18n/dates";
import { Icon } from "../ui/icons";
import type { Entry, History } from "./data";

interface EntryLineProps {
  entry: Entry;
  people: History["people"];
  children?: ReactNode;
}

export function EntryLine({ entry, people, children }: EntryLineProps) {
  const { t } = useTranslation();
  return (
    <li className="z-entry" data-kind={entry.kind}>
      <span className="z-entry-mark">
        {entry.kind !== "session" && <Icon name={entry.kind === "revision" ? "stamp" : "history"} size={16} />}
      </span>
      <div>
        {entry.kind === "revision" && <Milestone entry={entry} />}
        {entry.kind === "point" && <span className="z-quiet">{t(`history.points.${entry.reason ?? "daily"}`)}</span>}
        {entry.kind === "session" && <Written entry={entry} />}
        <div className="z-quiet z-small">
          {formatTime(entry.at)}
          <Who entry={entry} people={people} />
        </div>
        {children}
      </div>
    </li>
  );
}

function Milestone({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <>
      <strong>{entry.number === 0 ? t("history.base") : t("history.revision", { number: entry.number })}</strong>
      {entry.note && <p className="z-entry-note">{entry.note}</p>}
      {entry.hash && (
        <code className="z-quiet z-small" title={entry.hash}>
          {t("history.hash", { hash: entry.hash.slice(0, 12) })}
        </code>
      )}
    </>
  );
}

function Written({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <span className="z-entry-amount">
      {(entry.inserted ?? 0) > 0 && <span>{t("history.inserted", { count: entry.inserted ?? 0 })}</span>}
      {(entry.deleted ?? 0) > 0 && <span>{t("history.deleted", { count: entry.deleted ?? 0 })}</span>}
      {!entry.inserted && !entry.deleted && <span>{t("history.shaped")}</span>}
    </span>
  );
}

function Who({ entry, people }: { entry: Entry; people: History["people"] }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  if (!entry.user) return null;
  const person = people[entry.user];
  if (!person) return <> · {entry.user === "server" ? t("history.server") : t("history.erased")}</>;
  return (
    <>
      {" "}
      · {person.name}, {bodies.shortOf(person.body)}
    </>
  );
}
