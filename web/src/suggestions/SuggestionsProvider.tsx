/** The store of one document around everything that shows its suggestions. */

import { type ReactNode, useEffect, useLayoutEffect, useState } from "react";
import type { Act } from "../api/acts";
import { useMe } from "../api/session";
import { type OpenDocument, useSyncSession } from "../sync";
import { Records, RecordsContext } from "./records.ts";

interface ProviderProps {
  act: Act;
  /** Id of the document: `{act}` or `{act}.{part}`. */
  document: string;
  open: OpenDocument;
  children: ReactNode;
}

export function SuggestionsProvider({ act, document, open, children }: ProviderProps) {
  const session = useSyncSession();
  const { id: user } = useMe();
  const [records, setRecords] = useState<Records | null>(null);
  const { id, title } = act;
  const mayRelease = act.abilities.includes("release");
  useLayoutEffect(() => {
    const made = new Records({ act: id, document, title, user, session });
    setRecords(made);
    made.start().catch((error: unknown) => console.error(error));
    return () => {
      made.close();
      setRecords(null);
    };
  }, [id, document, title, user, session]);
  useEffect(() => {
    if (records !== null) records.mayRelease = mayRelease;
  }, [records, mayRelease]);
  const { doc } = open;
  useEffect(() => records?.listen(doc), [records, doc]);
  return records && <RecordsContext value={records}>{children}</RecordsContext>;
}
