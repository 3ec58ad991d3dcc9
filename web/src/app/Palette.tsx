import { type KeyboardEvent, useState } from "react";
import {
  Dialog as AriaDialog,
  Autocomplete,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { livePlaces } from "../acts/live";
import { useActs } from "../api/acts";
import { useMe } from "../api/session";
import { Icon, type IconName } from "../ui/icons";
import { openShortcuts } from "./center";
import { pagesOf } from "./pages";
import { setPreferences, usePreferences } from "./preferences";

interface Found {
  readonly id: string;
  readonly name: string;
  readonly icon: IconName;
  run(): void;
}

export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ModalOverlay className="z-scrim" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="z-modal" data-size="palette">
        <AriaDialog className="z-dialog" aria-label={t("app.palette.title")}>
          <PaletteList onClose={onClose} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function PaletteList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { contains } = useFilter({ sensitivity: "base" });
  const sections = useSections(text);
  const run = (id: string) => {
    onClose();
    for (const section of sections) section.items.find((item) => item.id === id)?.run();
  };
  return (
    <div onKeyDownCapture={(event) => closeOnEscape(event, onClose)} className="z-palette">
      <Autocomplete
        inputValue={text}
        onInputChange={setText}
        filter={(name, input) => input.split(/\s+/u).every((word) => contains(name, word))}
      >
        <SearchField className="z-palette-field" aria-label={t("app.palette.placeholder")} autoFocus>
          <Icon name="search" />
          <Input className="z-palette-input" placeholder={t("app.palette.placeholder")} />
        </SearchField>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls can be scrolled by keys */}
        <div className="z-palette-scroll" tabIndex={0}>
          <Menu
            className="z-palette-list"
            aria-label={t("app.palette.title")}
            items={sections}
            onAction={(key) => run(String(key))}
            renderEmptyState={() => <p className="z-palette-none">{t("app.palette.empty")}</p>}
          >
            {(section) => (
              <MenuSection id={section.id} items={section.items} className="z-palette-section">
                <Header className="z-palette-head">{section.name}</Header>
                {section.items.map((item) => (
                  <MenuItem key={item.id} id={item.id} className="z-menu-item" textValue={item.name}>
                    <Icon name={item.icon} size={18} />
                    <span className="z-menu-text">{item.name}</span>
                  </MenuItem>
                ))}
              </MenuSection>
            )}
          </Menu>
        </div>
      </Autocomplete>
    </div>
  );
}

function closeOnEscape(event: KeyboardEvent, onClose: () => void): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  onClose();
}

const SHOWN_UNITS = 8;

/** Units of the open text that hold all the words. */
function findUnits(words: string): Found[] {
  if (words === "") return [];
  const wanted = words.toLocaleLowerCase("uk").split(/\s+/u);
  return livePlaces()
    .filter(({ name }) => wanted.every((word) => name.toLocaleLowerCase("uk").includes(word)))
    .slice(0, SHOWN_UNITS)
    .map(({ bid, name, go }) => ({ id: `unit-${bid}`, name, icon: "outline", run: () => afterFocusReturned(go) }));
}

/** A dialog that closes gives the focus back in the next frame. */
function afterFocusReturned(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}

function useSections(text: string): { id: string; name: string; items: Found[] }[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const { theme, locale } = usePreferences();
  const words = text.trim();
  const acts = useActs(words ? { q: words } : {}, 8);
  const cards = acts.data?.pages.flatMap((page) => page.items) ?? [];
  const go = (address: string) => () => void navigate(address);
  const other = locale === "uk" ? "en" : "uk";
  const sections: { id: string; name: string; items: Found[] }[] = [
    { id: "section-units", name: t("app.palette.units"), items: findUnits(words) },
    {
      id: "section-acts",
      name: t("app.palette.acts"),
      items: cards.map((card): Found => ({ id: `act-${card.id}`, name: card.title, icon: "acts", run: go(`/acts/${card.id}`) })),
    },
    {
      id: "section-pages",
      name: t("app.palette.pages"),
      items: pagesOf(me).map(
        (page): Found => ({ id: `page-${page.name}`, name: t(`app.pages.${page.name}`), icon: page.icon, run: go(page.href) }),
      ),
    },
    {
      id: "section-commands",
      name: t("app.palette.commands"),
      items: [
        {
          id: "theme",
          name: `${t("app.theme.label")}: ${t(theme === "dark" ? "app.theme.light" : "app.theme.dark").toLowerCase()}`,
          icon: theme === "dark" ? "sun" : "moon",
          run: () => setPreferences({ theme: theme === "dark" ? "light" : "dark" }),
        },
        { id: "language", name: t(`app.language.${other}`), icon: "globe", run: () => setPreferences({ locale: other }) },
        { id: "shortcuts", name: t("app.shortcuts.title"), icon: "keyboard", run: openShortcuts },
      ],
    },
  ];
  return sections.filter((section) => section.items.length > 0);
}
