/** One card: who proposes what where, what stands against it, and what can be done. */

import { type KeyboardEvent, memo, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatAgo, formatDateTime } from "../../i18n/dates.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Checkbox } from "../../ui/Choice.tsx";
import { Avatar, Chip } from "../../ui/Pieces.tsx";
import { proposalOf, type Suggestion } from "../model.ts";
import { accept, reveal, step } from "./actions.ts";
import { ChangeText } from "./Change.tsx";
import { describe } from "./describe.ts";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import type { Entry } from "./entries.ts";
import { History } from "./History.tsx";
import { actionInCard } from "./keys.ts";
import { threadOf } from "./thread.ts";
import { type Names, sentence } from "./words.ts";

export interface CardProps {
  readonly desk: Desk;
  readonly view: DeskView;
  readonly entry: Entry;
  readonly names: Names;
  /** Cards of a list are all shown in full. */
  readonly isOpen?: boolean;
}

/** Rendered for what it shows itself, not for what happens to other cards. */
export const Card = memo(CardOf, (one, other) => {
  if (one.entry !== other.entry || one.names !== other.names || one.desk !== other.desk || one.isOpen !== other.isOpen) return false;
  const [before, now, { key }] = [one.view, other.view, other.entry];
  return (
    before === now ||
    ((before.active === key) === (now.active === key) &&
      (before.hovered === key) === (now.hovered === key) &&
      before.chosen.has(key) === now.chosen.has(key) &&
      before.queue === now.queue &&
      before.mayDecide === now.mayDecide &&
      other.entry.against.length === 0)
  );
});

function CardOf({ desk, view, entry, names, isOpen = false }: CardProps) {
  const { t } = useTranslation();
  const { key, first, records } = entry;
  const isActive = isOpen || view.active === key;
  const look = () => {
    desk.activate(key);
    reveal(desk, entry);
  };
  return (
    <article
      className="sug-card"
      data-card={key}
      data-hue={names.hue(first.body)}
      data-active={isActive ? "" : undefined}
      data-lit={view.hovered === key ? "" : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a card takes the focus, so that keys reach it
      tabIndex={0}
      aria-label={`${names.body(first.body)}. ${sentence(first, names)}`}
      aria-current={view.active === key ? "true" : undefined}
      onClick={look}
      onFocus={() => desk.activate(key)}
      onMouseEnter={() => desk.hover(key)}
      onMouseLeave={() => desk.hover(null)}
      onKeyDown={(event) => pressed(event, desk, entry, names)}
    >
      <Who record={first} names={names}>
        {view.mayDecide && entry.at !== null && (
          <span className="sug-choose" data-chosen={view.chosen.has(key) ? "" : undefined}>
            <Checkbox isSelected={view.chosen.has(key)} onChange={(chosen) => desk.choose(key, chosen)}>
              <span className="z-hidden">{t("cards.choose")}</span>
            </Checkbox>
          </span>
        )}
      </Who>
      <Changes records={records} names={names} />
      <State entry={entry} view={view} desk={desk} names={names} />
      <Below {...{ desk, view, entry, names, isActive }} />
    </article>
  );
}

function pressed(event: KeyboardEvent, desk: Desk, entry: Entry, names: Names): void {
  if (event.target !== event.currentTarget) return;
  const name = actionInCard(event);
  if (name === null) return;
  event.preventDefault();
  if (name === "next" || name === "previous") step(desk, name === "next" ? 1 : -1, names);
  else if (desk.get().mayDecide && name === "accept") void accept(desk, entry);
  else if (desk.get().mayDecide && name === "reject") desk.ask({ what: "reject", entry });
}

export function Who({ record, names, children }: { record: Suggestion; names: Names; children?: ReactNode }) {
  const name = names.person(record.author, record.body);
  const role = names.role(record.author);
  return (
    <header className="sug-who">
      <Avatar name={name} hue={names.hue(record.body)} size="small" />
      <span className="sug-name">
        <b>{names.body(record.body)}</b>
        {role !== "" && <span> · {role}</span>}
        <small>{name}</small>
      </span>
      <time dateTime={new Date(record.updated_at).toISOString()} title={formatDateTime(record.updated_at)}>
        {formatAgo(record.updated_at)}
      </time>
      {children}
    </header>
  );
}

/** The changes of one action, each with its place. */
export function Changes({ records, names }: { records: readonly Suggestion[]; names: Names }) {
  const { t } = useTranslation();
  return (
    <div className="sug-body">
      {records.length > 1 && <div className="sug-note">{t("cards.group", { count: records.length })}</div>}
      {records.map((record) => (
        <div key={record.id}>
          <div className="sug-what">
            {t(`cards.what.${describe(proposalOf(record)).what}`)}
            <Place record={record} names={names} />
          </div>
          <ChangeText proposal={proposalOf(record)} names={names} />
        </div>
      ))}
    </div>
  );
}

function Place({ record, names }: { record: Suggestion; names: Names }) {
  const { bid, after, table } = record.change as { bid?: string; after?: string | number; table?: string };
  const place = names.place(bid ?? table ?? (typeof after === "string" ? after : ""));
  return place === "" ? null : <span className="sug-place"> · {place}</span>;
}

/** Everything a drafter must know before deciding, each with an icon and words. */
function State({ entry, view, desk, names }: CardProps) {
  const { t } = useTranslation();
  const { first, records, against, isPartly, at } = entry;
  const waits = records.some(({ id }) => view.queue.waiting.some((one) => one.id === id));
  const failed = view.queue.failed.find(({ id }) => records.some((record) => record.id === id));
  const claim = records.find(({ claim: held }) => held !== null)?.claim ?? null;
  return (
    <div className="sug-state">
      {records.some(({ remarked }) => remarked) && (
        <Chip tone="warn" icon="alert">
          {t("cards.remarked")}
        </Chip>
      )}
      {first.audience === "body" && (
        <Chip tone="silent" icon="lock">
          {t("cards.bodyOnly")}
        </Chip>
      )}
      {isPartly && at !== null && (
        <Chip tone="stale" icon="history">
          {t("cards.partly")}
        </Chip>
      )}
      {against.length > 0 && <Against entry={entry} desk={desk} names={names} />}
      {claim !== null && !waits && (
        <Chip tone="info" icon="clock">
          {t("cards.taken", { name: names.person(claim.by, "") || t("cards.somebody") })}
        </Chip>
      )}
      {waits && (
        <Chip tone="info" icon="offline">
          {t("cards.waiting")}
        </Chip>
      )}
      {failed && (
        <Chip tone="bad" icon="alert">
          {t(`cards.result.${failed.reason}`)}
        </Chip>
      )}
    </div>
  );
}

/** Those that contradict it, each a press away. */
function Against({ entry, desk, names }: { entry: Entry; desk: Desk; names: Names }) {
  const { t } = useTranslation();
  const others = entry.against.flatMap((key) => desk.find(key) ?? []);
  return (
    <div className="sug-against">
      <Chip tone="warn" icon="alert" title={t("cards.againstTitle")}>
        {t("cards.against", { count: others.length })}
      </Chip>
      {others.slice(0, 3).map((other) => (
        <Button
          key={other.key}
          look="link"
          small
          onPress={() => {
            desk.activate(other.key);
            reveal(desk, other);
          }}
        >
          {`${names.body(other.first.body)}: ${sentence(other.first, names)}`}
        </Button>
      ))}
    </div>
  );
}

type More = "history" | "thread" | null;

function Below({ desk, view, entry, names, isActive }: CardProps & { isActive: boolean }) {
  const { t } = useTranslation();
  const [more, setMore] = useState<More>(null);
  const id = useId();
  const Thread = threadOf();
  const toggle = (wanted: More) => setMore(more === wanted ? null : wanted);
  return (
    <>
      {(view.mayDecide || isActive) && (
        <div className="sug-actions">
          {view.mayDecide && <Decide desk={desk} view={view} entry={entry} names={names} isOpen={isActive} />}
          <span className="z-grow" />
          {isActive && Thread !== null && <IconButton small icon="comment" label={t("cards.reply")} onPress={() => toggle("thread")} />}
          {isActive && <IconButton small icon="history" label={t("cards.history")} onPress={() => toggle("history")} />}
        </div>
      )}
      {isActive && more === "history" && (
        <div id={id}>
          <History record={entry.first} names={names} />
        </div>
      )}
      {isActive && more === "thread" && Thread !== null && <Thread recordId={entry.first.id} />}
    </>
  );
}

function Decide({ desk, view, entry, names, isOpen = false }: CardProps) {
  const { t } = useTranslation();
  const [isPending, setPending] = useState(false);
  const what = sentence(entry.first, names);
  const waits = view.queue.waiting.filter(({ id, state }) => state === "waiting" && entry.records.some((record) => record.id === id));
  if (waits.length > 0) {
    return (
      <Button small onPress={() => waits.map(({ id }) => desk.deciding.cancel(id))}>
        {t(waits.some(({ rejected }) => rejected !== undefined) ? "cards.cancelRejecting" : "cards.cancelWaiting")}
      </Button>
    );
  }
  const press = () => {
    setPending(true);
    void accept(desk, entry).finally(() => setPending(false));
  };
  return (
    <>
      {entry.at !== null && (
        <Button small look={isOpen ? "primary" : "plain"} isPending={isPending} label={t("cards.acceptNamed", { what })} onPress={press}>
          {t("cards.accept")}
        </Button>
      )}
      <Button small label={t("cards.rejectNamed", { what })} onPress={() => desk.ask({ what: "reject", entry })}>
        {t("cards.reject")}
      </Button>
    </>
  );
}
