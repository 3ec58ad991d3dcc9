import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";
import { useMe } from "../api/session";
import { useTitle } from "../ui/useTitle";
import { Door } from "./Door";
import { PasswordForm } from "./PasswordForm";

/** Where somebody with a temporary password is led first. */
export function MustChangePasswordPage() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  useTitle(t("people.mustChange.title"));
  if (!me.must_change_password) return <Navigate to="/" replace />;
  return (
    <Door title={t("people.mustChange.title")}>
      <p>{t("people.mustChange.text")}</p>
      <PasswordForm email={me.email} onDone={() => void navigate("/", { replace: true })} />
    </Door>
  );
}
