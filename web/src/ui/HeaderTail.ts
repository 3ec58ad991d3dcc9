import { createContext, type ReactNode } from "react";

/** What the frame puts at the end of a header that a page brings itself. */
export const HeaderTail = createContext<ReactNode>(null);
