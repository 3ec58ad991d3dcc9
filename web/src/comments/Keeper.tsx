/** What stands around the text for its comments wherever the panel is: highlights, the key, the button beside selected words. */

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { Button } from "../ui/Button.tsx";
import { NARROW, useMedia } from "../ui/useMedia.ts";
import "./comments.css";
import { selectionIn, useCommenting } from "./commenting.ts";
import { isCommentKey } from "./desk.ts";
import { useKeeper, useRights } from "./use.ts";

export function Keeper() {
  const { editor, panel, show } = useActView();
  const isNarrow = useMedia(NARROW);
  const { mayComment } = useRights();
  const comment = useCommenting();
  const isReading = editor?.snapshot().readOnly ?? true;
  useKeeper({
    onAsk: comment,
    onPress: (thread) => {
      if (!isNarrow || isReading || panel === "comments") show("comments", thread);
    },
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isCommentKey(event)) return;
      event.preventDefault();
      comment();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [comment]);
  return mayComment && editor !== null ? <SelectionButton onPress={comment} /> : null;
}

const WIDTH = 150;
const ABOVE = 44;

/** Beside the end of the selected words; on a phone above the bottom bar, where the system's own menu is not. */
function SelectionButton({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation();
  const { editor } = useActView();
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  const isNarrow = useMedia(NARROW);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (editor === null) return;
    const look = () => {
      const range = editor.view.isDestroyed ? null : selectionIn(editor.view.dom);
      const rect = range?.getBoundingClientRect();
      setPlace(rect === undefined ? null : { left: Math.min(rect.right, innerWidth - WIDTH), top: Math.max(ABOVE + 70, rect.top) - ABOVE });
    };
    const later = () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(look, 120);
    };
    later(); // words may have been selected before this stood
    document.addEventListener("selectionchange", later);
    addEventListener("scroll", later, { passive: true });
    return () => {
      clearTimeout(timer.current);
      document.removeEventListener("selectionchange", later);
      removeEventListener("scroll", later);
    };
  }, [editor]);
  if (place === null) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pressing the button must not take the selection away
    <div className="cmt-float" data-narrow={isNarrow ? "" : undefined} {...(!isNarrow && { style: place })} onMouseDown={keepSelection}>
      <Button small icon="comment" onPress={onPress}>
        {t("comments.comment")}
      </Button>
    </div>
  );
}

function keepSelection(event: React.MouseEvent): void {
  event.preventDefault();
}
