/** What stands where a page would be that this person may not see: one sentence and one way on. */
import { useTranslation } from "react-i18next";
import { LinkButton } from "./Button";
import { Empty } from "./Pieces";

export function ForbiddenPage() {
  const { t } = useTranslation();
  return (
    <Empty page icon="lock" title={t("errors.forbidden.title")} text={t("errors.forbidden.text")}>
      <LinkButton look="primary" href="/">
        {t("errors.forbidden.action")}
      </LinkButton>
    </Empty>
  );
}
