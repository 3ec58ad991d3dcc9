/** What stands around the text for its proposals wherever the panel is: the marks, the keys, the line to the card, the sheet, the questions. */

import { useEffect, useRef } from "react";
import { useActView } from "../../acts/slots.ts";
import { NARROW, useMedia } from "../../ui/useMedia.ts";
import { accept, focusCard, reveal, step, tellAccepted, undo } from "./actions.ts";
import { CardSheet } from "./CardSheet.tsx";
import "./cards.css";
import { Dialogs } from "./Dialogs.tsx";
import type { Desk } from "./desk.ts";
import type { KeyName } from "./keys.ts";
import { Line } from "./Line.tsx";
import { useDeskKeeper, useDeskView, useNames } from "./useDesk.ts";
import type { Names } from "./words.ts";

export function Keeper() {
  const names = useNames();
  const { panel, show } = useActView();
  const latest = useRef<{ desk: Desk | null; names: Names; showCard: (key: string) => void }>({
    desk: null,
    names,
    showCard: () => undefined,
  });
  const desk = useDeskKeeper({
    onTold: tellAccepted,
    onKey: (name) => {
      const { desk: now, names: called, showCard } = latest.current;
      if (now !== null) act(name, now, called, showCard);
    },
  });
  latest.current = {
    desk,
    names,
    showCard: (key) => {
      if (panel !== "suggestions") show("suggestions");
      focusCard(key);
    },
  };
  return desk === null ? null : <Around desk={desk} names={names} />;
}

function act(name: KeyName, desk: Desk, names: Names, showCard: (key: string) => void): void {
  const { active, mayDecide } = desk.get();
  const entry = active === null ? null : desk.find(active);
  if (name === "next" || name === "previous") step(desk, name === "next" ? 1 : -1, names);
  else if (name === "undo") void undo(desk);
  else if (entry === null) step(desk, 1, names);
  else if (name === "card") {
    reveal(desk, entry);
    showCard(entry.key);
  } else if (mayDecide && name === "accept") void accept(desk, entry);
  else if (mayDecide && name === "reject") desk.ask({ what: "reject", entry });
}

function Around({ desk, names }: { desk: Desk; names: Names }) {
  const view = useDeskView(desk);
  const { panel } = useActView();
  const isNarrow = useMedia(NARROW);
  useKeys(desk);
  useOpening(desk);
  return (
    <>
      <p className="z-hidden" role="status">
        {view.said}
      </p>
      {!isNarrow && <Line desk={desk} view={view} names={names} />}
      {panel !== "suggestions" && isNarrow && <CardSheet desk={desk} view={view} names={names} />}
      <Dialogs desk={desk} view={view} names={names} />
    </>
  );
}

/** The keys work wherever the focus is on the page of the act; in the text its editor asks first. */
function useKeys(desk: Desk): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.defaultPrevented || (target instanceof HTMLElement && target.closest("input, textarea, [role=dialog], .act") !== null))
        return;
      if (desk.key(event)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [desk]);
}

/** Pressing marks in the text beside another panel opens that of proposals, where there is room for it. */
function useOpening(desk: Desk): void {
  const { panel, show } = useActView();
  const isNarrow = useMedia(NARROW);
  const active = useDeskView(desk).active;
  const opened = useRef<string | null>(null);
  useEffect(() => {
    if (active === opened.current) return;
    opened.current = active;
    if (active !== null && panel !== "suggestions" && !isNarrow) show("suggestions");
  }, [active, panel, show, isNarrow]);
}
