import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useChangePassword } from "../api/people";
import { fieldSentence, formSentence } from "../api/problems";
import { Button } from "../ui/Button";
import { PasswordField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";

export function PasswordForm({ email, onDone }: { email: string; onDone?: () => void }) {
  const { t } = useTranslation();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [repeat, setRepeat] = useState("");
  const [differs, setDiffers] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDiffers(next !== repeat);
    if (next !== repeat) return;
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          for (const clear of [setCurrent, setNext, setRepeat]) clear("");
          showToast(t("people.password.done"));
          onDone?.();
        },
      },
    );
  };
  const problem = formSentence(change.error, ["current", "new"]);
  return (
    <form className="z-form" onSubmit={submit} noValidate>
      {problem && (
        <Banner tone="bad" live>
          {problem}
        </Banner>
      )}
      <input className="z-hidden" type="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
      <PasswordField
        label={t("people.password.current")}
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        error={fieldSentence(change.error, "current")}
      />
      <PasswordField
        label={t("people.password.new")}
        autoComplete="new-password"
        help={t("people.password.help")}
        value={next}
        onChange={setNext}
        error={fieldSentence(change.error, "new")}
      />
      <PasswordField
        label={t("people.password.repeat")}
        autoComplete="new-password"
        value={repeat}
        onChange={setRepeat}
        error={differs ? t("people.password.differ") : undefined}
      />
      <div>
        <Button type="submit" look="primary" isPending={change.isPending}>
          {t("people.password.submit")}
        </Button>
      </div>
    </form>
  );
}
