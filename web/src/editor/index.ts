/** What pages use of the editor. Load this module lazily: it is the largest part of the front end. */

export { ActEditor } from "./ActEditor.tsx";
export { type Asked, type EditorHandle, type EditorOptions, mountEditor, type Snapshot } from "./editor.ts";
export { useSnapshot } from "./hooks.ts";
export { HELP, type HelpName } from "./keys.ts";
export { Outline } from "./Outline.tsx";
export type { OutlineEntry } from "./outline.ts";
