"""Which unit of the left side is which of the right: by id, then by equal text, then by likeness (rules C30-C38). Pure.

The work is linear in the texts but for sorting: equal units are found by codes, likeness is asked only of neighbours in small
gaps and of units that share rare words.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from server.compare.candidates import by_rare_words, heaviest_chain
from server.compare.features import Feature, likeness, parents, share_of
from server.compare.sequence import longest_increasing, matches

LONG = 16
"""Texts shorter than this (in code points) are no anchors in the first round: they repeat."""

ALIKE = 0.5
"""From this likeness on, two units in the same place are one, edited."""

ALIKE_ELSEWHERE = 0.62
"""From this likeness on, two units in different places are one, moved and edited."""

HARDLY_ALIKE = 0.22
"""With the same label, or alone in their place, less likeness is enough."""

WORDS_TO_MOVE = 6
"""A unit with fewer different words is never taken for a moved one by its text alone."""

OTHER_HEAD = 0.25
"""How much likeness counts less between the head of an article and what is none, or the head of another."""

PATIENCE = 64
"""How often the search for units with equal codes goes on where hundreds of them repeat (rows of empty cells)."""

SMALL_GAP = 1600
"""Gaps with at most so many pairs are looked at pair by pair."""

KEPT_HEAD = 0.9
"""So much of a numbered unit's words in the longer one of the same number: what is missing was cut off, the unit is the same."""

OPENING = 3
"""Alone in their place, units that open with so many equal words are one, however little else is left."""


@dataclass(slots=True)
class Alignment:
    """Pairs of indices. `moved` holds the left indices of pairs that are out of order."""

    right_of: dict[int, int] = field(default_factory=dict)
    left_of: dict[int, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)

    def pair(self, left: int, right: int, *, moved: bool = False) -> None:
        """Notes that two units are one."""
        self.right_of[left] = right
        self.left_of[right] = left
        if moved:
            self.moved.add(left)


@dataclass(frozen=True, slots=True)
class Gap:
    """Units without a counterpart between two pairs that are in order."""

    left: tuple[int, ...]
    right: tuple[int, ...]


def align(left: Sequence[Feature], right: Sequence[Feature]) -> Alignment:
    """The pairs. No unit is in two of them."""
    return _Aligner(left, right).run()


class _Aligner:
    def __init__(self, left: Sequence[Feature], right: Sequence[Feature]) -> None:
        self.left, self.right = left, right
        self.left_parents, self.right_parents = parents(left), parents(right)
        self.done = Alignment()
        self.gaps: list[Gap] = []

    def run(self) -> Alignment:
        self._by_id()
        self._by_code(lambda unit: len(unit.line.text) >= LONG and (unit.line.label, unit.line.text, unit.line.kind))
        self._by_code(lambda unit: (unit.line.label, unit.line.text))
        self._by_code(lambda unit: len(unit.line.text) >= LONG and (unit.is_note, unit.label, unit.folded))
        self._by_code(lambda unit: (unit.is_note, unit.label, unit.folded))
        self._by_code(lambda unit: len(unit.line.text) >= LONG and (unit.is_note, unit.folded))
        self._moved_unchanged()
        self._by_code(lambda unit: unit.folded and (unit.is_note, unit.folded))
        self._by_likeness()
        self._moved_and_edited()
        self._by_place()
        self._settle()  # notes have found each other: who stands alone between them now
        self._by_place()
        return self.done

    def _by_id(self) -> None:
        """Equal ids are equal units; of those out of order the fewest count as moved."""
        places = {unit.line.bid: place for place, unit in enumerate(self.right)}
        for place, unit in enumerate(self.left):
            if unit.line.bid in places:
                self.done.pair(place, places[unit.line.bid])
        self._settle()

    def _settle(self) -> None:
        """Finds anew which pairs are out of order, the fewest, and the gaps between those in order."""
        in_order = longest_increasing(sorted(self.done.right_of.items()))
        self.done.moved = set(self.done.right_of).difference(left for left, _ in in_order)
        whole = Gap(tuple(range(len(self.left))), tuple(range(len(self.right))))
        self.gaps = [self._free(gap) for gap in _cut(whole, in_order)]
        self.gaps = [gap for gap in self.gaps if gap.left and gap.right]

    def _free(self, gap: Gap) -> Gap:
        ours = tuple(place for place in gap.left if place not in self.done.right_of)
        return Gap(ours, tuple(place for place in gap.right if place not in self.done.left_of))

    def _pair_in(self, gap: Gap, pairs: Sequence[tuple[int, int]]) -> list[Gap]:
        """Notes pairs of a gap, which are in order; returns what is left of the gap."""
        for pair in pairs:
            self.done.pair(*pair)
        return list(_cut(gap, pairs)) if pairs else [gap]

    def _by_code(self, code: Callable[[Feature], Hashable]) -> None:
        """Pairs units with the same code, in order, inside every gap; a false code pairs with nothing."""
        left: list[Gap] = []
        for gap in self.gaps:
            codes: dict[Hashable, int] = {}
            ours = _codes([self.left[place] for place in gap.left], code, codes, -1)
            theirs = _codes([self.right[place] for place in gap.right], code, codes, -2)
            left += self._pair_in(gap, [(gap.left[i], gap.right[j]) for i, j in matches(ours, theirs, PATIENCE)])
        self.gaps = left

    def _moved_unchanged(self) -> None:
        """Units out of order with the same words; then what stood beside them and went with them."""
        waiting: dict[str, list[int]] = defaultdict(list)
        for place, unit in _without(self.right, self.done.left_of):
            if not unit.is_note and _can_move(unit):
                waiting[unit.folded].append(place)
        found: list[tuple[int, int]] = []
        for place, unit in _without(self.left, self.done.right_of):
            if not unit.is_note and waiting.get(unit.folded):
                found.append((place, waiting[unit.folded].pop(0)))
        for pair in found:
            self.done.pair(*pair, moved=True)
        self._companions(found)
        self._settle()

    def _companions(self, found: Iterable[tuple[int, int]]) -> None:
        """Neighbours of moved units that moved along, whatever their length."""
        for i, j in found:
            for step in (-1, 1):
                ours, theirs = i + step, j + step
                while self._both_free(ours, theirs) and self._goes_along(ours, theirs):
                    self.done.pair(ours, theirs, moved=True)
                    ours, theirs = ours + step, theirs + step

    def _both_free(self, ours: int, theirs: int) -> bool:
        within = 0 <= ours < len(self.left) and 0 <= theirs < len(self.right)
        return within and ours not in self.done.right_of and theirs not in self.done.left_of

    def _goes_along(self, ours: int, theirs: int) -> bool:
        left, right = self.left[ours], self.right[theirs]
        if left.is_note or right.is_note or left.line.kind != right.line.kind:
            return False
        return left.folded == right.folded if left.folded or right.folded else left.line.kind == right.line.kind

    def _by_likeness(self) -> None:
        """Edited units in their place: the heaviest order of alike pairs."""
        left: list[Gap] = []
        for gap in self.gaps:
            scored = ((i, j, self._score(i, j, ALIKE)) for i, j in self._pairs_to_look_at(gap))
            left += self._pair_in(gap, heaviest_chain([found for found in scored if found[2] > 0]))
        self.gaps = left

    def _pairs_to_look_at(self, gap: Gap) -> Iterable[tuple[int, int]]:
        if len(gap.left) * len(gap.right) <= SMALL_GAP:
            return [(i, j) for i in gap.left for j in gap.right]
        found = set(by_rare_words(self.left, gap.left, self.right, gap.right))
        found.update(self._same_labels(gap))
        return sorted(found)

    def _same_labels(self, gap: Gap) -> Iterator[tuple[int, int]]:
        labels: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place in gap.right:
            labels[self.right[place].line.kind, self.right[place].label].append(place)
        for place in gap.left:
            unit = self.left[place]
            same = labels[unit.line.kind, unit.label] if unit.label else []
            if len(same) == 1:
                yield place, same[0]

    def _score(self, i: int, j: int, least: float) -> float:
        """How well two units fit, 0 when they do not; the same label and kind add to likeness."""
        left, right = self.left[i], self.right[j]
        if left.is_note != right.is_note or (left.line.kind == "row") != (right.line.kind == "row"):
            return 0.0
        alike = likeness(left, right) - (OTHER_HEAD if _other_head(left, right) else 0)
        if _is_cut_off(left, right):
            alike = 1.0
        if alike < least:
            return 0.0
        return alike + (0.2 if left.label and left.label == right.label else 0) + (0.05 if left.line.kind == right.line.kind else 0)

    def _moved_and_edited(self) -> None:
        """Edited units out of order, best first."""
        ours = [place for place, unit in _without(self.left, self.done.right_of) if not unit.is_note and _can_move(unit)]
        theirs = [place for place, unit in _without(self.right, self.done.left_of) if not unit.is_note and _can_move(unit)]
        if not ours or not theirs:
            return
        scored = [(self._score(i, j, ALIKE_ELSEWHERE), i, j) for i, j in by_rare_words(self.left, ours, self.right, theirs)]
        found: list[tuple[int, int]] = []
        for score, i, j in sorted(scored, key=lambda entry: (-entry[0], entry[1], entry[2])):
            if score and self._both_free(i, j):
                self.done.pair(i, j, moved=True)
                found.append((i, j))
        self._companions(found)
        self._settle()

    def _by_place(self) -> None:
        """What is left: the same label under the same parent, a lone pair of the same kind, hardly alike."""
        for gap in self.gaps:
            alone = len(gap.left) == len(gap.right) == 1
            small = len(gap.left) * len(gap.right) <= SMALL_GAP
            pairs = ((i, j) for i in gap.left for j in gap.right) if small else self._same_labels(gap)
            scored = ((i, j, self._place_score(i, j, alone=alone)) for i, j in pairs)
            self._pair_in(gap, heaviest_chain([found for found in scored if found[2] > 0]))

    def _place_score(self, i: int, j: int, *, alone: bool) -> float:
        left, right = self.left[i], self.right[j]
        if left.line.kind != right.line.kind or left.is_note or self._parents_differ(i, j):
            return self._score(i, j, 0.3) if left.is_note and right.is_note else 0.0
        same_label = left.label == right.label
        if left.label and same_label:
            return 0.3 + likeness(left, right)
        if alone and same_label and (left.line.kind not in {"paragraph", "row"} or left.opening(OPENING) == right.opening(OPENING)):
            return 0.1 + likeness(left, right)
        return self._score(i, j, HARDLY_ALIKE if same_label or alone else ALIKE)

    def _parents_differ(self, i: int, j: int) -> bool:
        ours, theirs = self.left_parents[i], self.right_parents[j]
        if ours < 0 or theirs < 0:
            return ours != theirs
        return self.done.right_of.get(ours) != theirs


def _codes(units: Sequence[Feature], code: Callable[[Feature], Hashable], codes: dict[Hashable, int], nothing: int) -> list[int]:
    found: list[int] = []
    for unit in units:
        key = code(unit)
        found.append(codes.setdefault(key, len(codes)) if key else nothing)
    return found


def _without(units: Sequence[Feature], done: dict[int, int]) -> Iterator[tuple[int, Feature]]:
    return ((place, unit) for place, unit in enumerate(units) if place not in done)


def _can_move(unit: Feature) -> bool:
    return len(unit.words) >= WORDS_TO_MOVE


def _is_cut_off(left: Feature, right: Feature) -> bool:
    """Whether one is the other with its end cut off or written on, under the same number."""
    if not left.label or left.label != right.label or left.line.kind != right.line.kind:
        return False
    short, long = sorted((left, right), key=lambda unit: unit.weight)
    return len(short.words) > OPENING and share_of(short, long) >= KEPT_HEAD and short.opening(OPENING) == long.opening(OPENING)


def _other_head(left: Feature, right: Feature) -> bool:
    heads = (left.line.kind, right.line.kind)
    return "article" in heads and heads[0] != heads[1]


def _cut(gap: Gap, pairs: Sequence[tuple[int, int]]) -> Iterator[Gap]:
    """What lies between pairs in order, where both sides have something."""
    low = start = 0
    for i, j in (*pairs, (-1, -1)):
        high = bisect_left(gap.left, i, low) if i >= 0 else len(gap.left)
        end = bisect_left(gap.right, j, start) if j >= 0 else len(gap.right)
        if low < high and start < end:
            yield Gap(gap.left[low:high], gap.right[start:end])
        low, start = high + 1, end + 1
