/** What waits for the person: a card for each thing, the nearest deadline first, with one button that leads to it. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { type Waiting as Thing, useInbox } from "../api/inbox";
import { useBodies } from "../api/people";
import { sentenceOf } from "../api/problems";
import { formatAgo, formatDateTime } from "../i18n/dates";
import { Button, LinkButton } from "../ui/Button";
import { Icon, type IconName } from "../ui/icons";
import { Banner, Chip, Loading, type Tone } from "../ui/Pieces";
import "./home.css";

export function Waiting() {
  const { t } = useTranslation();
  const { data, error, refetch } = useInbox();
  if (!data && error) {
    return (
      <Banner tone="bad" live action={<Button onPress={() => void refetch()}>{t("ui.retry")}</Button>}>
        {sentenceOf(error)}
      </Banner>
    );
  }
  if (!data) return <Loading />;
  if (data.items.length === 0) return <Nothing />;
  return (
    <ul className="z-waiting" aria-label={t("home.waiting.title")}>
      {data.items.map((thing) => (
        <li key={`${thing.act} ${thing.what} ${thing.round} ${thing.revision}`}>
          <WaitingCard thing={thing} />
        </li>
      ))}
    </ul>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <div className="z-waiting-none">
      <Icon name="check" size={22} />
      <p className="z-strong">{t("home.waiting.none")}</p>
      <p>{t("home.waiting.noneText")}</p>
    </div>
  );
}

const ICONS: Readonly<Record<Thing["what"], IconName>> = {
  state_position: "stamp",
  give_opinion: "stamp",
  give_visa: "check",
  answer_remarks: "comment",
  decide_suggestions: "suggestion",
  name_signatory: "people",
};

function WaitingCard({ thing }: { thing: Thing }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  return (
    <article className="z-waiting-card">
      <Icon name={ICONS[thing.what]} size={20} />
      <div className="z-waiting-words">
        <p className="z-waiting-what">{t(`home.waiting.what.${thing.what}`, { count: thing.count, number: thing.revision })}</p>
        <h3>{thing.title}</h3>
        <p className="z-waiting-facts">
          <Chip hue={bodies.hueOf(thing.lead_body)} title={bodies.nameOf(thing.lead_body)}>
            {bodies.shortOf(thing.lead_body)}
          </Chip>
          <Left thing={thing} />
          <span>{t("home.waiting.since", { when: formatAgo(thing.since) })}</span>
          {thing.signed_for !== "" && <span>{t("home.waiting.asDeputy")}</span>}
        </p>
      </div>
      <LinkButton look="primary" href={wayTo(thing)}>
        {t(`home.waiting.do.${thing.what}`)}
      </LinkButton>
    </article>
  );
}

/** The time left in words, with a sign; never by colour alone. */
function Left({ thing }: { thing: Thing }) {
  const { t } = useTranslation();
  const { due_at: due, days_left: days } = thing;
  if (due === 0 || days === null) return null;
  return (
    <Chip tone={toneOf(days)} icon={days <= 1 ? "alert" : "clock"} title={formatDateTime(due)}>
      {leftWords(t, days, due)}
    </Chip>
  );
}

function toneOf(days: number): Tone {
  if (days <= 1) return "bad";
  return days <= 3 ? "warn" : "silent";
}

function leftWords(t: TFunction, days: number, due: number): string {
  const at = formatDateTime(due);
  if (due < Date.now()) return t("home.waiting.overdue", { due: at });
  return days === 0 ? t("home.waiting.today", { due: at }) : t("home.waiting.left", { count: days, due: at });
}

function wayTo({ what, act, round }: Thing): string {
  switch (what) {
    case "state_position":
    case "give_opinion":
      return `/acts/${act}/position?round=${round}`;
    case "give_visa":
      return `/acts/${act}?panel=approval`;
    case "answer_remarks":
      return `/acts/${act}?panel=comments&at=remarks`;
    case "decide_suggestions":
      return `/acts/${act}?panel=suggestions`;
    case "name_signatory":
      return `/acts/${act}`;
  }
}
