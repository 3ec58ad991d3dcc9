/** Detached signatures of a position: the files as they came, and what has been checked of them. */
import { FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots";
import { addressOf } from "../api/client";
import { fieldSentence, sentenceOf } from "../api/problems";
import { formatDateTime } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Banner, Chip } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { type BodyRow, useAttachSignature } from "./data";

const MAX_BYTES = 1024 * 1024;

export function Signatures({ signatures }: { signatures: BodyRow["signatures"] }) {
  const { t } = useTranslation();
  const { act } = useActView();
  if (signatures.length === 0) return null;
  return (
    <ul className="z-signatures" aria-label={t("approval.signatures.title")}>
      {signatures.map((one) => (
        <li key={one.id}>
          <a href={addressOf("read_signature", { act_id: act.id, signature: one.id })} download={one.file_name}>
            {one.file_name}
          </a>
          <Chip tone={one.verification === "not_verified" ? "warn" : "info"} icon="alert">
            {one.verification === "not_verified" ? t("approval.signatures.notVerified") : one.verification}
          </Chip>
          <span className="z-small z-quiet">{formatDateTime(one.at)}</span>
        </li>
      ))}
    </ul>
  );
}

/** For whoever stated the position. */
export function AttachSignature({ round, body }: { round: number; body: string }) {
  const { t } = useTranslation();
  const { act } = useActView();
  const attach = useAttachSignature(act.id, round);
  const tooLarge = attach.variables && attach.variables.file.size > MAX_BYTES;
  const choose = (files: FileList | null) => {
    const file = files?.item(0);
    if (file) attach.mutate({ body, file }, { onSuccess: () => showToast(t("approval.signatures.added")) });
  };
  return (
    <div className="z-attach">
      <FileTrigger acceptedFileTypes={[".p7s", "application/pkcs7-signature"]} onSelect={choose}>
        <Button small icon="upload" isPending={attach.isPending}>
          {t("approval.signatures.add")}
        </Button>
      </FileTrigger>
      {attach.error && (
        <Banner tone="bad" live>
          {tooLarge ? t("approval.signatures.tooLarge") : (fieldSentence(attach.error, "file") ?? sentenceOf(attach.error))}
        </Banner>
      )}
    </div>
  );
}
