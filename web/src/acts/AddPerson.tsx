import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Act, type Role, useAddRole } from "../api/acts";
import { type Found, useBodies, useFoundPeople } from "../api/people";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { Person } from "../ui/Pieces";
import { SearchBox } from "../ui/SearchBox";
import { showToast } from "../ui/Toasts";
import { grantable, partOf } from "./roles";

export function AddPerson({ act }: { act: Act }) {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const [text, setText] = useState("");
  const [person, setPerson] = useState<Found | null>(null);
  const { data } = useFoundPeople(person ? "" : text);
  const people = (text.trim().length >= 2 ? (data?.items ?? []) : []).filter((each) => grantable(act, me, each.body).length > 0);
  const choose = (id: string) => {
    const chosen = people.find((each) => each.id === id);
    setPerson(chosen ?? null);
    setText(chosen?.name ?? "");
  };
  const type = (value: string) => {
    setText(value);
    if (person && value !== person.name) setPerson(null);
  };
  return (
    <section className="z-add-row">
      <SearchBox
        label={t("acts.members.addPerson")}
        placeholder={t("acts.members.searchPerson")}
        value={text}
        onChange={type}
        items={people.map((each) => ({
          id: each.id,
          text: each.name,
          content: <Person name={each.name} note={`${bodies.shortOf(each.body)}, ${each.position}`} hue={bodies.hueOf(each.body)} />,
        }))}
        empty={t(text.trim().length < 2 ? "acts.members.typeMore" : "acts.members.noMatch")}
        onChoose={choose}
      />
      <RoleChoice
        key={person?.id ?? ""}
        act={act}
        person={person}
        onAdded={() => {
          setPerson(null);
          setText("");
        }}
      />
    </section>
  );
}

function RoleChoice({ act, person, onAdded }: { act: Act; person: Found | null; onAdded: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const addRole = useAddRole(act.id);
  const roles = person ? grantable(act, me, person.body) : (["reviewer"] as const);
  const [role, setRole] = useState<Role>(roles.includes("reviewer") ? "reviewer" : (roles[0] ?? "reader"));
  const add = () =>
    person &&
    addRole.mutate(
      { user: person.id, role },
      {
        onSuccess: () => {
          showToast(t("acts.members.added", { name: person.name }));
          onAdded();
        },
        onError: (error) => showToast(sentenceOf(error), "bad"),
      },
    );
  const part = person && partOf(act, person.body);
  const isNewDeveloper = person !== null && role === "drafter" && part !== "lead" && part !== "co_developer";
  return (
    <>
      <Select
        label={t("acts.members.role")}
        value={role}
        options={roles.map((id) => ({ id, label: t(`acts.role.${id}`) }))}
        onChange={setRole}
        isDisabled={!person}
      />
      <Button icon="plus" look="primary" isDisabled={!person} isPending={addRole.isPending} onPress={add}>
        {t("ui.add")}
      </Button>
      {isNewDeveloper && <p className="z-help">{t("acts.members.becomesCoDeveloper")}</p>}
    </>
  );
}
