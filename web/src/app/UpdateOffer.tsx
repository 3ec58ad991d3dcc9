/** Offers a new version of the program; never reloads by itself, and not while changes would be lost. */

import { useRegisterSW } from "virtual:pwa-register/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { wouldLoseWork } from "../acts/live";
import { closeToast, showToast } from "../ui/Toasts";

const LOOK_EVERY_MS = 30 * 60_000;

export function UpdateOffer() {
  const { t } = useTranslation();
  const shown = useRef<number | null>(null);
  const {
    needRefresh: [isNew],
    updateServiceWorker,
  } = useRegisterSW({
    onRegisteredSW: (_address, registration) => {
      if (registration) setInterval(() => registration.update().catch(() => undefined), LOOK_EVERY_MS);
    },
    onRegisterError: (error: unknown) => console.warn("no offline use", error),
  });

  useEffect(() => {
    if (!isNew) return;
    const reload = () => {
      if (wouldLoseWork()) showToast(t("app.update.unsaved"), "warn", { label: t("app.update.action"), run: reload });
      else updateServiceWorker(true).catch(() => location.reload());
    };
    shown.current = showToast(t("app.update.text"), "info", { label: t("app.update.action"), run: reload });
    return () => {
      if (shown.current !== null) closeToast(shown.current);
    };
  }, [isNew, t, updateServiceWorker]);

  return null;
}
