/** The file that is compared with: chosen here, read by the server, kept nowhere. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LIMIT_MB, READABLE } from "../api/files";
import { formatSize } from "../i18n/numbers";
import { Button } from "../ui/Button";
import { FileDrop } from "../ui/FileDrop";
import { Icon } from "../ui/icons";
import { Banner } from "../ui/Pieces";
import type { Chosen } from "./data";

interface FileSideProps {
  chosen: Chosen | null;
  onChoose: (chosen: Chosen | null) => void;
}

let turns = 0;

export function FileSide({ chosen, onChoose }: FileSideProps) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState("");
  const choose = (file: File) => {
    const fits = READABLE.some((ending) => file.name.toLowerCase().endsWith(ending));
    const size = Math.ceil(file.size / (1024 * 1024));
    const why = fits ? (size > LIMIT_MB ? t("compare.fileTooLarge", { size, limit: LIMIT_MB }) : "") : t("compare.fileWrongType");
    setProblem(why);
    turns += 1;
    if (!why) onChoose({ file, turn: turns });
  };
  if (chosen !== null) {
    return (
      <div className="z-compare-file">
        <Icon name="file" size={18} />
        <span>
          {chosen.file.name} <span className="z-quiet z-small">{formatSize(chosen.file.size)}</span>
        </span>
        <Button small onPress={() => onChoose(null)}>
          {t("compare.fileOther")}
        </Button>
      </div>
    );
  }
  return (
    <div className="z-stack">
      {problem && (
        <Banner tone="bad" live>
          {problem}
        </Banner>
      )}
      <FileDrop
        title={t("compare.fileDrop")}
        button={t("compare.fileChoose")}
        help={t("compare.fileHelp", { limit: LIMIT_MB })}
        accept={READABLE}
        onFile={choose}
        onUnreadable={() => setProblem(t("compare.fileUnreadable"))}
      />
    </div>
  );
}
