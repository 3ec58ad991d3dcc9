import { useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import "./pieces.css";
import { Button, IconButton } from "./Button";
import { Icon } from "./icons";
import type { Tone } from "./Pieces";

interface Toast {
  id: number;
  text: string;
  tone: Tone;
  action?: { label: string; run: () => void };
}

/** How long a message stays; one with an action stays until it is answered. */
const SHOWN_MS = 6000;

let shown: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(toasts: readonly Toast[]) {
  shown = toasts;
  for (const listener of listeners) listener();
}

export function closeToast(id: number) {
  set(shown.filter((toast) => toast.id !== id));
}

/** Shows a short message over the page and reads it aloud; returns its id. */
export function showToast(text: string, tone: Tone = "good", action?: Toast["action"]): number {
  const id = next++;
  set([...shown.slice(-2), { id, text, tone, ...(action && { action }) }]);
  if (!action) setTimeout(() => closeToast(id), SHOWN_MS);
  return id;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Beside the page, not in it: a dialog makes the page inert and lies over it, and messages concern what was done in the dialog, too. */
export function Toasts() {
  const { t } = useTranslation();
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return createPortal(
    <section className="z-toasts" aria-live="polite" aria-label={t("ui.messages")} data-react-aria-top-layer="true">
      {toasts.map(({ id, text, tone, action }) => (
        <div key={id} className="z-toast" data-tone={tone}>
          <Icon name={tone === "good" ? "check" : tone === "info" ? "info" : "alert"} />
          <span>{text}</span>
          {action && (
            <Button
              small
              onPress={() => {
                closeToast(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon="close" label={t("ui.close")} small onPress={() => closeToast(id)} />
        </div>
      ))}
    </section>,
    document.body,
  );
}
