/** What happened in the approval, the newest first: who, about what, when. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useBodies } from "../api/people";
import { formatDateTime } from "../i18n/dates";
import type { Approval } from "./data";
import { useNameOf } from "./people";

type Moment = Approval["timeline"][number];
interface Names {
  body(code: string): string;
  person(user: string): string;
}

export function Timeline({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const nameOf = useNameOf();
  if (approval.timeline.length === 0) return null;
  const names = { body: bodies.shortOf, person: nameOf };
  return (
    <details className="z-moments">
      <summary>{t("approval.timeline", { count: approval.timeline.length })}</summary>
      <ol>
        {approval.timeline.map((moment) => (
          <li key={moment.seq}>
            <span>{sentenceFor(t, moment, approval, names)}</span>
            <span className="z-quiet z-small">
              {formatDateTime(moment.at)}, {nameOf(moment.actor)}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** The event in words; one that this version does not know is shown as it came. */
function sentenceFor(t: TFunction, { kind, payload }: Moment, approval: Approval, names: Names): string {
  const said = (name: string) => String(payload[name] ?? "");
  const { states, outcomes } = approval.labels;
  const [body, round, number] = [names.body(said("body")), said("round"), said("revision")];
  const outcome = outcomes[said("outcome")] ?? said("outcome");
  switch (kind) {
    case "approval.round_opened":
      return t("approval.moments.opened", { round, number });
    case "approval.round_ended":
      return t("approval.moments.ended", { round });
    case "approval.position":
      return t("approval.moments.position", { body, outcome, round });
    case "approval.silent":
      return t("approval.moments.silent", { body, round });
    case "approval.late":
      return t("approval.moments.late", { body, outcome });
    case "approval.moved":
      return t("approval.moments.moved", { state: states[said("state")] ?? said("state"), reason: said("reason") }).trim();
    case "approval.sealed":
      return t("approval.moments.sealed", { number });
    case "approval.visas_asked":
      return t("approval.moments.visas", { body, number });
    case "approval.visa":
      return t(said("result") === "objected" ? "approval.moments.objected" : "approval.moments.visa", { body, number });
    case "approval.signature":
      return t("approval.moments.signature", { body });
    default:
      return kind;
  }
}
