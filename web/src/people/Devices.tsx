import { useTranslation } from "react-i18next";
import { useRevokeOtherSessions, useRevokeSession, useSessions } from "../api/people";
import { sentenceOf } from "../api/problems";
import { formatAgo } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import { Banner, Chip, Loading } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { deviceName } from "./words";

export function Devices() {
  const { t } = useTranslation();
  const { data, error, isPending } = useSessions();
  const revoke = useRevokeSession();
  const revokeOthers = useRevokeOtherSessions();
  const told = { onSuccess: () => showToast(t("people.sessions.revoked")), onError: (e: unknown) => showToast(sentenceOf(e), "bad") };
  const sessions = data?.items ?? [];
  return (
    <section className="z-panel">
      <div className="z-section">
        <h2>{t("people.sessions.title")}</h2>
        <p>{t("people.sessions.text")}</p>
      </div>
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      <ul className="z-list">
        {sessions.map((session) => {
          const name = deviceName(session.user_agent) ?? t("people.sessions.unknown");
          return (
            <li key={session.id}>
              <span className="z-person">
                <Icon name="device" size={24} />
                <span>
                  <span className="z-person-name">{name}</span>
                  <span className="z-person-note">
                    {session.address} · {t("people.sessions.seen", { when: formatAgo(session.last_seen_at) })}
                    {session.shared_computer && ` · ${t("people.sessions.shared")}`}
                  </span>
                </span>
              </span>
              {session.current ? (
                <Chip tone="good" icon="check">
                  {t("people.sessions.this")}
                </Chip>
              ) : (
                <Button small label={t("people.sessions.revokeNamed", { name })} onPress={() => revoke.mutate(session.id, told)}>
                  {t("people.sessions.revoke")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <div>
          <Button onPress={() => revokeOthers.mutate(undefined, told)} isPending={revokeOthers.isPending}>
            {t("people.sessions.revokeOthers")}
          </Button>
        </div>
      )}
    </section>
  );
}
