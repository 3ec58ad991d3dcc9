/** "Хто написав": the text in the colours of the bodies, and below it who wrote the words one points at, taps, or has the caret in. */

import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { type Answer, call } from "../api/client.ts";
import { useBodies } from "../api/people.ts";
import { sentenceOf } from "../api/problems.ts";
import { formatDateTime } from "../i18n/dates.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Chip } from "../ui/Pieces.tsx";
import "./authorship.css";
import { Painter } from "./painter.ts";
import { type Page, type Passage, Passages } from "./passages.ts";
import { showAuthors, useAuthorsShown } from "./view.ts";

const PAGE = 2_000;

export function Keeper() {
  const isOn = useAuthorsShown();
  const { editor } = useActView();
  useEffect(() => () => showAuthors(false), []);
  return isOn && editor !== null ? <Authors /> : null;
}

interface Loaded {
  readonly passages: Passages | null;
  readonly failed: string | null;
}

/** The passages of the whole document, asked for again on `reload`. */
function useLoaded(): Loaded & { reload: () => void } {
  const { act, document } = useActView();
  const [loaded, setLoaded] = useState<Loaded>({ passages: null, failed: null });
  const asking = useRef<AbortController | null>(null);
  const reload = useCallback(() => {
    asking.current?.abort();
    const control = new AbortController();
    asking.current = control;
    loadAll(act.id, document.part, control.signal).then(
      (pages) => !control.signal.aborted && setLoaded({ passages: new Passages(pages), failed: null }),
      (error: unknown) => !control.signal.aborted && setLoaded((before) => ({ ...before, failed: sentenceOf(error) })),
    );
  }, [act.id, document.part]);
  useEffect(() => {
    reload();
    return () => asking.current?.abort();
  }, [reload]);
  return { ...loaded, reload };
}

async function loadAll(act_id: string, part: string, signal: AbortSignal): Promise<Page[]> {
  const pages: Page[] = [];
  let begin: number | null = 0;
  while (begin !== null) {
    const page: Answer<"read_authorship"> = await call("read_authorship", {
      path: { act_id },
      query: { part, begin, limit: PAGE },
      signal,
    });
    pages.push(page);
    begin = page.next;
  }
  return pages;
}

function Authors() {
  const { doc, editor } = useActView();
  const { passages, failed, reload } = useLoaded();
  const bodies = useBodies();
  const { all } = bodies;
  const [looked, setLooked] = useState<Passage | null | undefined>(undefined);
  const [painter, setPainter] = useState<Painter | null>(null);
  const latest = useRef({ bodies, reload });
  latest.current = { bodies, reload };
  useEffect(() => {
    if (editor === null || editor.view.isDestroyed) return;
    const made = new Painter({
      doc,
      editor,
      hueOf: (body) => (body === "" ? null : (latest.current.bodies.hueOf(body) ?? 0)),
      onLook: setLooked,
      onStale: () => latest.current.reload(),
    });
    setPainter(made);
    return () => {
      setPainter(null);
      made.destroy();
    };
  }, [doc, editor]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hues of bodies are known now
  useEffect(() => {
    if (passages !== null) painter?.paint(passages);
  }, [painter, passages, all]);
  return <Bar passages={passages} failed={failed} looked={looked} onRetry={reload} />;
}

interface BarProps extends Loaded {
  readonly looked: Passage | null | undefined;
  readonly onRetry: () => void;
}

function Bar({ passages, failed, looked, onRetry }: BarProps) {
  const { t } = useTranslation();
  return (
    <section className="who-bar" aria-label={t("authorship.title")}>
      <div className="who-said" aria-live="polite">
        {passages === null && failed === null && <p>{t("authorship.loading")}</p>}
        {failed !== null && (
          <p>
            {failed}{" "}
            <Button small onPress={onRetry}>
              {t("authorship.retry")}
            </Button>
          </p>
        )}
        {passages !== null && <Said passages={passages} looked={looked} />}
      </div>
      {passages !== null && <Legend passages={passages} />}
      <IconButton small icon="close" label={t("authorship.hide")} onPress={() => showAuthors(false)} />
    </section>
  );
}

function Said({ passages, looked }: { passages: Passages; looked: Passage | null | undefined }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const bodies = useBodies();
  const person = (id: string, spokeFor?: string) => {
    const found = passages.people.get(id);
    const role = act.members.find(({ user }) => user === id)?.roles[0];
    const body = bodies.shortOf(spokeFor ?? found?.body ?? "");
    const words = [found?.name ?? "", body, role === undefined ? "" : t(`acts.role.${role}`).toLocaleLowerCase()];
    return words.filter((word) => word !== "").join(" · ");
  };
  if (looked === undefined) return <p className="who-note">{t("authorship.hint")}</p>;
  if (looked === null)
    return (
      <p>
        <b>{t("authorship.fresh")}</b> <span className="who-note">{t("authorship.freshNote")}</span>
      </p>
    );
  const when =
    looked.initial || looked.at - looked.since < 60_000
      ? formatDateTime(looked.at)
      : `${formatDateTime(looked.since)} – ${formatDateTime(looked.at)}`;
  if (looked.initial)
    return (
      <p>
        <b>{t("authorship.imported")}</b> <span className="who-note">{t("authorship.importedNote", { who: person(looked.author) })}</span>{" "}
        <time>{when}</time>
      </p>
    );
  const proposer = passages.proposers.get(looked.suggestion);
  return (
    <p>
      {looked.suggestion === "" && <b>{person(looked.author)}</b>}
      {looked.suggestion !== "" && (
        <>
          <b>
            {proposer === undefined
              ? t("authorship.proposedHidden")
              : t("authorship.proposed", { who: person(proposer.author, proposer.body) })}
          </b>{" "}
          <span>{t("authorship.accepted", { who: person(looked.author) })}</span>
        </>
      )}{" "}
      <time>{when}</time>
    </p>
  );
}

/** The bodies whose words stand in the text. */
function Legend({ passages }: { passages: Passages }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  return (
    <ul className="who-legend" aria-label={t("authorship.legend")}>
      {passages.bodies.map((code) => (
        <li key={code}>
          <Chip hue={bodies.hueOf(code)}>{bodies.shortOf(code)}</Chip>
        </li>
      ))}
    </ul>
  );
}
