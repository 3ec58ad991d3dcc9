import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { call } from "../api/client";
import { useBodies } from "../api/people";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { LOCALES, type Locale } from "../i18n/i18n";
import { Checkbox } from "../ui/Choice";
import { Person } from "../ui/Pieces";
import { LinkTabs, Segments } from "../ui/Tabs";
import { showToast } from "../ui/Toasts";
import { useTitle } from "../ui/useTitle";
import { Devices } from "./Devices";
import { PasswordForm } from "./PasswordForm";
import { Tokens } from "./Tokens";
import { roleWord } from "./words";

interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly locale: Locale;
  readonly singleKeys: boolean;
}

interface ProfileProps {
  preferences: Preferences;
  onChange: (change: Partial<Preferences>) => void;
}

export function ProfilePage({ preferences, onChange }: ProfileProps) {
  const { t } = useTranslation();
  const { section } = useParams();
  const current = section === "security" || section === "tokens" ? `/profile/${section}` : "/profile";
  useTitle(t("people.profile.title"));
  return (
    <main id="main" tabIndex={-1} className="z-page" data-narrow="">
      <div className="z-page-head">
        <h1>{t("people.profile.title")}</h1>
      </div>
      <div className="z-stack" data-gap="large">
        <LinkTabs
          label={t("people.profile.tabs")}
          current={current}
          items={[
            { href: "/profile", label: t("people.profile.about") },
            { href: "/profile/security", label: t("people.profile.security") },
            { href: "/profile/tokens", label: t("people.profile.tokens") },
          ]}
        />
        {section === "security" ? (
          <Security />
        ) : section === "tokens" ? (
          <Tokens />
        ) : (
          <About preferences={preferences} onChange={onChange} />
        )}
      </div>
    </main>
  );
}

function About({ preferences, onChange }: ProfileProps) {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const chooseLocale = (locale: Locale) => {
    onChange({ locale });
    call("change_me", { body: { locale } }).catch((error: unknown) => showToast(sentenceOf(error), "bad"));
  };
  return (
    <>
      <section className="z-panel">
        <Person name={me.name} note={me.position} hue={bodies.hueOf(me.body)} />
        <dl className="z-pairs">
          <dt>{t("people.profile.email")}</dt>
          <dd>{me.email}</dd>
          <dt>{t("people.profile.body")}</dt>
          <dd>{bodies.nameOf(me.body)}</dd>
          <dt>{t("people.profile.role")}</dt>
          <dd>{roleWord(t, me.role)}</dd>
        </dl>
      </section>
      <section className="z-panel">
        <h2>{t("people.profile.appearance")}</h2>
        <div className="z-stack">
          <div className="z-field">
            <span className="z-label">{t("app.theme.label")}</span>
            <div>
              <Segments
                label={t("app.theme.label")}
                value={preferences.theme}
                options={[
                  { id: "system", label: t("app.theme.system"), icon: "device" },
                  { id: "light", label: t("app.theme.light"), icon: "sun" },
                  { id: "dark", label: t("app.theme.dark"), icon: "moon" },
                ]}
                onChange={(theme) => onChange({ theme })}
              />
            </div>
          </div>
          <div className="z-field">
            <span className="z-label">{t("app.language.label")}</span>
            <div>
              <Segments
                label={t("app.language.label")}
                value={preferences.locale}
                options={LOCALES.map((id) => ({ id, label: t(`app.language.${id}`) }))}
                onChange={chooseLocale}
              />
            </div>
          </div>
          <Checkbox
            isSelected={preferences.singleKeys}
            onChange={(singleKeys) => onChange({ singleKeys })}
            help={t("people.profile.singleKeysHelp")}
          >
            {t("people.profile.singleKeys")}
          </Checkbox>
        </div>
      </section>
    </>
  );
}

function Security() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <section className="z-panel">
        <h2>{t("people.password.title")}</h2>
        {me.demo ? <p className="z-quiet">{t("people.password.demo")}</p> : <PasswordForm email={me.email} />}
      </section>
      <Devices />
    </>
  );
}
