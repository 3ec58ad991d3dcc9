import { useTranslation } from "react-i18next";
import { useMe } from "../api/session";
import { ForbiddenPage } from "../ui/ForbiddenPage";
import { Tabs } from "../ui/Tabs";
import { useTitle } from "../ui/useTitle";
import { Documents } from "./Documents";
import { Nodes } from "./Nodes";
import { Quarantine } from "./Quarantine";
import "./operator.css";

export function OperatorPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("operator.title"));
  if (me.role !== "admin") {
    return (
      <main id="main" tabIndex={-1} className="z-page">
        <ForbiddenPage />
      </main>
    );
  }
  return (
    <main id="main" tabIndex={-1} className="z-page">
      <div className="z-page-head">
        <div>
          <h1>{t("operator.title")}</h1>
          <p>{t("operator.text")}</p>
        </div>
      </div>
      <Tabs
        label={t("operator.title")}
        items={[
          { id: "nodes", label: t("operator.nodes.title"), content: <Nodes /> },
          { id: "documents", label: t("operator.documents.title"), content: <Documents /> },
          { id: "quarantine", label: t("operator.quarantine.title"), content: <Quarantine /> },
        ]}
      />
    </main>
  );
}
