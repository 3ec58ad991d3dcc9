import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import "./people.css";

/** The page one stands before without being in: signing in, choosing a password. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="z-door">
      <aside className="z-door-side">
        <div className="z-door-brand">
          <img src="/icon.svg" alt="" width={32} height={32} />
          {t("app.name")}
        </div>
        <p className="z-door-words">{t("people.signIn.lead")}</p>
        <div className="z-door-page" aria-hidden="true">
          <span />
          <span />
          <span />
          <span />
          <span />
          <span />
        </div>
      </aside>
      <main id="main" tabIndex={-1} className="z-door-main">
        <div className="z-door-box">
          <h1>{title}</h1>
          {children}
        </div>
      </main>
    </div>
  );
}
