import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { listUnsent, removeCopies, type UnsentText } from "../acts/live";
import { sentenceOf } from "../api/problems";
import { useMe, useSignOut } from "../api/session";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { showToast } from "../ui/Toasts";

/** Signing out takes the copies of texts from this device (D15); what was never sent is asked about first. */
export function useLeaving() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const signOut = useSignOut();
  const [unsent, setUnsent] = useState<readonly UnsentText[]>([]);

  const leave = async () => {
    setUnsent([]);
    try {
      await removeCopies(me.id, !me.shared_computer);
      await signOut();
      await navigate("/sign-in");
    } catch (error) {
      showToast(sentenceOf(error), "bad");
    }
  };
  const start = async () => {
    const found = await listUnsent(me.id, !me.shared_computer);
    if (found.length > 0) setUnsent(found);
    else await leave();
  };
  const dialog = (
    <Dialog
      role="alertdialog"
      title={t("app.signOutUnsaved.title")}
      isOpen={unsent.length > 0}
      onClose={() => setUnsent([])}
      foot={
        <>
          <Button look="danger" onPress={() => void leave()}>
            {t("app.signOutUnsaved.leave")}
          </Button>
          <Button look="primary" onPress={() => setUnsent([])}>
            {t("app.signOutUnsaved.stay")}
          </Button>
        </>
      }
    >
      <p>{t("app.signOutUnsaved.text")}</p>
      <ul className="z-list">
        {unsent.map(({ document, title, count }) => (
          <li key={document}>
            <span>{title || document}</span>
            <span>{t("app.signOutUnsaved.changes", { count })}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
  return { ask: () => void start(), dialog };
}
