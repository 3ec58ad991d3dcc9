/** The next step of somebody who speaks for a body: what it has proposed and nobody else sees yet. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import { useMe } from "../api/session";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import { ReleaseDialog } from "./ReleaseDialog.tsx";
import { type Suggestion, useSuggestions } from "./records.ts";
import "./review.css";

export function ReleaseNotice() {
  const { t } = useTranslation();
  const { act } = useActView();
  const waiting = useUnreleased();
  const [isOpen, setOpen] = useState(false);
  if (!act.abilities.includes("release") || (waiting.length === 0 && !isOpen)) return null;
  return (
    <div className="z-read-only z-release-notice">
      <Icon name="send" size={18} />
      <span>{t("review.release.waiting", { count: waiting.length })}</span>
      <Button small look="primary" onPress={() => setOpen(true)}>
        {t("review.release.title")}
      </Button>
      <ReleaseDialog act={act} waiting={waiting} isOpen={isOpen} onClose={() => setOpen(false)} />
    </div>
  );
}

/** Open proposals of the own body that only this body sees. */
function useUnreleased(): readonly Suggestion[] {
  const { body } = useMe();
  const { records } = useSuggestions();
  return records.filter((record) => record.status === "open" && record.audience === "body" && record.body === body);
}
