/** Words with what was taken away and added, in the office's convention: readable in black and white and by ear. */
import { useTranslation } from "react-i18next";
import type { Word } from "./model";

export function Words({ words }: { words: readonly Word[] }) {
  const { t } = useTranslation();
  return (
    <>
      {words.map(([sign, text], index) => {
        const key = index; // the words of one comparison never change their order
        if (sign === "=") return <span key={key}>{inCells(text)}</span>;
        const said = t(sign === "-" ? "compare.removed" : "compare.added");
        return sign === "-" ? (
          <del key={key}>
            <span className="z-said">{said} </span>
            {inCells(text)}
          </del>
        ) : (
          <ins key={key}>
            <span className="z-said">{said} </span>
            {inCells(text)}
          </ins>
        );
      })}
    </>
  );
}

/** Text of a table row: its cells are joined by a tab, which is drawn as the line between them. */
function inCells(text: string) {
  if (!text.includes("\t")) return text;
  return text.split("\t").map((cell, index) => {
    const key = index; // cells of one text never change their order
    return (
      <span key={key}>
        {index > 0 && <span className="z-cell-edge">{"\t"}</span>}
        {cell}
      </span>
    );
  });
}
