/** Every key of the editor, once: the keymap and the help list are made from the same table. */

import { baseKeymap, chainCommands, deleteSelection, selectAll, toggleMark } from "prosemirror-commands";
import { keydownHandler, keymap } from "prosemirror-keymap";
import { AllSelection, type Command, type Plugin, Selection, TextSelection } from "prosemirror-state";
import { insertBreak, insertFootnote, joinBackward, joinForward, moveUnits, setKind, shiftUnits, splitUnit } from "./commands.ts";
import { schema } from "./schema.ts";
import { seeSelection } from "./selection.ts";
import { nextCell, previousCell } from "./tables.ts";

/** Kinds with a key of their own: Ctrl+Alt+1 … 9. */
export const KIND_KEYS = ["section", "chapter", "article", "part", "point", "subpoint", "item", "paragraph", "note"] as const;

export type HelpName =
  | "split"
  | "break"
  | "promote"
  | "demote"
  | "up"
  | "down"
  | "strong"
  | "em"
  | "underline"
  | "sup"
  | "sub"
  | "undo"
  | "redo"
  | "find"
  | "toolbar"
  | "label"
  | "reference"
  | "footnote"
  | "kind"
  | "help";

/** What the shell does when a key asks for it. */
export interface KeyActions {
  readonly undo: Command;
  readonly redo: Command;
  readonly find: Command;
  readonly toolbar: Command;
  readonly label: Command;
  readonly reference: Command;
}

/** Help name and keys; `Mod` is Ctrl, or Command on a Mac. */
export const HELP: readonly { readonly name: HelpName; readonly keys: string }[] = [
  { name: "split", keys: "Enter" },
  { name: "break", keys: "Shift-Enter" },
  { name: "demote", keys: "Tab" },
  { name: "promote", keys: "Shift-Tab" },
  { name: "up", keys: "Alt-ArrowUp" },
  { name: "down", keys: "Alt-ArrowDown" },
  { name: "kind", keys: "Mod-Alt-1 … 9" },
  { name: "label", keys: "Mod-Alt-l" },
  { name: "reference", keys: "Mod-Alt-r" },
  { name: "footnote", keys: "Mod-Alt-f" },
  { name: "strong", keys: "Mod-b" },
  { name: "em", keys: "Mod-i" },
  { name: "underline", keys: "Mod-u" },
  { name: "sup", keys: "Mod-." },
  { name: "sub", keys: "Mod-," },
  { name: "undo", keys: "Mod-z" },
  { name: "redo", keys: "Mod-Shift-z" },
  { name: "find", keys: "Mod-f" },
  { name: "toolbar", keys: "Alt-F10" },
  { name: "help", keys: "?" },
];

const mark = (name: string): Command => {
  const type = schema.marks[name];
  if (type === undefined) throw new Error(`no mark ${name}`);
  return toggleMark(type);
};

/** The browser's own way there stops at what it has not laid out yet (see the ADR on stretches). */
const jump =
  (end: "start" | "end", extend = false): Command =>
  ({ doc, selection, tr }, dispatch) => {
    const edge = end === "start" ? Selection.atStart(doc) : Selection.atEnd(doc);
    dispatch?.(tr.setSelection(extend ? TextSelection.between(selection.$anchor, edge.$head) : edge).scrollIntoView());
    return true;
  };

/** An arrow or page key leaves a selection over many blocks at one end, which may be far away; the browser goes on from there. */
const leave =
  (side: "start" | "end" | "head", goesOn: boolean): Command =>
  (state, dispatch) => {
    const { selection, doc, tr } = state;
    if (selection instanceof AllSelection) return jump(side === "start" ? "start" : "end")(state, dispatch);
    if (!(selection instanceof TextSelection) || selection.$from.parent === selection.$to.parent) return false;
    const place = { start: selection.from, end: selection.to, head: selection.head }[side];
    dispatch?.(tr.setSelection(TextSelection.create(doc, place)).scrollIntoView());
    return !goesOn;
  };

/** Behind the last block there is no next one. */
const leaveLast =
  (extend: boolean): Command =>
  (state, dispatch) =>
    state.selection.$head.index(0) >= state.doc.childCount - 1 && jump("end", extend)(state, dispatch);

/** Tab never leaves the editor by accident; Escape then Tab does, as assistive technology expects. */
function bindings(actions: KeyActions): Record<string, Command> {
  const keys: Record<string, Command> = {
    Enter: splitUnit,
    "Shift-Enter": insertBreak,
    Backspace: chainCommands(deleteSelection, joinBackward),
    Delete: chainCommands(deleteSelection, joinForward),
    Tab: chainCommands(nextCell, shiftUnits(1), () => true),
    "Shift-Tab": chainCommands(previousCell, shiftUnits(-1), () => true),
    "Alt-ArrowUp": moveUnits(-1),
    "Alt-ArrowDown": moveUnits(1),
    "Mod-b": mark("strong"),
    "Mod-i": mark("em"),
    "Mod-u": mark("underline"),
    "Mod-.": mark("sup"),
    "Mod-,": mark("sub"),
    "Mod-z": actions.undo,
    "Mod-y": actions.redo,
    "Mod-Shift-z": actions.redo,
    "Mod-f": actions.find,
    "Mod-h": actions.find,
    "Alt-F10": actions.toolbar,
    "Mod-Alt-l": actions.label,
    "Mod-Alt-r": actions.reference,
    "Mod-Alt-f": insertFootnote,
    "Mod-a": selectAll,
    ArrowLeft: leave("start", false),
    ArrowRight: leave("end", false),
    ArrowUp: leave("head", true),
    ArrowDown: leave("head", true),
    PageUp: leave("start", true),
    PageDown: leave("end", true),
    "Ctrl-ArrowDown": leaveLast(false),
    "Shift-Ctrl-ArrowDown": leaveLast(true),
  };
  for (const [start, end] of [
    ["Ctrl-Home", "Ctrl-End"],
    ["Cmd-Home", "Cmd-End"],
    ["Cmd-ArrowUp", "Cmd-ArrowDown"],
  ] as const) {
    keys[start] = jump("start");
    keys[end] = jump("end");
    keys[`Shift-${start}`] = jump("start", true);
    keys[`Shift-${end}`] = jump("end", true);
  }
  KIND_KEYS.forEach((kind, index) => {
    keys[`Mod-Alt-${index + 1}`] = setKind(kind);
  });
  return keys;
}

/** Escape lets the next Tab leave the editor (WCAG 2.1.2). */
export function keys(actions: KeyActions): Plugin[] {
  const own = keydownHandler(bindings(actions));
  let leaving = false;
  const plugin = keymap(baseKeymap);
  const first = keymap({});
  first.props.handleKeyDown = (view, event) => {
    seeSelection(view); // on a busy page the next key comes before the browser tells what the last one selected
    if (event.key === "Escape") {
      leaving = true;
      return false;
    }
    if (leaving && event.key === "Tab") {
      leaving = false;
      return false;
    }
    if (event.key !== "Shift") leaving = false;
    return own(view, translated(event));
  };
  return [first, plugin];
}

const CYRILLIC: Readonly<Record<string, string>> = {
  и: "b",
  ш: "i",
  г: "u",
  я: "z",
  н: "y",
  а: "f",
  р: "h",
  д: "l",
  к: "r",
  ф: "a",
  ю: ".",
  б: ",",
};

/** With a Cyrillic layout Ctrl+B arrives as Ctrl+И: the same key, so the same command. */
function translated(event: KeyboardEvent): KeyboardEvent {
  const letter = (event.ctrlKey || event.metaKey) && CYRILLIC[event.key.toLowerCase()];
  if (!letter) return event;
  const { code, altKey, ctrlKey, metaKey, shiftKey } = event;
  return new KeyboardEvent(event.type, { key: shiftKey ? letter.toUpperCase() : letter, code, altKey, ctrlKey, metaKey, shiftKey });
}
