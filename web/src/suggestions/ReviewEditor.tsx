/** The act as somebody sees it who proposes: the text with the own proposals in it, typed into directly. The text itself is never written to. */

import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { ActEditor, type EditorHandle } from "../editor";
import { currentLocale } from "../i18n/i18n";
import type { OpenDocument } from "../sync";
import { Loading } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { Review } from "./core/index.ts";
import { LostProposals, type TakenBack } from "./LostProposals.tsx";
import { ReviewTools } from "./ReviewTools.tsx";
import { type Records, useRecords } from "./records.ts";
import "./review.css";

interface ReviewEditorProps {
  act: Act;
  open: OpenDocument;
  readOnly: boolean;
  /** Turns the mode off; null for those who can only propose. */
  onLeave: (() => void) | null;
  onEditor: (editor: EditorHandle | null) => void;
}

export function ReviewEditor({ act, open, readOnly, onLeave, onEditor }: ReviewEditorProps) {
  const records = useRecords();
  const isLoaded = useSyncExternalStore(records.subscribe, () => records.get().isLoaded);
  const [takenBack, setTakenBack] = useState<readonly TakenBack[]>([]);
  const review = useReview(open, records, isLoaded, (back) => setTakenBack((shown) => [...shown, back]));
  if (review === null) return <Loading />;
  return (
    <div className="z-review" data-hue={open.user?.hue}>
      <LostProposals takenBack={takenBack} onSeen={() => setTakenBack([])} />
      <ActEditor
        key={review.doc.guid}
        doc={review.doc}
        isPrivate
        plugins={review.plugins}
        scheme={act.scheme.id}
        readOnly={readOnly}
        locale={currentLocale()}
        label={act.title}
        onEditor={onEditor}
        tools={<ReviewTools onLeave={onLeave} />}
      />
    </div>
  );
}

/** The private view; another one when the copy of the text had to be given up. */
function useReview({ doc }: OpenDocument, records: Records, isLoaded: boolean, onTakenBack: (back: TakenBack) => void): Review | null {
  const { t } = useTranslation();
  const [review, setReview] = useState<Review | null>(null);
  const [latest] = useState({ onTakenBack, t });
  latest.onTakenBack = onTakenBack;
  latest.t = t;
  useEffect(() => {
    if (!isLoaded) return;
    const made = new Review({
      base: doc,
      records: records.own(),
      onEdit: (put, withdrawn) => records.propose(put, withdrawn),
      onProblem: (reason, text) => {
        if (text.trim() === "") showToast(latest.t(`review.problem.${reason}`), "warn");
        else latest.onTakenBack({ reason, text });
      },
      hold: (id) => records.holdOf(id),
    });
    const stop = records.subscribe(() => made.sync(records.own()));
    setReview(made);
    return () => {
      stop();
      made.destroy();
      setReview(null);
    };
  }, [doc, records, isLoaded, latest]);
  return review;
}
