import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldSentence, formSentence } from "../api/problems";
import { useSignIn } from "../api/session";
import { Button } from "../ui/Button";
import { Checkbox } from "../ui/Choice";
import { PasswordField, TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { demoKeyOf } from "./demo";
import "./people.css";

interface SignInFormProps {
  /** Set: only this person may go on here. */
  email?: string;
  demo?: { readonly email: string; readonly name: string } | null;
  onDone: () => void;
}

export function SignInForm({ email: fixed, demo, onDone }: SignInFormProps) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const [email, setEmail] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const [isShared, setShared] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const send = async (given: Parameters<typeof signIn>[0]) => {
    setBusy(true);
    setError(null);
    try {
      await signIn(given);
      onDone();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send({ email, password, shared_computer: isShared });
  };
  const problem = formSentence(error, ["email", "password"]);
  if (demo) {
    return (
      <div className="z-form">
        {problem && <Banner tone="bad">{problem}</Banner>}
        <Button look="primary" isPending={isBusy} onPress={() => void send({ demo: demoKeyOf(demo.email) })}>
          {t("people.signIn.as", { name: demo.name })}
        </Button>
      </div>
    );
  }
  return (
    <form className="z-form" onSubmit={submit} noValidate>
      {problem && (
        <Banner tone="bad" live>
          {problem}
        </Banner>
      )}
      <TextField
        label={t("people.signIn.email")}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isReadOnly={fixed !== undefined}
        error={fieldSentence(error, "email")}
        autoFocus={fixed === undefined}
      />
      <PasswordField
        label={t("people.signIn.password")}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={fieldSentence(error, "password")}
        autoFocus={fixed !== undefined}
      />
      <Checkbox isSelected={isShared} onChange={setShared} help={t("people.signIn.sharedHelp")}>
        {t("people.signIn.shared")}
      </Checkbox>
      <Button type="submit" look="primary" wide isPending={isBusy}>
        {t("people.signIn.submit")}
      </Button>
    </form>
  );
}
