/** A position that is being written, kept on this device until it is stated: a page that is left, a round that moved, a lost network take nothing. */
import { useState } from "react";
import { findKept, forget, keep } from "../api/kept";
import { useMe } from "../api/session";
import type { Stated } from "./data";
import type { Remark } from "./Remarks";

export interface Draft {
  readonly remarks: readonly Remark[];
  readonly outcome: Stated | null;
  readonly note: string;
}

const NOTHING: Draft = { remarks: [], outcome: null, note: "" };

/** One draft for an act: what was written for a round that ended serves in the next one. Nothing stays on a shared computer. */
export function useDraft(act: string) {
  const me = useMe();
  const key = `position.${me.id}.${act}`;
  const [found] = useState(() => findKept<Draft>(key));
  const [draft, setDraft] = useState<Draft>(found ?? NOTHING);
  const put = (change: Partial<Draft>) => {
    const next = { ...draft, ...change };
    setDraft(next);
    if (isEmpty(next)) forget(key);
    else if (!me.shared_computer) keep(key, next);
  };
  return { draft, put, wasKept: found !== null, isEmpty: isEmpty(draft), drop: () => forget(key) };
}

function isEmpty({ remarks, outcome, note }: Draft): boolean {
  return outcome === null && note === "" && remarks.every(({ text, proposed }) => text === "" && proposed === "");
}
