"""The longest useful common order of two sequences of codes, in near-linear time on any input. Pure.

Patience first (codes that are unique on both sides, in their longest common order), then, where nothing is unique, the same
over groups of neighbours, then Myers' greedy search with a bound on the number of edits. Beyond the bound a region counts as rewritten.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

MOST_EDITS = 100
"""How many edits Myers' search follows in one region; its cost grows with the square."""

DEEPEST = 32
"""How often a region is divided by unique codes; what is deeper goes to Myers' search."""

_GROUPS = (1, 2, 4, 8)

Match = tuple[int, int]
Region = tuple[int, int, int, int, int]
"""Start and end on the left, start and end on the right, depth."""


def matches(left: Sequence[int], right: Sequence[int], patience: int = 0) -> list[Match]:
    """Pairs of indices with equal codes, increasing on both sides.

    `patience` is how many times Myers' search goes on from where its bound stopped it; 0 leaves such a region unmatched.
    """
    found: list[Match] = []
    regions: list[Region] = [(0, len(left), 0, len(right), 0)]
    while regions:
        low, high, start, end, depth = regions.pop()
        while low < high and start < end and left[low] == right[start]:
            found.append((low, start))
            low, start = low + 1, start + 1
        while low < high and start < end and left[high - 1] == right[end - 1]:
            high, end = high - 1, end - 1
            found.append((high, end))
        if low == high or start == end:
            continue
        anchors = _anchors(left, right, (low, high, start, end, depth))
        if anchors:
            found += anchors
            regions += _between(anchors, (low, high, start, end, depth + 1))
        else:
            pairs, x, y = _myers(left[low:high], right[start:end])
            if (low + x, start + y) == (high, end):
                found += ((low + i, start + j) for i, j in pairs)
            elif patience:
                patience -= 1
                found += ((low + i, start + j) for i, j in pairs)
                regions.append((low + x, high, start + y, end, DEEPEST + 1))
    found.sort()
    return found


def _between(anchors: Sequence[Match], region: Region) -> Iterator[Region]:
    low, high, start, end, depth = region
    for i, j in anchors:
        if low < i and start < j:
            yield low, i, start, j, depth
        low, start = i + 1, j + 1
    if low < high and start < end:
        yield low, high, start, end, depth


def _anchors(left: Sequence[int], right: Sequence[int], region: Region) -> list[Match]:
    """Codes (or groups of them) that occur once on each side of the region, in their longest common order."""
    low, high, start, end, depth = region
    if depth > DEEPEST:
        return []
    large = (high - low) * (end - start) > MOST_EDITS * MOST_EDITS
    for size in _GROUPS if large else _GROUPS[:1]:
        ours, theirs = _unique(left, low, high, size), _unique(right, start, end, size)
        common = [(place, theirs[code]) for code, place in ours.items() if code in theirs]
        if common:
            common.sort()
            return longest_increasing(common)
    return []


def _unique(codes: Sequence[int], low: int, high: int, size: int) -> dict[object, int]:
    once: dict[object, int] = {}
    repeated: set[object] = set()
    for place in range(low, high - size + 1):
        code: object = codes[place] if size == 1 else tuple(codes[place : place + size])
        if code in once:
            repeated.add(code)
        else:
            once[code] = place
    for code in repeated:
        del once[code]
    return once


def longest_increasing(pairs: Sequence[Match]) -> list[Match]:
    """Of pairs sorted by their left index, the longest part that increases on the right too."""
    if all(before[1] < after[1] for before, after in pairwise(pairs)):
        return list(pairs)
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        rank = bisect_left(tails, place)
        if rank == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[rank], ends[rank] = place, index
        before.append(ends[rank - 1] if rank else -1)
    chain: list[Match] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    chain.reverse()
    return chain


def _myers(left: Sequence[int], right: Sequence[int]) -> tuple[list[Match], int, int]:
    """Matches on a shortest edit path and where it ends (Myers 1986, greedy, forward).

    That is before the ends of both when more than MOST_EDITS edits are needed: the farthest place reached.
    """
    n, m = len(left), len(right)
    reach: dict[int, int] = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(n + m, MOST_EDITS) + 1):
        trace.append(reach.copy())
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            y = x - diagonal
            while x < n and y < m and left[x] == right[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= n and y >= m:
                return _path(trace, n, m), n, m
    reached = [
        (2 * x - diagonal, x) for diagonal, x in reach.items() if x <= n and 0 <= x - diagonal <= m and (diagonal - MOST_EDITS) % 2 == 0
    ]
    total, x = max(reached)
    return _path(trace, x, total - x), x, total - x


def _path(trace: Sequence[dict[int, int]], x: int, y: int) -> list[Match]:
    found: list[Match] = []
    for edits in range(len(trace) - 1, -1, -1):
        reach, diagonal = trace[edits], x - y
        down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
        earlier = diagonal + 1 if down else diagonal - 1
        from_x = reach[earlier]
        from_y = from_x - earlier
        while x > from_x and y > from_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = from_x, from_y
    found.reverse()
    return found
