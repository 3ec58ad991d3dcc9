/** Lets a page be seen only by somebody who is signed in; an ended session is renewed over the page, which stays as it is. */
import { useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { onSession } from "../api/client";
import { hasStatus, NoAnswer } from "../api/problems";
import { MeProvider, useMeQuery } from "../api/session";
import { Loading } from "../ui/Pieces";
import { ExpiredDialog } from "./ExpiredDialog";
import { CrashPage, ServerDownPage } from "./errors";
import { adoptLocale } from "./preferences";

export function SignedIn() {
  const location = useLocation();
  const { data: me, error, refetch, isPending } = useMeQuery();
  const [isExpired, setExpired] = useState(false);

  useEffect(
    () =>
      onSession((event) => {
        if (event === "ended") setExpired(true);
        else refetch().catch(() => undefined);
      }),
    [refetch],
  );

  useEffect(() => {
    if (me) adoptLocale(me.locale);
  }, [me]);

  if (isPending) return <Loading />;
  if (me === null) {
    const next = `${location.pathname}${location.search}`;
    return <Navigate to={next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`} replace />;
  }
  if (me === undefined) {
    const isDown = error instanceof NoAnswer || hasStatus(error, 502, 503, 504);
    return isDown ? <ServerDownPage onRetry={() => void refetch()} /> : <CrashPage />;
  }
  if (me.must_change_password && location.pathname !== "/password") return <Navigate to="/password" replace />;
  return (
    <MeProvider value={me}>
      <Outlet />
      <ExpiredDialog me={me} isOpen={isExpired} onDone={() => setExpired(false)} />
    </MeProvider>
  );
}
