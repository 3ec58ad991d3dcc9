/** What the first page waits for is gathered before it is rendered: it appears whole, and not after a waiting sign for each answer. */
import type { QueryClient } from "@tanstack/react-query";
import { actQuery } from "../api/acts";
import { actAt } from "../api/early";
import { ME_QUERY } from "../api/session";
import type { Router } from "./App";

/** Longer than this nobody looks at an empty page: then the waiting sign is shown. */
const PATIENCE_MS = 400;

export function gather(queries: QueryClient, router: Router): Promise<unknown> {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([Promise.all([pageOf(router), answersFor(location.pathname, queries)]), patience]);
}

/** Resolves when the files of the page are here. */
function pageOf(router: Router): Promise<void> {
  return new Promise((resolve) => {
    if (router.state.initialized) return resolve();
    const stop = router.subscribe((state) => {
      if (!state.initialized) return;
      stop();
      resolve();
    });
  });
}

/** Never rejects: the page asks again for what failed, and says what went wrong. */
async function answersFor(path: string, queries: QueryClient): Promise<void> {
  const act = actAt(path);
  if (act === null) return;
  await queries.prefetchQuery(ME_QUERY);
  const me = queries.getQueryData<Awaited<ReturnType<typeof ME_QUERY.queryFn>>>(ME_QUERY.queryKey);
  if (me) await queries.prefetchQuery(actQuery(act, me));
}
