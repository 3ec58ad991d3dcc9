import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCreateToken, useRevokeToken, useTokens } from "../api/people";
import { fieldSentence, formSentence, sentenceOf } from "../api/problems";
import { formatAgo, formatDate } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner, Empty, Loading, Secret } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";

export function Tokens() {
  const { t } = useTranslation();
  const { data, error, isPending } = useTokens();
  const revoke = useRevokeToken();
  const [secret, setSecret] = useState("");
  const tokens = data?.items ?? [];
  const end = (id: string) =>
    revoke.mutate(id, {
      onSuccess: () => showToast(t("people.tokens.revoked")),
      onError: (failure) => showToast(sentenceOf(failure), "bad"),
    });
  return (
    <section className="z-panel">
      <div className="z-section">
        <h2>{t("people.tokens.title")}</h2>
        <p>{t("people.tokens.text")}</p>
      </div>
      <NewToken onCreated={setSecret} />
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {data && tokens.length === 0 && <Empty icon="key" title={t("people.tokens.none")} text={t("people.tokens.noneText")} />}
      <ul className="z-list">
        {tokens.map((token) => (
          <li key={token.id}>
            <span>
              <span className="z-person-name">{token.name}</span>
              <span className="z-person-note">
                {[
                  t("people.tokens.created", { when: formatDate(token.created_at) }),
                  token.last_used_at === null
                    ? t("people.tokens.unused")
                    : t("people.tokens.used", { when: formatAgo(token.last_used_at) }),
                  ...(token.expires_at === null ? [] : [t("people.tokens.expires", { when: formatDate(token.expires_at) })]),
                ].join(", ")}
              </span>
            </span>
            <Button small label={t("people.tokens.revokeNamed", { name: token.name })} onPress={() => end(token.id)}>
              {t("people.tokens.revoke")}
            </Button>
          </li>
        ))}
      </ul>
      <Dialog
        title={t("people.tokens.once")}
        isOpen={secret !== ""}
        onClose={() => setSecret("")}
        foot={
          <Button look="primary" onPress={() => setSecret("")}>
            {t("people.tokens.done")}
          </Button>
        }
      >
        <p>{t("people.tokens.onceText")}</p>
        <Secret value={secret} />
      </Dialog>
    </section>
  );
}

const DAYS = { "30": "day30", "90": "day90", "365": "day365", "0": "forever" } as const;
type Days = keyof typeof DAYS;

function NewToken({ onCreated }: { onCreated: (secret: string) => void }) {
  const { t } = useTranslation();
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [days, setDays] = useState<Days>("90");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name, ...(days !== "0" && { days: Number(days) }) },
      {
        onSuccess: (token) => {
          setName("");
          onCreated(token.token);
        },
      },
    );
  };
  const problem = formSentence(create.error, ["name"]);
  return (
    <form className="z-form" onSubmit={submit} noValidate>
      {problem && <Banner tone="bad">{problem}</Banner>}
      <div className="z-filters">
        <TextField
          label={t("people.tokens.name")}
          placeholder={t("people.tokens.namePlaceholder")}
          value={name}
          onChange={setName}
          maxLength={100}
          error={fieldSentence(create.error, "name")}
        />
        <Select
          label={t("people.tokens.days")}
          value={days}
          options={(["30", "90", "365", "0"] as const).map((id) => ({ id, label: t(`people.tokens.${DAYS[id]}`) }))}
          onChange={setDays}
        />
      </div>
      <div>
        <Button type="submit" look="primary" icon="plus" isPending={create.isPending}>
          {t("people.tokens.create")}
        </Button>
      </div>
    </form>
  );
}
