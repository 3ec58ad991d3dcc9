/** Where cards stand beside the text: each as near to the height of its place as the others let it, none over another. */

export interface Box {
  readonly key: string;
  /** The height of its place, in CSS pixels from the top of the column. */
  readonly top: number;
  readonly height: number;
}

/**
 * The tops of boxes, given in the order of the text. Each is pushed down by those before it; the one with `fixed` as its key stands
 * exactly at its place and pushes those before it up, out of the column if `mayLeave` says so, else not further than its top.
 */
export function stack(boxes: readonly Box[], gap: number, fixed: string | null, mayLeave = false): ReadonlyMap<string, number> {
  const tops = pushDown(boxes, gap);
  const index = boxes.findIndex(({ key }) => key === fixed);
  if (index >= 0) centre(boxes, tops, gap, index, mayLeave);
  return new Map(boxes.map(({ key }, at) => [key, tops[at] ?? 0]));
}

function pushDown(boxes: readonly Box[], gap: number): number[] {
  let end = Number.NEGATIVE_INFINITY;
  return boxes.map(({ top, height }) => {
    const at = Math.max(top, end);
    end = at + height + gap;
    return at;
  });
}

function centre(boxes: readonly Box[], tops: number[], gap: number, index: number, mayLeave: boolean): void {
  const needed = mayLeave ? 0 : boxes.slice(0, index).reduce((sum, { height }) => sum + height + gap, 0);
  let limit = Math.max(boxes[index]?.top ?? 0, needed);
  tops[index] = limit;
  for (let before = index - 1; before >= 0; before--) {
    const { height } = boxes[before] as Box;
    tops[before] = Math.min(tops[before] as number, limit - gap - height);
    limit = tops[before] as number;
  }
  let end = (tops[index] as number) + (boxes[index]?.height ?? 0) + gap;
  for (let after = index + 1; after < boxes.length; after++) {
    const { top, height } = boxes[after] as Box;
    tops[after] = Math.max(top, end);
    end = (tops[after] as number) + height + gap;
  }
}
