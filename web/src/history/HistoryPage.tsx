/** The player: the text of an act as it was at any place of its journal, step by step, with what each step changed. */
import { useEffect, useRef, useState } from "react";
import { Slider, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useAct } from "../api/acts";
import { sentenceOf } from "../api/problems";
import { formatDateTime } from "../i18n/dates";
import { Button, IconButton, LinkButton } from "../ui/Button";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import { type Entry, useHistory, usePast } from "./data";
import { EntryLine } from "./EntryLine";
import "./history.css";
import { changedLines, type Line, stopsOf } from "./timeline";

const STEP_MS = 1200;
/** Characters of the longest label that the column of numbers holds on a phone, such as "12.10²". */
const NUMBER_LENGTH = 6;

export function HistoryPage() {
  const { actId = "" } = useParams();
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const part = search.get("part") ?? "";
  const { data: act, error: actError } = useAct(actId);
  const history = useWholeHistory(actId, part);
  useTitle(act ? t("history.titleOf", { title: act.title }) : t("history.title"));
  const error = actError ?? history.error;
  return (
    <main id="main" tabIndex={-1} className="z-player">
      <header>
        <LinkButton look="quiet" icon="left" href={`/acts/${actId}${part && `/${part}`}?panel=history`}>
          {t("compare.back")}
        </LinkButton>
        <h1>{act?.title ?? t("history.title")}</h1>
      </header>
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {!error && history.isPending && <Loading />}
      {history.entries.length > 0 && <Player act={actId} part={part} entries={history.entries} people={history.people} />}
      {!history.isPending && !error && history.entries.length === 0 && (
        <Empty icon="history" title={t("history.none")} text={t("history.noneText")} />
      )}
    </main>
  );
}

/** Every page of the timeline, read one after the other. */
function useWholeHistory(act: string, part: string) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useHistory(act, part);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    entries: data?.pages.flatMap((page) => page.items) ?? [],
    people: Object.assign({}, ...(data?.pages.map((page) => page.people) ?? [])) as Record<string, { name: string; body: string }>,
    error,
    isPending: isPending || hasNextPage,
  };
}

interface PlayerProps {
  act: string;
  part: string;
  entries: readonly Entry[];
  people: Record<string, { name: string; body: string }>;
}

function Player({ act, part, entries, people }: PlayerProps) {
  const { t } = useTranslation();
  const stops = stopsOf(entries);
  const [at, setAt] = useState(stops.length - 1);
  const [isPlaying, setPlaying] = useState(false);
  const seq = stops[at] ?? null;
  const { data: past, error, isPlaceholderData } = usePast(act, part, seq);
  const entry = entries.find((each) => each.seq === seq);
  useEffect(() => {
    if (!isPlaying || isPlaceholderData) return;
    const timer = setTimeout(() => (at + 1 < stops.length ? setAt(at + 1) : setPlaying(false)), STEP_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, isPlaceholderData, at, stops.length]);
  const play = () => {
    if (!isPlaying && at + 1 >= stops.length) setAt(0);
    setPlaying(!isPlaying);
  };
  return (
    <>
      <div className="z-player-controls">
        <Button icon={isPlaying ? "pause" : "play"} look="primary" onPress={play}>
          {t(isPlaying ? "history.pause" : "history.playNow")}
        </Button>
        <IconButton icon="left" label={t("history.stepBack")} onPress={() => setAt(at - 1)} isDisabled={at <= 0} />
        <IconButton icon="right" label={t("history.stepOn")} onPress={() => setAt(at + 1)} isDisabled={at + 1 >= stops.length} />
        <Slider
          className="z-slider"
          aria-label={t("history.slider")}
          minValue={0}
          maxValue={Math.max(stops.length - 1, 1)}
          value={at}
          isDisabled={stops.length < 2}
          onChange={(value) => {
            setPlaying(false);
            setAt(value);
          }}
        >
          <SliderTrack className="z-slider-track">
            <SliderThumb className="z-slider-thumb" />
          </SliderTrack>
          <SliderOutput className="z-slider-output">{`${at + 1} / ${stops.length}`}</SliderOutput>
        </Slider>
        {past && (
          <LinkButton icon="compare" href={`/acts/${act}/compare?${new URLSearchParams({ from: `point:${seq}`, ...(part && { part }) })}`}>
            {t("history.compare")}
          </LinkButton>
        )}
      </div>
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      <div className="z-player-body">
        <aside>
          <p className="z-player-when" role="status">
            {past && formatDateTime(past.at)}
          </p>
          <ol>{entry && <EntryLine entry={entry} people={people} />}</ol>
        </aside>
        <article className="z-player-text" aria-busy={isPlaceholderData}>
          {past ? <PastText lines={past.units} /> : <Loading />}
        </article>
      </div>
    </>
  );
}

/** The text at one stop; what the last step changed is marked, and the first of it is brought into view. */
function PastText({ lines }: { lines: readonly Line[] }) {
  const before = useRef<readonly Line[] | null>(null);
  const shown = useRef<{ lines: readonly Line[]; changed: Set<string> } | null>(null);
  if (shown.current?.lines !== lines) {
    shown.current = { lines, changed: changedLines(before.current, lines) };
    before.current = lines;
  }
  const { changed } = shown.current;
  const frame = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text brings another first change
  useEffect(() => {
    frame.current?.querySelector("[data-changed]")?.scrollIntoView({ block: "center" });
  }, [lines]);
  return (
    <div ref={frame}>
      {lines.map((line) => (
        <div
          key={line.bid}
          className="z-past"
          data-unit={line.kind}
          data-worded={line.label.length > NUMBER_LENGTH || undefined}
          data-changed={changed.has(line.bid) || undefined}
        >
          <span className="z-past-label">{line.label}</span>
          <span>{line.text}</span>
        </div>
      ))}
    </div>
  );
}
