/** Beginning a comment, by whatever way: the key, the button beside selected words, the tool above the text. */

import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { showToast } from "../ui/Toasts.tsx";
import { isTooMuch, MAX_STRETCHES } from "./model.ts";
import { useDesk, useRights } from "./use.ts";

/** Begins a comment on what is selected, else on the block of the caret. */
export function useCommenting(): () => void {
  const { t } = useTranslation();
  const { editor, show } = useActView();
  const desk = useDesk();
  const { mayComment } = useRights();
  const wasAsked = useRef(false);
  const comment = useCallback(() => {
    wasAsked.current = editor === null || desk === null;
    if (editor === null || desk === null) return;
    if (!mayComment) {
      showToast(t("comments.mayNot"), "info");
      return;
    }
    const shown = selectionIn(editor.view.dom);
    const { from, to } = shown === null ? editor.view.state.selection : positionsOf(editor.view, shown);
    const anchor = desk.selected(from, to);
    if (anchor === null) {
      showToast(t("comments.notInText"), "info");
      return;
    }
    if (isTooMuch(anchor)) {
      showToast(t("comments.tooMuch", { count: MAX_STRETCHES }), "info");
      return;
    }
    desk.write(anchor);
    show("comments");
  }, [editor, desk, mayComment, show, t]);
  useEffect(() => {
    if (wasAsked.current) comment(); // pressed before the text stood
  }, [comment]);
  return comment;
}

type View = NonNullable<ReturnType<typeof useActView>["editor"]>["view"];

/** What the browser has selected within an element; null when nothing is. */
export function selectionIn(dom: HTMLElement): Range | null {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return dom.contains(range.commonAncestorContainer) ? range : null;
}

/** The positions of what the browser has selected; in a text one only reads, the editor does not follow it. */
function positionsOf(view: View, range: Range): { from: number; to: number } {
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  const to = view.posAtDOM(range.endContainer, range.endOffset);
  return { from: Math.min(from, to), to: Math.max(from, to) };
}
