import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { KINDS } from "../api/acts";
import { upload } from "../api/client";
import { LIMIT_MB, READABLE } from "../api/files";
import { fieldSentence, formSentence } from "../api/problems";
import { formatSize } from "../i18n/numbers";
import { Button, LinkButton } from "../ui/Button";
import { RadioGroup, Select } from "../ui/Choice";
import { TextField } from "../ui/Field";
import { FileDrop } from "../ui/FileDrop";
import { Icon } from "../ui/icons";
import { Banner, Progress } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import { ImportDone, type Imported } from "./ImportDone";

type Numbering = "keep" | "automatic";

const MB = 1024 * 1024;

export function ImportPage() {
  const { t } = useTranslation();
  const [imported, setImported] = useState<Imported | null>(null);
  useTitle(t("acts.importing.title"));
  return (
    <main id="main" tabIndex={-1} className="z-page" data-narrow="">
      <div className="z-page-head">
        <div>
          <h1>{t("acts.importing.title")}</h1>
          {!imported && <p>{t("acts.importing.intro")}</p>}
        </div>
      </div>
      {imported ? <ImportDone imported={imported} /> : <ImportForm onDone={setImported} />}
    </main>
  );
}

function useFile() {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState("");
  const choose = (chosen: File) => {
    const fits = READABLE.some((ending) => chosen.name.toLowerCase().endsWith(ending));
    const size = Math.ceil(chosen.size / MB);
    const why = !fits ? t("acts.importing.wrongType") : size > LIMIT_MB ? t("acts.importing.tooLarge", { size, limit: LIMIT_MB }) : "";
    setProblem(why);
    setFile(why ? null : chosen);
  };
  const unreadable = () => setProblem(t("acts.importing.unreadable"));
  return { file, problem, choose, unreadable, clear: () => setFile(null) };
}

function useImport(onDone: (imported: Imported) => void) {
  const queries = useQueryClient();
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const send = async (fields: Readonly<Record<string, string | File>>) => {
    setError(null);
    setShare(0);
    try {
      const imported = await upload("import_act", { fields, onProgress: setShare });
      await queries.invalidateQueries({ queryKey: ["acts"] });
      onDone(imported);
    } catch (failure) {
      setError(failure);
    } finally {
      setShare(null);
    }
  };
  return { share, error, send };
}

function ImportForm({ onDone }: { onDone: (imported: Imported) => void }) {
  const { t } = useTranslation();
  const { file, problem, choose, unreadable, clear } = useFile();
  const { share, error, send } = useImport(onDone);
  const [title, setTitle] = useState("");
  const [kind, setKind] = useState("");
  const [numbering, setNumbering] = useState<Numbering>("keep");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) void send({ file, numbering, ...(title && { title }), ...(kind && { kind }) });
  };
  const told = problem || fieldSentence(error, "file") || formSentence(error, ["title", "kind", "file"]);
  return (
    <form className="z-panel" onSubmit={submit} noValidate>
      {told && (
        <Banner tone="bad" live>
          {told}
        </Banner>
      )}
      {file ? <ChosenFile file={file} onClear={clear} isBusy={share !== null} /> : <ImportDrop onFile={choose} onUnreadable={unreadable} />}
      <TextField
        label={t("acts.importing.titleField")}
        help={t("acts.importing.titleHelp")}
        value={title}
        onChange={setTitle}
        maxLength={2000}
        error={fieldSentence(error, "title")}
      />
      <Select
        label={t("acts.importing.kindField")}
        value={kind}
        options={[
          { id: "", label: t("acts.importing.kindAuto") },
          ...KINDS.map((id) => ({ id: id as string, label: t(`acts.kind.${id}`) })),
        ]}
        onChange={setKind}
        error={fieldSentence(error, "kind")}
      />
      <RadioGroup
        label={t("acts.importing.numbering")}
        look="cards"
        value={numbering}
        options={[
          { id: "keep", label: t("acts.importing.keepNumbers"), help: t("acts.importing.keepNumbersHelp") },
          { id: "automatic", label: t("acts.importing.automaticNumbers"), help: t("acts.importing.automaticNumbersHelp") },
        ]}
        onChange={setNumbering}
      />
      {share !== null && <Sending share={share} />}
      <div className="z-row">
        <Button type="submit" look="primary" icon="upload" isDisabled={!file} isPending={share !== null}>
          {t("acts.importing.submit")}
        </Button>
        <LinkButton look="quiet" href="/acts">
          {t("ui.cancel")}
        </LinkButton>
      </div>
    </form>
  );
}

function ImportDrop({ onFile, onUnreadable }: { onFile: (file: File) => void; onUnreadable: () => void }) {
  const { t } = useTranslation();
  return (
    <FileDrop
      title={t("acts.importing.drop")}
      button={t("acts.importing.choose")}
      help={t("acts.importing.types", { size: LIMIT_MB })}
      accept={READABLE}
      onFile={onFile}
      onUnreadable={onUnreadable}
    />
  );
}

function Sending({ share }: { share: number }) {
  const { t } = useTranslation();
  return (
    <div className="z-stack" role="status">
      <Progress label={t("acts.importing.progress")} value={share} />
      {share === 1 && <span>{t("acts.importing.reading")}</span>}
    </div>
  );
}

function ChosenFile({ file, onClear, isBusy }: { file: File; onClear: () => void; isBusy: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="z-secret">
      <Icon name="file" size={24} />
      <span className="z-grow">
        <span className="z-person-name">{file.name}</span>
        <span className="z-person-note">{formatSize(file.size)}</span>
      </span>
      <Button small onPress={onClear} isDisabled={isBusy}>
        {t("acts.importing.change")}
      </Button>
    </div>
  );
}
