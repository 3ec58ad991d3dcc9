/** What is true about saving, in words and with an icon; a reader of the screen hears it when it changes. */

import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../ui/icons";
import type { Status, StatusKind } from "./status";
import "./sync.css";

type Tone = "good" | "warn" | "bad" | "plain";

const LOOKS: Record<StatusKind, { icon: IconName; tone: Tone }> = {
  connecting: { icon: "saving", tone: "plain" },
  saving: { icon: "saving", tone: "plain" },
  saved: { icon: "saved", tone: "good" },
  offline: { icon: "offline", tone: "warn" },
  saving_stopped: { icon: "alert", tone: "bad" },
  read_only: { icon: "eye", tone: "plain" },
  set_aside: { icon: "refresh", tone: "warn" },
  reload_needed: { icon: "refresh", tone: "warn" },
  signed_out: { icon: "lock", tone: "bad" },
  no_access: { icon: "lock", tone: "bad" },
  broken: { icon: "alert", tone: "bad" },
};

export function SaveStatus({ status }: { status: Status }) {
  const { t } = useTranslation();
  const { icon, tone } = LOOKS[status.kind];
  const advice = status.unsent > 0 && status.kind !== "saving" ? t(status.isKeptHere ? "sync.keptHere" : "sync.notKeptHere") : undefined;
  return (
    <span className="z-save-status" data-tone={tone} data-state={status.kind} data-unsent={status.unsent} title={advice}>
      <Icon name={icon} size={18} />
      <span role="status" aria-label={t("sync.state")}>
        {describeStatus(t, status)}
        {advice && <span className="z-hidden"> {advice}</span>}
      </span>
    </span>
  );
}

/** The state as a sentence: "Без зв'язку, 3 зміни не надіслано". */
export function describeStatus(t: TFunction, { kind, unsent }: Status): string {
  switch (kind) {
    case "connecting":
      return t("sync.connecting");
    case "saving":
      return t("sync.saving");
    case "saved":
      return t("sync.saved");
    case "offline":
      return unsent > 0 ? t("sync.offlineUnsent", { count: unsent }) : t("sync.offline");
    case "saving_stopped":
      return unsent > 0 ? t("sync.savingStoppedUnsent", { count: unsent }) : t("sync.savingStopped");
    case "read_only":
      return t("sync.readOnly");
    case "set_aside":
      return t("sync.settingAside");
    case "reload_needed":
      return t("sync.reloadNeeded");
    case "signed_out":
      return t("sync.signedOut");
    case "no_access":
      return t("sync.noAccess");
    case "broken":
      return t("sync.broken");
  }
}
