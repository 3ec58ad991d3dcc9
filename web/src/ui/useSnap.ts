import { type CSSProperties, type PointerEvent, useRef, useState } from "react";

/** Pulled further than this, in CSS pixels, a sheet goes to its next place: full, half, away. */
const FAR = 60;

interface Snap {
  readonly isFull: boolean;
  toggle(): void;
  /** `--z-pulled`: how far below its place a finger holds it. */
  readonly style: CSSProperties;
  /** For the part that can be pulled. */
  readonly handlers: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerUp(event: PointerEvent): void;
    onPointerCancel(): void;
  };
}

/** A sheet from below that snaps to half and to full when pulled, and is put away when pulled down from half. */
export function useSnap(onClose: () => void): Snap {
  const [isFull, setFull] = useState(false);
  const [pulled, setPulled] = useState(0);
  const from = useRef<number | null>(null);
  const drop = (by: number) => {
    if (from.current === null) return;
    from.current = null;
    setPulled(0);
    if (by < -FAR) setFull(true);
    else if (by > FAR && isFull) setFull(false);
    else if (by > FAR) onClose();
  };
  return {
    isFull,
    toggle: () => setFull(!isFull),
    style: { "--z-pulled": `${pulled}px` } as CSSProperties,
    handlers: {
      onPointerDown: (event) => {
        if (event.pointerType === "touch") from.current = event.clientY;
      },
      onPointerMove: (event) => {
        if (from.current !== null) setPulled(event.clientY - from.current);
      },
      onPointerUp: (event) => drop(event.clientY - (from.current ?? event.clientY)),
      onPointerCancel: () => drop(0),
    },
  };
}
