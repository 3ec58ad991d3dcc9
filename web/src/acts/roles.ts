/** Which roles and parts a person may offer. The server decides (access/policy.py); this only keeps what it would refuse out of the menus. */
import type { Act, Part, Role } from "../api/acts";
import type { Me } from "../api/session";

const ALLOWED: Record<Part, readonly Role[]> = {
  lead: ["lead", "drafter", "reviewer", "signatory", "legal", "reader"],
  co_developer: ["drafter", "reviewer", "signatory", "legal", "reader"],
  interested: ["reviewer", "signatory", "legal", "reader"],
  reader: ["reader"],
};
const BODY_ADMIN_GIVES: readonly Role[] = ["reviewer", "signatory", "legal", "reader"];
const LEAD_INVITES: readonly Role[] = ["drafter", "reviewer", "reader"];

export function partOf(act: Act, body: string): Part | null {
  if (body === act.lead_body) return "lead";
  return act.bodies.find((each) => each.body === body)?.part ?? null;
}

/** The roles that `me` may give to somebody of this body, strongest first. */
export function grantable(act: Act, me: Me, body: string): readonly Role[] {
  if (!act.abilities.includes("grant")) return [];
  const part = partOf(act, body);
  const leads = act.abilities.includes("invite");
  if (leads && part === "lead") return ALLOWED.lead;
  const own = me.role === "body_admin" && me.body === body && part !== null;
  const byBody = own ? (part === "lead" ? ALLOWED.lead : BODY_ADMIN_GIVES.filter((role) => ALLOWED[part].includes(role))) : [];
  const byLead = leads ? LEAD_INVITES : [];
  return ALLOWED.lead.filter((role) => byBody.includes(role) || byLead.includes(role));
}

/** The caller's own roles on the act. */
export function rolesOfMe(act: Act, me: Me): readonly Role[] {
  return act.members.find((member) => member.user === me.id)?.roles ?? [];
}
