/** The end of the toolbar of somebody who proposes: what typing does here, and the way back for those who may change the text. */

import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";

export function ReviewTools({ onLeave }: { onLeave: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="z-review-says" title={t("review.says")}>
        <Icon name="suggestion" size={16} />
        <span className="z-review-long">{t("review.says")}</span>
        <span className="z-review-short" aria-hidden="true">
          {t("review.saysShort")}
        </span>
      </span>
      {onLeave && (
        <Button small look="quiet" icon="pencil" onPress={onLeave}>
          {t("review.leave")}
        </Button>
      )}
    </>
  );
}
