import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ActCard } from "../api/acts";
import { kindWord, STAGES, stageLook, stageWord } from "../api/words";
import { Chip } from "../ui/Pieces";
import { Changed, LeadBody, OtherBodies } from "./cardPieces";
import "./board.css";

/** The acts as columns, one for each stage that has any, in the order of the stages; in a column changed last first. */
export function ActsBoard({ cards }: { cards: readonly ActCard[] }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keys
    <section className="z-board" tabIndex={0} aria-label={t("acts.board")}>
      {columnsOf(cards).map(([stage, inStage]) => (
        <Column key={stage} stage={stage} cards={inStage} />
      ))}
    </section>
  );
}

function Column({ stage, cards }: { stage: string; cards: readonly ActCard[] }) {
  const { t } = useTranslation();
  return (
    <section className="z-board-column" aria-label={stageWord(t, stage)}>
      <h2>
        <Chip {...stageLook(stage)}>{stageWord(t, stage)}</Chip>
        <span className="z-count">{cards.length}</span>
      </h2>
      <ul>
        {cards.map((card) => (
          <li key={card.id}>
            <Link className="z-board-card" href={`/acts/${card.id}`}>
              <span className="z-board-title">{card.title}</span>
              <span className="z-quiet z-small">
                {kindWord(t, card.kind)} · <Changed card={card} />
              </span>
              <span className="z-chips">
                <LeadBody card={card} />
                <OtherBodies card={card} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function columnsOf(cards: readonly ActCard[]): [string, ActCard[]][] {
  const unknown = cards.map((card) => card.stage).filter((stage) => !STAGES.includes(stage));
  return [...STAGES, ...new Set(unknown)]
    .map((stage): [string, ActCard[]] => [stage, cards.filter((card) => card.stage === stage)])
    .filter(([, inStage]) => inStage.length > 0);
}
