import { useTranslation } from "react-i18next";
import { Details } from "./Details";
import { Members } from "./Members";
import { useActView } from "./slots";

/** Who takes part in the act, and the facts of its card. */
export function AboutPanel() {
  const { t } = useTranslation();
  const { act } = useActView();
  return (
    <div className="z-about">
      <section>
        <h2>{t("acts.members.title")}</h2>
        <Members act={act} />
      </section>
      <section>
        <h2>{t("acts.page.details")}</h2>
        <Details act={act} />
      </section>
    </div>
  );
}
