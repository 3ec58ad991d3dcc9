/** The pages there are, and who sees their links. */
import type { Me } from "../api/session";
import type { IconName } from "../ui/icons";

export interface Page {
  readonly name: "home" | "acts" | "waiting" | "new" | "import" | "people" | "bodies" | "audit" | "operator" | "deputies" | "profile";
  readonly href: string;
  readonly icon: IconName;
  /** In the bar above, not only in menus. */
  readonly isMain: boolean;
}

export function pagesOf(me: Me): Page[] {
  const administers = me.role === "admin" || me.role === "body_admin";
  const makes = me.abilities.includes("create_act");
  const pages: (Page | false)[] = [
    { name: "home", href: "/", icon: "home", isMain: true },
    { name: "acts", href: "/acts", icon: "acts", isMain: true },
    makes && { name: "new", href: "/acts/new", icon: "plus", isMain: false },
    makes && { name: "import", href: "/acts/import", icon: "upload", isMain: false },
    administers && { name: "people", href: "/people", icon: "people", isMain: true },
    { name: "bodies", href: "/bodies", icon: "body", isMain: administers },
    me.role === "auditor" && { name: "audit", href: "/audit", icon: "shield", isMain: true },
    me.role === "admin" && { name: "operator", href: "/operator", icon: "device", isMain: true },
    { name: "deputies", href: "/deputies", icon: "stamp", isMain: false },
    { name: "profile", href: "/profile", icon: "person", isMain: false },
  ];
  return pages.filter((page) => page !== false);
}

export function isAt(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
