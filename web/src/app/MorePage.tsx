import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/session";
import { Icon } from "../ui/icons";
import { useTitle } from "../ui/useTitle";
import { pagesOf } from "./pages";
import { setPreferences, usePreferences } from "./preferences";
import { useLeaving } from "./SignOut";

/** What the bar below has no room for. */
export function MorePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { theme, locale } = usePreferences();
  const leaving = useLeaving();
  const next = theme === "system" ? "dark" : theme === "dark" ? "light" : "system";
  useTitle(t("app.pages.more"));
  return (
    <main id="main" tabIndex={-1} className="z-page" data-narrow="">
      <h1 className="z-hidden">{t("app.pages.more")}</h1>
      <ul className="z-card z-more-list">
        {pagesOf(me)
          .filter((page) => page.name !== "home" && page.name !== "acts")
          .map((page) => (
            <li key={page.href}>
              <Link href={page.href}>
                <Icon name={page.icon} />
                {t(`app.pages.${page.name}`)}
              </Link>
            </li>
          ))}
        <li>
          <button type="button" onClick={() => setPreferences({ theme: next })}>
            <Icon name={theme === "dark" ? "moon" : theme === "light" ? "sun" : "device"} />
            {`${t("app.theme.label")}: ${t(`app.theme.${theme}`).toLowerCase()}`}
          </button>
        </li>
        <li>
          <button type="button" onClick={() => setPreferences({ locale: locale === "uk" ? "en" : "uk" })}>
            <Icon name="globe" />
            {t(`app.language.${locale === "uk" ? "en" : "uk"}`)}
          </button>
        </li>
        <li>
          <button type="button" onClick={leaving.ask}>
            <Icon name="signOut" />
            {t("app.signOut")}
          </button>
        </li>
      </ul>
      {leaving.dialog}
    </main>
  );
}
