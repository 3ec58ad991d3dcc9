/** The editor's state for React. */

import { useEffect, useState, useSyncExternalStore } from "react";
import type { EditorHandle, Snapshot } from "./editor.ts";
import type { OutlineEntry } from "./outline.ts";

export function useSnapshot(editor: EditorHandle): Snapshot {
  return useSyncExternalStore(
    (listener) => editor.subscribe(listener),
    () => editor.snapshot(),
  );
}

/** The contents may lag behind typing this much, so that typing never waits for them. */
const OUTLINE_MS = 200;

export function useOutline(editor: EditorHandle): readonly OutlineEntry[] {
  const [entries, setEntries] = useState(() => editor.outline());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      timer = undefined;
      setEntries((shown) => (JSON.stringify(shown) === JSON.stringify(editor.outline()) ? shown : editor.outline()));
    };
    const stop = editor.onChange(() => {
      timer ??= setTimeout(read, OUTLINE_MS);
    });
    read();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [editor]);
  return entries;
}

/** Runs after a menu or dialog has closed and given its focus back; else the browser's old selection would win over the new one. */
export function afterOverlay(run: () => void): void {
  requestAnimationFrame(() => setTimeout(run));
}
