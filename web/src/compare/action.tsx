/** The header's button that opens the comparison of an act. */
import { useTranslation } from "react-i18next";
import type { ActionShown } from "../acts/slots";
import type { Act } from "../api/acts";

export function useCompareAction(act: Act): ActionShown | null {
  const { t } = useTranslation();
  if (!act.abilities.includes("compare")) return null;
  return { id: "compare", label: t("compare.action"), icon: "compare", href: `/acts/${act.id}/compare` };
}
