/** The frame of the pages: the bar above, the bar below on a phone, the page between. An act brings its own bar. */

import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router";
import { useWaitingCount } from "../api/inbox";
import { useMe } from "../api/session";
import { LinkButton } from "../ui/Button";
import { HeaderTail } from "../ui/HeaderTail";
import { Icon, type IconName } from "../ui/icons";
import { AccountMenu } from "./AccountMenu";
import { CommandCenter } from "./CommandCenter";
import { ConnectionBanner } from "./ConnectionBanner";
import { openPalette } from "./center";
import { isAt, pagesOf } from "./pages";
import "./shell.css";

export function Shell() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isAct = /^\/acts\/(?!new$|import$)[^/]+/.test(pathname);
  return (
    <div className="z-shell" data-act={isAct ? "" : undefined}>
      <a className="z-skip" href="#main">
        {t("app.skip")}
      </a>
      {!isAct && <TopBar pathname={pathname} />}
      <ConnectionBanner />
      <HeaderTail value={<AccountMenu />}>
        <Outlet />
      </HeaderTail>
      {!isAct && <BottomBar pathname={pathname} />}
      <CommandCenter />
    </div>
  );
}

function TopBar({ pathname }: { pathname: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const waiting = useWaitingCount();
  return (
    <header className="z-top">
      <Link className="z-brand" href="/">
        <img src="/icon.svg" alt="" width={26} height={26} />
        {t("app.name")}
      </Link>
      <nav className="z-top-nav" aria-label={t("app.navigation")}>
        {pagesOf(me)
          .filter((page) => page.isMain)
          .map((page) => (
            <Link key={page.href} className="z-top-link" href={page.href} {...(isAt(pathname, page.href) && { "aria-current": "page" })}>
              {t(`app.pages.${page.name}`)}
              {page.name === "home" && <WaitingCount count={waiting} />}
            </Link>
          ))}
      </nav>
      <button type="button" className="z-finder" aria-label={t("app.palette.open")} onClick={openPalette}>
        <Icon name="search" size={18} />
        <span>{t("app.palette.open")}</span>
        <kbd className="z-kbd">Ctrl K</kbd>
      </button>
      {me.abilities.includes("create_act") && !isAt(pathname, "/acts") && (
        <span className="z-top-create">
          <LinkButton look="primary" icon="plus" href="/acts/new">
            {t("app.pages.new")}
          </LinkButton>
        </span>
      )}
      <AccountMenu />
    </header>
  );
}

/** How many things wait for this person, beside the name of the page that lists them. */
function WaitingCount({ count }: { count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <span className="z-count z-waiting-count">
      <span aria-hidden="true">{count}</span>
      <span className="z-hidden">{t("app.waitingCount", { count })}</span>
    </span>
  );
}

const BOTTOM: readonly { href: string; name: "home" | "acts" | "waiting" | "more"; icon: IconName }[] = [
  { href: "/", name: "home", icon: "home" },
  { href: "/acts", name: "acts", icon: "acts" },
  { href: "/waiting", name: "waiting", icon: "inbox" },
  { href: "/more", name: "more", icon: "more" },
];

function BottomBar({ pathname }: { pathname: string }) {
  const { t } = useTranslation();
  const waiting = useWaitingCount();
  return (
    <nav className="z-bottom" aria-label={t("app.navigation")}>
      {BOTTOM.map(({ href, name, icon }) => (
        <Link key={href} className="z-bottom-link" href={href} {...(isAt(pathname, href) && { "aria-current": "page" })}>
          <Icon name={icon} size={22} />
          <span>
            {t(`app.pages.${name}`)}
            {name === "waiting" && <WaitingCount count={waiting} />}
          </span>
        </Link>
      ))}
    </nav>
  );
}
