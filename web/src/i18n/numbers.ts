import { currentLocale, type Locale } from "./i18n";

/** "12 кБ", "1,5 МБ": a size in bytes as people say it, at least one kilobyte. */
export function formatSize(bytes: number, locale: Locale = currentLocale()): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  const [value, unit] = kilobytes < 1024 ? [kilobytes, "kilobyte"] : [kilobytes / 1024, "megabyte"];
  return new Intl.NumberFormat(locale === "uk" ? "uk-UA" : "en-GB", { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
