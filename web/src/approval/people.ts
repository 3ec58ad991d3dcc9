/** Names of the people of an act. */
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";

const SERVER = "server";

/** The name of somebody by their id, the program's for what happened by itself, a word for somebody who left the act. */
export function useNameOf(): (user: string) => string {
  const { t } = useTranslation();
  const { act } = useActView();
  return (user) =>
    user === SERVER ? t("approval.byItself") : (act.members.find((member) => member.user === user)?.name ?? t("approval.gone"));
}
