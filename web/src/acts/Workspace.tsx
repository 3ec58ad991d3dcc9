/** An act that can be read: its header, contents, text and panels around one live document. */
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import type { Act } from "../api/acts";
import { type EditorHandle, Outline } from "../editor";
import { ReviewStatus, SuggestionsProvider, useSuggesting } from "../suggestions";
import { type OpenDocument, SaveStatus, SetAsideButton, useDocument } from "../sync";
import { Loading } from "../ui/Pieces";
import { ActHeader } from "./ActHeader";
import { Documents } from "./Documents";
import { LiveText } from "./LiveText";
import { onAccessRenewed, setPlaces } from "./live";
import { Presence } from "./Presence";
import { LeftSide, PanelSwitches, RightSide } from "./SidePanels";
import { StatusAction } from "./StatusAction";
import { type ActDocument, type ActView, ActViewContext } from "./slots";
import { type Panels, usePanels } from "./usePanels";

export function Workspace({ act, document }: { act: Act; document: ActDocument }) {
  const open = useDocument(document.id, act.title);
  useEffect(() => (open ? onAccessRenewed(() => open.askAgain()) : undefined), [open]);
  if (open === null) return <Loading />;
  return (
    <SuggestionsProvider act={act} document={document.id} open={open}>
      <OpenWorkspace act={act} document={document} open={open} />
    </SuggestionsProvider>
  );
}

function OpenWorkspace({ act, document, open }: { act: Act; document: ActDocument; open: OpenDocument }) {
  const [editor, setEditor] = useState<EditorHandle | null>(null);
  const panels = usePanels(act);
  const suggesting = useSuggesting(act, open);
  const view = useView(act, document, open, editor, panels);
  usePlaces(editor);
  const { isNarrow, setContents } = panels;
  const closeContents = useCallback(() => {
    if (isNarrow) setContents(false);
  }, [isNarrow, setContents]);
  const go = (bid: string) => {
    editor?.goTo(bid);
    closeContents();
  };
  return (
    <ActViewContext value={view}>
      <ActHeader
        act={act}
        part={document.part}
        status={
          <>
            {suggesting.isOn ? <ReviewStatus open={open} /> : <SaveStatus status={open.status} />}
            <StatusAction open={open} />
            <SetAsideButton asides={open.asides} />
          </>
        }
        presence={<Presence present={open.present} onGo={go} />}
        tools={<PanelSwitches panels={panels} />}
      />
      <div className="z-workspace">
        <LeftSide panels={panels}>
          <Contents act={act} part={document.part} editor={editor} onGo={closeContents} />
        </LeftSide>
        <main id="main" tabIndex={-1} className="z-text">
          <LiveText act={act} document={document} open={open} suggesting={suggesting} onEditor={setEditor} />
        </main>
        <RightSide panels={panels} />
      </div>
    </ActViewContext>
  );
}

/** Lets the palette of the app go to a unit. */
function usePlaces(editor: EditorHandle | null): void {
  useEffect(() => {
    if (editor === null) return;
    setPlaces(() =>
      editor.outline().map(({ bid, label, text }) => ({ bid, name: [label, text].filter(Boolean).join(" "), go: () => editor.goTo(bid) })),
    );
    return () => setPlaces(null);
  }, [editor]);
}

/** The same object for as long as nothing in it changed: what is said about saving is not in it. */
function useView(act: Act, document: ActDocument, open: OpenDocument, editor: EditorHandle | null, panels: Panels): ActView {
  const { doc, awareness, user, scope } = open;
  const { panel, focus, show, hide } = panels;
  const isOnline = ONLINE.has(open.status.kind);
  return useMemo(
    () => ({ act, document, doc, awareness, user, scope, isOnline, editor, panel, focus, show, hide }),
    [act, document, doc, awareness, user, scope, isOnline, editor, panel, focus, show, hide],
  );
}

const ONLINE: ReadonlySet<string> = new Set(["saving", "saved", "saving_stopped", "read_only"]);

interface ContentsProps {
  act: Act;
  part: string;
  editor: EditorHandle | null;
  onGo: () => void;
}

/** Like everything heavy beside the text, rendered for what it shows and not for what is said about saving; and after the text is drawn. */
const Contents = memo(function Contents({ act, part, editor, onGo }: ContentsProps) {
  const drawn = useDeferredValue(editor);
  return (
    <>
      <Documents act={act} part={part} />
      {drawn !== null && drawn === editor && <Outline editor={drawn} onGo={onGo} />}
    </>
  );
});
