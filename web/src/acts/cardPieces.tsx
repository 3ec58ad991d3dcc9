/** What the table and the board say of one act. */
import type { ActCard } from "../api/acts";
import { useBodies } from "../api/people";
import { formatAgo, formatDateTime } from "../i18n/dates";
import { Chip } from "../ui/Pieces";

const SHOWN_BODIES = 4;

export function LeadBody({ card }: { card: ActCard }) {
  const bodies = useBodies();
  return (
    <Chip hue={bodies.hueOf(card.lead_body)} strong title={bodies.nameOf(card.lead_body)}>
      {bodies.shortOf(card.lead_body)}
    </Chip>
  );
}

export function OtherBodies({ card }: { card: ActCard }) {
  const bodies = useBodies();
  const others = card.bodies.filter(({ body }) => body !== card.lead_body);
  const rest = others.length - SHOWN_BODIES;
  if (others.length === 0) return null;
  return (
    <span className="z-chips">
      {others.slice(0, SHOWN_BODIES).map(({ body }) => (
        <Chip key={body} hue={bodies.hueOf(body)} title={bodies.nameOf(body)}>
          {bodies.shortOf(body)}
        </Chip>
      ))}
      {rest > 0 && <Chip tone="silent">{`+${rest}`}</Chip>}
    </span>
  );
}

export function Changed({ card }: { card: ActCard }) {
  return (
    <time className="z-quiet" dateTime={new Date(card.updated_at).toISOString()} title={formatDateTime(card.updated_at)}>
      {formatAgo(card.updated_at)}
    </time>
  );
}
