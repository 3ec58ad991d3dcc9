/** Dates and times as they are written in Ukraine (and in British English): 12.03.2026, 18:05. */
import { currentLocale, type Locale } from "./i18n";

const TAGS: Record<Locale, string> = { uk: "uk-UA", en: "en-GB" };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `at` is milliseconds since 1970 UTC. */
export function formatDate(at: number, locale: Locale = currentLocale()): string {
  return new Intl.DateTimeFormat(TAGS[locale], { day: "2-digit", month: "2-digit", year: "numeric" }).format(at);
}

export function formatTime(at: number, locale: Locale = currentLocale()): string {
  return new Intl.DateTimeFormat(TAGS[locale], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

export function formatDateTime(at: number, locale: Locale = currentLocale()): string {
  return `${formatDate(at, locale)}, ${formatTime(at, locale)}`;
}

/** "щойно", "5 хвилин тому", "учора о 18:05", then the date. */
export function formatAgo(at: number, now: number = Date.now(), locale: Locale = currentLocale()): string {
  const passed = now - at;
  const relative = new Intl.RelativeTimeFormat(TAGS[locale], { numeric: "auto" });
  if (passed < MINUTE) return locale === "uk" ? "щойно" : "just now";
  if (passed < HOUR) return relative.format(-Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return relative.format(-Math.floor(passed / HOUR), "hour");
  if (passed < 7 * DAY) return relative.format(-Math.floor(passed / DAY), "day");
  return formatDate(at, locale);
}
