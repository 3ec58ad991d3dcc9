import { useTranslation } from "react-i18next";
import { askForAccessAgain } from "../acts/live";
import { type Me, useSignOut } from "../api/session";
import { SignInForm } from "../people/SignInForm";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

/** Signs the same person in again without leaving the page: unsaved text stays on the screen behind it. */
export function ExpiredDialog({ me, isOpen, onDone }: { me: Me; isOpen: boolean; onDone: () => void }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const renewed = () => {
    onDone();
    askForAccessAgain();
  };
  return (
    <Dialog
      title={t("app.expired.title")}
      isOpen={isOpen}
      onClose={onDone}
      mustAnswer
      role="alertdialog"
      foot={
        <Button look="quiet" onPress={() => void signOut().then(onDone)}>
          {t("app.expired.other")}
        </Button>
      }
    >
      <p>{t("app.expired.text")}</p>
      <SignInForm email={me.email} demo={me.demo ? me : null} onDone={renewed} />
    </Dialog>
  );
}
