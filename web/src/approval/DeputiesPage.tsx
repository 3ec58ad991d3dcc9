/** Who signs for whom in one's own body, and on which days. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Found, useBodies, useFoundPeople } from "../api/people";
import { fieldSentence, sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { Button } from "../ui/Button";
import { Banner, Chip, Empty, Loading } from "../ui/Pieces";
import { SearchBox } from "../ui/SearchBox";
import { showToast } from "../ui/Toasts";
import { useTitle } from "../ui/useTitle";
import "./approval.css";
import { DayField } from "./DayField";
import { type Deputy, useDeputies, useNameDeputy, usePeopleOf, useRevokeDeputy } from "./data";

export function DeputiesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const { data, error, isPending } = useDeputies(me.body);
  const names = useNames(me.body);
  useTitle(t("approval.deputies.title"));
  return (
    <main id="main" tabIndex={-1} className="z-page" data-narrow="">
      <div className="z-page-head">
        <div>
          <h1>{t("approval.deputies.title")}</h1>
          <p>{t("approval.deputies.text", { body: bodies.nameOf(me.body) })}</p>
        </div>
      </div>
      <NameDeputy />
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {data?.items.length === 0 && <Empty icon="people" title={t("approval.deputies.none")} />}
      {data && data.items.length > 0 && (
        <ul className="z-deputies" aria-label={t("approval.deputies.title")}>
          {data.items.map((one) => (
            <DeputyRow key={one.id} deputy={one} nameOf={names} />
          ))}
        </ul>
      )}
    </main>
  );
}

function useNames(body: string): (user: string) => string {
  const { t } = useTranslation();
  const me = useMe();
  const { data } = usePeopleOf(body);
  return (user) => (user === me.id ? me.name : (data?.items.find((each) => each.id === user)?.name ?? t("approval.gone")));
}

function DeputyRow({ deputy, nameOf }: { deputy: Deputy; nameOf: (user: string) => string }) {
  const { t } = useTranslation();
  const me = useMe();
  const revoke = useRevokeDeputy(me.body);
  const isOver = deputy.revoked_at !== null || deputy.last_day < today();
  const mayRevoke = !isOver && ([deputy.signatory, deputy.named_by].includes(me.id) || me.role === "body_admin");
  const name = nameOf(deputy.deputy);
  return (
    <li>
      <div>
        <p className="z-strong">{t("approval.deputies.for", { name, signatory: nameOf(deputy.signatory) })}</p>
        <p className="z-small z-quiet">
          {t("approval.deputies.days", { first: dayWord(deputy.first_day), last: dayWord(deputy.last_day) })}
        </p>
      </div>
      {isOver ? (
        <Chip tone="silent">{t(deputy.revoked_at === null ? "approval.deputies.over" : "approval.deputies.revoked")}</Chip>
      ) : (
        deputy.first_day <= today() && (
          <Chip tone="good" icon="check">
            {t("approval.deputies.now")}
          </Chip>
        )
      )}
      {mayRevoke && (
        <Button
          small
          look="quiet"
          icon="trash"
          label={t("approval.deputies.revokeOf", { name })}
          isPending={revoke.isPending}
          onPress={() => revoke.mutate(deputy.id, { onError: (error) => showToast(sentenceOf(error), "bad") })}
        >
          {t("approval.deputies.revoke")}
        </Button>
      )}
    </li>
  );
}

/** A signatory names their own deputy; the administrator of the body names anybody's. */
function NameDeputy() {
  const { t } = useTranslation();
  const me = useMe();
  const isAdmin = me.role === "body_admin";
  const name = useNameDeputy(me.body);
  const [deputy, setDeputy] = useState<Found | null>(null);
  const [signatory, setSignatory] = useState<Found | null>(null);
  const [first, setFirst] = useState(today());
  const [last, setLast] = useState(today());
  const forWhom = isAdmin ? signatory?.id : me.id;
  const wrong = last < first ? t("approval.deputies.wrongDays") : undefined;
  const save = () =>
    deputy &&
    forWhom &&
    name.mutate(
      { deputy: deputy.id, signatory: forWhom, first_day: first, last_day: last },
      {
        onSuccess: () => {
          showToast(t("approval.deputies.named", { name: deputy.name }));
          setDeputy(null);
        },
      },
    );
  const told = fieldSentence(name.error, "deputy") ?? fieldSentence(name.error, "last_day") ?? (name.error && sentenceOf(name.error));
  return (
    <section className="z-panel" aria-label={t("approval.deputies.new")}>
      <h2>{t("approval.deputies.new")}</h2>
      {told && (
        <Banner tone="bad" live>
          {told}
        </Banner>
      )}
      {isAdmin && <PersonField label={t("approval.deputies.signatory")} body={me.body} chosen={signatory} onChoose={setSignatory} />}
      <PersonField key={deputy?.id ?? "nobody"} label={t("approval.deputies.deputy")} body={me.body} chosen={deputy} onChoose={setDeputy} />
      <div className="z-days">
        <DayField label={t("approval.deputies.first")} value={first} onChange={setFirst} />
        <DayField label={t("approval.deputies.last")} value={last} onChange={setLast} error={wrong} />
      </div>
      <div className="z-row">
        <Button look="primary" icon="plus" onPress={save} isPending={name.isPending} isDisabled={!deputy || !forWhom || Boolean(wrong)}>
          {t("approval.deputies.save")}
        </Button>
      </div>
    </section>
  );
}

interface PersonFieldProps {
  label: string;
  body: string;
  chosen: Found | null;
  onChoose: (person: Found | null) => void;
}

function PersonField({ label, body, chosen, onChoose }: PersonFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(chosen?.name ?? "");
  const { data } = useFoundPeople(chosen ? "" : text);
  const people = (data?.items ?? []).filter((each) => each.body === body);
  return (
    <SearchBox
      label={label}
      placeholder={t("acts.members.searchPerson")}
      value={text}
      onChange={(value) => {
        setText(value);
        if (chosen && value !== chosen.name) onChoose(null);
      }}
      items={people.map((each) => ({ id: each.id, text: each.name, content: `${each.name}, ${each.position}` }))}
      empty={t(text.trim().length < 2 ? "acts.members.typeMore" : "acts.members.noMatch")}
      onChoose={(id) => {
        const found = people.find((each) => each.id === id) ?? null;
        onChoose(found);
        if (found) setText(found.name);
      }}
    />
  );
}

/** Today in Kyiv, as the server counts days: 2026-03-12. */
function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Kyiv" }).format(new Date());
}

function dayWord(day: string): string {
  return day.split("-").reverse().join(".");
}
