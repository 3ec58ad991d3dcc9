/** Whether what a person types here becomes a proposal: always for reviewers, by choice for those who may change the text. */

import { useState } from "react";
import type { Act } from "../api/acts";
import type { OpenDocument } from "../sync";

export interface Suggesting {
  readonly isOn: boolean;
  /** Typing is possible now. */
  readonly canType: boolean;
  /** Present for those who may also change the text itself. */
  readonly choose: ((isOn: boolean) => void) | null;
}

/** While one of these is shown nothing can be proposed. */
const CLOSED: ReadonlySet<string> = new Set(["set_aside", "reload_needed", "signed_out", "no_access", "broken"]);

export function useSuggesting(act: Act, { scope, status, isReady }: OpenDocument): Suggesting {
  const [isChosen, choose] = useState(false);
  const isDrafter = scope === "write";
  const isOn = scope === "suggest" || (isDrafter && isChosen && act.abilities.includes("suggest"));
  return { isOn, canType: isOn && isReady && !CLOSED.has(status.kind), choose: isDrafter ? choose : null };
}
