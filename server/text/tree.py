"""The frozen text of an act: what is numbered, compared, exported and hashed. Values only."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from server.crdt.content import Run
from server.ids import BlockId

AUTO = "auto"
"""The label of a unit that is numbered by its place (schema/numbering/)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One structural unit (структурний елемент). `label` is `auto`, an explicit label such as "12.10²", or empty.

    `level` counts nesting within a kind from 1 (a subpoint of a subpoint has 2). `quoted` holds the id of the quotation
    a unit belongs to inside an amending act (its own numbering), `scope` the id of the annex or approved instrument
    that restarts numbering; both are empty in the main text.
    """

    bid: BlockId
    kind: str
    runs: tuple[Run, ...] = ()
    label: str = ""
    level: int = 1
    quoted: str = ""
    scope: str = ""

    @property
    def text(self) -> str:
        """The plain text, U+FFFC standing for each reference, footnote anchor, image and line break."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell."""

    bid: BlockId
    runs: tuple[Run, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    colwidth: tuple[int, ...] = ()
    """Widths in pixels of the columns it covers, as the editor left them; layout only, never compared or hashed."""

    @property
    def text(self) -> str:
        """The plain text, as `Unit.text`."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Row:
    """One table row."""

    bid: BlockId
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table stands between units, on their level."""

    bid: BlockId
    rows: tuple[Row, ...] = ()
    quoted: str = ""
    scope: str = ""


Block = Unit | Table


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's blocks in order. The hierarchy is derived from kinds and levels (`text/numbering.py`), never stored."""

    blocks: tuple[Block, ...] = field(default=())

    def units(self) -> Iterator[Unit]:
        """The units, without tables."""
        return (block for block in self.blocks if isinstance(block, Unit))
