import { useTranslation } from "react-i18next";
import type { Act } from "../api/acts";
import { useBodies } from "../api/people";
import { useMe } from "../api/session";
import { kindWord, stageWord } from "../api/words";
import { formatDateTime } from "../i18n/dates";
import { rolesOfMe } from "./roles";

export function Details({ act }: { act: Act }) {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const creator = act.members.find((member) => member.user === act.created_by);
  const roles = rolesOfMe(act, me).map((role) => t(`acts.role.${role}`));
  const rows: readonly [string, string][] = [
    [t("acts.details.kind"), kindWord(t, act.kind, "full")],
    [t("acts.details.stage"), stageWord(t, act.stage)],
    [t("acts.details.lead"), bodies.nameOf(act.lead_body)],
    [t("acts.details.yourRole"), roles.join(", ") || t("ui.none")],
    [t("acts.details.created"), formatDateTime(act.created_at)],
    ...(creator ? [[t("acts.details.by"), creator.name] as [string, string]] : []),
    [t("acts.details.changed"), formatDateTime(act.updated_at)],
  ];
  return (
    <dl className="z-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
