/** The palette (Ctrl+K), the help of keys (?) and the keys themselves. */
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { onShow, openPalette, openShortcuts, type Shown } from "./center";
import { Palette } from "./Palette";
import { readPreferences } from "./preferences";
import { ShortcutHelp } from "./ShortcutHelp";

/** How long after `g` the second key of a way counts. */
const SECOND_KEY_MS = 1500;

export function CommandCenter() {
  const [shown, setShown] = useState<Shown>(null);
  useEffect(() => onShow(setShown), []);
  useKeys();
  return (
    <>
      <Palette isOpen={shown === "palette"} onClose={() => setShown(null)} />
      <ShortcutHelp isOpen={shown === "shortcuts"} onClose={() => setShown(null)} />
    </>
  );
}

function useKeys() {
  const navigate = useNavigate();
  useEffect(() => {
    let goSince = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK") {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || !readPreferences().singleKeys || isTyping(event)) return;
      const goes = performance.now() - goSince < SECOND_KEY_MS;
      goSince = event.code === "KeyG" ? performance.now() : 0;
      const way = goes ? WAYS[event.code] : undefined;
      if (way) void navigate(way);
      else if (event.key === "?") openShortcuts();
      else if (event.key === "/" && focusSearch()) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [navigate]);
}

/** By the place of the key, so that they work in both keyboard layouts. */
const WAYS: Readonly<Record<string, string>> = { KeyH: "/", KeyA: "/acts", KeyN: "/acts/new" };

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=alertdialog], [role=menu]") !== null;
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("main input[type=search]");
  field?.focus();
  return field !== null;
}
