/** Which blocks stay where they are when a list of blocks changes; the rest are deleted and created anew. */

import type { Node } from "prosemirror-model";

/** Above this many blocks the choice counts blocks instead of weighing their text. */
const WEIGHED = 300;

/** Pairs (old index, new index) of blocks that keep their Yjs element, in order. Identity is the block id. */
export function chooseKept(old: readonly Node[], now: readonly Node[]): [number, number][] {
  const [one, other] = [old[0], now[0]];
  if (old.length === 1 && now.length === 1 && one && other) return one.type === other.type && isSameBlock(one, other) ? [[0, 0]] : [];
  const places = new Map<string, number>();
  now.forEach((node, index) => {
    if (node.attrs.bid !== "" && !places.has(node.attrs.bid)) places.set(node.attrs.bid, index);
  });
  const matched: [number, number][] = [];
  old.forEach((node, index) => {
    const place = places.get(node.attrs.bid);
    if (place !== undefined && now[place]?.type === node.type) {
      matched.push([index, place]);
      places.delete(node.attrs.bid);
    }
  });
  return heaviestRising(matched, (pair) => (matched.length <= WEIGHED ? 1 + (old[pair[0]]?.nodeSize ?? 0) : 1));
}

function isSameBlock(one: Node, other: Node): boolean {
  return one.attrs.bid === other.attrs.bid || one.attrs.bid === "" || one.content.eq(other.content);
}

/** The rising subsequence with the most weight: the shortest texts are the ones that move. */
function heaviestRising(pairs: readonly [number, number][], weigh: (pair: [number, number]) => number): [number, number][] {
  if (pairs.every((pair, index) => index === 0 || pair[1] > (pairs[index - 1]?.[1] ?? -1))) return [...pairs];
  const best: number[] = [];
  const previous: number[] = [];
  let last = -1;
  pairs.forEach((pair, index) => {
    let weight = 0;
    let before = -1;
    for (let i = 0; i < index; i++) {
      if ((pairs[i]?.[1] ?? 0) < pair[1] && (best[i] ?? 0) > weight) [weight, before] = [best[i] ?? 0, i];
    }
    best.push(weight + weigh(pair));
    previous.push(before);
    if (last < 0 || (best[index] ?? 0) > (best[last] ?? 0)) last = index;
  });
  const kept: [number, number][] = [];
  for (let i = last; i >= 0; i = previous[i] ?? -1) kept.unshift(pairs[i] as [number, number]);
  return kept;
}
