import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type ActCard, useActs } from "../api/acts";
import { type Bodies, useBodies } from "../api/people";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { kindWord } from "../api/words";
import { formatAgo } from "../i18n/dates";
import { Button, LinkButton } from "../ui/Button";
import { Banner, Chip, Empty, Loading } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import "./home.css";
import { Waiting } from "./Waiting";

const SHOWN_MINE = 5;
const SHOWN_RECENT = 10;

export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const mine = useActs({ mine: true }, SHOWN_MINE);
  const recent = useActs({}, SHOWN_RECENT);
  const cards = mine.data?.pages[0]?.items ?? [];
  const changed = recent.data?.pages[0]?.items ?? [];
  const error = mine.error ?? recent.error;
  const retry = () => {
    mine.refetch().catch(() => undefined);
    recent.refetch().catch(() => undefined);
  };
  useTitle(t("home.title"));
  return (
    <main id="main" tabIndex={-1} className="z-page">
      <div className="z-page-head">
        <h1>{t("home.greeting", { name: me.name })}</h1>
      </div>
      {error && (
        <Banner tone="bad" live action={<Button onPress={retry}>{t("ui.retry")}</Button>}>
          {sentenceOf(error)}
        </Banner>
      )}
      {mine.isPending || recent.isPending ? (
        <Loading />
      ) : cards.length === 0 && changed.length === 0 && !error ? (
        <FirstRun />
      ) : (
        <div className="z-home">
          <div className="z-stack" data-gap="large">
            <section>
              <h2>{t("home.waiting.title")}</h2>
              <Waiting />
            </section>
            {cards.length > 0 && <MyActs cards={cards} />}
          </div>
          <Recent cards={changed} />
        </div>
      )}
    </main>
  );
}

/** Nobody has made an act here yet, or this person is in none. */
function FirstRun() {
  const { t } = useTranslation();
  const me = useMe();
  if (!me.abilities.includes("create_act")) {
    return <Empty icon="acts" title={t("home.guest.title")} text={t("home.guest.text")} />;
  }
  return (
    <Empty icon="acts" title={t("home.first.title")} text={t("home.first.text")}>
      <LinkButton look="primary" icon="plus" href="/acts/new">
        {t("home.first.create")}
      </LinkButton>
      <LinkButton icon="upload" href="/acts/import">
        {t("home.first.import")}
      </LinkButton>
    </Empty>
  );
}

function MyActs({ cards }: { cards: readonly ActCard[] }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  return (
    <section>
      <h2>{t("home.mine")}</h2>
      <ul className="z-act-cards">
        {cards.map((card) => (
          <li key={card.id}>
            <MyAct card={card} bodies={bodies} />
          </li>
        ))}
      </ul>
      <p className="z-row">
        <LinkButton look="quiet" icon="arrow" href="/acts">
          {t("home.mineAll")}
        </LinkButton>
      </p>
    </section>
  );
}

function MyAct({ card, bodies }: { card: ActCard; bodies: Bodies }) {
  const { t } = useTranslation();
  return (
    <Link className="z-act-card" href={`/acts/${card.id}`}>
      <span className="z-act-card-title">{card.title}</span>
      <span className="z-act-card-note">
        <span>{kindWord(t, card.kind)}</span>
        <span>{t("home.recent.changed", { when: formatAgo(card.updated_at) })}</span>
        <span className="z-chips">
          {card.bodies.slice(0, 5).map(({ body, part }) => (
            <Chip key={body} hue={bodies.hueOf(body)} strong={part === "lead"} title={bodies.nameOf(body)}>
              {bodies.shortOf(body)}
            </Chip>
          ))}
        </span>
      </span>
    </Link>
  );
}

function Recent({ cards }: { cards: readonly ActCard[] }) {
  const { t } = useTranslation();
  return (
    <section className="z-home-side">
      <h2>{t("home.recent.title")}</h2>
      {cards.length === 0 && <p className="z-quiet">{t("home.recent.none")}</p>}
      {cards.length > 0 && (
        <ul className="z-feed">
          {cards.map((card) => (
            <li key={card.id}>
              <Link href={`/acts/${card.id}`}>
                <span>{card.title}</span>
                <span className="z-quiet z-small">{t("home.recent.changed", { when: formatAgo(card.updated_at) })}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
