/** What stands around the text of an act, in this order. A feature joins by one line here and knows only `slots.ts`. */
import { lazy } from "react";
import { usePositionAction } from "../approval/action";
import { useAuthorsAction } from "../authorship/useAuthorsAction";
import { useOpenCount as useOpenThreads } from "../comments";
import { useCompareAction } from "../compare/action";
import { provideThread, useOpenCount } from "../suggestions/cards";
import type { HeaderAction, Notice, Panel } from "./slots";

provideThread(lazy(async () => ({ default: (await import("../comments/SuggestionThread")).SuggestionThread })));

export const PANELS: readonly Panel[] = [
  {
    id: "suggestions",
    icon: "suggestion",
    component: lazy(async () => ({ default: (await import("../suggestions/cards/Panel")).Panel })),
    useCount: useOpenCount,
  },
  {
    id: "comments",
    icon: "comment",
    component: lazy(async () => ({ default: (await import("../comments/Panel")).Panel })),
    useCount: useOpenThreads,
  },
  { id: "approval", icon: "stamp", component: lazy(async () => ({ default: (await import("../approval/ApprovalPanel")).ApprovalPanel })) },
  {
    id: "history",
    icon: "history",
    component: lazy(async () => ({ default: (await import("../history/HistoryPanel")).HistoryPanel })),
    isFor: (act) => act.abilities.includes("see_history"),
  },
  { id: "about", icon: "info", component: lazy(async () => ({ default: (await import("./AboutPanel")).AboutPanel })) },
];

/** Buttons of the header, before those of the page. */
export const ACTIONS: readonly HeaderAction[] = [usePositionAction, useCompareAction, useAuthorsAction];

/** Lines above the text. */
export const NOTICES: readonly { readonly id: string; readonly component: Notice }[] = [
  { id: "suggestions", component: lazy(async () => ({ default: (await import("../suggestions/cards/Keeper")).Keeper })) },
  { id: "comments", component: lazy(async () => ({ default: (await import("../comments/Keeper")).Keeper })) },
  { id: "authors", component: lazy(async () => ({ default: (await import("../authorship/Keeper")).Keeper })) },
  { id: "release", component: lazy(async () => ({ default: (await import("../suggestions/ReleaseNotice")).ReleaseNotice })) },
];
