/** Where the changes stand in the whole text, beside the scroll bar; for the mouse only, the list says the same. */
import type { ChangeKind, Row } from "./model";
import { marksOf } from "./model";

const LEAST = 0.004;

interface MinimapProps {
  rows: readonly Row[];
  hidden: ReadonlySet<ChangeKind>;
  onGo: (id: string) => void;
}

export function Minimap({ rows, hidden, onGo }: MinimapProps) {
  return (
    <div className="z-minimap" aria-hidden="true">
      {marksOf(rows, hidden, LEAST).map((mark) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list of changes is the way of the keyboard
        // biome-ignore lint/a11y/noStaticElementInteractions: as above
        <span key={mark.id} data-kind={mark.kind} style={{ insetBlockStart: `${mark.at * 100}%` }} onClick={() => onGo(mark.id)} />
      ))}
    </div>
  );
}
