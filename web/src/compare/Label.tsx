/** The number of a unit: a short one hangs in the margin, a name such as "Стаття 1067." opens the text. */
import { labelOf, type Row } from "./model";

export function isName(label: string): boolean {
  return /\p{L}{3}/u.test(label);
}

/** The number as it was and is; nothing where there is none. */
export function Label({ row }: { row: Row }) {
  const [from, to] = [labelOf(row.left), labelOf(row.right)];
  if (from === to || row.left === null || row.right === null) {
    const label = to || from;
    if (!label) return null;
    return row.right === null ? <del>{label}</del> : row.left === null ? <ins>{label}</ins> : label;
  }
  return (
    <>
      {from && <del>{from}</del>} {to && <ins>{to}</ins>}
    </>
  );
}

export function hasName(row: Row): boolean {
  return isName(labelOf(row.left)) || isName(labelOf(row.right));
}
