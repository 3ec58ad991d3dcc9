"""A document's content as plain values: what crosses between the CRDT and the rest of the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MarkValue = Mapping[str, str | int]
"""A mark's attributes; empty for a mark that is only on or off."""

PLACEHOLDER = "\ufffc"
"""The character on which a placeholder mark stands: a reference, a footnote, an image, a break."""

AttributeValue = str | int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text under the same marks. A placeholder mark (`ref`, `footnote`, `image`, `break`) stands on U+FFFC."""

    text: str
    marks: Mapping[str, MarkValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Element:
    """A `unit`, `table`, `row` or `cell`: attributes, and either runs (unit, cell) or children (table, row)."""

    name: str
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    children: tuple["Element", ...] = ()
