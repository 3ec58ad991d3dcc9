import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "../ui/Pieces";

/** Says that this device has no network; each open text says for itself what has been sent. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  if (isOnline) return null;
  return (
    <div className="z-connection">
      <Banner tone="warn" icon="offline" live>
        {t("app.offline")}
      </Banner>
    </div>
  );
}
