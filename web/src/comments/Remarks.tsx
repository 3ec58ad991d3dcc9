/** The formal remarks of the bodies, and the lead's answers to them. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { formatDateTime } from "../i18n/dates.ts";
import { Button } from "../ui/Button.tsx";
import { RadioGroup, Select } from "../ui/Choice.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/Field.tsx";
import { Chip, Empty, type Tone } from "../ui/Pieces.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { answerOf, RESULTS, type Remark, type Result } from "./model.ts";
import { useComments, useCommentsState, useNames, useRights } from "./use.ts";

type Answered = Result | "none" | "";

export function Remarks() {
  const { t } = useTranslation();
  const { remarks } = useCommentsState();
  const names = useNames();
  const [body, setBody] = useState("");
  const [answer, setAnswer] = useState<Answered>("");
  const shown = remarks.filter(
    (one) => (body === "" || one.body === body) && (answer === "" || (answerOf(one)?.result ?? "none") === answer),
  );
  if (remarks.length === 0) return <Empty icon="stamp" title={t("comments.remark.none")} text={t("comments.remark.noneHelp")} />;
  const bodies = [...new Set(remarks.map((one) => one.body))].map((code) => ({ id: code, label: names.body(code) }));
  const answers = (["none", ...RESULTS] as const).map((id) => ({ id: id as Answered, label: t(`comments.result.${id}`) }));
  return (
    <div className="cmt-list">
      <div className="cmt-filters">
        <Select
          hideLabel
          label={t("comments.remark.body")}
          value={body}
          onChange={setBody}
          options={[{ id: "", label: t("comments.remark.anyBody") }, ...bodies]}
        />
        <Select<Answered>
          hideLabel
          label={t("comments.remark.answer")}
          value={answer}
          onChange={setAnswer}
          options={[{ id: "", label: t("comments.remark.anyAnswer") }, ...answers]}
        />
      </div>
      {shown.length === 0 && <p className="cmt-note">{t("comments.remark.noneSo")}</p>}
      {shown.map((one) => (
        <RemarkCard key={one.id} remark={one} />
      ))}
    </div>
  );
}

const TONES: Readonly<Record<Result, Tone>> = { accepted: "good", partly: "warn", declined: "bad" };

function RemarkCard({ remark }: { remark: Remark }) {
  const { t } = useTranslation();
  const names = useNames();
  const { editor, isOnline } = useActView();
  const { mayAnswer } = useRights();
  const [isAnswering, setAnswering] = useState(false);
  const answer = answerOf(remark);
  const earlier = remark.answers.slice(0, -1);
  const place = names.place(remark.bid);
  return (
    <article className="cmt-card" data-hue={names.hue(remark.body)} aria-label={t("comments.remark.number", { number: remark.number })}>
      <header className="cmt-who">
        <span className="cmt-person">
          <b>{t("comments.remark.of", { number: remark.number, body: names.body(remark.body) })}</b>
          <small>{names.person(remark.author, remark.body)}</small>
        </span>
        <time dateTime={new Date(remark.at).toISOString()}>{formatDateTime(remark.at)}</time>
      </header>
      {remark.bid !== "" && (
        <Button small look="link" onPress={() => editor?.goTo(remark.bid)}>
          {place === "" ? t("comments.remark.toPlace") : place}
        </Button>
      )}
      {remark.text !== "" && <p className="cmt-plain">{remark.text}</p>}
      {remark.proposed !== "" && (
        <p className="cmt-plain">
          <b>{t("comments.remark.wording")}</b> {remark.proposed}
        </p>
      )}
      {remark.change !== null && <p className="cmt-note">{t("comments.remark.onSuggestion")}</p>}
      {answer !== null && (
        <div className="cmt-answer">
          <Chip tone={TONES[answer.result]}>{t(`comments.result.${answer.result}`)}</Chip>
          <p className="cmt-plain">{answer.reason}</p>
          <small className="cmt-note">
            {names.person(answer.who, answer.body)}, {formatDateTime(answer.at)}
          </small>
          {earlier.length > 0 && <small className="cmt-note">{t("comments.remark.earlier", { count: earlier.length })}</small>}
        </div>
      )}
      {answer === null && (
        <Chip tone="silent" icon="clock">
          {t("comments.result.none")}
        </Chip>
      )}
      {mayAnswer && (
        <Button small isDisabled={!isOnline} onPress={() => setAnswering(true)}>
          {t(answer === null ? "comments.remark.toAnswer" : "comments.remark.answerAnew")}
        </Button>
      )}
      {isAnswering && <Answering remark={remark} onClose={() => setAnswering(false)} />}
    </article>
  );
}

function Answering({ remark, onClose }: { remark: Remark; onClose: () => void }) {
  const { t } = useTranslation();
  const store = useComments();
  const [result, setResult] = useState<Result>("accepted");
  const [reason, setReason] = useState("");
  const [isPending, setPending] = useState(false);
  const send = async () => {
    setPending(true);
    const failed = await store?.answer(remark.id, result, reason.trim());
    setPending(false);
    if (failed) showToast(failed, "warn");
    else onClose();
  };
  return (
    <Dialog
      title={t("comments.remark.answering", { number: remark.number })}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t("comments.cancel")}</Button>
          <Button look="primary" isPending={isPending} isDisabled={reason.trim() === ""} onPress={() => void send()}>
            {t("comments.remark.sendAnswer")}
          </Button>
        </>
      }
    >
      <RadioGroup<Result>
        label={t("comments.remark.result")}
        value={result}
        onChange={setResult}
        options={RESULTS.map((id) => ({ id, label: t(`comments.result.${id}`) }))}
      />
      <TextField
        multiline
        isRequired
        label={t("comments.remark.reason")}
        help={t("comments.remark.reasonHelp")}
        value={reason}
        onChange={setReason}
        maxLength={10_000}
      />
    </Dialog>
  );
}
