/** The button of the header that shows who wrote what. */

import { useTranslation } from "react-i18next";
import type { HeaderAction } from "../acts/slots.ts";
import { showAuthors, useAuthorsShown } from "./view.ts";

export const useAuthorsAction: HeaderAction = (act) => {
  const { t } = useTranslation();
  const isOn = useAuthorsShown();
  if (!act.abilities.includes("read")) return null;
  return { id: "authors", label: t(isOn ? "authorship.hide" : "authorship.show"), icon: "people", onPress: () => showAuthors(!isOn) };
};
