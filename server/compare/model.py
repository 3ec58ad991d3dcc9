"""What a comparison is made of: two sides, the rows that align their units, the kinds of change. Values only."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from server.formats import canonical
from server.formats.canonical import Line
from server.text.numbering import Scheme
from server.text.tree import Tree

NOTE = "editor_note"
"""The kind of units that are no norm text: editors' notes, the header of the publisher's page."""


class Kind(StrEnum):
    """What happened to a unit. The order is that of a summary."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"
    REPLACED = "replaced"
    MOVED = "moved"
    MOVED_EDITED = "moved_edited"
    RENUMBERED = "renumbered"
    REFERENCE = "reference"
    ORTHOGRAPHIC = "orthographic"
    TYPOGRAPHIC = "typographic"
    NOTE = "note"


Operation = Literal["=", "-", "+"]
Words = tuple[tuple[Operation, str], ...]
"""Pieces of text in order; without "+" they join to the left text, without "-" to the right one, exactly."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts, unit by unit; a table row is a unit of kind `row` whose cells are joined by a tab."""

    title: str
    units: tuple[Line, ...]
    name: str = ""
    """What tells this side from the other where the titles are the same: a file's name, "редакція № 2 від 12.03.2026"."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """One row: indices into the units of the sides, None where there is no counterpart. Rows of one split or merge share `group`.

    `words` is empty for `same` only.
    """

    kind: Kind
    left: int | None
    right: int | None
    words: Words = ()
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every unit of either side is in exactly one row. Rows are in the order of the right side; what is gone stands where it stood."""

    left: Side
    right: Side
    alignment: tuple[Aligned, ...]

    def id_of(self, row: Aligned) -> str:
        """What a link to the row holds on to: the block id of its unit on the right, where there is none of that on the left."""
        if row.right is not None:
            return self.right.units[row.right].bid
        return self.left.units[row.left].bid if row.left is not None else ""

    def summary(self) -> dict[Kind, int]:
        """How many rows of each kind, all kinds named."""
        counts = Counter(row.kind for row in self.alignment)
        return {kind: counts[kind] for kind in Kind}


def side_of(tree: Tree, scheme: Scheme, title: str = "", name: str = "") -> Side:
    """A tree as a side, with its final numbers and with references written out."""
    return Side(title, tuple(canonical.lines(tree, scheme)), name)
