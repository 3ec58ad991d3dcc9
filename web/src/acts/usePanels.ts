import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import type { Act } from "../api/acts";
import { NARROW, useMedia, WIDE } from "../ui/useMedia";
import { PANELS } from "./panels";
import { PANEL_IDS, type Panel, type PanelId } from "./slots";

/** Which panels stand beside the text. The one at the right is part of the address, so that a link leads to a comment. */
export interface Panels {
  /** Over the text, closed at first, where there is no room beside it. */
  readonly isNarrow: boolean;
  readonly hasContents: boolean;
  setContents(open: boolean): void;
  readonly offered: readonly Panel[];
  readonly panel: PanelId | null;
  readonly focus: { readonly id: string } | null;
  show(panel: PanelId, focus?: string): void;
  hide(): void;
  /** Opens the panel that was open last. */
  reopen(): void;
}

const CLOSED = "none";

export function usePanels(act: Act): Panels {
  const isNarrow = useMedia(NARROW);
  const isWide = useMedia(WIDE);
  const [contents, setContents] = useState<boolean | null>(null);
  const [params, setParams] = useSearchParams();
  const [last, setLast] = useState<PanelId | null>(null);
  const offered = useMemo(() => offeredFor(act), [act]);
  const usual = last ?? offered[0]?.id ?? null;
  const asked = params.get("panel");
  const panel = asked === null ? (isWide ? usual : null) : (offered.find((each) => each.id === asked)?.id ?? null);
  const focus = useMemo(() => focusOf(params), [params]);

  const go = useCallback(
    (to: string, at?: string) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          next.set("panel", to);
          if (at === undefined) next.delete("at");
          else next.set("at", at);
          return next;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParams],
  );
  const show = useCallback(
    (id: PanelId, at?: string) => {
      setLast(id);
      go(id, at);
    },
    [go],
  );
  const hide = useCallback(() => go(CLOSED), [go]);
  const reopen = useCallback(() => usual && show(usual), [show, usual]);
  return { isNarrow, hasContents: contents ?? !isNarrow, setContents, offered, panel, focus, show, hide, reopen };
}

function focusOf(params: URLSearchParams): { id: string } | null {
  const id = params.get("at");
  return id === null ? null : { id };
}

function offeredFor(act: Act): Panel[] {
  return PANELS.filter((panel) => panel.isFor?.(act) ?? true).sort((a, b) => PANEL_IDS.indexOf(a.id) - PANEL_IDS.indexOf(b.id));
}
