/** The text itself, or why there is none yet. */
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { loadNewest } from "../api/newest";
import { CommentTool } from "../comments/CommentTool";
import { ActEditor, type EditorHandle } from "../editor";
import { currentLocale } from "../i18n/i18n";
import { ReviewEditor, type Suggesting } from "../suggestions";
import type { OpenDocument } from "../sync";
import { Button, IconButton, LinkButton } from "../ui/Button";
import { Icon } from "../ui/icons";
import { Empty, Loading } from "../ui/Pieces";
import { PHONE, useMedia } from "../ui/useMedia";
import { NOTICES } from "./panels";
import { Quiet } from "./Quiet";
import type { ActDocument } from "./slots";

interface LiveTextProps {
  act: Act;
  document: ActDocument;
  open: OpenDocument;
  suggesting: Suggesting;
  onEditor: (editor: EditorHandle | null) => void;
}

export function LiveText({ act, document, open, suggesting, onEditor }: LiveTextProps) {
  const { t } = useTranslation();
  const isPhone = useMedia(PHONE);
  const [isEditing, setEditing] = useState(false);
  if (!open.isReady) return <NotReady open={open} />;
  const canType = suggesting.isOn ? suggesting.canType : open.status.canEdit;
  const readOnly = !canType || (isPhone && !isEditing);
  const { choose } = suggesting;
  return (
    <>
      <Suspense>
        {NOTICES.map((notice) => (
          <Quiet key={notice.id}>
            <notice.component />
          </Quiet>
        ))}
      </Suspense>
      {suggesting.isOn ? <WhySuggesting /> : open.status.kind === "read_only" && <WhyReadOnly act={act} />}
      {suggesting.isOn ? (
        <ReviewEditor
          key={`${open.doc.guid} ${document.id}`}
          act={act}
          open={open}
          readOnly={readOnly}
          onLeave={choose && (() => choose(false))}
          onEditor={onEditor}
        />
      ) : (
        <ActEditor
          key={`${open.doc.guid} ${document.id}`}
          doc={open.doc}
          awareness={open.awareness}
          scheme={act.scheme.id}
          readOnly={readOnly}
          locale={currentLocale()}
          label={act.title}
          onEditor={onEditor}
          tools={choose && act.abilities.includes("suggest") ? <BothTools onChoose={choose} /> : COMMENT_TOOL}
        />
      )}
      {isPhone && canType && (
        <span className="z-pencil">
          <Button
            look="primary"
            icon={isEditing ? "check" : suggesting.isOn ? "suggestion" : "pencil"}
            onPress={() => setEditing(!isEditing)}
          >
            {t(isEditing ? "acts.page.read" : suggesting.isOn ? "review.suggest" : "acts.page.edit")}
          </Button>
        </span>
      )}
    </>
  );
}

/** The tools stay one line beside an open panel. */
const ROOMY = "(width >= 1600px)";

const COMMENT_TOOL = <CommentTool />;

function BothTools({ onChoose }: { onChoose: (isOn: boolean) => void }) {
  return (
    <>
      <CommentTool />
      <SuggestingSwitch onChoose={onChoose} />
    </>
  );
}

function SuggestingSwitch({ onChoose }: { onChoose: (isOn: boolean) => void }) {
  const { t } = useTranslation();
  const hasRoom = useMedia(ROOMY);
  if (!hasRoom) return <IconButton small icon="suggestion" label={t("review.mode")} onPress={() => onChoose(true)} />;
  return (
    <Button small look="quiet" icon="suggestion" onPress={() => onChoose(true)}>
      {t("review.mode")}
    </Button>
  );
}

/** What typing does for somebody who proposes, and who sees it. */
function WhySuggesting() {
  const { t } = useTranslation();
  return (
    <p className="z-read-only">
      <Icon name="suggestion" size={18} />
      <span>{t("review.why")}</span>
    </p>
  );
}

/** What a person without the right to draft can do here, and whom to ask for it. */
function WhyReadOnly({ act }: { act: Act }) {
  const { t } = useTranslation();
  const leads = act.members.filter((member) => member.roles.includes("lead")).map((member) => member.name);
  return (
    <p className="z-read-only">
      <Icon name="eye" size={18} />
      <span>{t("acts.page.readOnly", { names: leads.join(", ") || t("ui.none") })}</span>
    </p>
  );
}

/** Nothing to show yet: why, and what to do. */
function NotReady({ open }: { open: OpenDocument }) {
  const { t } = useTranslation();
  switch (open.status.kind) {
    case "no_access":
      return (
        <Empty icon="lock" title={t("errors.noAccess.title")} text={t("errors.noAccess.text")}>
          <LinkButton look="primary" href="/acts">
            {t("errors.noAccess.action")}
          </LinkButton>
        </Empty>
      );
    case "reload_needed":
      return (
        <Empty icon="refresh" title={t("app.update.text")}>
          <Button look="primary" onPress={() => void loadNewest()}>
            {t("app.update.action")}
          </Button>
        </Empty>
      );
    case "offline":
      return <Empty icon="offline" title={t("errors.noNetwork.title")} text={t("acts.page.notKept")} />;
    case "broken":
    case "signed_out":
      return (
        <Empty icon="alert" title={t("errors.unexpected")}>
          <Button look="primary" icon="refresh" onPress={() => open.askAgain()}>
            {t("ui.retry")}
          </Button>
        </Empty>
      );
    default:
      return <Loading />;
  }
}
