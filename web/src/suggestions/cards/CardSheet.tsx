/** On a narrow window the card of what was pressed comes from below and leaves the text in sight; it snaps to half and to full. */

import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/Button.tsx";
import { useSnap } from "../../ui/useSnap.ts";
import { step, undo } from "./actions.ts";
import { Card } from "./Card.tsx";
import type { Desk } from "./desk.ts";
import type { DeskView } from "./deskView.ts";
import type { Names } from "./words.ts";

export function CardSheet({ desk, view, names }: { desk: Desk; view: DeskView; names: Names }) {
  const { t } = useTranslation();
  const close = () => desk.activate(null);
  const snap = useSnap(close);
  const entry = view.active === null ? null : desk.find(view.active);
  if (entry === null) return null;
  const number = view.entries.findIndex(({ key }) => key === entry.key) + 1;
  return (
    <section className="sug-sheet" data-snap={snap.isFull ? "full" : "half"} style={snap.style} aria-label={t("cards.title")}>
      <div className="sug-sheet-head" {...snap.handlers}>
        <button type="button" className="z-snap" aria-label={t(snap.isFull ? "ui.half" : "ui.full")} onClick={snap.toggle} />
        <div className="sug-head-row">
          <span className="sug-count">{t("cards.position", { number, count: view.entries.length })}</span>
          <span className="z-grow" />
          {view.canUndo && <IconButton icon="history" label={t("cards.undoAccept")} onPress={() => void undo(desk)} />}
          <IconButton icon="up" label={t("cards.previous")} onPress={() => step(desk, -1, names)} />
          <IconButton icon="down" label={t("cards.next")} onPress={() => step(desk, 1, names)} />
          <IconButton icon="close" label={t("cards.closeCard")} onPress={close} />
        </div>
      </div>
      <div className="sug-sheet-body">
        <Card desk={desk} view={view} entry={entry} names={names} isOpen />
      </div>
    </section>
  );
}
