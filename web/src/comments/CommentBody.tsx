/** One comment of a conversation: who, when, for whom, what; reactions; what its author and those who speak for the body can do. */

import { useState } from "react";
import { Button as AriaButton, TooltipTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { formatAgo, formatDateTime } from "../i18n/dates.ts";
import { Button, Hint, IconButton } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon, type IconName } from "../ui/icons.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { Avatar, Chip } from "../ui/Pieces.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { Composer } from "./Composer.tsx";
import { type Comment, REACTIONS, type Reaction, type Thread } from "./model.ts";
import { RemarkDialog } from "./RemarkDialog.tsx";
import { useComments, useNames, useRights } from "./use.ts";

interface CommentProps {
  readonly thread: Thread;
  readonly comment: Comment;
}

export function CommentBody({ thread, comment }: CommentProps) {
  const { t } = useTranslation();
  const names = useNames();
  const [isEditing, setEditing] = useState(false);
  const name = names.person(comment.author, comment.body);
  return (
    <div className="cmt-comment" data-hue={names.hue(comment.body)}>
      <header className="cmt-who">
        <Avatar name={name} hue={names.hue(comment.body)} size="small" />
        <span className="cmt-person">
          <b>{name}</b>
          <small>{names.body(comment.body)}</small>
        </span>
        <time dateTime={new Date(comment.created_at).toISOString()} title={formatDateTime(comment.created_at)}>
          {formatAgo(comment.created_at)}
        </time>
        <Actions thread={thread} comment={comment} onEdit={() => setEditing(true)} />
      </header>
      {isEditing ? (
        <Editing comment={comment} onDone={() => setEditing(false)} />
      ) : comment.deleted_at !== null ? (
        <p className="cmt-note">{t("comments.deleted", { when: formatAgo(comment.deleted_at) })}</p>
      ) : (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made of Markdown and sanitised by the server (C8)
        <div className="cmt-words" lang="uk" dangerouslySetInnerHTML={{ __html: comment.html }} />
      )}
      <div className="cmt-state">
        {comment.edited_at !== null && comment.deleted_at === null && (
          <span className="cmt-note" title={formatDateTime(comment.edited_at)}>
            {t("comments.edited", { when: formatAgo(comment.edited_at) })}
          </span>
        )}
        {comment.audience === "body" && (
          <Chip tone="silent" icon="lock">
            {t("comments.bodyOnly")}
          </Chip>
        )}
        {comment.remarked && (
          <Chip tone="warn" icon="stamp">
            {t("comments.remarked")}
          </Chip>
        )}
      </div>
      {comment.deleted_at === null && <Reactions comment={comment} />}
    </div>
  );
}

function Editing({ comment, onDone }: { comment: Comment; onDone: () => void }) {
  const { t } = useTranslation();
  const store = useComments();
  const [isPending, setPending] = useState(false);
  return (
    <Composer
      draft={`edit.${comment.id}`}
      initial={comment.text}
      label={t("comments.editLabel")}
      submit={t("comments.save")}
      audience={comment.audience}
      isPending={isPending}
      autoFocus
      onCancel={onDone}
      onSubmit={(words) => {
        const kept = comment.mentions;
        const people = [...new Set([...kept.people, ...words.mentions.people])];
        const bodies = [...new Set([...kept.bodies, ...words.mentions.bodies])];
        setPending(true);
        void store?.edit(comment.id, { text: words.text, mentions: { people, bodies } }).then((failed) => {
          setPending(false);
          if (failed === null) onDone();
          else showToast(failed, "warn");
        });
      }}
    />
  );
}

function Actions({ thread, comment, onEdit }: CommentProps & { onEdit: () => void }) {
  const { t } = useTranslation();
  const { isOnline } = useActView();
  const store = useComments();
  const [asked, setAsked] = useState<"delete" | "remark" | null>(null);
  const { me, mayComment, mayRelease, mayShow } = useRights();
  const isOwn = comment.author === me.id && comment.deleted_at === null && !comment.remarked;
  const speaks = mayRelease && comment.body === me.body && comment.deleted_at === null;
  const mayOpen = comment.audience === "body" && comment.deleted_at === null && (speaks || (isOwn && mayShow));
  const isFirstShown = comment.id === thread.id || thread.audience === "act";
  const did = (done: Promise<string | null> | undefined) => void done?.then((failed) => failed !== null && showToast(failed, "warn"));
  const items = [
    isOwn && mayComment && (comment.audience === "body" || mayShow) && (
      <MenuItem key="edit" icon="pencil" onAction={onEdit}>
        {t("comments.edit")}
      </MenuItem>
    ),
    mayOpen && isFirstShown && (
      <MenuItem key="release" icon="eye" help={t("comments.releaseHelp")} onAction={() => did(store?.release(comment.id))}>
        {t("comments.release")}
      </MenuItem>
    ),
    speaks && !comment.remarked && (
      <MenuItem key="remark" icon="stamp" help={t("comments.remark.help")} onAction={() => setAsked("remark")}>
        {t("comments.remark.make")}
      </MenuItem>
    ),
    isOwn && (
      <MenuItem key="delete" icon="trash" danger onAction={() => setAsked("delete")}>
        {t("comments.delete")}
      </MenuItem>
    ),
  ].filter(Boolean);
  if (items.length === 0 || !isOnline) return null;
  return (
    <>
      <Menu label={t("comments.actions")} trigger={<IconButton small icon="more" label={t("comments.actions")} />}>
        {items}
      </Menu>
      <Deleting isOpen={asked === "delete"} onClose={() => setAsked(null)} onDelete={() => did(store?.delete(comment.id))} />
      {asked === "remark" && <RemarkDialog of={{ comment: comment.id }} words={comment.text} onClose={() => setAsked(null)} />}
    </>
  );
}

function Deleting({ isOpen, onClose, onDelete }: { isOpen: boolean; onClose: () => void; onDelete: () => void }) {
  const { t } = useTranslation();
  const confirm = () => {
    onClose();
    onDelete();
  };
  return (
    <Dialog
      role="alertdialog"
      title={t("comments.deleting.title")}
      isOpen={isOpen}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t("comments.cancel")}</Button>
          <Button look="danger" onPress={confirm}>
            {t("comments.delete")}
          </Button>
        </>
      }
    >
      <p>{t("comments.deleting.text")}</p>
    </Dialog>
  );
}

const SIGNS: Readonly<Record<Reaction, IconName>> = { agree: "check", disagree: "close", thanks: "heart", question: "question" };

function Reactions({ comment }: { comment: Comment }) {
  const { t } = useTranslation();
  const { isOnline } = useActView();
  const store = useComments();
  const names = useNames();
  const { me, mayComment } = useRights();
  const given = (kind: Reaction) => comment.reactions.find((one) => one.kind === kind)?.people ?? [];
  const press = (kind: Reaction) => {
    void store?.react(comment.id, kind, !given(kind).includes(me.id)).then((failed) => failed !== null && showToast(failed, "warn"));
  };
  const who = (kind: Reaction) => given(kind).map((id) => names.person(id, "") || t("comments.somebody"));
  return (
    <div className="cmt-reactions">
      {REACTIONS.filter((kind) => mayComment || given(kind).length > 0).map((kind) => (
        <TooltipTrigger key={kind} delay={500}>
          <AriaButton
            className="cmt-reaction"
            isDisabled={!mayComment || !isOnline}
            data-mine={given(kind).includes(me.id) ? "" : undefined}
            data-given={given(kind).length > 0 ? "" : undefined}
            aria-pressed={given(kind).includes(me.id)}
            aria-label={[t(`comments.reaction.${kind}`), ...who(kind)].join(", ")}
            onPress={() => press(kind)}
          >
            <Icon name={SIGNS[kind]} size={16} />
            {given(kind).length > 0 && <span>{given(kind).length}</span>}
          </AriaButton>
          <Hint text={[t(`comments.reaction.${kind}`), ...who(kind)].join(", ")} />
        </TooltipTrigger>
      ))}
    </div>
  );
}
