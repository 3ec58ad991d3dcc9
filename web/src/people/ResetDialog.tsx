import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Administered, useResetPassword } from "../api/people";
import { sentenceOf } from "../api/problems";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Banner, Secret } from "../ui/Pieces";

/** Asked first, because the old password cannot come back; then the new one is shown once. */
export function ResetDialog({ person, onClose }: { person: Administered | null; onClose: () => void }) {
  const { t } = useTranslation();
  const reset = useResetPassword();
  const [password, setPassword] = useState("");
  const close = () => {
    setPassword("");
    reset.reset();
    onClose();
  };
  const issue = () => person && reset.mutate(person.id, { onSuccess: (issued) => setPassword(issued.password) });
  const name = person?.name ?? "";
  return (
    <Dialog
      title={t(password ? "people.users.temporaryTitle" : "people.users.resetTitle")}
      isOpen={person !== null}
      onClose={close}
      role="alertdialog"
      foot={
        password ? (
          <Button look="primary" onPress={close}>
            {t("people.tokens.done")}
          </Button>
        ) : (
          <>
            <Button look="quiet" onPress={close}>
              {t("ui.cancel")}
            </Button>
            <Button look="danger" isPending={reset.isPending} onPress={issue}>
              {t("people.users.resetSubmit")}
            </Button>
          </>
        )
      }
    >
      {reset.error && (
        <Banner tone="bad" live>
          {sentenceOf(reset.error)}
        </Banner>
      )}
      <p>{password ? t("people.users.temporaryText") : t("people.users.resetText", { name })}</p>
      {password && <Secret value={password} />}
    </Dialog>
  );
}
