import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { formatAgo, formatDate, formatDateTime } from "./dates";
import { setLocale, startI18n } from "./i18n";
import { en, uk } from "./texts";

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(texts: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(texts)) {
    const key = path ? `${path}.${name}` : name;
    if (typeof value === "string") found.set(key, value);
    else for (const [inner, text] of flat(value, key)) found.set(inner, text);
  }
  return found;
}

function baseKeys(texts: object): string[] {
  return [...new Set([...flat(texts).keys()].map((key) => key.replace(PLURAL, "")))].sort();
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("the texts of the interface", () => {
  beforeAll(() => startI18n("uk"));

  it("have the same keys in both languages", () => {
    expect(baseKeys(en)).toEqual(baseKeys(uk));
  });

  it("are never empty and never shout", () => {
    for (const [key, text] of [...flat(uk), ...flat(en)]) {
      expect(text.trim(), key).not.toBe("");
      expect(text, key).not.toContain("!");
    }
  });

  it("fill in the same places in both languages", () => {
    const english = flat(en);
    for (const [key, text] of flat(uk)) {
      const other = english.get(key) ?? english.get(key.replace(PLURAL, "_other"));
      expect(placeholders(other ?? ""), key).toEqual(placeholders(text));
    }
  });

  it("have every plural form their language needs", () => {
    for (const [texts, locale] of [
      [uk, "uk"],
      [en, "en"],
    ] as const) {
      const keys = flat(texts);
      const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      for (const key of keys.keys()) {
        if (!PLURAL.test(key)) continue;
        for (const form of forms) expect(keys.has(`${key.replace(PLURAL, "")}_${form}`), `${locale} ${key} ${form}`).toBe(true);
      }
    }
  });

  it("contain no Russian letters and no Latin letter that looks Cyrillic inside a Ukrainian word", () => {
    for (const [key, text] of flat(uk)) {
      expect(text, key).not.toMatch(/[ыэъё]/i);
      expect(text.replace(/\{\{\w+\}\}/g, ""), key).not.toMatch(/[а-яіїєґ][aeiopcxyk]|[aeiopcxyk][а-яіїєґ]/i);
    }
  });

  it("write проєкт, not проект", () => {
    for (const [key, text] of flat(uk)) expect(text, key).not.toMatch(/проект/i);
  });

  it("count in Ukrainian: 1 акт, 3 акти, 5 актів, 21 акт, 22 акти", () => {
    const said = [1, 3, 5, 11, 21, 22, 25].map((count) => i18next.t("acts.count", { count }));
    expect(said).toEqual(["1 акт", "3 акти", "5 актів", "11 актів", "21 акт", "22 акти", "25 актів"]);
  });

  it("change with the language", () => {
    setLocale("en");
    expect(i18next.t("acts.title")).toBe("Acts");
    expect(document.documentElement.lang).toBe("en");
    setLocale("uk");
    expect(i18next.t("acts.title")).toBe("Акти");
  });
});

describe("dates", () => {
  const at = new Date(2026, 2, 12, 18, 5).getTime();

  it("are written as in Ukraine", () => {
    expect(formatDate(at, "uk")).toBe("12.03.2026");
    expect(formatDateTime(at, "uk")).toBe("12.03.2026, 18:05");
  });

  it("say how long ago, then the date", () => {
    const minute = 60_000;
    expect(formatAgo(at, at + 1000, "uk")).toBe("щойно");
    expect(formatAgo(at, at + 5 * minute, "uk")).toBe("5 хвилин тому");
    expect(formatAgo(at, at + 21 * minute, "uk")).toBe("21 хвилину тому");
    expect(formatAgo(at, at + 24 * 60 * minute, "uk")).toBe("учора");
    expect(formatAgo(at, at + 8 * 24 * 60 * minute, "uk")).toBe("12.03.2026");
  });
});
