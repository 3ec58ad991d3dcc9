import type { TFunction } from "i18next";
import type { Me } from "../api/session";

export const GLOBAL_ROLES = ["", "body_admin", "admin", "auditor"] as const satisfies readonly Me["role"][];

export function roleWord(t: TFunction, role: Me["role"]): string {
  return t(`people.globalRole.${role === "" ? "none" : role}`);
}

/** "Chrome, Windows": enough of a user agent to know one's own device. */
export function deviceName(userAgent: string): string | null {
  const browser = /Edg\//.test(userAgent)
    ? "Edge"
    : /OPR\//.test(userAgent)
      ? "Opera"
      : /Firefox\//.test(userAgent)
        ? "Firefox"
        : /Chrome\//.test(userAgent)
          ? "Chrome"
          : /Safari\//.test(userAgent)
            ? "Safari"
            : null;
  const system = /Android/.test(userAgent)
    ? "Android"
    : /iPhone|iPad/.test(userAgent)
      ? "iOS"
      : /Windows/.test(userAgent)
        ? "Windows"
        : /Mac OS X/.test(userAgent)
          ? "macOS"
          : /Linux/.test(userAgent)
            ? "Linux"
            : null;
  return [browser, system].filter(Boolean).join(", ") || null;
}
