import { useTranslation } from "react-i18next";
import { useBodies } from "../api/people";
import type { Present } from "../sync";
import { Avatar } from "../ui/Pieces";

const SHOWN = 4;

/** The others who are here now; whoever has a caret in the text can be visited. */
export function Presence({ present, onGo }: { present: readonly Present[]; onGo: (bid: string) => void }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const others = present.filter((person) => !person.isMe);
  const rest = others.length - SHOWN;
  if (others.length === 0) return null;
  return (
    <ul className="z-presence" aria-label={t("acts.page.present")}>
      {others.slice(0, SHOWN).map((person) => {
        const where = person.where;
        const said = `${person.name}, ${bodies.shortOf(person.body)}`;
        return (
          <li key={person.id}>
            <button
              type="button"
              title={said}
              aria-label={where ? t("acts.page.goTo", { name: said }) : said}
              disabled={where === null}
              onClick={() => where && onGo(where)}
            >
              <Avatar name={person.name} hue={bodies.hueOf(person.body)} size="small" />
            </button>
          </li>
        );
      })}
      {rest > 0 && <li className="z-presence-rest">{`+${rest}`}</li>}
    </ul>
  );
}
