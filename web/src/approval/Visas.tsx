/** Visas inside a body: who was asked, who said what, whose turn it is; asking, giving, objecting. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import type { Member } from "../api/acts";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { formatDateTime } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Checkbox, RadioGroup } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Banner, Chip } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { type Sheet, useAskVisas, useGiveVisa } from "./data";
import { useNameOf } from "./people";

/** Everybody on the sheet, in their order. */
export function VisaSheet({ sheet }: { sheet: Sheet }) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  return (
    <section className="z-visas" aria-label={t("approval.visas.of", { number: sheet.revision })}>
      <h4>{t("approval.visas.of", { number: sheet.revision })}</h4>
      <ol>
        {sheet.people.map((user) => {
          const given = sheet.visas.find((visa) => visa.user === user);
          return (
            <li key={user}>
              <span>{nameOf(user)}</span>
              {given && (
                <Chip tone={given.result === "agreed" ? "good" : "bad"} icon={given.result === "agreed" ? "check" : "close"}>
                  {t(`approval.visas.${given.result}`)}
                </Chip>
              )}
              {!given && (
                <Chip tone="silent" icon="clock">
                  {t(sheet.next.includes(user) ? "approval.visas.turn" : "approval.visas.later")}
                </Chip>
              )}
              {given && <span className="z-quiet z-small">{formatDateTime(given.at)}</span>}
              {given?.note && <p className="z-small z-wide-line">{given.note}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What somebody does whose visa is waited for now. */
export function GiveVisa({ sheet }: { sheet: Sheet }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const me = useMe();
  const give = useGiveVisa(act.id, sheet.revision);
  const [isObjecting, setObjecting] = useState(false);
  const [note, setNote] = useState("");
  if (!sheet.next.includes(me.id)) return null;
  const done = {
    onSuccess: () => {
      setObjecting(false);
      showToast(t("approval.visas.given"));
    },
    onError: (error: unknown) => showToast(sentenceOf(error), "bad"),
  };
  return (
    <section className="z-turn" aria-label={t("approval.visas.yours", { number: sheet.revision })}>
      <p>{t("approval.visas.yours", { number: sheet.revision })}</p>
      <div className="z-row">
        <Button look="primary" icon="check" isPending={give.isPending} onPress={() => give.mutate({ result: "agreed" }, done)}>
          {t("approval.visas.give")}
        </Button>
        <Button icon="close" onPress={() => setObjecting(true)}>
          {t("approval.visas.object")}
        </Button>
      </div>
      <Dialog
        title={t("approval.visas.object")}
        isOpen={isObjecting}
        onClose={() => setObjecting(false)}
        foot={
          <>
            <Button look="quiet" onPress={() => setObjecting(false)}>
              {t("ui.cancel")}
            </Button>
            <Button
              look="primary"
              isPending={give.isPending}
              isDisabled={note.trim() === ""}
              onPress={() => give.mutate({ result: "objected", note: note.trim() }, done)}
            >
              {t("approval.visas.sendObjection")}
            </Button>
          </>
        }
      >
        <div className="z-stack">
          <p>{t("approval.visas.objectionText")}</p>
          <TextField label={t("approval.visas.why")} value={note} onChange={setNote} maxLength={8000} multiline isRequired autoFocus />
        </div>
      </Dialog>
    </section>
  );
}

interface AskVisasProps {
  revision: number;
  sheet: Sheet | null;
  /** The act moves to its internal visas with this. */
  starts: boolean;
}

/** The button with which a signatory, or the lead, asks people of their own body. */
export function AskVisas({ revision, sheet, starts }: AskVisasProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button small icon="people" onPress={() => setOpen(true)}>
        {t(sheet ? "approval.visas.askAnew" : "approval.visas.ask")}
      </Button>
      {isOpen && <AskDialog revision={revision} sheet={sheet} starts={starts} onClose={() => setOpen(false)} />}
    </>
  );
}

function AskDialog({ revision, sheet, starts, onClose }: AskVisasProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const me = useMe();
  const ask = useAskVisas(act.id);
  const [order, setOrder] = useState<"parallel" | "sequential">(sheet?.order ?? "parallel");
  const [people, setPeople] = useState<readonly string[]>(sheet?.people ?? []);
  const candidates = act.members.filter((member) => member.body === me.body && !member.disabled && mayGive(member));
  const toggle = (user: string, isChosen: boolean) => setPeople(isChosen ? [...people, user] : people.filter((each) => each !== user));
  const send = () =>
    ask.mutate(
      { revision, order, people, starts },
      {
        onSuccess: () => {
          showToast(t("approval.visas.asked", { count: people.length }));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={t("approval.visas.ask")}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onPress={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button look="primary" icon="send" onPress={send} isPending={ask.isPending} isDisabled={people.length === 0}>
            {t("approval.visas.sendAsk")}
          </Button>
        </>
      }
    >
      <div className="z-stack">
        <p>{t("approval.visas.askText", { number: revision })}</p>
        {sheet && <Banner tone="warn">{t("approval.visas.replaces")}</Banner>}
        {ask.error && <Banner tone="bad">{sentenceOf(ask.error)}</Banner>}
        {candidates.length === 0 && <Banner tone="warn">{t("approval.visas.nobody")}</Banner>}
        <fieldset className="z-choices">
          <legend>{t("approval.visas.whom")}</legend>
          {candidates.map(({ user, name, position }) => (
            <Checkbox key={user} isSelected={people.includes(user)} onChange={(isChosen) => toggle(user, isChosen)}>
              {order === "sequential" && people.includes(user) ? `${people.indexOf(user) + 1}. ${name}` : name}{" "}
              <span className="z-quiet z-small">{position}</span>
            </Checkbox>
          ))}
        </fieldset>
        <RadioGroup
          label={t("approval.visas.order")}
          value={order}
          options={[
            { id: "parallel", label: t("approval.visas.parallel") },
            { id: "sequential", label: t("approval.visas.sequential") },
          ]}
          onChange={setOrder}
        />
      </div>
    </Dialog>
  );
}

/** Readers give no visas. */
function mayGive(member: Member): boolean {
  return member.roles.some((role) => role !== "reader");
}
