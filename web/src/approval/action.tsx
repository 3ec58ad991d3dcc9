/** The next step of whoever may state a position, in the header of the act. */
import { useTranslation } from "react-i18next";
import type { ActionShown } from "../acts/slots";
import type { Act } from "../api/acts";
import { useApproval } from "./data";

export function usePositionAction(act: Act): ActionShown | null {
  const { t } = useTranslation();
  const { data } = useApproval(act.id);
  const mine = data?.may_state[0];
  if (!mine) return null;
  return {
    id: "position",
    label: t("approval.state"),
    icon: "stamp",
    isPrimary: true,
    href: `/acts/${act.id}/position?round=${mine.round}`,
  };
}
