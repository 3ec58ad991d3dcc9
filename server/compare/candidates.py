"""Which pairs of units are worth a closer look, and which of them fit together in order. Pure, near-linear."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from server.compare.features import Feature

RARE = 12
"""A word that is in more units than this says nothing about which one is meant."""

WORDS_ASKED = 12
BEST = 4


def by_rare_words(
    left: Sequence[Feature], ours: Sequence[int], right: Sequence[Feature], theirs: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """For each unit of the left, up to BEST units of the right that share most of its rarest words."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place in theirs:
        for word in right[place].words:
            holders[word].append(place)
    for place in ours:
        shared = sorted((len(holders[word]), word) for word in left[place].words if word in holders)
        rare = [entry for entry in shared if entry[0] <= RARE][:WORDS_ASKED]
        votes: Counter[int] = Counter()
        for count, word in rare:
            for other in holders[word]:
                votes[other] += 60 // count
        for other, _ in sorted(votes.items(), key=lambda vote: (-vote[1], abs(vote[0] - place)))[:BEST]:
            yield place, other


def heaviest_chain(scored: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Of (left, right, score) the pairs that increase on both sides and have the greatest sum of scores (a Fenwick tree of maxima)."""
    if len(scored) == 1:
        return [(scored[0][0], scored[0][1])]
    places = sorted({right for _, right, _ in scored})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    order = sorted(scored, key=lambda entry: (entry[0], -entry[1]))
    before: list[int] = []
    top = (0.0, -1)
    for index, (_, right, score) in enumerate(order):
        rank = bisect_left(places, right)
        reached = (0.0, -1)
        at = rank
        while at > 0:
            reached = max(reached, best[at])
            at -= at & -at
        before.append(reached[1])
        total = (reached[0] + score, index)
        top = max(top, total, key=lambda entry: entry[0])
        at = rank + 1
        while at <= len(places):
            best[at] = max(best[at], total)
            at += at & -at
    chain: list[tuple[int, int]] = []
    index = top[1]
    while index >= 0:
        chain.append((order[index][0], order[index][1]))
        index = before[index]
    chain.reverse()
    return chain
