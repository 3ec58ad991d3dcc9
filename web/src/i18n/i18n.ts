/** The two languages: Ukrainian unless the person chose English. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en, type Texts, uk } from "./texts";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Texts };
  }
}

export type Locale = "uk" | "en";
export const LOCALES: readonly Locale[] = ["uk", "en"];

export function startI18n(locale: Locale): void {
  i18next
    .use(initReactI18next)
    .init({
      lng: locale,
      fallbackLng: "uk",
      resources: { uk: { translation: uk }, en: { translation: en } },
      interpolation: { escapeValue: false },
      returnNull: false,
      initAsync: false,
    })
    .catch((error: unknown) => console.error(error));
  document.documentElement.lang = locale;
}

export function currentLocale(): Locale {
  return i18next.language === "en" ? "en" : "uk";
}

export function setLocale(locale: Locale): void {
  document.documentElement.lang = locale;
  i18next.changeLanguage(locale).catch((error: unknown) => console.error(error));
}
