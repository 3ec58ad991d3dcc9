import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { sessionEnded } from "../api/client";
import { loadNewest } from "../api/newest";
import type { OpenDocument } from "../sync";
import { Button } from "../ui/Button";

/** Beside what is said about saving: what the person can do about it. An ended session asks by itself. */
export function StatusAction({ open }: { open: OpenDocument }) {
  const { t } = useTranslation();
  const { kind } = open.status;
  useEffect(() => {
    if (kind === "signed_out") sessionEnded();
  }, [kind]);
  switch (kind) {
    case "reload_needed":
      return (
        <Button small look="primary" icon="refresh" onPress={() => void loadNewest()}>
          {t("sync.reload")}
        </Button>
      );
    case "signed_out":
      return (
        <Button small look="primary" onPress={sessionEnded}>
          {t("sync.signIn")}
        </Button>
      );
    case "broken":
      return (
        <Button small icon="refresh" onPress={() => open.askAgain()}>
          {t("ui.retry")}
        </Button>
      );
    default:
      return null;
  }
}
