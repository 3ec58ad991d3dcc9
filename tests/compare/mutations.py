"""Seeded edits of real acts whose effect is known: what moved, what got another number, what was cut up or joined."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from server.compare.model import NOTE, Comparison, Kind, Side
from server.formats.canonical import Line
from server.ids import BlockId

_NUMBERED = re.compile(r"([0-9]+)([.)])$")


@dataclass(slots=True)
class Mutant:
    """The edited text and the truth about it, by indices of the left side."""

    side: Side
    moved: set[int] = field(default_factory=set)
    either: list[tuple[int, int]] = field(default_factory=list)
    renumbered: set[int] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Item:
    origin: int
    line: Line


def mutate(side: Side, seed: int, edits: int = 8) -> Mutant:
    """`edits` edits of every kind, each on units that no other edit touches; no id is kept, so that only content can align."""
    draw = random.Random(seed)  # seeded on purpose
    items = [_Item(place, line) for place, line in enumerate(side.units)]
    mutant, touched = Mutant(side), set[int]()
    for _ in range(edits):
        for edit in (_move, _swap, _insert_and_shift, _split, _merge, _rename):
            edit(items, mutant, touched, draw)
    lines = tuple(replace(item.line, bid=BlockId(f"м{seed}-{place}")) for place, item in enumerate(items))
    mutant.side = Side(side.title, lines)
    return mutant


def _usable(items: Sequence[_Item], touched: set[int]) -> list[int]:
    texts: dict[str, int] = {}
    for item in items:
        texts[item.line.text] = texts.get(item.line.text, 0) + 1
    return [
        place
        for place, item in enumerate(items)
        if item.origin >= 0
        and item.origin not in touched
        and item.line.kind not in {NOTE, "row"}
        and len(set(item.line.text.split())) >= 9
        and texts[item.line.text] == 1
    ]


def _move(items: list[_Item], mutant: Mutant, touched: set[int], draw: random.Random) -> None:
    places = _usable(items, touched)
    if not places:
        return
    place = draw.choice(places)
    item = items.pop(place)
    distance = draw.choice([-1, 1]) * draw.randint(4, 60)
    target = max(0, min(len(items), place + distance))
    if abs(target - place) < 3:
        items.insert(place, item)
        return
    if draw.random() < 0.5:
        item.line = replace(item.line, text=_edited(item.line.text, draw))
    items.insert(target, item)
    touched.update({item.origin, *_origins(items, target - 1, target + 2)})
    mutant.moved.add(item.origin)


def _edited(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    for place in draw.sample(range(len(words)), max(1, len(words) // 8)):
        words[place] = draw.choice(["невідкладно", "уповноважений", "встановленому", "інший"])
    return " ".join(words)


def _origins(items: Sequence[_Item], low: int, high: int) -> list[int]:
    return [item.origin for item in items[max(low, 0) : high]]


def _swap(items: list[_Item], mutant: Mutant, touched: set[int], draw: random.Random) -> None:
    places = set(_usable(items, touched))
    together = [place for place in places if place + 1 in places]
    if not together:
        return
    place = draw.choice(sorted(together))
    items[place], items[place + 1] = items[place + 1], items[place]
    one, other = items[place].origin, items[place + 1].origin
    touched.update({one, other})
    mutant.either.append((one, other))


def _insert_and_shift(items: list[_Item], mutant: Mutant, touched: set[int], draw: random.Random) -> None:
    numbered = [
        place
        for place, item in enumerate(items)
        if item.origin >= 0
        and item.origin not in touched
        and item.line.kind in {"part", "point", "subpoint"}
        and _NUMBERED.match(item.line.label)
    ]
    if not numbered:
        return
    place = draw.choice(numbered)
    first = items[place].line
    for later in _series(items, place):
        item = items[later]
        found = _NUMBERED.match(item.line.label)
        if found is None or item.origin < 0 or item.origin in touched:
            continue
        item.line = replace(item.line, label=f"{int(found[1]) + 1}{found[2]}")
        touched.add(item.origin)
        mutant.renumbered.add(item.origin)
    text = f"здійснює нову функцію № {draw.randint(100, 999)}, якої досі не виконував жоден орган;"
    items.insert(place, _Item(-1, replace(first, text=text)))


def _series(items: Sequence[_Item], place: int) -> list[int]:
    """The unit and those that continue its numbers."""
    kind, found = items[place].line.kind, [place]
    last = _NUMBERED.match(items[place].line.label)
    number = int(last[1]) if last else 0
    for later in range(place + 1, len(items)):
        line = items[later].line
        if line.kind in {"article", "section", "chapter", "annex"}:
            break
        match = _NUMBERED.match(line.label)
        if line.kind == kind and match:
            if int(match[1]) != number + 1:
                break
            number += 1
            found.append(later)
    return found


def _split(items: list[_Item], mutant: Mutant, touched: set[int], draw: random.Random) -> None:
    places = [place for place in _usable(items, touched) if len(items[place].line.text.split(" ")) >= 24]
    if not places:
        return
    place = draw.choice(places)
    item = items[place]
    words = item.line.text.split(" ")
    middle = len(words) // 2 + draw.randint(-3, 3)
    item.line = replace(item.line, text=" ".join(words[:middle]))
    items.insert(place + 1, _Item(-1, replace(item.line, kind="paragraph", label="", text=" ".join(words[middle:]))))
    touched.add(item.origin)
    mutant.cut.add(item.origin)


def _merge(items: list[_Item], mutant: Mutant, touched: set[int], draw: random.Random) -> None:
    places = set(_usable(items, touched))
    together = sorted(place for place in places if place + 1 in places and items[place + 1].line.kind == "paragraph")
    if not together:
        return
    place = draw.choice(together)
    gone = items.pop(place + 1)
    items[place].line = replace(items[place].line, text=f"{items[place].line.text} {gone.line.text}")
    touched.update({items[place].origin, gone.origin})
    mutant.joined.update({items[place].origin, gone.origin})


def _rename(items: list[_Item], mutant: Mutant, touched: set[int], draw: random.Random) -> None:
    places = _usable(items, touched)
    if not places:
        return
    item = items[draw.choice(places)]
    words = item.line.text.split(" ")
    words[draw.randrange(len(words))] = "Держспецзв’язок"
    item.line = replace(item.line, text=" ".join(words))
    touched.add(item.origin)
    mutant.renamed.add(item.origin)


@dataclass(slots=True)
class Score:
    """True and false positives, and what was missed."""

    right: int = 0
    false: int = 0
    missed: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, found: set[int], truth: set[int], side: Side) -> None:
        """Counts one text."""
        self.right += len(found & truth)
        self.false += len(found - truth)
        self.missed += len(truth - found)
        self.examples += [f"false: {side.units[place].label} {side.units[place].text[:80]}" for place in sorted(found - truth)]
        self.examples += [f"missed: {side.units[place].label} {side.units[place].text[:80]}" for place in sorted(truth - found)]

    @property
    def precision(self) -> float:
        """Share of what was reported that is true."""
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        """Share of what is true that was reported."""
        return self.right / max(1, self.right + self.missed)


@dataclass(slots=True)
class Scores:
    """By kind of edit; `grouped` are units that were cut up, and units that were joined."""

    moved: Score = field(default_factory=Score)
    renumbered: Score = field(default_factory=Score)
    grouped: Score = field(default_factory=Score)

    def add(self, comparison: Comparison, mutant: Mutant) -> None:
        """Counts one mutant. Of two swapped neighbours either may be the one that moved."""
        kinds = {row.left: row for row in comparison.alignment if row.left is not None}
        moved = {left for left, row in kinds.items() if row.kind in {Kind.MOVED, Kind.MOVED_EDITED}}
        truth = mutant.moved | {other if other in moved and one not in moved else one for one, other in mutant.either}
        self.moved.add(moved, truth, comparison.left)
        renumbered = {left for left, row in kinds.items() if row.kind is Kind.RENUMBERED}
        self.renumbered.add(renumbered, mutant.renumbered, comparison.left)
        grouped = {left for left, row in kinds.items() if row.group is not None}
        self.grouped.add(grouped, mutant.cut | mutant.joined, comparison.left)
