/** The conversation about a proposal, in its card; and sending it as a formal remark of the body. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newId } from "../suggestions/core/record.ts";
import { Button } from "../ui/Button.tsx";
import { CommentBody } from "./CommentBody.tsx";
import { Composer } from "./Composer.tsx";
import "./comments.css";
import { useActView } from "../acts/slots.ts";
import { useSuggestions } from "../suggestions/records.ts";
import { WHOLE_ACT } from "./model.ts";
import { RemarkDialog } from "./RemarkDialog.tsx";
import { Below } from "./ThreadCard.tsx";
import { useComments, useCommentsState, useRights } from "./use.ts";
import { Waiting } from "./Waiting.tsx";

export function Thread({ of }: { readonly of: { readonly kind: "suggestion"; readonly id: string } }) {
  const { t } = useTranslation();
  const store = useComments();
  const { threads, pending } = useCommentsState();
  const { mayComment, mayShow } = useRights();
  const own = threads.filter(({ suggestion }) => suggestion === of.id);
  const waiting = pending.filter(({ suggestion }) => suggestion === of.id);
  return (
    <div className="cmt-thread">
      {own.map((thread) => (
        <div key={thread.id} className="cmt-list">
          {thread.comments.map((comment) => (
            <CommentBody key={comment.id} thread={thread} comment={comment} />
          ))}
          <Below thread={thread} />
        </div>
      ))}
      <Waiting pending={waiting} />
      {own.length === 0 && mayComment && (
        <Composer
          draft={`suggestion.${of.id}`}
          label={t("comments.newLabel")}
          submit={t("comments.send")}
          audience={mayShow ? "choice" : "body"}
          autoFocus
          onSubmit={(words, release) => {
            store?.say({ ...words, id: newId(), thread: "", anchor: WHOLE_ACT, suggestion: of.id, release });
          }}
        />
      )}
      <AsRemark suggestion={of.id} />
    </div>
  );
}

function AsRemark({ suggestion }: { suggestion: string }) {
  const { t } = useTranslation();
  const { isOnline } = useActView();
  const { me, mayRelease } = useRights();
  const [isAsked, setAsked] = useState(false);
  const record = useSuggestions().records.find(({ id }) => id === suggestion);
  if (!mayRelease || record === undefined || record.body !== me.body || record.status !== "open" || record.remarked) return null;
  return (
    <div className="cmt-row">
      <Button small look="quiet" icon="stamp" isDisabled={!isOnline} onPress={() => setAsked(true)}>
        {t("comments.remark.make")}
      </Button>
      {isAsked && <RemarkDialog of={{ suggestion }} words="" onClose={() => setAsked(false)} />}
    </div>
  );
}

/** As the cards ask for it. */
export function SuggestionThread({ recordId }: { readonly recordId: string }) {
  return <Thread of={{ kind: "suggestion", id: recordId }} />;
}
