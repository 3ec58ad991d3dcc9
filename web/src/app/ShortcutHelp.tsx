import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog";
import { Keys } from "../ui/Pieces";

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const general: readonly [string, string][] = [
    ["Ctrl+K", t("app.shortcuts.palette")],
    ["?", t("app.shortcuts.help")],
    ["/", t("app.shortcuts.search")],
    ["G+H", t("app.shortcuts.home")],
    ["G+A", t("app.shortcuts.acts")],
    ["G+N", t("app.shortcuts.create")],
    ["Ctrl+Alt+M", t("comments.comment")],
  ];
  // The editor knows its own keys; it is loaded only when somebody asks.
  const { data: help = [] } = useQuery({
    queryKey: ["editor-keys"],
    queryFn: async () => [...(await import("../editor/keys")).HELP],
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: cards = [] } = useQuery({
    queryKey: ["card-keys"],
    queryFn: async () => [...(await import("../suggestions/cards/keys")).HELP],
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const suggestions = cards.map(({ keys, name }): [string, string] => [readable(keys), t(`cards.help.${name}`)]);
  const editor = help.map(({ keys, name }): [string, string] => [readable(keys), t(`editor.help.${name}`)]);
  return (
    <Dialog title={t("app.shortcuts.title")} isOpen={isOpen} onClose={onClose} size="wide" isReading>
      <KeyList title={t("app.shortcuts.general")} rows={general} />
      <KeyList title={t("app.shortcuts.editor")} rows={editor} />
      <KeyList title={t("cards.help.title")} rows={suggestions} />
    </Dialog>
  );
}

const KEY_NAMES: Readonly<Record<string, string>> = { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

/** "Mod-Alt-l" as it stands on the keys: "Ctrl+Alt+L". */
function readable(keys: string): string {
  return keys
    .split("-")
    .map((key) => KEY_NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join("+");
}

function KeyList({ title, rows }: { title: string; rows: readonly [string, string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="z-keys">
        {rows.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
