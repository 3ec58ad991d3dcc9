/**
 * The panel of comments: conversations and what is being written, beside the text at the height of their places, elsewhere a list;
 * those whose words are gone; formal remarks.
 */

import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { findKept, forget, keep } from "../api/kept.ts";
import { type Beside, Track } from "../suggestions/cards/Track.tsx";
import { newId } from "../suggestions/core/record.ts";
import { Button } from "../ui/Button.tsx";
import { Select } from "../ui/Choice.tsx";
import { Banner, Empty, Loading } from "../ui/Pieces.tsx";
import { Segments } from "../ui/Tabs.tsx";
import { NARROW, useMedia } from "../ui/useMedia.ts";
import { Composer } from "./Composer.tsx";
import "./comments.css";
import { type Desk, type Entry, WRITING } from "./desk.ts";
import { type Anchor, FILTERS, type FilterName, matches, type Pending, quoteOf, type Thread, WHOLE_ACT } from "./model.ts";
import { Remarks } from "./Remarks.tsx";
import { ThreadCard } from "./ThreadCard.tsx";
import { useComments, useCommentsState, useDesk, useDeskView, useNames, useRights } from "./use.ts";
import { Waiting } from "./Waiting.tsx";

type Shown = "threads" | "orphans" | "remarks";

export function Panel() {
  const { isLoaded } = useCommentsState();
  const isNarrow = useMedia(NARROW);
  const [asked, setShown] = useState<Shown>("threads");
  const [filter, setFilter] = useState<FilterName>("open");
  const { writing } = useDeskView();
  const threads = useThreads(filter);
  useEffect(() => {
    if (writing !== null) setShown("threads");
  }, [writing]);
  useKeptPlace();
  useAsked(setShown, setFilter);
  const shown = isNarrow && asked === "orphans" ? "threads" : asked;
  return (
    <div className="cmt-panel" data-writing={writing === null ? undefined : ""}>
      <div className="cmt-top track-head">
        <Views threads={threads} shown={shown} onShow={setShown} isNarrow={isNarrow} />
        {isLoaded && shown !== "remarks" && <Head filter={filter} onFilter={setFilter} />}
        {isLoaded && shown === "threads" && !isNarrow && threads.waiting.length > 0 && (
          <div className="cmt-waits">
            <Waiting pending={threads.waiting} />
          </div>
        )}
      </div>
      {!isLoaded && <Loading />}
      {isLoaded && shown === "threads" && (isNarrow ? <List {...threads} /> : <AtPlaces {...threads} />)}
      {isLoaded && shown === "orphans" && <Orphans {...threads} />}
      {isLoaded && shown === "remarks" && <Remarks />}
    </div>
  );
}

/** What the filter lets through. */
interface Threads {
  readonly filter: FilterName;
  /** At their places, and the comment being written. */
  readonly entries: readonly Entry[];
  readonly here: readonly Thread[];
  /** Those whose words are gone. */
  readonly gone: readonly Thread[];
  /** Own ones that the server does not have yet. */
  readonly waiting: readonly Pending[];
}

function useThreads(filter: FilterName): Threads {
  const { entries, orphans } = useDeskView();
  const { pending } = useCommentsState();
  const { me } = useRights();
  return useMemo(() => {
    const isShown = (thread: Thread) => matches(thread, filter, me.id, me.body);
    const shown = entries.filter(({ thread }) => thread === null || isShown(thread));
    return {
      filter,
      entries: shown,
      here: shown.flatMap(({ thread }) => thread ?? []),
      gone: orphans.filter(isShown),
      waiting: pending.filter((one) => one.thread === "" && one.suggestion === ""),
    };
  }, [entries, orphans, pending, filter, me]);
}

/** Brings forward the thread that the page was asked for. */
function useAsked(show: (shown: Shown) => void, filter: (name: FilterName) => void): void {
  const { focus, panel } = useActView();
  const desk = useDesk();
  const store = useComments();
  useEffect(() => {
    if (focus === null || panel !== "comments" || desk === null) return;
    if (focus.id === "remarks") show("remarks");
    const thread = store?.find(focus.id) ?? null;
    if (thread === null) return;
    show(desk.get().orphans.includes(thread) ? "orphans" : "threads");
    filter(thread.status === "open" ? "open" : "resolved");
    desk.activate(thread.id);
    desk.reveal(thread);
  }, [focus, panel, desk, store, show, filter]);
}

interface ViewsProps {
  readonly threads: Threads;
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
  readonly isNarrow: boolean;
}

function Views({ threads: { gone }, shown, onShow, isNarrow }: ViewsProps) {
  const { t } = useTranslation();
  const { isOnline } = useActView();
  const { remarks } = useCommentsState();
  const counted = (label: string, count: number) => (count > 0 ? `${label} ${count}` : label);
  const hasOrphans = !isNarrow && (gone.length > 0 || shown === "orphans");
  return (
    <>
      <Segments
        label={t("comments.views")}
        value={shown}
        onChange={onShow}
        options={[
          { id: "threads", label: t("comments.threads") },
          ...(hasOrphans ? [{ id: "orphans" as const, label: counted(t("comments.orphans"), gone.length) }] : []),
          { id: "remarks", label: counted(t("comments.remarks"), remarks.length) },
        ]}
      />
      {!isOnline && (
        <Banner tone="info" icon="offline" live>
          {t("comments.offline")}
        </Banner>
      )}
    </>
  );
}

function Head({ filter, onFilter }: { filter: FilterName; onFilter: (name: FilterName) => void }) {
  const { t } = useTranslation();
  return (
    <div className="cmt-row cmt-head">
      <Select<FilterName>
        hideLabel
        label={t("comments.filter.label")}
        value={filter}
        onChange={onFilter}
        options={FILTERS.map((id) => ({ id, label: t(`comments.filter.${id}`) }))}
      />
      <span className="z-grow" />
      <WriteToAct />
    </div>
  );
}

function AtPlaces({ filter, entries, here, waiting }: Threads) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { active } = useDeskView();
  const step = useSteps(here);
  const beside = useMemo(() => (desk === null ? null : besideOf(desk)), [desk]);
  if (entries.length === 0 && waiting.length > 0) return null;
  if (entries.length === 0) return <Empty icon="comment" title={t(`comments.empty.${filter}`)} text={t("comments.empty.help")} />;
  if (beside === null) return <Loading />;
  return (
    <Track beside={beside} entries={entries} active={active} mayLeave>
      {({ thread }) => (thread === null ? <Writing /> : <ThreadCard thread={thread} isBeside onStep={step} />)}
    </Track>
  );
}

function besideOf(desk: Desk): Beside<Entry> {
  return {
    view: desk.editor.view,
    places: (entries) => desk.placesOf(entries.map(({ key }) => key)),
    onLayout: (listener) => desk.onLayout(listener),
  };
}

/** Where there is no room beside the text. */
function List({ filter, here, gone, waiting }: Threads) {
  const { t } = useTranslation();
  const step = useSteps([...here, ...gone]);
  return (
    <div className="cmt-list">
      <Writing />
      <Waiting pending={waiting} />
      {here.length + gone.length + waiting.length === 0 && (
        <Empty icon="comment" title={t(`comments.empty.${filter}`)} text={t("comments.empty.help")} />
      )}
      {here.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} onStep={step} />
      ))}
      {gone.length > 0 && <p className="cmt-note">{t("comments.orphansHelp")}</p>}
      {gone.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} isOrphan onStep={step} />
      ))}
    </div>
  );
}

function Orphans({ gone }: Threads) {
  const { t } = useTranslation();
  const step = useSteps(gone);
  if (gone.length === 0) return <Empty icon="check" title={t("comments.empty.orphans")} />;
  return (
    <div className="cmt-list">
      <p className="cmt-note">{t("comments.orphansHelp")}</p>
      {gone.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} isOrphan onStep={step} />
      ))}
    </div>
  );
}

/** From one thread to its neighbour, whose card may not be there before it is looked at. */
function useSteps(threads: readonly Thread[]): (from: Thread, direction: 1 | -1) => boolean {
  const desk = useDesk();
  return (from, direction) => {
    const next = threads[threads.indexOf(from) + direction];
    if (next === undefined || desk === null) return false;
    desk.activate(next.id);
    desk.reveal(next);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`.cmt-card[data-thread="${CSS.escape(next.id)}"]`)?.focus({ preventScroll: true }),
    );
    return true;
  };
}

function WriteToAct() {
  const { t } = useTranslation();
  const desk = useDesk();
  const { writing } = useDeskView();
  const { mayComment } = useRights();
  if (!mayComment || writing !== null) return null;
  return (
    <Button small icon="plus" onPress={() => desk?.write(WHOLE_ACT)}>
      {t("comments.toAct")}
    </Button>
  );
}

function placeKey(user: string, document: string): string {
  return `comment.place.${user}.${document}`;
}

/** The place of the comment being written is kept with the draft, so that a reload loses neither. */
function useKeptPlace(): void {
  const { document } = useActView();
  const desk = useDesk();
  const { writing } = useDeskView();
  const { me } = useRights();
  const key = placeKey(me.id, document.id);
  useEffect(() => {
    const found = desk === null || desk.get().writing !== null ? null : findKept<Anchor>(key);
    if (found !== null) desk?.write(found);
  }, [desk, key]);
  useEffect(() => {
    if (writing !== null && !me.shared_computer) keep(key, writing);
  }, [writing, key, me.shared_computer]);
}

/** The comment being written to a place. */
function Writing() {
  const { t } = useTranslation();
  const { document } = useActView();
  const desk = useDesk();
  const store = useComments();
  const names = useNames();
  const { writing, active } = useDeskView();
  const { me, mayComment, mayShow } = useRights();
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (writing === null) return;
    const frame = requestAnimationFrame(() => card.current?.scrollIntoView({ block: "nearest" })); // its place may be at the window's end
    return () => cancelAnimationFrame(frame);
  }, [writing]);
  if (writing === null || !mayComment) return null;
  const stop = () => {
    forget(placeKey(me.id, document.id));
    desk?.write(null);
  };
  const quote = quoteOf(writing);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside takes the focus
    <div
      ref={card}
      className="cmt-card"
      data-active={active === WRITING ? "" : undefined}
      data-hue={names.hue(me.body)}
      onFocus={() => desk?.activate(WRITING)}
    >
      <Composer
        draft={`new.${document.id}`}
        label={t("comments.newLabel")}
        submit={t("comments.send")}
        audience={mayShow ? "choice" : "body"}
        autoFocus
        onCancel={stop}
        onSubmit={(words, release) => {
          const id = newId();
          store?.say({ ...words, id, thread: "", anchor: writing, suggestion: "", release });
          stop();
          desk?.activate(id);
        }}
      >
        <p className="cmt-quote">
          <span className="cmt-place">{names.anchor(writing)}</span>
          {quote !== "" && <q>{quote.length > 160 ? `${[...quote].slice(0, 160).join("")}…` : quote}</q>}
        </p>
      </Composer>
    </div>
  );
}
