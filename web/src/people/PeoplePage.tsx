import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { type Administered, useAdministered, useBodies, useChangePerson } from "../api/people";
import { hasStatus, sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { Button, IconButton } from "../ui/Button";
import { Select } from "../ui/Choice";
import { SearchField } from "../ui/Field";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { Banner, Chip, Empty, Loading, Person } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { showToast } from "../ui/Toasts";
import { useTitle } from "../ui/useTitle";
import { PersonDialog } from "./PersonDialog";
import { ResetDialog } from "./ResetDialog";
import { roleWord } from "./words";

type Open = { kind: "add" } | { kind: "edit" | "reset"; person: Administered } | null;

export function PeoplePage() {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const [search, setSearch] = useSearchParams();
  const [open, setOpen] = useState<Open>(null);
  const q = search.get("q") ?? "";
  const body = search.get("body") ?? "";
  const { data, error, isPending, refetch } = useAdministered(q, body);
  const columns = usePersonColumns(setOpen);
  useTitle(t("people.users.title"));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const rows = data?.items ?? [];
  return (
    <main id="main" tabIndex={-1} className="z-page">
      <div className="z-page-head">
        <div>
          <h1>{t("people.users.title")}</h1>
          {data && <p>{t("people.users.count", { count: rows.length })}</p>}
        </div>
        {!error && (
          <Button look="primary" icon="plus" onPress={() => setOpen({ kind: "add" })}>
            {t("people.users.add")}
          </Button>
        )}
      </div>
      <div className="z-filters">
        <SearchField label={t("people.users.search")} value={q} onChange={(value) => set("q", value)} />
        {me.role === "admin" && (
          <Select
            label={t("acts.filters.body")}
            hideLabel
            value={body}
            options={[
              { id: "", label: t("people.users.all") },
              ...bodies.all.map(({ code }) => ({ id: code, label: bodies.shortOf(code) })),
            ]}
            onChange={(value) => set("body", value)}
          />
        )}
      </div>
      {isPending && <Loading />}
      {error && <PeopleError error={error} onRetry={() => void refetch()} />}
      {data && rows.length === 0 && <Empty icon="people" title={t("people.users.none")} text={t("people.users.noneText")} />}
      {rows.length > 0 && <Table label={t("people.users.title")} columns={columns} rows={rows} rowKey={(person) => person.id} />}
      <PersonDialog
        key={open?.kind === "edit" ? open.person.id : "new"}
        isOpen={open?.kind === "add" || open?.kind === "edit"}
        person={open?.kind === "edit" ? open.person : null}
        onClose={() => setOpen(null)}
      />
      <ResetDialog person={open?.kind === "reset" ? open.person : null} onClose={() => setOpen(null)} />
    </main>
  );
}

function PeopleError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  if (hasStatus(error, 403)) return <Empty icon="lock" title={t("errors.forbidden.title")} text={t("errors.forbidden.text")} />;
  return (
    <Banner tone="bad" live action={<Button onPress={onRetry}>{t("ui.retry")}</Button>}>
      {sentenceOf(error)}
    </Banner>
  );
}

function usePersonColumns(setOpen: (open: Open) => void): Column<Administered>[] {
  const { t } = useTranslation();
  const bodies = useBodies();
  return [
    {
      id: "name",
      title: t("people.users.columns.name"),
      cell: (person) => (
        <Person name={person.name} note={[person.position, person.email].filter(Boolean).join(" · ")} hue={bodies.hueOf(person.body)} />
      ),
    },
    { id: "body", title: t("people.users.columns.body"), cell: (person) => bodies.shortOf(person.body), shrink: true },
    { id: "role", title: t("people.users.columns.role"), cell: (person) => roleWord(t, person.role), shrink: true },
    { id: "state", title: t("people.users.columns.state"), cell: (person) => <State person={person} />, shrink: true },
    { id: "menu", title: "", bare: true, cell: (person) => <PersonMenu person={person} setOpen={setOpen} />, shrink: true },
  ];
}

function State({ person }: { person: Administered }) {
  const { t } = useTranslation();
  return (
    <span className="z-chips">
      {person.disabled_at !== null ? (
        <Chip tone="bad" icon="lock">
          {t("people.users.disabled")}
        </Chip>
      ) : (
        <Chip tone="good" icon="check">
          {t("people.users.active")}
        </Chip>
      )}
      {person.must_change_password && (
        <Chip tone="warn" icon="key">
          {t("people.users.temporary")}
        </Chip>
      )}
      {person.demo && <Chip tone="silent">{t("people.users.demo")}</Chip>}
    </span>
  );
}

function PersonMenu({ person, setOpen }: { person: Administered; setOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const change = useChangePerson();
  const me = useMe();
  const isDisabled = person.disabled_at !== null;
  const toggle = () =>
    change.mutate(
      { id: person.id, disabled: !isDisabled },
      {
        onSuccess: () =>
          showToast(t(isDisabled ? "people.users.enabledDone" : "people.users.disabledDone", { name: person.name }), "good", {
            label: t("acts.members.undo"),
            run: () => change.mutate({ id: person.id, disabled: isDisabled }),
          }),
        onError: (failure) => showToast(sentenceOf(failure), "bad"),
      },
    );
  return (
    <Menu
      label={t("people.users.actions", { name: person.name })}
      trigger={<IconButton icon="more" label={t("people.users.actions", { name: person.name })} small />}
    >
      <MenuItem icon="pencil" onAction={() => setOpen({ kind: "edit", person })}>
        {t("people.users.edit")}
      </MenuItem>
      <MenuItem icon="key" isDisabled={person.demo} onAction={() => setOpen({ kind: "reset", person })}>
        {t("people.users.reset")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={isDisabled ? "check" : "lock"} danger={!isDisabled} isDisabled={person.id === me.id} onAction={toggle}>
        {t(isDisabled ? "people.users.enable" : "people.users.disable")}
      </MenuItem>
    </Menu>
  );
}
