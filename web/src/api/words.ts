/** The words for values that the server names in English. A value this version does not know is shown as it came. */
import type { TFunction } from "i18next";
import { uk } from "../i18n/texts";
import type { IconName } from "../ui/icons";
import type { Tone } from "../ui/Pieces";

const { kind: KIND, kindShort: KIND_SHORT, stage: STAGE, page: PAGE } = uk.acts;

const has = <T extends object>(words: T, key: string): key is string & keyof T => Object.hasOwn(words, key);

export function kindWord(t: TFunction, kind: string, form: "full" | "short" = "short"): string {
  if (form === "full") return has(KIND, kind) ? t(`acts.kind.${kind}`) : kind;
  return has(KIND_SHORT, kind) ? t(`acts.kindShort.${kind}`) : kind;
}

export function stageWord(t: TFunction, stage: string): string {
  return has(STAGE, stage) ? t(`acts.stage.${stage}`) : stage;
}

type Look = { readonly tone: Tone; readonly icon: IconName };

const WORKED_ON: Look = { tone: "info", icon: "pencil" };
const ASKED: Look = { tone: "warn", icon: "clock" };
const AGREED: Look = { tone: "good", icon: "check" };

/** The stages in the order an act goes through them, as `schema/policies` names them. */
const STAGE_LOOKS: Readonly<Record<string, Look>> = {
  draft: WORKED_ON,
  internal_visa: ASKED,
  approval: ASKED,
  reconciliation: ASKED,
  legal_review: ASKED,
  returned: { tone: "bad", icon: "refresh" },
  ready: AGREED,
  emergency: { tone: "bad", icon: "alert" },
  submitted: { tone: "info", icon: "send" },
  committee: ASKED,
  adopted: AGREED,
  signed: { tone: "good", icon: "lock" },
  published: { tone: "good", icon: "globe" },
  withdrawn: { tone: "silent", icon: "close" },
};

export const STAGES: readonly string[] = Object.keys(STAGE_LOOKS);

export function stageLook(stage: string): Look {
  return STAGE_LOOKS[stage] ?? { tone: "silent", icon: "info" };
}

/** The name of a document of an act; the empty part is its main text. */
export function documentWord(t: TFunction, part: string): string {
  if (part === "") return t("acts.page.text");
  return has(PAGE.part, part) ? t(`acts.page.part.${part}`) : part;
}
