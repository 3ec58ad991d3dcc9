/** What stands over the page by command: one place to ask for it, one component that shows it. */
export type Shown = "palette" | "shortcuts" | null;

let show: (shown: Shown) => void = () => undefined;

export function onShow(listener: (shown: Shown) => void): () => void {
  show = listener;
  return () => {
    show = () => undefined;
  };
}

export const openPalette = () => show("palette");
export const openShortcuts = () => show("shortcuts");
