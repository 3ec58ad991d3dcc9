/** The page of one act: what it says in the middle, everything else at the edge until it is needed. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { type Act, useAct } from "../api/acts";
import { hasStatus, NoAnswer, sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { SyncSessionProvider, useSyncSession } from "../sync";
import { Button, LinkButton } from "../ui/Button";
import { Empty, Loading } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import "./act.css";
import { ActHeader } from "./ActHeader";
import { Details } from "./Details";
import { setLive } from "./live";
import { Members } from "./Members";
import { Workspace } from "./Workspace";

export function ActPage() {
  const { actId = "", part = "" } = useParams();
  const { t } = useTranslation();
  const { data: act, error, isPending, refetch } = useAct(actId);
  useTitle(act?.title ?? t("acts.page.header"));
  if (isPending) {
    return (
      <main id="main" tabIndex={-1}>
        <Loading />
      </main>
    );
  }
  if (!act) return <NoAct error={error} onRetry={() => void refetch()} />;
  if (!act.abilities.includes("read")) return <CardOnly act={act} />;
  return <LiveAct key={act.id} act={act} part={part} />;
}

function LiveAct({ act, part }: { act: Act; part: string }) {
  const me = useMe();
  const document = act.documents.find((each) => each.part === part);
  if (!document) return <NoAct error={null} onRetry={() => undefined} />;
  return (
    <SyncSessionProvider user={me.id} isSharedComputer={me.shared_computer} fallback={<Loading />}>
      <LiveMark />
      <Workspace act={act} document={document} />
    </SyncSessionProvider>
  );
}

/** Lets the app ask about unsent work while an act is open. */
function LiveMark() {
  const session = useSyncSession();
  useEffect(() => {
    setLive(session);
    return () => setLive(null);
  }, [session]);
  return null;
}

function NoAct({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const { t } = useTranslation();
  const isAway = error instanceof NoAnswer || hasStatus(error, 502, 503, 504);
  return (
    <main id="main" tabIndex={-1}>
      {error === null || hasStatus(error, 400, 403, 404, 422) ? (
        <Empty page icon="lock" title={t("errors.noAccess.title")} text={t("errors.noAccess.text")}>
          <LinkButton look="primary" href="/acts">
            {t("errors.noAccess.action")}
          </LinkButton>
        </Empty>
      ) : (
        <Empty
          page
          icon={isAway ? "offline" : "alert"}
          title={isAway ? t("errors.serverDown.title") : sentenceOf(error)}
          {...(isAway && { text: t("errors.serverDown.text") })}
        >
          <Button look="primary" icon="refresh" onPress={onRetry}>
            {t("ui.retry")}
          </Button>
        </Empty>
      )}
    </main>
  );
}

/** A body's administrator sees who takes part, not what the act says. */
function CardOnly({ act }: { act: Act }) {
  const { t } = useTranslation();
  return (
    <>
      <ActHeader act={act} />
      <main id="main" tabIndex={-1} className="z-page" data-narrow="">
        <div className="z-stack" data-gap="large">
          <Empty icon="lock" title={t("acts.page.cardOnly")} text={t("acts.page.cardOnlyText")} />
          <section className="z-panel">
            <h2>{t("acts.members.title")}</h2>
            <Members act={act} />
          </section>
          <section className="z-panel">
            <h2>{t("acts.page.details")}</h2>
            <Details act={act} />
          </section>
        </div>
      </main>
    </>
  );
}
