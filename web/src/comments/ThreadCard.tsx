/** One conversation: the words it is about, who said what, and what can be done. */

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { newId } from "../suggestions/core/record.ts";
import { Button } from "../ui/Button.tsx";
import { Chip } from "../ui/Pieces.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { CommentBody } from "./CommentBody.tsx";
import { Composer } from "./Composer.tsx";
import { anchorOf, type Pending, quoteOf, type Thread, WHOLE_ACT } from "./model.ts";
import { useComments, useCommentsState, useDesk, useDeskView, useNames, useRights } from "./use.ts";
import { Waiting } from "./Waiting.tsx";

interface ThreadProps {
  readonly thread: Thread;
  readonly isOrphan?: boolean;
}

interface CardProps extends ThreadProps {
  /** It stands at the height of its place: the text is brought into view, and the card with it. */
  readonly isBeside?: boolean;
  /** Goes to the next or previous one; false when there is none. */
  readonly onStep: (from: Thread, direction: 1 | -1) => boolean;
}

export function ThreadCard({ thread, isOrphan = false, isBeside = false, onStep }: CardProps) {
  const { t } = useTranslation();
  const names = useNames();
  const desk = useDesk();
  const { active } = useDeskView();
  const isActive = active === thread.id;
  const card = useBroughtForward(isActive && !isBeside);
  const look = () => {
    desk?.activate(thread.id);
    desk?.reveal(thread);
  };
  const { comments: said } = thread;
  return (
    <article
      ref={card}
      className="cmt-card"
      data-thread={thread.id}
      data-hue={names.hue(thread.body)}
      data-active={isActive ? "" : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a conversation takes the focus, so that one can go from one to the next
      tabIndex={0}
      aria-label={t("comments.threadLabel", {
        name: names.person(thread.author, thread.body),
        quote: quoteOf(anchorOf(thread)).slice(0, 80),
      })}
      aria-current={isActive ? "true" : undefined}
      onFocus={(event) => event.target === event.currentTarget && look()}
      onKeyDown={(event) => stepBetween(event, (direction) => onStep(thread, direction))}
    >
      <Quote thread={thread} isOrphan={isOrphan} onPress={look} />
      {said.map((comment) => (
        <CommentBody key={comment.id} thread={thread} comment={comment} />
      ))}
      <Below thread={thread} />
    </article>
  );
}

/** ↑ and ↓ go from card to card while a card itself has the focus. */
function stepBetween(event: React.KeyboardEvent<HTMLElement>, step: (direction: 1 | -1) => boolean): void {
  if (event.target !== event.currentTarget || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  if (step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
}

function useBroughtForward(isActive: boolean) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isActive) card.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return card;
}

function Quote({ thread, isOrphan, onPress }: ThreadProps & { onPress: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const anchor = anchorOf(thread);
  const quote = quoteOf(anchor);
  return (
    <>
      {isOrphan && (
        <Chip tone="stale" icon="history">
          {t("comments.orphan")}
        </Chip>
      )}
      <button type="button" className="cmt-quote" onClick={onPress}>
        <span className="cmt-place">{names.anchor(anchor)}</span>
        {quote !== "" && <q>{quote.length > 160 ? `${[...quote].slice(0, 160).join("")}…` : quote}</q>}
      </button>
      {thread.status === "resolved" && (
        <Chip tone="good" icon="check">
          {t("comments.resolvedBy", { name: names.person(thread.resolved_by ?? "", "") || t("comments.somebody") })}
        </Chip>
      )}
    </>
  );
}

/** Answering, and settling the matter. */
export function Below({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const { isOnline } = useActView();
  const store = useComments();
  const { pending } = useCommentsState();
  const [isReplying, setReplying] = useState(false);
  const { me, mayComment, mayShow, maySettle } = useRights();
  const isShared = thread.audience === "act";
  const own = pending.filter((one) => one.thread === thread.id);
  const settle = async (isResolved: boolean) => {
    const failed = await store?.resolve(thread.id, isResolved);
    if (failed) showToast(failed, "warn");
  };
  const say = (words: Pick<Pending, "text" | "mentions">, release: boolean) => {
    store?.say({ ...words, id: newId(), thread: thread.id, anchor: WHOLE_ACT, suggestion: "", release });
    setReplying(false);
  };
  if (!mayComment) return <Waiting pending={own} />;
  return (
    <>
      <Waiting pending={own} />
      {isReplying ? (
        <Composer
          draft={thread.id}
          label={t("comments.replyLabel")}
          submit={t("comments.reply")}
          audience={isShared && mayShow ? "choice" : "body"}
          autoFocus
          onSubmit={say}
          onCancel={() => setReplying(false)}
        />
      ) : (
        <div className="cmt-row">
          <Button small look="quiet" icon="comment" onPress={() => setReplying(true)}>
            {t("comments.reply")}
          </Button>
          <span className="z-grow" />
          {(maySettle || thread.body === me.body) && (
            <Button
              small
              look="quiet"
              icon={thread.status === "open" ? "check" : "refresh"}
              isDisabled={!isOnline}
              onPress={() => void settle(thread.status === "open")}
            >
              {t(thread.status === "open" ? "comments.resolve" : "comments.reopen")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
