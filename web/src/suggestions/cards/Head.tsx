/** Above the cards: how many there are, which are shown, and what can be done with several at once. */

import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Select } from "../../ui/Choice.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { Segments } from "../../ui/Tabs.tsx";
import { step, undo } from "./actions.ts";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import { type Entry, EVERYTHING, type Filter } from "./entries.ts";
import type { Names } from "./words.ts";

export type Shown = "open" | "orphans" | "decided";

interface HeadProps {
  readonly desk: Desk;
  readonly view: DeskView;
  readonly names: Names;
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
}

export function Head({ desk, view, names, shown, onShow }: HeadProps) {
  const { t } = useTranslation();
  const [hasFilters, setFilters] = useState(false);
  const isFiltered = Object.values(view.filter).some((value) => value !== "");
  const orphans = view.orphans.length > 0 ? `${t("cards.views.orphans")} ${view.orphans.length}` : t("cards.views.orphans");
  return (
    <div className="sug-head track-head">
      <div className="sug-head-row">
        <Segments
          label={t("cards.views.label")}
          value={shown}
          onChange={onShow}
          options={[
            { id: "open", label: t("cards.views.open") },
            { id: "orphans", label: orphans },
            { id: "decided", label: t("cards.views.decided") },
          ]}
        />
      </div>
      {shown === "open" && (
        <div className="sug-head-row">
          <span className="sug-count">{t("cards.count", { count: view.entries.length })}</span>
          <span className="z-grow" />
          <IconButton small icon="up" label={t("cards.previous")} keys="Ctrl+Alt+K" onPress={() => step(desk, -1, names)} />
          <IconButton small icon="down" label={t("cards.next")} keys="Ctrl+Alt+J" onPress={() => step(desk, 1, names)} />
          <span data-on={isFiltered ? "" : undefined} className="sug-filter-switch">
            <IconButton small icon="filter" label={t("cards.filters.title")} onPress={() => setFilters(!hasFilters)} />
          </span>
          {view.mayDecide && <Several desk={desk} view={view} names={names} />}
        </div>
      )}
      {shown === "open" && (hasFilters || isFiltered) && <Filters desk={desk} view={view} names={names} />}
      <Chosen desk={desk} view={view} />
    </div>
  );
}

/** What is chosen, and the way back. */
function Chosen({ desk, view }: { desk: Desk; view: DeskView }) {
  const { t } = useTranslation();
  if (view.chosen.size === 0 && !view.canUndo) return null;
  const chosen = view.entries.filter(({ key }) => view.chosen.has(key));
  return (
    <div className="sug-head-row">
      {chosen.length > 0 && (
        <>
          <Button small look="primary" onPress={() => desk.ask({ what: "several", entries: chosen })}>
            {t("cards.acceptChosen", { count: chosen.length })}
          </Button>
          <Button small look="quiet" onPress={() => desk.chooseNone()}>
            {t("cards.chooseNone")}
          </Button>
        </>
      )}
      <span className="z-grow" />
      {view.canUndo && (
        <Button small look="quiet" icon="history" onPress={() => void undo(desk)}>
          {t("cards.undoAccept")}
        </Button>
      )}
    </div>
  );
}

/** Accept all shown, all of one body, all of one author. */
function Several({ desk, view, names }: Pick<HeadProps, "desk" | "view" | "names">) {
  const { t } = useTranslation();
  const ask = (entries: readonly Entry[]) => desk.ask({ what: "several", entries });
  const trigger = (
    <AriaButton className="z-button" data-look="quiet" data-small="" data-icon-only="" aria-label={t("cards.more")}>
      <Icon name="more" size={18} />
    </AriaButton>
  );
  return (
    <Menu label={t("cards.more")} trigger={trigger}>
      <MenuItem icon="check" isDisabled={view.entries.length === 0} onAction={() => ask(view.entries)}>
        {t("cards.acceptAll")}
      </MenuItem>
      {distinct(view.entries, "body").map((body) => (
        <MenuItem key={body} icon="body" onAction={() => ask(view.all.filter(({ first }) => first.body === body))}>
          {t("cards.acceptBody", { body: names.body(body) })}
        </MenuItem>
      ))}
      {distinct(view.entries, "author").map((author) => {
        const own = view.all.filter(({ first }) => first.author === author);
        return (
          <MenuItem key={author} icon="person" onAction={() => ask(own)}>
            {t("cards.acceptAuthor", { name: names.person(author, own[0]?.first.body ?? "") })}
          </MenuItem>
        );
      })}
    </Menu>
  );
}

function distinct(entries: readonly Entry[], name: "body" | "author"): string[] {
  return [...new Set(entries.map(({ first }) => first[name]))];
}

const GROUPS = ["words", "structure", "looks", "table"] as const;

function Filters({ desk, view, names }: Pick<HeadProps, "desk" | "view" | "names">) {
  const { t } = useTranslation();
  const { filter, all } = view;
  const bodies = distinct(all, "body").map((id) => ({ id, label: names.body(id) }));
  const authors = distinct(all, "author").map((id) => ({
    id,
    label: names.person(id, all.find(({ first }) => first.author === id)?.first.body ?? ""),
  }));
  const what = GROUPS.map((id) => ({ id, label: t(`cards.filters.${id}`) }));
  return (
    <div className="sug-filters">
      <Select
        hideLabel
        label={t("cards.filters.body")}
        value={filter.body}
        options={[{ id: "", label: t("cards.filters.anyBody") }, ...bodies]}
        onChange={(body) => desk.setFilter({ body, author: "" })}
      />
      <Select
        hideLabel
        label={t("cards.filters.author")}
        value={filter.author}
        options={[{ id: "", label: t("cards.filters.anyAuthor") }, ...authors]}
        onChange={(author) => desk.setFilter({ author })}
      />
      <Select<Filter["what"]>
        hideLabel
        label={t("cards.filters.what")}
        value={filter.what}
        options={[{ id: "", label: t("cards.filters.anyWhat") }, ...what]}
        onChange={(chosen) => desk.setFilter({ what: chosen })}
      />
      <Button small look="quiet" onPress={() => desk.setFilter(EVERYTHING)}>
        {t("cards.empty.reset")}
      </Button>
    </div>
  );
}
