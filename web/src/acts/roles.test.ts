import { describe, expect, it } from "vitest";
import type { Act } from "../api/acts";
import type { Me } from "../api/session";
import { grantable } from "./roles";

const act = (abilities: Act["abilities"]): Act => ({
  id: "a",
  title: "Про внесення змін",
  kind: "postanova",
  stage: "draft",
  lead_body: "mvs",
  created_by: "u",
  created_at: 0,
  updated_at: 0,
  bodies: [
    { body: "mvs", part: "lead" },
    { body: "minjust", part: "co_developer" },
    { body: "minfin", part: "interested" },
    { body: "dsa", part: "reader" },
  ],
  abilities,
  scope: "write",
  documents: [],
  members: [],
  scheme: { id: "cabinet", hash: "", data: {} },
});

const me = (body: string, role: Me["role"]): Me => ({
  id: "u",
  name: "Оксана",
  position: "",
  body,
  email: "o@mvs.example",
  role,
  locale: "uk",
  demo: false,
  must_change_password: false,
  session: "s",
  abilities: [],
  shared_computer: false,
});

describe("roles that may be offered (D13)", () => {
  it("a lead offers every role at home, and invites others as drafter, reviewer or reader", () => {
    const led = act(["see_card", "grant", "invite"]);
    expect(grantable(led, me("mvs", ""), "mvs")).toEqual(["lead", "drafter", "reviewer", "signatory", "legal", "reader"]);
    expect(grantable(led, me("mvs", ""), "minfin")).toEqual(["drafter", "reviewer", "reader"]);
    expect(grantable(led, me("mvs", ""), "newcomer")).toEqual(["drafter", "reviewer", "reader"]);
  });

  it("a body's administrator gives its own people what the body's part allows", () => {
    const seen = act(["see_card", "grant"]);
    expect(grantable(seen, me("minfin", "body_admin"), "minfin")).toEqual(["reviewer", "signatory", "legal", "reader"]);
    expect(grantable(seen, me("dsa", "body_admin"), "dsa")).toEqual(["reader"]);
    expect(grantable(seen, me("mvs", "body_admin"), "mvs")).toContain("lead");
    expect(grantable(seen, me("minfin", "body_admin"), "mvs")).toEqual([]);
  });

  it("nobody else offers anything", () => {
    expect(grantable(act(["see_card", "read", "edit"]), me("mvs", ""), "mvs")).toEqual([]);
  });
});
