/** Around every page: the language and links of the component library, messages, the offer of a new version. */

import { I18nProvider, RouterProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useHref, useNavigate } from "react-router";
import { Toasts } from "../ui/Toasts";
import { UpdateOffer } from "./UpdateOffer";

export function Root() {
  const navigate = useNavigate();
  const { i18n } = useTranslation();
  return (
    <I18nProvider locale={i18n.language === "en" ? "en-GB" : "uk-UA"}>
      <RouterProvider navigate={(address) => void navigate(address)} useHref={useHref}>
        <Outlet />
        <UpdateOffer />
        <Toasts />
        <ScrollRestoration />
      </RouterProvider>
    </I18nProvider>
  );
}
