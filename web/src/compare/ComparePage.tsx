/** What changed between two texts of an act, or between one and a file: one page, four ways to read it. */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { type Act, useAct } from "../api/acts";
import { fieldSentence, sentenceOf } from "../api/problems";
import { Button, LinkButton } from "../ui/Button";
import { Banner, Empty, Loading } from "../ui/Pieces";
import { NARROW, PHONE, useMedia } from "../ui/useMedia";
import { useTitle } from "../ui/useTitle";
import { ChangeList, FoldedKinds, Kinds } from "./ChangeList";
import "./compare.css";
import { type Chosen, FILE, type Given, type Revision, useComparison, useRevisions, useWanted, type View, type Wanted } from "./data";
import { FileSide } from "./FileSide";
import { Linear } from "./Linear";
import { Minimap } from "./Minimap";
import { type Comparison, changesOf, folded, NO_AMENDMENT, neighbour, type Row } from "./model";
import { Paper } from "./Paper";
import { Pickers, useNames } from "./Pickers";
import { Redline } from "./Redline";
import { Sides } from "./Sides";
import { Tools } from "./Tools";

export function ComparePage() {
  const { actId = "" } = useParams();
  const { t } = useTranslation();
  const { data: act, error } = useAct(actId);
  const revisions = useRevisions(actId);
  const isPhone = useMedia(PHONE);
  const [given, change] = useWanted(isPhone ? "linear" : "redline");
  useTitle(act ? t("compare.titleOf", { title: act.title }) : t("compare.title"));
  const failure = error ?? revisions.error;
  if (failure) return <Message icon="alert" title={sentenceOf(failure)} act={actId} />;
  if (!act || !revisions.data) {
    return (
      <main id="main" tabIndex={-1}>
        <Loading />
      </main>
    );
  }
  const newest = revisions.data.items[0];
  if (!newest && given.from === "") {
    return (
      <Message icon="compare" title={t("compare.noRevisions")} text={t("compare.noRevisionsText")} act={actId}>
        <Button icon="file" onPress={() => change({ from: "live", to: FILE })}>
          {t("compare.withFile")}
        </Button>
      </Message>
    );
  }
  const from = given.from || String(newest?.number ?? "");
  const hasBase = revisions.data.items.some(({ number }) => number === 0);
  const wanted = { ...given, from: from === "base" && hasBase ? "0" : from };
  return <Compared act={act} revisions={revisions.data.items} wanted={wanted} change={change} />;
}

interface MessageProps {
  icon: "alert" | "compare";
  title: string;
  text?: string;
  act: string;
  children?: ReactNode;
}

function Message({ icon, title, text, act, children }: MessageProps) {
  const { t } = useTranslation();
  return (
    <main id="main" tabIndex={-1}>
      <Empty page icon={icon} title={title} {...(text && { text })}>
        <LinkButton look="primary" href={`/acts/${act}`}>
          {t("compare.back")}
        </LinkButton>
        {children}
      </Empty>
    </main>
  );
}

interface ComparedProps {
  act: Act;
  revisions: readonly Revision[];
  wanted: Wanted;
  change: (change: Partial<Wanted>) => void;
}

function Compared({ act, revisions, wanted, change }: ComparedProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const given = { act: act.id, from: wanted.from, to: wanted.to, part: wanted.part, chosen };
  const { data, error, isFetching } = useComparison(given);
  const isFile = wanted.to === FILE;
  const isReady = !isFile || chosen !== null;
  return (
    <main id="main" tabIndex={-1} className="z-compare">
      <header className="z-compare-head">
        <div className="z-compare-title">
          <LinkButton look="quiet" icon="left" href={`/acts/${act.id}${wanted.part && `/${wanted.part}`}`}>
            {t("compare.back")}
          </LinkButton>
          <h1 title={act.title}>{act.title}</h1>
        </div>
        <Pickers act={act} revisions={revisions} wanted={wanted} change={change} />
      </header>
      {isFile && <FileSide chosen={chosen} onChoose={setChosen} />}
      {error && <Banner tone="bad">{fieldSentence(error, "file") ?? fieldSentence(error, "from") ?? sentenceOf(error)}</Banner>}
      {!data && !error && isReady && <Loading label={t("compare.comparing")} />}
      {data && isReady && !error && (
        <Result given={given} revisions={revisions} comparison={data} wanted={wanted} change={change} isFetching={isFetching} />
      )}
    </main>
  );
}

interface ResultProps {
  given: Given;
  revisions: readonly Revision[];
  comparison: Comparison;
  wanted: Wanted;
  change: (change: Partial<Wanted>) => void;
  isFetching: boolean;
}

function Result({ given, revisions, comparison, wanted, change, isFetching }: ResultProps) {
  const { t } = useTranslation();
  const isNarrow = useMedia(NARROW);
  const isTable = wanted.view === "table";
  const changes = useMemo(() => {
    const shown = changesOf(comparison.rows, wanted.hidden);
    return isTable ? shown.filter((row) => row.kind !== "same" && !NO_AMENDMENT.has(row.kind)) : shown;
  }, [comparison, wanted.hidden, isTable]);
  const names = useNames(comparison, revisions, wanted);
  const go = useCallback((id: string) => change({ row: id }), [change]);
  useShown(wanted.row, wanted.view);
  useSteps(changes, wanted.row, go);
  const kinds = { comparison, hidden: wanted.hidden, onHide: (hidden: Wanted["hidden"]) => change({ hidden }) };
  return (
    <>
      <Tools wanted={wanted} change={change} changes={changes} onGo={go} isFetching={isFetching} />
      <p className="z-compare-names">{t("compare.between", names)}</p>
      <div className="z-compare-body">
        <aside className="z-compare-side" aria-label={t("compare.list")}>
          {comparison.changes > 0 && (isNarrow ? <FoldedKinds {...kinds} /> : <Kinds {...kinds} />)}
          <ChangeList changes={changes} current={wanted.row} onGo={go} />
        </aside>
        <div className="z-compare-text">
          <Shown given={given} comparison={comparison} names={names} changes={changes} wanted={wanted} />
        </div>
        {!isTable && wanted.view !== "linear" && <Minimap rows={comparison.rows} hidden={wanted.hidden} onGo={go} />}
      </div>
    </>
  );
}

interface ShownProps {
  given: Given;
  names: { left: string; right: string };
  comparison: Comparison;
  changes: readonly Row[];
  wanted: Wanted;
}

function Shown({ given, names, comparison, changes, wanted }: ShownProps) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(() => new Set());
  const pieces = useMemo(() => folded(comparison.rows, wanted.hidden, unfolded), [comparison, wanted.hidden, unfolded]);
  const unfold = useCallback((id: string) => setUnfolded((before) => new Set(before).add(id)), []);
  const none =
    comparison.changes === 0 ? (
      <Empty icon="check" title={t("compare.none")} text={t("compare.noneText")} />
    ) : changes.length === 0 ? (
      <Empty icon="eyeOff" title={t("compare.allHidden")} text={t("compare.allHiddenText")} />
    ) : null;
  if (wanted.view === "table") {
    return none ?? <Paper given={given} columns={wanted.columns} changes={changes} current={wanted.row} />;
  }
  if (wanted.view === "linear") return none ?? <Linear changes={changes} current={wanted.row} />;
  const shared = { pieces, hidden: wanted.hidden, current: wanted.row, onUnfold: unfold };
  return (
    <>
      {none}
      {wanted.view === "redline" ? <Redline {...shared} /> : <Sides {...shared} {...names} />}
    </>
  );
}

/** Brings the change in sight to the eye and to the screen reader. */
function useShown(row: string | null, view: View) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view shows the same change at another place
  useEffect(() => {
    if (row === null) return;
    const element = document.getElementById(`row-${row}`);
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }, [row, view]);
}

/** `n` and `p` go from change to change wherever the focus is, except where one writes. */
function useSteps(changes: readonly Row[], current: string | null, go: (id: string) => void) {
  const latest = useRef(current); // two keys may come before the address has followed the first
  useEffect(() => {
    latest.current = current;
  }, [current]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isWriting = event.target instanceof HTMLElement && event.target.closest("input, textarea, [contenteditable], [role=listbox]");
      if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
      const by = STEPS[event.code];
      const next = by && neighbour(changes, latest.current, by);
      if (!next) return;
      event.preventDefault();
      latest.current = next.id;
      go(next.id);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [changes, go]);
}

/** By the place of the key, so that the Ukrainian layout has them too. */
const STEPS: Record<string, 1 | -1> = { KeyN: 1, KeyP: -1 };
