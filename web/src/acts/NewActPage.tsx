import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { KINDS, type Kind, useCreateAct } from "../api/acts";
import { fieldSentence, formSentence } from "../api/problems";
import { Button, LinkButton } from "../ui/Button";
import { RadioGroup, Select } from "../ui/Choice";
import { TextField } from "../ui/Field";
import { Banner } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";

export function NewActPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateAct();
  const [title, setTitle] = useState("");
  const [kind, setKind] = useState<Kind>("postanova");
  const [start, setStart] = useState<"skeleton" | "blank">("skeleton");
  const [isMissing, setMissing] = useState(false);
  useTitle(t("acts.new.title"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(title.trim() === "");
    if (title.trim() === "") return;
    create.mutate({ title, kind, skeleton: start === "skeleton" }, { onSuccess: (act) => void navigate(`/acts/${act.id}`) });
  };
  const problem = formSentence(create.error, ["title", "kind"]);
  return (
    <main id="main" tabIndex={-1} className="z-page" data-narrow="">
      <div className="z-page-head">
        <h1>{t("acts.new.title")}</h1>
        <LinkButton look="quiet" icon="upload" href="/acts/import">
          {t("acts.new.import")}
        </LinkButton>
      </div>
      <form className="z-panel" onSubmit={submit} noValidate>
        {problem && (
          <Banner tone="bad" live>
            {problem}
          </Banner>
        )}
        <TextField
          label={t("acts.new.name")}
          help={t("acts.new.nameHelp")}
          value={title}
          onChange={setTitle}
          maxLength={2000}
          multiline
          autoFocus
          isRequired
          error={isMissing ? t("acts.new.nameMissing") : fieldSentence(create.error, "title")}
        />
        <Select
          label={t("acts.new.kind")}
          value={kind}
          options={KINDS.map((id) => ({ id, label: t(`acts.kind.${id}`) }))}
          onChange={setKind}
          error={fieldSentence(create.error, "kind")}
        />
        <RadioGroup
          label={t("acts.new.start")}
          look="cards"
          value={start}
          options={[
            { id: "skeleton", label: t("acts.new.skeleton"), help: t("acts.new.skeletonHelp") },
            { id: "blank", label: t("acts.new.blank"), help: t("acts.new.blankHelp") },
          ]}
          onChange={setStart}
        />
        <div className="z-row">
          <Button type="submit" look="primary" isPending={create.isPending}>
            {t("acts.new.submit")}
          </Button>
          <LinkButton look="quiet" href="/acts">
            {t("ui.cancel")}
          </LinkButton>
        </div>
      </form>
    </main>
  );
}
