/** The panel of comments: what is being written, conversations in the order of the text, those whose words are gone, formal remarks. */

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { findKept, forget, keep } from "../api/kept.ts";
import { newId } from "../suggestions/core/record.ts";
import { Button } from "../ui/Button.tsx";
import { Select } from "../ui/Choice.tsx";
import { Banner, Empty, Loading } from "../ui/Pieces.tsx";
import { Segments } from "../ui/Tabs.tsx";
import { Composer } from "./Composer.tsx";
import "./comments.css";
import { type Anchor, FILTERS, type FilterName, matches, quoteOf, type Thread, WHOLE_ACT } from "./model.ts";
import { Remarks } from "./Remarks.tsx";
import { ThreadCard } from "./ThreadCard.tsx";
import { useComments, useCommentsState, useDesk, useDeskView, useNames, useRights } from "./use.ts";
import { Waiting } from "./Waiting.tsx";

type Shown = "threads" | "remarks";

export function Panel() {
  const { t } = useTranslation();
  const { isOnline } = useActView();
  const { isLoaded, remarks } = useCommentsState();
  const [shown, setShown] = useState<Shown>("threads");
  const [filter, setFilter] = useState<FilterName>("open");
  const { writing } = useDeskView();
  useEffect(() => {
    if (writing !== null) setShown("threads");
  }, [writing]);
  useAsked(setShown, setFilter);
  const remarkLabel = remarks.length > 0 ? `${t("comments.remarks")} ${remarks.length}` : t("comments.remarks");
  return (
    <div className="cmt-panel" data-writing={writing === null ? undefined : ""}>
      <Segments
        label={t("comments.views")}
        value={shown}
        onChange={setShown}
        options={[
          { id: "threads", label: t("comments.threads") },
          { id: "remarks", label: remarkLabel },
        ]}
      />
      {!isOnline && (
        <Banner tone="info" icon="offline" live>
          {t("comments.offline")}
        </Banner>
      )}
      {!isLoaded ? <Loading /> : shown === "remarks" ? <Remarks /> : <Threads filter={filter} onFilter={setFilter} />}
    </div>
  );
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
    show("threads");
    filter(thread.status === "open" ? "open" : "resolved");
    desk.activate(thread.id);
    desk.reveal(thread);
  }, [focus, panel, desk, store, show, filter]);
}

function Threads({ filter, onFilter }: { filter: FilterName; onFilter: (name: FilterName) => void }) {
  const { t } = useTranslation();
  const { placed, orphans } = useDeskView();
  const { pending } = useCommentsState();
  const { me } = useRights();
  const isShown = (thread: Thread) => matches(thread, filter, me.id, me.body);
  const [here, gone] = [placed.filter(isShown), orphans.filter(isShown)];
  const own = pending.filter((one) => one.thread === "" && one.suggestion === "");
  return (
    <div className="cmt-list">
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
      <Writing />
      <Waiting pending={own} />
      {here.length + gone.length + own.length === 0 && (
        <Empty icon="comment" title={t(`comments.empty.${filter}`)} text={t("comments.empty.help")} />
      )}
      {here.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} />
      ))}
      {gone.length > 0 && <p className="cmt-note">{t("comments.orphansHelp")}</p>}
      {gone.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} isOrphan />
      ))}
    </div>
  );
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

/** The comment being written to a place. The place is kept with the draft, so that a reload loses neither. */
function Writing() {
  const { t } = useTranslation();
  const { document } = useActView();
  const desk = useDesk();
  const store = useComments();
  const names = useNames();
  const { writing } = useDeskView();
  const { me, mayComment, mayShow } = useRights();
  const key = `comment.place.${me.id}.${document.id}`;
  useEffect(() => {
    const found = desk === null || desk.get().writing !== null ? null : findKept<Anchor>(key);
    if (found !== null) desk?.write(found);
  }, [desk, key]);
  useEffect(() => {
    if (writing !== null && !me.shared_computer) keep(key, writing);
  }, [writing, key, me.shared_computer]);
  if (writing === null || !mayComment) return null;
  const stop = () => {
    forget(key);
    desk?.write(null);
  };
  const quote = quoteOf(writing);
  return (
    <div className="cmt-card" data-active="" data-hue={names.hue(me.body)}>
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
        }}
      >
        <p className="cmt-quote">
          <span className="cmt-place">{writing.kind === "act" ? t("comments.wholeAct") : names.place(writing.bid)}</span>
          {quote !== "" && <q>{quote.length > 160 ? `${[...quote].slice(0, 160).join("")}…` : quote}</q>}
        </p>
      </Composer>
    </div>
  );
}
