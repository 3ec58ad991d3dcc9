/** What a person chose for this browser: theme, language, single-key shortcuts. `public/theme.js` reads the first two before the first paint. */
import { useSyncExternalStore } from "react";
import { type Locale, setLocale } from "../i18n/i18n";

export type Theme = "system" | "light" | "dark";

export interface Preferences {
  readonly theme: Theme;
  readonly locale: Locale;
  /** Shortcuts of one key without Ctrl (WCAG 2.1.4: they can be turned off). */
  readonly singleKeys: boolean;
}

const listeners = new Set<() => void>();
let current: Preferences = read();

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`zlahoda.${name}`);
  } catch {
    return null; // storage is forbidden: the defaults hold
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`zlahoda.${name}`, value);
  } catch (error) {
    console.warn("this browser keeps no preferences", error);
  }
}

function read(): Preferences {
  const theme = stored("theme");
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    locale: stored("locale") === "en" ? "en" : "uk",
    singleKeys: stored("keys") !== "off",
  };
}

export function readPreferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  store("theme", current.theme);
  store("locale", current.locale);
  store("keys", current.singleKeys ? "on" : "off");
  if (current.theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current.theme;
  if (change.locale) setLocale(change.locale);
  for (const listener of listeners) listener();
}

/** The language kept with the account, unless this browser chose one itself. */
export function adoptLocale(locale: string): void {
  if (stored("locale") === null && (locale === "uk" || locale === "en") && locale !== current.locale) {
    current = { ...current, locale };
    setLocale(locale);
    for (const listener of listeners) listener();
  }
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
