/** Words that lost their place and provisions that were moved twice: shown with their text until the drafters have dealt with them (P10). */

import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import type { EditorHandle } from "./editor.ts";
import { useSnapshot } from "./hooks.ts";

export function Notices({ editor }: { editor: EditorHandle }) {
  const { t } = useTranslation();
  const { displaced, duplicates, readOnly } = useSnapshot(editor);
  if (displaced.length === 0 && duplicates.length === 0) return null;
  return (
    <section className="act-notices" aria-label={t("editor.displaced.title")} aria-live="polite">
      {displaced.map(({ id, text, context }) => (
        <article key={id}>
          <h3>{t("editor.displaced.title")}</h3>
          <p>{t("editor.displaced.text")}</p>
          <blockquote>{text}</blockquote>
          {context !== "" && context !== text && (
            <p className="act-notice-where">
              {t("editor.displaced.where")}: {context.slice(0, 160)}
            </p>
          )}
          <div className="act-notice-actions">
            {!readOnly && (
              <Button small look="primary" onPress={() => editor.settleDisplaced(id, true)}>
                {t("editor.displaced.insert")}
              </Button>
            )}
            <Button small onPress={() => void navigator.clipboard.writeText(text)}>
              {t("editor.displaced.copy")}
            </Button>
            <Button small look="quiet" onPress={() => editor.settleDisplaced(id, false)}>
              {t("editor.displaced.drop")}
            </Button>
          </div>
        </article>
      ))}
      {duplicates.map(({ kept, renamed, text }) => (
        <article key={kept}>
          <h3>{t("editor.duplicate.title")}</h3>
          <p>{t("editor.duplicate.text")}</p>
          <blockquote>{text}</blockquote>
          <div className="act-notice-actions">
            <Button small onPress={() => editor.goTo(kept)}>
              {t("editor.duplicate.first")}
            </Button>
            <Button small onPress={() => editor.goTo(renamed)}>
              {t("editor.duplicate.second")}
            </Button>
            <Button small look="quiet" onPress={() => editor.settleDuplicate(kept)}>
              {t("editor.duplicate.done")}
            </Button>
          </div>
        </article>
      ))}
    </section>
  );
}
