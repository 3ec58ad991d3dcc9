import { Link } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type Act, useAddDocument } from "../api/acts";
import { sentenceOf } from "../api/problems";
import { documentWord } from "../api/words";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import { showToast } from "../ui/Toasts";

/** The papers of the act: its text, and what goes with it. */
export function Documents({ act, part }: { act: Act; part: string }) {
  const { t } = useTranslation();
  const add = useAddDocument(act.id);
  const hasNote = act.documents.some((document) => document.part === "note");
  return (
    <section className="z-documents">
      <h2>{t("acts.page.documents")}</h2>
      <ul>
        {act.documents.map((document) => (
          <li key={document.id}>
            <Link
              className="z-document"
              href={document.part ? `/acts/${act.id}/${document.part}` : `/acts/${act.id}`}
              {...(document.part === part && { "aria-current": "page" as const })}
            >
              <Icon name={document.part ? "file" : "book"} size={18} />
              {documentWord(t, document.part)}
            </Link>
          </li>
        ))}
      </ul>
      {!hasNote && act.abilities.includes("edit") && (
        <Button
          look="quiet"
          small
          icon="plus"
          isPending={add.isPending}
          onPress={() => add.mutate("note", { onError: (error) => showToast(sentenceOf(error), "bad") })}
        >
          {t("acts.page.addNote")}
        </Button>
      )}
    </section>
  );
}
