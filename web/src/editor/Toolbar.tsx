/** The editing tools: everything here has a key as well (`keys.ts`). After each action the caret is back in the text. */

import type { Command } from "prosemirror-state";
import type { ReactNode } from "react";
import { Button as AriaButton, Toolbar as AriaToolbar, Group, Separator, ToggleButton, TooltipTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { currentLocale } from "../i18n/i18n.ts";
import { Hint, IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Menu, MenuItem, MenuLine } from "../ui/Menu.tsx";
import { insertBreak, insertFootnote, moveUnits, setKind, shiftUnits } from "./commands.ts";
import type { EditorHandle, Snapshot } from "./editor.ts";
import { afterOverlay, useSnapshot } from "./hooks.ts";
import { KIND_KEYS } from "./keys.ts";
import { KINDS } from "./schema.ts";
import * as tables from "./tables.ts";

interface ToolbarProps {
  editor: EditorHandle;
  onReference: () => void;
  onFind: () => void;
  /** More tools of the page, at the end. */
  children?: ReactNode;
}

/** The kinds a drafter chooses from; editors' notes come only from import. */
const CHOICES = Object.keys(KINDS).filter((kind) => kind !== "editor_note");

export function Toolbar({ editor, onReference, onFind, children }: ToolbarProps) {
  const { t } = useTranslation();
  const state = useSnapshot(editor);
  if (state.readOnly) return null;
  const act = (command: Command) => () => {
    editor.run(command);
    editor.focus();
  };
  const actLater = (command: Command) => () => afterOverlay(act(command));
  return (
    <AriaToolbar className="act-toolbar" aria-label={t("editor.toolbar")}>
      <KindChoice editor={editor} state={state} />
      <Group className="act-tools" aria-label={t("editor.kind")}>
        <IconButton small icon="left" label={t("editor.promote")} keys="Shift+Tab" onPress={act(shiftUnits(-1))} />
        <IconButton small icon="right" label={t("editor.demote")} keys="Tab" onPress={act(shiftUnits(1))} />
        <IconButton small icon="up" label={t("editor.up")} keys="Alt+↑" onPress={act(moveUnits(-1))} />
        <IconButton small icon="down" label={t("editor.down")} keys="Alt+↓" onPress={act(moveUnits(1))} />
      </Group>
      <Separator orientation="vertical" className="act-line" />
      <MarkButtons editor={editor} state={state} />
      <Separator orientation="vertical" className="act-line" />
      <InsertMenu editor={editor} act={actLater} onReference={onReference} />
      {state.inTable && <TableMenu editor={editor} act={actLater} />}
      <Separator orientation="vertical" className="act-line" />
      <History editor={editor} state={state} />
      <IconButton small icon="search" label={t("editor.find.title")} keys="Ctrl+F" onPress={onFind} />
      {children}
    </AriaToolbar>
  );
}

function KindChoice({ editor, state }: { editor: EditorHandle; state: Snapshot }) {
  const { t } = useTranslation();
  const locale = currentLocale();
  const name = (kind: string) => KINDS[kind]?.[locale] ?? kind;
  const key = (kind: string) => (KIND_KEYS as readonly string[]).indexOf(kind) + 1;
  const choose = (kind: string) =>
    afterOverlay(() => {
      editor.run(setKind(kind));
      editor.focus();
    });
  if (state.unit === null) return <span className="act-kind">{t("editor.mixed")}</span>;
  const trigger = (
    <AriaButton className="z-button act-kind" data-look="quiet" data-small="" aria-label={`${t("editor.kind")}: ${name(state.unit.kind)}`}>
      <span>{name(state.unit.kind)}</span>
      <Icon name="down" size={14} />
    </AriaButton>
  );
  return (
    <Menu label={t("editor.kind")} trigger={trigger}>
      {CHOICES.map((kind) => (
        <MenuItem key={kind} {...(key(kind) > 0 && { keys: `Ctrl+Alt+${key(kind)}` })} onAction={() => choose(kind)}>
          {name(kind)}
        </MenuItem>
      ))}
    </Menu>
  );
}

const MARKS = [
  ["strong", "Ctrl+B"],
  ["em", "Ctrl+I"],
  ["underline", "Ctrl+U"],
  ["sup", "Ctrl+."],
  ["sub", "Ctrl+,"],
] as const;

function MarkButtons({ editor, state }: { editor: EditorHandle; state: Snapshot }) {
  const { t } = useTranslation();
  const sign = (mark: (typeof MARKS)[number][0]) => {
    if (mark === "sup" || mark === "sub") {
      const Index = mark;
      return (
        <span>
          x<Index>2</Index>
        </span>
      );
    }
    return <span data-mark={mark}>{t(`editor.${mark}Sign`)}</span>;
  };
  return (
    <Group className="act-tools" aria-label={t("editor.toolbar")}>
      {MARKS.map(([mark, keys]) => (
        <TooltipTrigger delay={500} key={mark}>
          <ToggleButton
            className="z-button act-mark"
            data-look="quiet"
            data-small=""
            data-icon-only=""
            aria-label={t(`editor.${mark}`)}
            isSelected={state.marks.includes(mark)}
            onChange={() => {
              editor.toggle(mark);
              editor.focus();
            }}
          >
            {sign(mark)}
          </ToggleButton>
          <Hint text={t(`editor.${mark}`)} keys={keys} />
        </TooltipTrigger>
      ))}
    </Group>
  );
}

type Act = (command: Command) => () => void;

function MenuButton({ children }: { children: string }) {
  return (
    <AriaButton className="z-button" data-look="quiet" data-small="">
      {children}
      <Icon name="down" size={14} />
    </AriaButton>
  );
}

function InsertMenu({ editor, act, onReference }: { editor: EditorHandle; act: Act; onReference: () => void }) {
  const { t } = useTranslation();
  return (
    <Menu label={t("editor.insert")} trigger={<MenuButton>{t("editor.insert")}</MenuButton>}>
      <MenuItem keys="Ctrl+Alt+R" onAction={onReference}>
        {t("editor.reference")}
      </MenuItem>
      <MenuItem keys="Ctrl+Alt+F" onAction={act(insertFootnote)}>
        {t("editor.footnote")}
      </MenuItem>
      <MenuItem onAction={act(tables.insertTable(3, 3))} isDisabled={editor.snapshot().inTable}>
        {t("editor.table.insert")}
      </MenuItem>
      <MenuItem keys="Shift+Enter" onAction={act(insertBreak)}>
        {t("editor.break")}
      </MenuItem>
    </Menu>
  );
}

function TableMenu({ editor, act }: { editor: EditorHandle; act: Act }) {
  const { t } = useTranslation();
  const { state } = editor.view;
  return (
    <Menu label={t("editor.table.title")} trigger={<MenuButton>{t("editor.table.title")}</MenuButton>}>
      <MenuItem onAction={act(tables.addRowBefore)}>{t("editor.table.rowBefore")}</MenuItem>
      <MenuItem onAction={act(tables.addRowAfter)}>{t("editor.table.rowAfter")}</MenuItem>
      <MenuItem onAction={act(tables.addColumnBefore)}>{t("editor.table.columnBefore")}</MenuItem>
      <MenuItem onAction={act(tables.addColumnAfter)}>{t("editor.table.columnAfter")}</MenuItem>
      <MenuItem onAction={act(tables.toggleHeaderRow)}>{t("editor.table.header")}</MenuItem>
      <MenuItem onAction={act(tables.mergeSelectedCells)} isDisabled={!tables.canMerge(state)}>
        {t("editor.table.merge")}
      </MenuItem>
      <MenuItem onAction={act(tables.splitSelectedCell)} isDisabled={!tables.canSplit(state)}>
        {t("editor.table.split")}
      </MenuItem>
      <MenuLine />
      <MenuItem danger onAction={act(tables.deleteRow)}>
        {t("editor.table.deleteRow")}
      </MenuItem>
      <MenuItem danger onAction={act(tables.deleteColumn)}>
        {t("editor.table.deleteColumn")}
      </MenuItem>
      <MenuItem danger onAction={act(tables.deleteTable)}>
        {t("editor.table.deleteTable")}
      </MenuItem>
    </Menu>
  );
}

function History({ editor, state }: { editor: EditorHandle; state: Snapshot }) {
  const { t } = useTranslation();
  return (
    <Group className="act-tools" aria-label={t("editor.undo")}>
      <TextButton label={t("editor.undo")} keys="Ctrl+Z" sign="↶" isDisabled={!state.canUndo} onPress={() => editor.undo()} />
      <TextButton label={t("editor.redo")} keys="Ctrl+Shift+Z" sign="↷" isDisabled={!state.canRedo} onPress={() => editor.redo()} />
    </Group>
  );
}

interface TextButtonProps {
  label: string;
  keys: string;
  sign: string;
  isDisabled: boolean;
  onPress: () => void;
}

function TextButton({ label, keys, sign, ...rest }: TextButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton className="z-button act-sign" data-look="quiet" data-small="" data-icon-only="" aria-label={label} {...rest}>
        <span aria-hidden="true">{sign}</span>
      </AriaButton>
      <Hint text={label} keys={keys} />
    </TooltipTrigger>
  );
}
