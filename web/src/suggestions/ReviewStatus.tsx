/** What is true about one's proposals, in words: "Пропозиції збережено", "2 пропозиції не надіслано". */

import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { OpenDocument } from "../sync";
import { SaveStatus } from "../sync";
import { Icon, type IconName } from "../ui/icons";
import { type Sending, useSuggestions } from "./records.ts";

/** States of the text itself that matter more to a person who proposes. */
const OF_THE_TEXT: ReadonlySet<string> = new Set(["connecting", "set_aside", "reload_needed", "signed_out", "no_access", "broken"]);

export function ReviewStatus({ open }: { open: OpenDocument }) {
  const { t } = useTranslation();
  const { sending, isLoaded } = useSuggestions();
  const { kind } = open.status;
  if (OF_THE_TEXT.has(kind) || !isLoaded) return <SaveStatus status={open.status} />;
  const isAway = kind === "offline" || sending.kind === "offline";
  const state = isAway ? "offline" : sending.unsent > 0 ? "saving" : "saved";
  const advice = isAway && sending.unsent > 0 ? t(sending.kept ? "sync.keptHere" : "sync.notKeptHere") : undefined;
  const [icon, tone] = LOOKS[state];
  return (
    <span className="z-save-status" data-tone={tone} data-state={state} data-unsent={sending.unsent} title={advice}>
      <Icon name={icon} size={18} />
      <span role="status" aria-label={t("sync.state")}>
        {sentence(t, state, sending)}
        {advice && <span className="z-hidden"> {advice}</span>}
      </span>
    </span>
  );
}

const LOOKS: Readonly<Record<"offline" | "saving" | "saved", readonly [IconName, string]>> = {
  offline: ["offline", "warn"],
  saving: ["saving", "plain"],
  saved: ["saved", "good"],
};

function sentence(t: TFunction, state: keyof typeof LOOKS, { unsent }: Sending): string {
  if (state === "saving") return t("review.status.sending");
  if (state === "saved") return t("review.status.saved");
  return unsent > 0 ? t("review.status.unsent", { count: unsent }) : t("review.status.away");
}
