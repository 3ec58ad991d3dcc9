/**
 * The contract between the page of an act and the features that stand around its text: panels, buttons of the header, notices.
 * A feature imports this file and never the page; `panels.ts` lists the features.
 */
import { type ComponentType, createContext, type LazyExoticComponent, type ReactNode, useContext } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { Act } from "../api/acts";
import type { EditorHandle } from "../editor";
import type { Person, Scope } from "../sync";
import type { IconName } from "../ui/icons";

export type ActDocument = Act["documents"][number];

/** In the order of their tabs. Titles are the texts `acts.panels.{id}`. */
export const PANEL_IDS = ["suggestions", "comments", "approval", "history", "about"] as const;
export type PanelId = (typeof PANEL_IDS)[number];

/** The one act in sight. It changes when something here changes, not with each keystroke or "saved". */
export interface ActView {
  readonly act: Act;
  readonly document: ActDocument;
  /** Another object after the copy here was given up (D8b). */
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** Who the server says we are; null before it said so. */
  readonly user: Person | null;
  readonly scope: Scope;
  /** The server answers: decisions can be claimed now. */
  readonly isOnline: boolean;
  /** Null until the text stands, and while another is being opened. */
  readonly editor: EditorHandle | null;
  readonly panel: PanelId | null;
  /** The record the panel is asked to bring forward; a new object each time somebody asks, also for the same record. */
  readonly focus: { readonly id: string } | null;
  /** Opens a panel, also from the text: `show("comments", "id of the comment")`. The address says so: `?panel=comments&at=…`. */
  show(panel: PanelId, focus?: string): void;
  hide(): void;
}

export interface Panel {
  readonly id: PanelId;
  readonly icon: IconName;
  /** `lazy(() => import("…"))`, without properties: it asks `useActView()`. It scrolls inside its own frame. */
  readonly component: LazyExoticComponent<ComponentType>;
  /** A hook: how many wait for this person; 0 shows nothing. */
  readonly useCount?: (view: ActView) => number;
  /** Left out where this says false. */
  readonly isFor?: (act: Act) => boolean;
}

/** A hook for one button of the header, on a phone one line of its menu; null where this person has nothing to do here. */
export type HeaderAction = (act: Act) => ActionShown | null;

export interface ActionShown {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** The next step of this person: at most one action of a page says so. */
  readonly isPrimary?: boolean;
  readonly href?: string;
  readonly onPress?: () => void;
  /** What the press opens, always mounted. */
  readonly dialog?: ReactNode;
}

/** A line between the header and the text ("Редакцію № 2 погоджує 5 органів, строк до …"); renders nothing where it has nothing to say. */
export type Notice = LazyExoticComponent<ComponentType>;

export const ActViewContext = createContext<ActView | null>(null);

/** The act in sight. Throws outside its page. */
export function useActView(): ActView {
  const view = useContext(ActViewContext);
  if (view === null) throw new Error("useActView needs the page of an act around it");
  return view;
}
