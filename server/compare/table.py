"""The comparative table (порівняльна таблиця) as data, in presets of two, three and four columns, and as HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html import escape

from server.compare.model import Aligned, Comparison, Kind, Words
from server.compare.page import marked, page
from server.compare.places import NOWHERE, Place, places
from server.compare.wording import KINDS, NOTHING
from server.formats.canonical import Line

UNREPORTED = frozenset({Kind.SAME, Kind.TYPOGRAPHIC, Kind.NOTE})
"""Rows of these kinds are no amendments; the paper leaves them out."""

_OLD = "Зміст положення (норми) чинного акта законодавства"
_NEW = "Зміст відповідного положення (норми) проєкту акта"


class Preset(Enum):
    """The columns of the paper."""

    TWO = (_OLD, _NEW)
    THREE = (_OLD, _NEW, "Пояснення змін")
    FOUR = ("№", _OLD, _NEW, "Пояснення змін")


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row: the label as it is there, and the words of that side with what differs marked; both empty where it is absent."""

    label: str = ""
    words: Words = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One amendment. `heading` names the provision it stands in, with its title, and `is_head` says that it is this provision itself.

    `id` is the row's in the comparison (C43); `under` is the heading to write above the row, empty where the rows before say it;
    `explanation` says what kind of change it is.
    """

    number: int
    id: str
    heading: str
    is_head: bool
    under: str
    kind: Kind
    old: Cell
    new: Cell
    explanation: str


@dataclass(frozen=True, slots=True)
class ComparativeTable:
    """The paper."""

    preset: Preset
    rows: tuple[TableRow, ...]


def table(comparison: Comparison, preset: Preset = Preset.TWO) -> ComparativeTable:
    """The amendments in order; typographic changes and notes are left out."""
    return ComparativeTable(preset, tuple(_rows(comparison)))


def write(comparison: Comparison, preset: Preset = Preset.TWO) -> bytes:
    """The table as a standalone HTML page."""
    paper = table(comparison, preset)
    head = "".join(f'<th scope="col"{_width(name)}>{escape(name)}</th>' for name in preset.value)
    body = "\n".join(_body(paper))
    empty = f'<tr><td class="skip" colspan="{len(preset.value)}">{NOTHING}</td></tr>'
    html = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body or empty}\n</tbody>\n</table>"
    return page("Порівняльна таблиця", comparison, html)


def _rows(comparison: Comparison) -> Iterator[TableRow]:
    befores, afters = places(comparison.left.units), places(comparison.right.units)
    above = Place(is_head=True)
    for number, row in enumerate((row for row in comparison.alignment if row.kind not in UNREPORTED), 1):
        old = comparison.left.units[row.left] if row.left is not None else None
        new = comparison.right.units[row.right] if row.right is not None else None
        place = afters[row.right] if row.right is not None else befores[row.left] if row.left is not None else NOWHERE
        is_said = place.heading == above.heading or (place.is_head and above.is_head)
        head = place.heading, place.is_head, "" if is_said else place.heading
        above = place
        yield TableRow(
            number, comparison.id_of(row), *head, row.kind, _cell(old, row, "+"), _cell(new, row, "-"), _explanation(row, old, new)
        )


def _cell(line: Line | None, row: Aligned, other: str) -> Cell:
    if line is None:
        return Cell()
    return Cell(line.label, tuple(piece for piece in row.words if piece[0] != other))


def _explanation(row: Aligned, old: Line | None, new: Line | None) -> str:
    if old and new and old.label != new.label:
        return f"{KINDS[row.kind]}: {old.label or 'без номера'} → {new.label or 'без номера'}"
    return KINDS[row.kind]


def _body(paper: ComparativeTable) -> Iterator[str]:
    columns = len(paper.preset.value)
    for row in paper.rows:
        if row.under:
            yield f'<tr class="heading"><th colspan="{columns}" scope="rowgroup">{escape(row.under)}</th></tr>'
        yield _html(row, paper.preset)


def _html(row: TableRow, preset: Preset) -> str:
    cells = [_side(row.old), _side(row.new)]
    if len(preset.value) > 2:
        cells.append(escape(row.explanation))
    if len(preset.value) > 3:
        cells.insert(0, str(row.number))
    return f'<tr id="z-{escape(row.id)}" class="{row.kind.value}">{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _side(cell: Cell) -> str:
    label = f'<span class="label">{escape(cell.label)}</span> ' if cell.label else ""
    return label + marked(cell.words) if label or cell.words else "—"


def _width(name: str) -> str:
    return ' class="number"' if name == "№" else ""
