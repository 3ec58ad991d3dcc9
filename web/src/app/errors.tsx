/** What is shown when a page cannot be: one sentence and one action each. */
import { useTranslation } from "react-i18next";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { Button, LinkButton } from "../ui/Button";
import { Empty } from "../ui/Pieces";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main id="main" tabIndex={-1}>
      <Empty page icon="search" title={t("errors.notFound.title")} text={t("errors.notFound.text")}>
        <LinkButton look="primary" href="/">
          {t("errors.notFound.action")}
        </LinkButton>
      </Empty>
    </main>
  );
}

export function ServerDownPage({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  const kind = navigator.onLine ? "serverDown" : "noNetwork";
  return (
    <main id="main" tabIndex={-1}>
      <Empty page icon="offline" title={t(`errors.${kind}.title`)} text={t(`errors.${kind}.text`)}>
        <Button look="primary" icon="refresh" onPress={onRetry}>
          {t(`errors.${kind}.action`)}
        </Button>
      </Empty>
    </main>
  );
}

export function CrashPage() {
  const { t } = useTranslation();
  return (
    <main id="main" tabIndex={-1}>
      <Empty page icon="alert" title={t("errors.crash.title")} text={t("errors.crash.text")}>
        <Button look="primary" icon="refresh" onPress={() => location.reload()}>
          {t("errors.crash.action")}
        </Button>
      </Empty>
    </main>
  );
}

/** What a route shows when drawing it failed. The cause goes to the console for whoever is asked to help. */
export function RouteError() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  console.error(error);
  if (!navigator.onLine) return <ServerDownPage onRetry={() => location.reload()} />;
  return <CrashPage />;
}
