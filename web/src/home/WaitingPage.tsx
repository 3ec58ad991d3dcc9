import { useTranslation } from "react-i18next";
import { useTitle } from "../ui/useTitle";
import { Waiting } from "./Waiting";

/** The same list as on the first page, one thumb away on a phone. */
export function WaitingPage() {
  const { t } = useTranslation();
  useTitle(t("home.waiting.title"));
  return (
    <main id="main" tabIndex={-1} className="z-page" data-narrow="">
      <div className="z-page-head">
        <h1>{t("home.waiting.title")}</h1>
      </div>
      <Waiting />
    </main>
  );
}
