import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

export const PHONE = "(width < 700px)";
export const NARROW = "(width < 1100px)";
/** Room for the contents, the text and a panel at once. */
export const WIDE = "(width >= 1240px)";
