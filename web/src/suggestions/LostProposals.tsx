/** Words that became no proposal, with the reason: kept here until the person has done something about them (P10). */

import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import type { Problem } from "./core/index.ts";
import type { Proposal } from "./core/record.ts";
import { type Lost, useRecords, useSuggestions } from "./records.ts";

/** An edit that no proposal can say. */
export interface TakenBack {
  readonly reason: Problem;
  readonly text: string;
}

export function LostProposals({ takenBack, onSeen }: { takenBack: readonly TakenBack[]; onSeen: () => void }) {
  const { t } = useTranslation();
  const records = useRecords();
  const { lost } = useSuggestions();
  if (lost.length + takenBack.length === 0) return null;
  const shown = [
    ...takenBack.map(({ reason, text }) => ({ text, reason: t(`review.problem.${reason}`) })),
    ...lost.map((one) => ({ text: wordsOf(one.record), reason: reasonOf(one, t) })),
  ];
  return (
    <section className="act-notices z-lost" aria-label={t("review.lost.title")} aria-live="polite">
      <h3>{t("review.lost.title")}</h3>
      <p>{t("review.lost.text")}</p>
      {shown.map(({ text, reason }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and goes as a whole
        <article key={index}>
          <p>{reason}</p>
          {text !== "" && <blockquote>{text}</blockquote>}
          {text !== "" && (
            <Button small icon="copy" onPress={() => void navigator.clipboard.writeText(text)}>
              {t("review.lost.copy")}
            </Button>
          )}
        </article>
      ))}
      <Button
        small
        look="quiet"
        onPress={() => {
          records.seen();
          onSeen();
        }}
      >
        {t("review.lost.seen")}
      </Button>
    </section>
  );
}

function reasonOf({ reason }: Lost, t: TFunction): string {
  return reason === "changed" || reason === "decided" || reason === "outdated" ? t(`review.lost.${reason}`) : reason;
}

/** The words a proposal brings; where it brings none, those it is about. */
export function wordsOf({ kind, change }: Proposal): string {
  const pieces = (list: readonly { readonly t: string }[]) => list.map(({ t }) => t).join("");
  switch (kind) {
    case "text":
      return pieces(change.insert) || change.quote;
    case "unit_insert":
      return change.blocks.map((block) => pieces(block.runs ?? (block.children ?? []).flatMap(cellsOf))).join("\n");
    case "row_insert":
    case "column_insert":
      return change.cells.map(pieces).join(" | ");
    case "split":
      return `${change.before}¶${change.after}`;
    default:
      return change.quote;
  }
}

type Block = Extract<Proposal, { kind: "unit_insert" }>["change"]["blocks"][number];

function cellsOf(block: Block): readonly { readonly t: string }[] {
  return block.runs ?? (block.children ?? []).flatMap(cellsOf);
}
