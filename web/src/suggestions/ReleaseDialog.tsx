/** What the own body shows to everyone in the act: looked through once more, all or some of it. */

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { Button } from "../ui/Button";
import { Checkbox } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { Banner } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { wordsOf } from "./LostProposals.tsx";
import { proposalOf, type Suggestion, useRecords, useSuggestions } from "./records.ts";

interface ReleaseDialogProps {
  act: Act;
  waiting: readonly Suggestion[];
  isOpen: boolean;
  onClose: () => void;
}

const LONGEST = 160;

export function ReleaseDialog({ act, waiting, isOpen, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const { sending } = useSuggestions();
  const { left, toggle, send, isSending, problem } = useReleasing(waiting, onClose);
  const chosen = waiting.length - left.size;
  const authors = useMemo(() => new Map(act.members.map(({ user, name }) => [user, name])), [act]);
  return (
    <Dialog
      title={t("review.release.title")}
      isOpen={isOpen}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t("ui.cancel")}</Button>
          <Button look="primary" icon="send" isDisabled={chosen === 0 || sending.unsent > 0} isPending={isSending} onPress={send}>
            {t("review.release.button", { count: chosen })}
          </Button>
        </>
      }
    >
      <p>{t("review.release.text")}</p>
      {problem !== null && <Banner tone="bad">{problem}</Banner>}
      {sending.unsent > 0 && <Banner tone="warn">{t("review.release.wait")}</Banner>}
      <ul className="z-release">
        {waiting.map((record) => (
          <li key={record.id}>
            <Checkbox isSelected={!left.has(record.id)} onChange={() => toggle(record.id)}>
              <span>
                <span className="z-release-what">
                  {t(`review.kinds.${proposalOf(record).kind}`)} · {authors.get(record.author) ?? record.body}
                </span>
                <span className="z-release-words">{excerpt(record)}</span>
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function excerpt(record: Suggestion): string {
  const words = [...wordsOf(proposalOf(record))];
  return words.length > LONGEST ? `${words.slice(0, LONGEST).join("")}…` : words.join("");
}

function useReleasing(waiting: readonly Suggestion[], onDone: () => void) {
  const { t } = useTranslation();
  const records = useRecords();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const toggle = (id: string) =>
    setLeft((before) => {
      const now = new Set(before);
      if (!now.delete(id)) now.add(id);
      return now;
    });
  const send = async () => {
    setSending(true);
    setProblem(null);
    let count = 0;
    for (const { id, version } of waiting.filter((record) => !left.has(record.id))) {
      const outcome = await records.ask("release", id, version);
      if (outcome.ok) count++;
      else setProblem(outcome.sentence);
    }
    setSending(false);
    if (count > 0) showToast(t("review.release.done", { count }));
    if (count === waiting.length - left.size) onDone();
  };
  return { left, toggle, send: () => void send(), isSending, problem };
}
