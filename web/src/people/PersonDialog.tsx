import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Administered, useBodies, useChangePerson, useCreatePerson } from "../api/people";
import { fieldSentence, formSentence } from "../api/problems";
import { type Me, useMe } from "../api/session";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner, Secret } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { GLOBAL_ROLES, roleWord } from "./words";

interface PersonDialogProps {
  isOpen: boolean;
  /** Null: a new person. */
  person: Administered | null;
  onClose: () => void;
}

export function PersonDialog({ isOpen, person, onClose }: PersonDialogProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const form = useId();
  const close = () => {
    setPassword("");
    onClose();
  };
  if (password) {
    return (
      <Dialog
        title={t("people.users.created")}
        isOpen={isOpen}
        onClose={close}
        foot={<Button onPress={close}>{t("people.tokens.done")}</Button>}
      >
        <p>{t("people.users.temporaryText")}</p>
        <Secret value={password} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t(person ? "people.users.form.edit" : "people.users.form.add")}
      isOpen={isOpen}
      onClose={close}
      foot={
        <>
          <Button look="quiet" onPress={close}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" type="submit" form={form}>
            {t(person ? "ui.save" : "people.users.form.submit")}
          </Button>
        </>
      }
    >
      <PersonForm id={form} person={person} onSaved={close} onCreated={setPassword} />
    </Dialog>
  );
}

interface PersonFormProps {
  id: string;
  person: Administered | null;
  onSaved: () => void;
  onCreated: (password: string) => void;
}

function usePersonFields(person: Administered | null) {
  const me = useMe();
  const [name, setName] = useState(person?.name ?? "");
  const [email, setEmail] = useState(person?.email ?? "");
  const [position, setPosition] = useState(person?.position ?? "");
  const [body, setBody] = useState(person?.body ?? me.body);
  const [role, setRole] = useState<Me["role"]>(person?.role ?? "");
  return { name, setName, email, setEmail, position, setPosition, body, setBody, role, setRole };
}

function PersonForm({ id, person, onSaved, onCreated }: PersonFormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const create = useCreatePerson();
  const change = useChangePerson();
  const fields = usePersonFields(person);
  const { name, email, position, body, role } = fields;
  const error = person ? change.error : create.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = { name, position, body, role };
    if (!person) {
      create.mutate({ email, ...given }, { onSuccess: (made) => onCreated(made.password) });
      return;
    }
    change.mutate(
      { id: person.id, ...given },
      {
        onSuccess: () => {
          showToast(t("people.users.saved", { name }));
          onSaved();
        },
      },
    );
  };
  const problem = formSentence(error, ["name", "email", "position", "body"]);
  return (
    <form id={id} className="z-form" onSubmit={submit} noValidate>
      {problem && (
        <Banner tone="bad" live>
          {problem}
        </Banner>
      )}
      <TextField label={t("people.profile.name")} value={name} onChange={fields.setName} error={fieldSentence(error, "name")} autoFocus />
      {!person && (
        <TextField
          label={t("people.profile.email")}
          type="email"
          value={email}
          onChange={fields.setEmail}
          error={fieldSentence(error, "email")}
        />
      )}
      <TextField
        label={t("people.profile.position")}
        value={position}
        onChange={fields.setPosition}
        error={fieldSentence(error, "position")}
      />
      {me.role === "admin" && <PlaceAndRole person={person} fields={fields} error={error} />}
    </form>
  );
}

interface PlaceAndRoleProps {
  person: Administered | null;
  fields: ReturnType<typeof usePersonFields>;
  error: unknown;
}

function PlaceAndRole({ person, fields, error }: PlaceAndRoleProps) {
  const { t } = useTranslation();
  const bodies = useBodies();
  return (
    <>
      <Select
        label={t("people.profile.body")}
        value={fields.body}
        options={bodies.all
          .filter((each) => each.active || each.code === fields.body)
          .map(({ code }) => ({ id: code, label: bodies.nameOf(code) }))}
        onChange={fields.setBody}
        error={fieldSentence(error, "body")}
      />
      {person && fields.body !== person.body && <Banner tone="warn">{t("people.users.form.moved")}</Banner>}
      <Select
        label={t("people.profile.role")}
        value={fields.role}
        options={GLOBAL_ROLES.map((id) => ({ id, label: roleWord(t, id) }))}
        onChange={fields.setRole}
      />
    </>
  );
}
