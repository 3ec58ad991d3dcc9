import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ActCard } from "../api/acts";
import { type Standing, useStandings } from "../api/inbox";
import { kindWord, stageLook, stageWord } from "../api/words";
import { Chip } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { Changed, LeadBody, OtherBodies } from "./cardPieces";
import { Deadline, Positions } from "./Standing";

export function ActsTable({ cards }: { cards: readonly ActCard[] }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("acts.title")}
      columns={useActColumns(useStandings(cards.map(({ id }) => id)))}
      rows={cards}
      rowKey={(card) => card.id}
    />
  );
}

function useActColumns(standings: ReadonlyMap<string, Standing>): Column<ActCard>[] {
  const { t } = useTranslation();
  return [
    {
      id: "title",
      title: t("acts.columns.title"),
      cell: (card) => (
        <Link className="z-table-title" href={`/acts/${card.id}`}>
          {card.title}
        </Link>
      ),
    },
    { id: "kind", title: t("acts.columns.kind"), cell: (card) => kindWord(t, card.kind), shrink: true },
    {
      id: "stage",
      title: t("acts.columns.stage"),
      cell: (card) => <Chip {...stageLook(card.stage)}>{stageWord(t, card.stage)}</Chip>,
      shrink: true,
    },
    { id: "lead", title: t("acts.columns.lead"), cell: (card) => <LeadBody card={card} />, shrink: true },
    {
      id: "bodies",
      title: t("acts.columns.positions"),
      cell: (card) => (standings.has(card.id) ? <Positions standing={standings.get(card.id)} /> : <OtherBodies card={card} />),
    },
    { id: "due", title: t("acts.columns.due"), cell: (card) => <Deadline standing={standings.get(card.id)} />, shrink: true },
    { id: "changed", title: t("acts.columns.changed"), cell: (card) => <Changed card={card} />, shrink: true },
  ];
}
