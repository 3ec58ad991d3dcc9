/** The act with its tools: text, toolbar, find, dialogs and notices. The page around it gives the document and takes the handle. */

import { memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { EditorHandle, EditorOptions } from "./editor.ts";
import { mountEditor } from "./editor.ts";
import "./editor.css";
import { FindReplace } from "./FindReplace.tsx";
import { LabelDialog } from "./LabelDialog.tsx";
import { Notices } from "./Notices.tsx";
import { ReferenceDialog } from "./ReferenceDialog.tsx";
import { Toolbar } from "./Toolbar.tsx";

interface ActEditorProps extends EditorOptions {
  /** Called with the handle once the editor stands, and with null when it is gone. */
  onEditor?: (editor: EditorHandle | null) => void;
  /** More tools at the end of the toolbar. */
  tools?: ReactNode;
}

type Open = { what: "find" | "reference" } | { what: "label"; bid: string } | null;

/** Renders for its properties only: the page around it renders for every change of what is said about saving. */
export const ActEditor = memo(function ActEditor({ onEditor, tools, ...options }: ActEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<EditorHandle | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const latest = useRef({ options, onEditor });
  latest.current = { options, onEditor };
  const { doc, awareness, scheme, locale, readOnly } = options;

  useLayoutEffect(() => {
    if (place.current === null) return;
    const { options: given, onEditor: tell } = latest.current;
    const mounted = mountEditor(place.current, { ...given, doc, scheme, locale, ...(awareness && { awareness }) });
    setEditor(mounted);
    tell?.(mounted);
    const stop = mounted.onAsk((asked, bid) => {
      if (asked === "toolbar") place.current?.parentElement?.querySelector<HTMLElement>(".act-toolbar button")?.focus();
      else if (asked === "label" && bid !== null) setOpen({ what: "label", bid });
      else if (asked === "find" || asked === "reference") setOpen({ what: asked });
    });
    return () => {
      stop();
      latest.current.onEditor?.(null);
      setEditor(null);
      mounted.destroy();
    };
  }, [doc, awareness, scheme, locale]);

  useEffect(() => editor?.setReadOnly(readOnly), [editor, readOnly]);

  const close = () => setOpen(null);
  return (
    <div className="act-editor" data-read-only={readOnly ? "" : undefined}>
      {editor && (
        <Toolbar editor={editor} onReference={() => setOpen({ what: "reference" })} onFind={() => setOpen({ what: "find" })}>
          {tools}
        </Toolbar>
      )}
      {editor && open?.what === "find" && <FindReplace editor={editor} onClose={close} />}
      {editor && <Notices editor={editor} />}
      <div className="act-page" ref={place} />
      {editor && !readOnly && open?.what === "label" && <LabelDialog editor={editor} bid={open.bid} onClose={close} />}
      {editor && !readOnly && open?.what === "reference" && <ReferenceDialog editor={editor} onClose={close} />}
    </div>
  );
});
