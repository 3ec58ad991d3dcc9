// Runs before the first paint, so that a chosen theme or language does not flash. Keys: see src/app/preferences.ts.
(() => {
  try {
    const theme = localStorage.getItem("zlahoda.theme");
    const locale = localStorage.getItem("zlahoda.locale");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (locale === "uk" || locale === "en") document.documentElement.lang = locale;
  } catch {
    // Storage can be forbidden by the browser; the defaults hold then.
  }
})();
