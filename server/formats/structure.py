"""Paragraphs and tables to structural units: what is a стаття, a пункт, an annex, a note. Shared by all text readers.

Rules F10-F40 of `docs/spec/text.md`. Every character of the paragraphs ends up in a unit's label or text; the label is
cut off exactly as it was found.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from server.crdt.content import Run
from server.errors import TooLarge
from server.formats import notes
from server.formats.blocks import Grid, GridCell, Paragraph, RawBlock, cut, joined, lines, strip
from server.formats.labels import SIGNATORY, Place, find, head_kind, is_capitals, is_enacting, is_name, is_office, is_signature
from server.formats.source import MAX_BLOCKS, Imported, Notices, Warning  # noqa: A004
from server.ids import BlockId, NewId
from server.text.tree import Block, Cell, Row, Table, Tree, Unit

_BODY = {"book", "section", "subsection", "chapter", "clause", "article", "part", "point", "subpoint"}
_RESET_ARTICLE = {"book", "section", "subsection", "chapter", "clause", "annex", "approval"}
_QUOTE_ANNOUNCED = re.compile(r"(?:редакції|змісту|редакція)\s*:\s*$")
_QUOTES = {"“": 1, "„": 1, "«": 1, "”": -1, "»": -1}


@dataclass(slots=True)
class _State:
    """Where in the act the reader is."""

    in_article: bool = False
    numbered_subpoint: bool = False
    instrument: str = ""
    scope: str = ""
    stage: str = "plain"
    expects_title: bool = False
    quoted: str = ""
    quote_depth: int = 0
    quote_announced: bool = False


def recognise(blocks: Sequence[RawBlock], notices: Notices, new_id: NewId) -> Imported:
    """The tree of a file's paragraphs and tables. Raises TooLarge."""
    if len(blocks) > MAX_BLOCKS:
        raise TooLarge(f"У файлі понад {MAX_BLOCKS} абзаців.")
    return _Recogniser(new_id, notices).read(list(blocks))


@dataclass(slots=True)
class _Recogniser:
    new_id: NewId
    notices: Notices
    blocks: list[Block] = field(default_factory=list)
    anchors: dict[BlockId, str] = field(default_factory=dict)
    _anchored: set[str] = field(default_factory=set)
    state: _State = field(default_factory=_State)
    title: str = ""
    kind: str = "other"
    cyrillic: bool = True

    def read(self, found: list[RawBlock]) -> Imported:
        self.cyrillic = any(re.search("[а-яА-Я]", block.text) for block in found if isinstance(block, Paragraph))
        body = self._page_header(found)
        flat = list(_with_names(_without_layout_tables(found[body:])))
        inside_notes = notes.spans(flat)
        for index, block in enumerate(flat):
            if isinstance(block, Grid):
                self._table(block)
            elif index in inside_notes:
                self._add(block, "editor_note", block.runs)
            else:
                self._paragraph(block)
        return Imported(self._title(), self.kind, Tree(tuple(self.blocks)), self.notices.all(), self.anchors)

    def _title(self) -> str:
        if self.title:
            return self.title
        units = [block for block in self.blocks if isinstance(block, Unit) and block.text.strip()]
        best = next((unit for unit in units if unit.kind == "title"), None) or next(iter(units), None)
        return re.sub(r"[\s\ufffc]+", " ", best.text).strip()[:300] if best else ""

    def _page_header(self, found: list[RawBlock]) -> int:
        """The Rada's page header becomes notes; returns where the act begins. Takes title and kind of act from it."""
        head = [block.text if isinstance(block, Paragraph) else "" for block in found[:15]]
        end = next((index + 1 for index, text in enumerate(head) if text.startswith("Текст документа від")), 0)
        if not end or not any(text.startswith("Ідентифікатор") for text in head[:end]):
            return 0
        for block in found[:end]:
            if isinstance(block, Paragraph):
                self._add(block, "editor_note", _with_marker(block))
                if block.heading == 1:
                    self.title = block.text
        self.kind = _kind_of(next((text for text in head[:end] if ";" in text), ""))
        self.state.stage = "head"
        self.notices.add(Warning("page-header", "шапку сторінки збережено як примітки", "the page header was kept as notes"))
        return end

    def _paragraph(self, block: Paragraph) -> None:
        if block.front:
            named = re.search(r"(?:^|\ufffc)title:\s*([^\ufffc]+)", block.text, re.IGNORECASE)
            self.title = named[1].strip("\"' ") if named else ""
            self._add(block, "editor_note", block.runs)
            return
        for runs, is_note in notes.split(_with_marker(block)):
            if is_note:
                self._note(block, runs)
            else:
                self._norm(block, runs)

    def _note(self, block: Paragraph, runs: tuple[Run, ...]) -> None:
        """A note; the publisher's line at the end of a page belongs to no annex."""
        if runs and runs[0].text.startswith("©"):
            self.state.scope = self.state.instrument = self.state.quoted = ""
        self._add(block, "editor_note", runs)

    def _norm(self, block: Paragraph, runs: tuple[Run, ...]) -> None:
        text = "".join(run.text for run in runs)
        self._begin_quote(text)
        found = find(text, self._where(block))
        if found:
            self._open(found.kind, text[: found.end])
            label, rest = text[: found.end].replace("\ufffc", " "), strip(cut(runs, found.end))
            self._add(block, found.kind, rest, label, found.level)
        else:
            self._unlabelled(block, runs, text)
        self._end_quote(text)

    def _where(self, block: Paragraph) -> Place:
        state = self.state
        return Place(state.in_article, state.numbered_subpoint, block.depth, block.heading, bool(block.marker), self.cyrillic)

    def _unlabelled(self, block: Paragraph, runs: tuple[Run, ...], text: str) -> None:
        if self.state.stage in {"plain", "head"} and self._head(block, runs, text):
            return
        last = self.blocks[-1] if self.blocks else None
        if self.state.expects_title and (is_capitals(text.partition("\ufffc")[0]) or _is_title_like(text)):
            self.state.expects_title = False
            self._add(block, "title", runs)
        elif is_signature(text) or (text.startswith("Інд. ") and len(text) < 20):
            self._add(block, "signature", runs)
        elif self.state.stage == "preamble":
            self._add(block, "enacting" if is_enacting(text) and len(text) < 80 else "preamble", runs)
        elif block.heading or is_capitals(text):
            self._heading(block, runs, last)
        else:
            self._add(block, "paragraph", runs, level=1)

    def _heading(self, block: Paragraph, runs: tuple[Run, ...], last: Block | None) -> None:
        """A heading; directly below "Розділ I" it is that section's own text."""
        if (
            isinstance(last, Unit)
            and last.label
            and last.kind in _BODY - {"part", "point", "subpoint"}
            and not last.runs
            and not block.heading
        ):
            self.blocks[-1] = replace(last, runs=runs)
        elif block.heading == 1 and not any(isinstance(before, Unit) and before.kind == "title" for before in self.blocks):
            self.title = self.title or block.text
            self._add(block, "title", runs)
        else:
            self._add(block, "heading", runs, level=max(block.heading, 1))

    def _head(self, block: Paragraph, runs: tuple[Run, ...], text: str) -> bool:
        """Issuer, type, date and title of an act. Returns False when the paragraph is none of these."""
        kinds = [head_kind("".join(run.text for run in line)) for line in lines(runs)]
        if all(kinds) and kinds and block.heading != 1 and not _same(text, self.title):
            for line, kind in zip(lines(runs), kinds, strict=True):
                self._add(block, kind, line)
            self.state.stage = "head"
            self._guess_kind(text)
            return True
        if kinds and kinds[0] == "date_line":
            self._add(block, "date_line", runs)
            self.state.stage = "head"
            return True
        if self.state.stage == "head" and (block.heading == 1 or _same(text, self.title) or text.startswith("Про ")):
            self._add(block, "title", runs)
            self.title = self.title or re.sub(r"[\s\ufffc]+", " ", text)
            self.state.stage = "preamble"
            return True
        return False

    def _guess_kind(self, text: str) -> None:
        if self.kind == "other":
            self.kind = _kind_of(text)

    def _open(self, kind: str, label: str) -> None:
        state = self.state
        if kind == "article":
            state.in_article, state.numbered_subpoint = True, False
        elif kind in _RESET_ARTICLE:
            state.in_article = state.numbered_subpoint = False
        elif kind in {"point", "part"}:
            state.numbered_subpoint = False
        elif kind == "subpoint" and label[:1].isdigit():
            state.numbered_subpoint = True
        if kind in _BODY:
            state.expects_title = False
            state.stage = "body"
        if kind in {"annex", "approval"}:
            state.quoted, state.stage, state.expects_title = "", "body", True
            state.scope = state.instrument if kind == "annex" else ""

    def _begin_quote(self, text: str) -> None:
        if self.state.quote_announced and text[:1] in {"“", "„", "«", '"'}:
            self.state.quoted, self.state.quote_depth = self.new_id(), 0
        self.state.quote_announced = False

    def _end_quote(self, text: str) -> None:
        state = self.state
        if state.quoted:
            straight = text.count('"')
            state.quote_depth += sum(_QUOTES.get(character, 0) for character in text) + (straight % 2) * (1 if text.startswith('"') else -1)
            if state.quote_depth <= 0:
                state.quoted = ""
        elif _QUOTE_ANNOUNCED.search(text):
            state.quote_announced = True

    def _add(self, block: Paragraph, kind: str, runs: tuple[Run, ...], label: str = "", level: int = 1) -> None:
        bid = BlockId(self.new_id())
        state = self.state
        self.blocks.append(Unit(bid, kind, runs, label.strip(), level, state.quoted, state.scope))
        self._anchor(bid, block.anchor)
        if kind == "approval":
            state.instrument = state.scope = bid
        elif kind == "annex":
            state.scope = bid

    def _anchor(self, bid: BlockId, anchor: str) -> None:
        if anchor and anchor not in self._anchored:
            self._anchored.add(anchor)
            self.anchors[bid] = anchor

    def _table(self, grid: Grid) -> None:
        rows = tuple(Row(BlockId(self.new_id()), tuple(self._cell(cell) for cell in row)) for row in grid.rows)
        table = Table(BlockId(self.new_id()), rows, self.state.quoted, self.state.scope)
        self.blocks.append(table)
        self._anchor(table.bid, grid.anchor)

    def _cell(self, cell: GridCell) -> Cell:
        return Cell(BlockId(self.new_id()), cell.runs, cell.colspan, cell.rowspan, cell.header)


def _with_marker(block: Paragraph) -> tuple[Run, ...]:
    return (Run(f"{block.marker} "), *block.runs) if block.marker else block.runs


def _kind_of(text: str) -> str:
    lower = text.lower().replace(" ", "")
    kinds = {
        "постанова": "postanova",
        "розпорядження": "rozporiadzhennia",
        **dict.fromkeys(("закон", "кодекс", "конституція"), "zakonoproiekt"),
    }
    return next((kind for word, kind in kinds.items() if word in lower), "other")


def _same(text: str, title: str) -> bool:
    def letters(value: str) -> str:
        return "".join(character for character in value.casefold() if character.isalnum())

    return bool(title) and letters(text) == letters(title)


def _is_title_like(text: str) -> bool:
    return len(text) < 300 and text[:1].isupper() and not re.search(r"[.;:,]\s*$", text)


def _without_layout_tables(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    """Tables that only lay out the head, a stamp or a signature become paragraphs."""
    for block in blocks:
        if isinstance(block, Grid) and _is_layout(block):
            yield from _flatten(block)
        else:
            yield block


def _with_names(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    """An office and, in the next paragraph, only a name are one signature, however the converter laid it out."""
    office: Paragraph | None = None
    for block in blocks:
        if office is not None and isinstance(block, Paragraph) and is_name(block.text):
            yield replace(office, runs=joined([office.runs, block.runs]))
            office = None
            continue
        if office is not None:
            yield office
        office = block if isinstance(block, Paragraph) and is_office(block.text) else None
        if office is None:
            yield block
    if office is not None:
        yield office


def _is_layout(grid: Grid) -> bool:
    cells = [cell for row in grid.rows for cell in row]
    if len(grid.rows) > 6 or any(len(row) > 3 for row in grid.rows):
        return False
    first = [cell for cell in cells if cell.runs]
    if any(_is_head_cell(cell) for cell in first):
        return True
    return len(grid.rows[0]) > 1 and bool(SIGNATORY.match(grid.rows[0][0].text.replace("\ufffc", " ")))


def _is_head_cell(cell: GridCell) -> bool:
    line_kinds = [head_kind("".join(run.text for run in line)) for line in lines(cell.runs)]
    found = find(cell.text, Place())
    return bool(line_kinds and line_kinds[0]) or bool(found and found.kind in {"annex", "approval"}) or notes.is_note(cell.text)


def _flatten(grid: Grid) -> Iterator[Paragraph]:
    anchor = grid.anchor
    for row in grid.rows:
        cells = [cell.runs for cell in row if cell.runs]
        if len(cells) > 1 and SIGNATORY.match("".join(run.text for run in cells[0]).replace("\ufffc", " ")):
            cells = [joined(cells)]
        for runs in cells:
            yield Paragraph(runs, grid.line, anchor=anchor)
            anchor = ""
