"""What alignment looks at in a unit: its folded label and text, the words in it, its parent. Computed when first asked. Pure."""

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import islice

from server.compare.folding import look_alike, orthographic, typographic, without_notes
from server.compare.model import NOTE
from server.formats.canonical import Line
from server.text.numbering import LEAF_RANK, ranks

_WORD = re.compile(r"[^\W_]+")
_UNNUMBERED = frozenset({"", "-", "•", "·", "▪", "*"})


class Feature:
    """One unit as alignment sees it. `words` are folded words of its text without notes; `weight` is the sum of their weights."""

    __slots__ = ("__dict__", "line")

    def __init__(self, line: Line) -> None:
        self.line = line

    @cached_property
    def label(self) -> str:
        """The label without typographic differences, empty for dashes and bullets."""
        label = typographic(self.line.label).rstrip(".):")
        return "" if label in _UNNUMBERED else label

    @cached_property
    def is_note(self) -> bool:
        """Whether the unit is no norm text."""
        return self.line.kind == NOTE

    @cached_property
    def folded(self) -> str:
        """The text without typographic, orthographic and note differences."""
        bare = without_notes(self.line.text) or self.line.text
        return orthographic(self.typographic if bare == self.line.text else typographic(bare))

    @cached_property
    def typographic(self) -> str:
        """The text without typographic differences."""
        return typographic(self.line.text)

    @cached_property
    def whole(self) -> str:
        """Label and text as one, without typographic differences."""
        return typographic(f"{self.line.label} {self.line.text}") if self.line.label else self.typographic

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of the text."""
        return frozenset(_WORD.findall(look_alike(self.line.text).casefold()))

    def opening(self, count: int) -> tuple[str, ...]:
        """The first words of the text, folded; fewer where the text is shorter, and then never equal to another's."""
        first = tuple(found[0] for found in islice(_WORD.finditer(look_alike(self.line.text).casefold()), count))
        return first if len(first) == count else (self.line.bid,)

    @cached_property
    def weight(self) -> int:
        """The sum of the words' weights."""
        return weigh(self.words)


def likeness(left: Feature, right: Feature) -> float:
    """How much of their words two units share, from 0 to 1 (Dice over different words, long words weighing more)."""
    whole = left.weight + right.weight
    return 2 * weigh(left.words & right.words) / whole if whole else 0.0


def share_of(part: Feature, whole: Feature) -> float:
    """How much of the words of `part` are in `whole`, from 0 to 1."""
    return weigh(part.words & whole.words) / part.weight if part.weight else 0.0


def parents(units: Sequence[Feature]) -> list[int]:
    """The index of each unit's parent by rank, -1 at the top; table rows and notes hang where a paragraph would."""
    known, stack, found = ranks(), [(-1, -1)], []
    for index, unit in enumerate(units):
        line = unit.line
        rank = known.get(line.kind, LEAF_RANK)
        while stack[-1][0] >= rank:
            stack.pop()
        found.append(stack[-1][1] if stack else -1)
        if not stack:
            stack.append((-1, -1))
        if 0 < rank < LEAF_RANK:
            stack.append((rank, index))
        elif rank == 0 and line.kind in {"annex", "approval"}:
            stack = [(-1, -1), (0, index)]
    return found


def weigh(words: Collection[str]) -> int:
    """The weight of a set of words: long words say more."""
    return len(words) + sum(map(len, words))
