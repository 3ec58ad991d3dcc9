/** What a body is asked about: the whole draft, or provisions with all they hold. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../ui/Button";
import { SearchBox } from "../ui/SearchBox";
import { useProvisions } from "./data";

interface ScopeFieldProps {
  act: string;
  /** Whose scope, for those who hear the page. */
  body: string;
  scope: readonly string[];
  onChange: (scope: readonly string[]) => void;
}

const SHOWN = 30;
const SHOWN_LETTERS = 70;

export function ScopeField({ act, body, scope, onChange }: ScopeFieldProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { data } = useProvisions(act, isOpen || scope.length > 0);
  const provisions = (data?.units ?? [])
    .filter((unit) => unit.label !== "")
    .map((unit) => ({ bid: unit.bid, name: `${unit.label} ${unit.text.slice(0, SHOWN_LETTERS)}`.trim() }));
  const words = text.toLocaleLowerCase("uk").split(/\s+/u);
  const found = provisions.filter(
    ({ bid, name }) => !scope.includes(bid) && words.every((word) => name.toLocaleLowerCase("uk").includes(word)),
  );
  return (
    <div className="z-scope">
      {scope.length === 0 && !isOpen && (
        <Button small look="link" label={t("approval.scope.narrowFor", { body })} onPress={() => setOpen(true)}>
          {t("approval.scope.narrow")}
        </Button>
      )}
      {scope.length > 0 && (
        <ul aria-label={t("approval.scope.chosen", { body })}>
          {scope.map((bid) => {
            const name = provisions.find((each) => each.bid === bid)?.name ?? bid;
            return (
              <li key={bid} className="z-small">
                <span>{name}</span>
                <IconButton
                  icon="close"
                  small
                  label={t("approval.scope.remove", { name })}
                  onPress={() => onChange(scope.filter((each) => each !== bid))}
                />
              </li>
            );
          })}
        </ul>
      )}
      {(isOpen || scope.length > 0) && (
        <SearchBox
          key={scope.length} // a list that was chosen from closes; emptied, it would open again
          label={t("approval.scope.add", { body })}
          placeholder={t("approval.scope.search")}
          value={text}
          onChange={setText}
          items={found.slice(0, SHOWN).map(({ bid, name }) => ({ id: bid, text: name, content: name }))}
          empty={t("approval.scope.none")}
          onChoose={(bid) => {
            onChange([...scope, bid]);
            setText("");
          }}
        />
      )}
    </div>
  );
}
