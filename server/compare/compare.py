"""Two sides to a comparison: align, tell what happened to each unit, put the rows in order. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from server.compare import references
from server.compare.align import Alignment, align
from server.compare.features import Feature, share_of, weigh
from server.compare.folding import orthographic, typographic
from server.compare.model import NOTE, Aligned, Comparison, Kind, Side, Words
from server.compare.references import Renumbering
from server.compare.words import diff

PART = 0.8
"""How much of a unit's words must come from another for it to be a part of it."""

NEW_IN_PART = 0.25
"""How much of a part's words must be those that the rest of the unit lost."""

COVERED = 0.8
"""How much of the words of the whole its parts must have together."""

FARTHEST_PART = 8

_MOVABLE = {Kind.SAME, Kind.TYPOGRAPHIC, Kind.ORTHOGRAPHIC, Kind.RENUMBERED, Kind.REFERENCE}


def compare(left: Side, right: Side) -> Comparison:
    """What changed from the left side to the right one."""
    return Comparison(left, right, tuple(_Telling(left, right).rows()))


class _Telling:
    """Tells what happened to each unit, once the units are aligned."""

    def __init__(self, left: Side, right: Side) -> None:
        self.left, self.right = left, right
        self.old, self.new = [Feature(line) for line in left.units], [Feature(line) for line in right.units]
        self.alignment = align(self.old, self.new)
        pairs = ((left.units[i], right.units[j]) for i, j in sorted(self.alignment.right_of.items()))
        self.numbers = references.renumbering(pairs)
        self.groups = _split_and_joined(self.old, self.new, self.alignment)

    def rows(self) -> Iterator[Aligned]:
        """Every unit once: the right side's order, what is gone after the pair it followed."""
        low = 0
        for place in range(len(self.right.units)):
            counterpart = self.alignment.left_of.get(place)
            if counterpart is not None and counterpart not in self.alignment.moved:
                yield from self._deleted(low, counterpart)
                low = counterpart + 1
            yield self._inserted(place) if counterpart is None else self._pair(counterpart, place)
        yield from self._deleted(low, len(self.left.units))

    def _deleted(self, low: int, end: int) -> Iterator[Aligned]:
        for place in range(low, end):
            if place not in self.alignment.right_of:
                line = self.left.units[place]
                words: Words = (("-", line.text),) if line.text else ()
                kind = Kind.NOTE if line.kind == NOTE else Kind.DELETED
                yield Aligned(kind, place, None, words, self.groups.get((place, None)))

    def _inserted(self, place: int) -> Aligned:
        line = self.right.units[place]
        words: Words = (("+", line.text),) if line.text else ()
        kind = Kind.NOTE if line.kind == NOTE else Kind.INSERTED
        return Aligned(kind, None, place, words, self.groups.get((None, place)))

    def _pair(self, ours: int, theirs: int) -> Aligned:
        old, new = self.old[ours], self.new[theirs]
        group = self.groups.get((ours, theirs))
        words = diff(old.line.text, new.line.text)
        kind = kind_of(old, new, words, self.numbers) if group is None else Kind.REPLACED
        if ours in self.alignment.moved and kind is not Kind.NOTE and group is None:
            kind = Kind.MOVED if kind in _MOVABLE else Kind.MOVED_EDITED
        return Aligned(kind, ours, theirs, () if kind is Kind.SAME else words, group)


def kind_of(old: Feature, new: Feature, words: Words, numbers: Renumbering) -> Kind:
    """What happened to a unit that stands in its place."""
    ours, theirs = old.line, new.line
    if (ours.text, ours.label, ours.kind) == (theirs.text, theirs.label, theirs.kind):
        return Kind.SAME
    if old.is_note or new.is_note:
        return Kind.NOTE
    return Kind.TYPOGRAPHIC if old.whole == new.whole else _kind_of_words(old, new, words, numbers)


def _kind_of_words(old: Feature, new: Feature, words: Words, numbers: Renumbering) -> Kind:
    ours, theirs = old.line, new.line
    same_label = ours.label == theirs.label or _bare(ours.label) == _bare(theirs.label)
    if old.typographic == new.typographic:
        return Kind.TYPOGRAPHIC if same_label else Kind.RENUMBERED
    if same_label and orthographic(old.typographic) == orthographic(new.typographic):
        return Kind.ORTHOGRAPHIC
    if same_label and old.folded == new.folded:
        return Kind.NOTE
    return Kind.REFERENCE if references.follow(words, numbers) else Kind.REPLACED


def _split_and_joined(left: Sequence[Feature], right: Sequence[Feature], alignment: Alignment) -> dict[tuple[int | None, int | None], int]:
    """Pairs of which neighbours without counterpart took (or gave) a part, and these neighbours, by a group number."""
    numbers = count(1)
    groups: dict[tuple[int | None, int | None], int] = {}
    for ours, theirs in sorted(alignment.right_of.items()):
        old, new = left[ours], right[theirs]
        if old.line.text == new.line.text or old.is_note or new.is_note:
            continue
        inserted = [(None, place) for place in _parts(old, theirs, right, alignment.left_of)]
        deleted = [(place, None) for place in _parts(new, ours, left, alignment.right_of)]
        fresh = [row for row in (*inserted, *deleted) if row not in groups]
        if fresh:
            groups.update(dict.fromkeys([(ours, theirs), *fresh], next(numbers)))
    return groups


def _parts(whole: Feature, place: int, units: Sequence[Feature], paired: Mapping[int, int]) -> list[int]:
    """The neighbours of `units[place]` without counterpart that hold what of `whole` is not in it; none when it was not cut up."""
    first = units[place]
    missing = whole.words - first.words
    if not missing:
        return []
    found: list[int] = []
    for step in (-1, 1):
        other = place + step
        while 0 <= other < len(units) and abs(other - place) <= FARTHEST_PART and _is_part(units[other], whole, missing, other in paired):
            found.append(other)
            missing = missing - units[other].words
            other += step
    kept = weigh(whole.words) - weigh(missing)
    return sorted(found) if found and kept >= COVERED * whole.weight else []


def _is_part(part: Feature, whole: Feature, missing: frozenset[str], is_paired: bool) -> bool:
    if is_paired or part.is_note or len(part.words) < 2:
        return False
    return share_of(part, whole) >= PART and weigh(missing & part.words) >= NEW_IN_PART * part.weight


def _bare(label: str) -> str:
    """A label without punctuation around it; bullets and dashes are no label."""
    return typographic(label).strip(".-•·▪*")
