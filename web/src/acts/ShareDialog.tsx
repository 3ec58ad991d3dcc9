import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { useMe } from "../api/session";
import { Dialog } from "../ui/Dialog";
import { Banner } from "../ui/Pieces";
import { AddBody } from "./AddBody";
import { AddPerson } from "./AddPerson";
import { Members } from "./Members";

/** Who takes part: bodies with their part, people with their roles. Each change is saved at once and can be taken back. */
export function ShareDialog({ act, isOpen, onClose }: { act: Act; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const mayInvite = act.abilities.includes("invite");
  const mayGrant = act.abilities.includes("grant");
  return (
    <Dialog title={t("acts.members.title")} isOpen={isOpen} onClose={onClose} size="wide">
      {mayGrant && !mayInvite && me.role === "body_admin" && <Banner tone="info">{t("acts.members.ownOnly")}</Banner>}
      {mayGrant && <AddPerson act={act} />}
      {mayInvite && <AddBody act={act} />}
      <Members act={act} isEditable />
    </Dialog>
  );
}
