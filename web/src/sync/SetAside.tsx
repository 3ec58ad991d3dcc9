/** Changes that did not enter the shared text: their words, to copy, to download, to throw away when no longer needed. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useSyncSession } from "./hooks";
import type { Aside } from "./local";
import { asPlainText, ownWordsOnly, type UnsentUnit } from "./unsentText";
import "./sync.css";

/** A button that says how much was set aside, and opens it; nothing when nothing was. */
export function SetAsideButton({ asides }: { asides: readonly Aside[] }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  if (asides.length === 0 && !isOpen) {
    return null;
  }
  return (
    <>
      <Button icon="alert" small onPress={() => setIsOpen(true)}>
        {t("sync.aside.open", { count: asides.length })}
      </Button>
      <SetAside asides={asides} isOpen={isOpen && asides.length > 0} onClose={() => setIsOpen(false)} />
    </>
  );
}

interface SetAsideProps {
  asides: readonly Aside[];
  isOpen: boolean;
  onClose: () => void;
}

export function SetAside({ asides, isOpen, onClose }: SetAsideProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("sync.aside.title")} isOpen={isOpen} onClose={onClose} size="wide">
      <p>{t("sync.aside.lead")}</p>
      <ul className="z-asides">
        {asides.map((aside) => (
          <AsideCard key={aside.id} aside={aside} />
        ))}
      </ul>
    </Dialog>
  );
}

function AsideCard({ aside }: { aside: Aside }) {
  const { t, i18n } = useTranslation();
  const session = useSyncSession();
  const [isCopied, setIsCopied] = useState(false);
  const own = asPlainText(ownWordsOnly(aside.units)).replace(/[⟦⟧]/g, "");
  const copy = () => navigator.clipboard.writeText(own).then(() => setIsCopied(true), console.error);
  const discard = () => session.asides.remove(aside.id).catch(console.error);
  return (
    <li className="z-aside">
      <h3>{aside.title || t("sync.aside.untitled")}</h3>
      <p>
        {t(`sync.aside.${aside.reason}`)} {new Date(aside.at).toLocaleString(i18n.language)}
      </p>
      {own === "" && <p>{t("sync.aside.nothing")}</p>}
      {aside.units.map((unit, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list; block ids can repeat in it
        <UnsentText key={at} unit={unit} />
      ))}
      <div className="z-aside-actions">
        <Button icon="copy" small onPress={copy}>
          {isCopied ? t("sync.aside.copied") : t("sync.aside.copy")}
        </Button>
        <Button icon="download" small onPress={() => download(asPlainText(aside.units), `${t("sync.aside.file")}-${aside.id}.txt`)}>
          {t("sync.aside.download")}
        </Button>
        <Button icon="trash" small look="quiet" onPress={discard}>
          {t("sync.aside.discard")}
        </Button>
      </div>
    </li>
  );
}

function UnsentText({ unit }: { unit: UnsentUnit }) {
  const { t } = useTranslation();
  return (
    <>
      {unit.runs.length > 0 && (
        <blockquote>
          {unit.runs.map((run, at) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of pieces of one text
            run.isUnsent ? <ins key={at}>{run.text}</ins> : <span key={at}>{run.text}</span>,
          )}
        </blockquote>
      )}
      {unit.removed > 0 && <p>{t("sync.aside.removed", { count: unit.removed })}</p>}
      {unit.attributes.length > 0 && <p>{t("sync.aside.changed", { what: unit.attributes.join(", ") })}</p>}
    </>
  );
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
