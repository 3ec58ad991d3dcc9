import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useBodies } from "../api/people";
import { useMe } from "../api/session";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { Avatar } from "../ui/Pieces";
import { openShortcuts } from "./center";
import { setPreferences, usePreferences } from "./preferences";
import { useLeaving } from "./SignOut";

/** The person's own things: profile, theme, language, keys, the way out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const { theme, locale } = usePreferences();
  const leaving = useLeaving();
  const nextTheme = theme === "system" ? "dark" : theme === "dark" ? "light" : "system";
  return (
    <>
      <Menu
        label={t("app.account")}
        trigger={
          <AriaButton className="z-account" aria-label={`${t("app.account")}: ${me.name}`}>
            <Avatar name={me.name} hue={bodies.hueOf(me.body)} />
          </AriaButton>
        }
      >
        <MenuItem icon="person" href="/profile" help={`${me.name}, ${bodies.shortOf(me.body)}`}>
          {t("app.pages.profile")}
        </MenuItem>
        <MenuLine />
        <MenuItem
          icon={theme === "dark" ? "moon" : theme === "light" ? "sun" : "device"}
          onAction={() => setPreferences({ theme: nextTheme })}
        >
          {`${t("app.theme.label")}: ${t(`app.theme.${theme}`).toLowerCase()}`}
        </MenuItem>
        <MenuItem icon="globe" onAction={() => setPreferences({ locale: locale === "uk" ? "en" : "uk" })}>
          {t(`app.language.${locale === "uk" ? "en" : "uk"}`)}
        </MenuItem>
        <MenuItem icon="keyboard" keys="?" onAction={openShortcuts}>
          {t("app.shortcuts.title")}
        </MenuItem>
        <MenuLine />
        <MenuItem icon="signOut" onAction={leaving.ask}>
          {t("app.signOut")}
        </MenuItem>
      </Menu>
      {leaving.dialog}
    </>
  );
}
