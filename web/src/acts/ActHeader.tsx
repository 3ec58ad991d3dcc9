import { Fragment, type ReactNode, useContext, useState } from "react";
import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { addressOf } from "../api/client";
import { stageLook, stageWord } from "../api/words";
import { Button, IconButton, IconLink, LinkButton } from "../ui/Button";
import { HeaderTail } from "../ui/HeaderTail";
import { Icon } from "../ui/icons";
import { Menu, MenuItem } from "../ui/Menu";
import { Chip } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { PHONE, useMedia } from "../ui/useMedia";
import { ACTIONS } from "./panels";
import { RenameDialog } from "./RenameDialog";
import { ShareDialog } from "./ShareDialog";
import type { ActionShown } from "./slots";

interface ActHeaderProps {
  act: Act;
  /** The document shown; empty for the main text. */
  part?: string;
  /** What is true about saving. */
  status?: ReactNode;
  /** Who is here. */
  presence?: ReactNode;
  /** Switches of the panels. */
  tools?: ReactNode;
}

export function ActHeader({ act, part = "", status, presence, tools }: ActHeaderProps) {
  const { t } = useTranslation();
  const tail = useContext(HeaderTail);
  const isPhone = useMedia(PHONE);
  const [open, setOpen] = useState<"share" | "rename" | null>(null);
  const actions = useActions(act);
  const mayRename = act.abilities.includes("rename");
  return (
    <header className="z-act-header">
      <Link className="z-act-home" href="/acts" aria-label={t("acts.title")}>
        {isPhone ? <Icon name="left" size={22} /> : <img src="/icon.svg" alt="" width={28} height={28} />}
      </Link>
      <div className="z-act-title">
        <div className="z-act-title-row">
          <h1 title={act.title}>{act.title}</h1>
          {mayRename && !isPhone && <IconButton icon="pencil" small label={t("acts.page.rename")} onPress={() => setOpen("rename")} />}
          <Chip {...stageLook(act.stage)}>{stageWord(t, act.stage)}</Chip>
        </div>
        <div className="z-act-status">{status}</div>
      </div>
      {presence}
      <div className="z-act-tools">
        {!isPhone && actions.map((action) => <ActionButton key={action.id} action={action} />)}
        {!isPhone && (
          <Button icon="share" onPress={() => setOpen("share")}>
            {t("acts.page.share")}
          </Button>
        )}
        {!isPhone && act.abilities.includes("export") && <ExportMenu act={act} part={part} />}
        {tools}
        {!isPhone && tail}
        {isPhone && <PhoneMenu act={act} part={part} actions={actions} onOpen={setOpen} />}
      </div>
      {actions.map((action) => (
        <Fragment key={action.id}>{action.dialog}</Fragment>
      ))}
      <ShareDialog act={act} isOpen={open === "share"} onClose={() => setOpen(null)} />
      <RenameDialog act={act} isOpen={open === "rename"} onClose={() => setOpen(null)} />
    </header>
  );
}

/** The next step always says its name; the others do where there is room for them and the title of the act. */
function ActionButton({ action: { icon, label, href, onPress, isPrimary } }: { action: ActionShown }) {
  const hasRoom = useMedia(ROOMY);
  const look = isPrimary ? "primary" : "plain";
  if (!hasRoom && !isPrimary) {
    return href === undefined ? (
      <IconButton icon={icon} label={label} {...(onPress && { onPress })} />
    ) : (
      <IconLink icon={icon} label={label} look="quiet" href={href} />
    );
  }
  if (href !== undefined) {
    return (
      <LinkButton icon={icon} look={look} href={href}>
        {label}
      </LinkButton>
    );
  }
  return (
    <Button icon={icon} look={look} {...(onPress && { onPress })}>
      {label}
    </Button>
  );
}

const ROOMY = "(width >= 1440px)";

const FORMATS = ["md", "html", "txt", "json"] as const;

function exportAddress(act: Act, part: string, format: string): string {
  return addressOf("export_act", { act_id: act.id }, { format, part });
}

function ExportMenu({ act, part }: { act: Act; part: string }) {
  const { t } = useTranslation();
  const hasRoom = useMedia(ROOMY);
  const label = t("acts.page.export");
  const trigger = hasRoom ? (
    <Button icon="download" look="quiet">
      {label}
    </Button>
  ) : (
    <IconButton icon="download" label={label} />
  );
  return (
    <Menu label={label} trigger={trigger}>
      {FORMATS.map((format) => (
        <MenuItem key={format} icon="file" href={exportAddress(act, part, format)} download help={`.${format}`}>
          {t(`acts.page.exportHelp.${format}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function copyLink(done: string) {
  navigator.clipboard.writeText(location.href).then(
    () => showToast(done),
    (error: unknown) => console.warn("the link could not be copied", error),
  );
}

interface PhoneMenuProps {
  act: Act;
  part: string;
  actions: readonly ActionShown[];
  onOpen: (what: "share" | "rename") => void;
}

function PhoneMenu({ act, part, actions, onOpen }: PhoneMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu label={t("acts.page.more")} trigger={<IconButton icon="more" label={t("acts.page.more")} />}>
      {actions.map(({ id, icon, label, href, onPress }) => (
        <MenuItem key={id} icon={icon} {...(href !== undefined && { href })} {...(onPress && { onAction: onPress })}>
          {label}
        </MenuItem>
      ))}
      <MenuItem icon="share" onAction={() => onOpen("share")}>
        {t("acts.page.share")}
      </MenuItem>
      <MenuItem icon="link" onAction={() => copyLink(t("acts.page.linkCopied"))}>
        {t("acts.page.copyLink")}
      </MenuItem>
      <MenuItem icon="pencil" isDisabled={!act.abilities.includes("rename")} onAction={() => onOpen("rename")}>
        {t("acts.page.rename")}
      </MenuItem>
      <MenuItem icon="download" href={exportAddress(act, part, "md")} download help=".md">
        {t("acts.page.export")}
      </MenuItem>
    </Menu>
  );
}

/** The actions of the registry that are for this person. The registry never changes, so the hooks are always the same. */
function useActions(act: Act): ActionShown[] {
  return ACTIONS.map((action) => action(act)).filter((shown) => shown !== null);
}
