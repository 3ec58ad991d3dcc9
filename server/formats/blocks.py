"""What a reader finds before structure is recognised: paragraphs and tables in order. And work on runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from server.crdt.content import PLACEHOLDER, MarkValue, Run
from server.crdt.schema import is_href
from server.text.convert import merge_runs

BREAK = Run(PLACEHOLDER, {"break": {}})
Marks = Mapping[str, MarkValue]
HREF_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a file. `heading` is 1-6 for a Markdown heading, `marker` the list marker before it ("1.", "-")."""

    runs: tuple[Run, ...]
    line: int = 0
    heading: int = 0
    marker: str = ""
    depth: int = 0
    anchor: str = ""
    front: bool = False

    @property
    def text(self) -> str:
        """The text with U+FFFC for breaks, without the marker."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a table as found."""

    runs: tuple[Run, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1

    @property
    def text(self) -> str:
        """The text with U+FFFC for breaks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as found."""

    rows: tuple[tuple[GridCell, ...], ...]
    line: int = 0
    anchor: str = field(default="")


RawBlock = Paragraph | Grid


def safe_href(href: str) -> str:
    """The address without white space if it may be followed (`is_href`), else an empty string."""
    cleaned = "".join(href.split())
    return cleaned if len(cleaned) <= HREF_LIMIT and is_href(cleaned) else ""


def cut(runs: Iterable[Run], start: int, end: int | None = None) -> tuple[Run, ...]:
    """The part of the runs between two positions of their text (in code points)."""
    return merge_runs(_cut(runs, start, end))


def _cut(runs: Iterable[Run], start: int, end: int | None) -> Iterator[Run]:
    place = 0
    for run in runs:
        first, last = max(start - place, 0), len(run.text) if end is None else min(end - place, len(run.text))
        if first < last:
            yield Run(run.text[first:last], run.marks)
        place += len(run.text)


def strip(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs without white space and line breaks at both ends."""
    runs = merge_runs(runs)
    text = "".join(run.text for run in runs)
    breaks = _breaks(runs)
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or start in breaks):
        start += 1
    while end > start and (text[end - 1].isspace() or end - 1 in breaks):
        end -= 1
    return cut(runs, start, end) if (start, end) != (0, len(text)) else runs


def _breaks(runs: Iterable[Run]) -> set[int]:
    places: set[int] = set()
    place = 0
    for run in runs:
        if "break" in run.marks:
            places.update(range(place, place + len(run.text)))
        place += len(run.text)
    return places


def lines(runs: Iterable[Run]) -> list[tuple[Run, ...]]:
    """The runs cut at their line breaks, each line stripped, empty ones left out."""
    found: list[list[Run]] = [[]]
    for run in runs:
        if "break" in run.marks:
            found.append([])
        else:
            found[-1].append(run)
    stripped = [strip(line) for line in found]
    return [line for line in stripped if line]


def joined(parts: Iterable[tuple[Run, ...]]) -> tuple[Run, ...]:
    """The parts with a line break between each two."""
    runs: list[Run] = []
    for part in parts:
        if runs:
            runs.append(BREAK)
        runs += part
    return merge_runs(runs)
