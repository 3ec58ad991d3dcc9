import { useTranslation } from "react-i18next";
import type { Answer } from "../api/client";
import { LinkButton } from "../ui/Button";
import { Banner } from "../ui/Pieces";

export type Imported = Answer<"import_act">;
type Warning = Imported["warnings"][number];

/** What became of the file, and what a person should look at. */
export function ImportDone({ imported }: { imported: Imported }) {
  const { t } = useTranslation();
  const { warnings } = imported;
  return (
    <div className="z-panel">
      <Banner tone={warnings.length > 0 ? "warn" : "good"} title={t("acts.importing.done")} live>
        {warnings.length > 0 ? t("acts.importing.warnings", { count: warnings.length }) : t("acts.importing.clean")}
      </Banner>
      {warnings.length > 0 && (
        <>
          <p>{t("acts.importing.kept")}</p>
          <ul className="z-list">
            {[...grouped(warnings)].map(([text, lines]) => (
              <li key={text}>
                <span>{capitalised(text)}</span>
                {lines.length > 0 && <Lines lines={lines} />}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="z-row">
        <LinkButton look="primary" icon="arrow" href={`/acts/${imported.id}`}>
          {t("acts.importing.open")}
        </LinkButton>
      </div>
    </div>
  );
}

const SHOWN_LINES = 12;

function Lines({ lines }: { lines: readonly number[] }) {
  const { t } = useTranslation();
  const shown = lines.slice(0, SHOWN_LINES).join(", ");
  const rest = lines.length - SHOWN_LINES;
  const said = t("acts.importing.lines", { count: lines.length, lines: shown });
  return <span className="z-quiet z-small">{rest > 0 ? t("acts.importing.linesMore", { lines: said, count: rest }) : said}</span>;
}

/** The same remark about many lines is one remark: its text, and the lines in their order (0, the whole file, is none). */
function grouped(warnings: readonly Warning[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { text, line } of warnings) {
    const lines = found.get(text) ?? [];
    found.set(text, line > 0 ? [...lines, line] : lines);
  }
  return found;
}

/** The server's remarks are parts of a sentence; here each stands alone. */
function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
