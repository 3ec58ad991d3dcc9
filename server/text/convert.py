"""Between the CRDT's elements and the frozen tree: no text is ever lost, odd elements are repaired by rule and reported.

Rules T20-T27 of `docs/spec/text.md`.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from server.crdt.content import AttributeValue, Element, Run
from server.ids import BlockId
from server.text.numbering import ranks
from server.text.tree import Block, Cell, Row, Table, Tree, Unit

Path = tuple[int, ...]
"""Where an element stands: its index in the fragment, then in its table, then in its row."""

IdSource = Callable[[Path], str]
"""What a repaired id is derived from: best the element's Yjs id ("client:clock"), so that all repairs agree (D1)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the document's schema does not foresee, and what became of it."""

    code: str
    path: Path
    detail: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """A tree, and what had to be repaired on the way; no problems means that the elements were well-formed."""

    tree: Tree
    problems: tuple[Problem, ...]


def to_elements(tree: Tree) -> tuple[Element, ...]:
    """The elements of a document with this content; unit attributes are strings, spans are integers."""
    return tuple(_unit_element(block) if isinstance(block, Unit) else _table_element(block) for block in tree.blocks)


def from_elements(elements: Iterable[Element], id_source: IdSource | None = None) -> Tree:
    """The tree of a document's content, repaired where it must be."""
    return convert(elements, id_source).tree


def convert(elements: Iterable[Element], id_source: IdSource | None = None) -> Conversion:
    """The tree of a document's content and what was repaired."""
    reader = _Reader(id_source)
    blocks = tuple(block for index, element in enumerate(elements) for block in reader.read(element, (index,)))
    return Conversion(Tree(blocks), tuple(reader.problems))


def merge_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same text with the same marks in the fewest runs; empty runs go."""
    merged: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if merged and merged[-1].marks == run.marks:
            merged[-1] = Run(merged[-1].text + run.text, run.marks)
        else:
            merged.append(run)
    return tuple(merged)


def derived_id(old: str, source: str) -> BlockId:
    """The id a block gets when its own is missing or taken: 32 hexadecimal digits over the old id and the source."""
    return BlockId(hashlib.sha256(f"{old}\0{source}".encode()).hexdigest()[:32])


def _unit_element(unit: Unit) -> Element:
    attributes = {"bid": unit.bid, "kind": unit.kind, "level": str(unit.level), "label": unit.label, **_place(unit)}
    return Element("unit", attributes, merge_runs(unit.runs))


def _place(block: Block) -> dict[str, str]:
    return {name: value for name, value in (("quoted", block.quoted), ("scope", block.scope)) if value}


def _table_element(table: Table) -> Element:
    rows = tuple(Element("row", {"bid": row.bid}, children=tuple(_cell_element(cell) for cell in row.cells)) for row in table.rows)
    return Element("table", {"bid": table.bid, **_place(table)}, children=rows)


def _cell_element(cell: Cell) -> Element:
    attributes: dict[str, AttributeValue] = {"bid": cell.bid}
    if cell.colspan != 1:
        attributes["colspan"] = cell.colspan
    if cell.rowspan != 1:
        attributes["rowspan"] = cell.rowspan
    if cell.header:
        attributes["header"] = "true"
    if cell.colwidth:
        attributes["colwidth"] = cell.colwidth
    return Element("cell", attributes, merge_runs(cell.runs))


@dataclass(slots=True)
class _Reader:
    id_source: IdSource | None
    taken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def read(self, element: Element, path: Path) -> Iterator[Block]:
        match element.name:
            case "unit":
                yield self._unit(element, path)
            case "table":
                yield from self._table(element, path)
            case _:
                self._report("unknown-element", path, element.name)
                yield self._unit(element, path)

    def _report(self, code: str, path: Path, detail: str) -> None:
        self.problems.append(Problem(code, path, detail))

    def _unit(self, element: Element, path: Path) -> Unit:
        if element.children:
            self._report("nested-content", path, element.name)
        bid, attributes = self._bid(element, path), element.attributes
        kind = _text(attributes, "kind")
        if kind not in ranks():
            self._report("unknown-kind", path, kind)
            kind = "paragraph"
        level = _integer(attributes.get("level"))
        label, quoted, scope = (_text(attributes, name) for name in ("label", "quoted", "scope"))
        return Unit(bid, kind, _all_runs(element), label, level, quoted, scope)

    def _table(self, element: Element, path: Path) -> Iterator[Block]:
        bid, quoted, scope = self._bid(element, path), _text(element.attributes, "quoted"), _text(element.attributes, "scope")
        rows = tuple(self._row(child, (*path, index)) for index, child in enumerate(element.children))
        yield Table(bid, rows, quoted, scope)
        if runs := merge_runs(element.runs):
            self._report("text-in-table", path, "kept as a paragraph after it")
            yield Unit(self._new_bid(derived_id(bid, "text"), path), "paragraph", runs, quoted=quoted, scope=scope)

    def _row(self, element: Element, path: Path) -> Row:
        if element.name != "row":
            self._report("unknown-element", path, element.name)
            own = self._bid(element, path)
            return Row(own, (Cell(self._new_bid(derived_id(own, "cell"), path), _all_runs(element)),))
        bid = self._bid(element, path)
        cells = [self._cell(child, (*path, index)) for index, child in enumerate(element.children)]
        if runs := merge_runs(element.runs):
            self._report("text-in-row", path, "kept as a cell at its end")
            cells.append(Cell(self._new_bid(derived_id(bid, "text"), path), runs))
        return Row(bid, tuple(cells))

    def _cell(self, element: Element, path: Path) -> Cell:
        if element.name != "cell":
            self._report("unknown-element", path, element.name)
        elif element.children:
            self._report("nested-content", path, element.name)
        bid, attributes = self._bid(element, path), element.attributes
        widths = attributes.get("colwidth")
        return Cell(
            bid,
            _all_runs(element),
            _integer(attributes.get("colspan")),
            _integer(attributes.get("rowspan")),
            _text(attributes, "header") == "true",
            widths if isinstance(widths, tuple) else (),
        )

    def _bid(self, element: Element, path: Path) -> BlockId:
        own = _text(element.attributes, "bid")
        if own and own not in self.taken:
            self.taken.add(own)
            return BlockId(own)
        self._report("repeated-id" if own else "missing-id", path, own)
        seed = own or "".join(run.text for run in _all_runs(element))
        return self._new_bid(seed, path)

    def _new_bid(self, seed: str, path: Path) -> BlockId:
        """Derived from the seed and the id source, or without one from the seed and how often it was met."""
        source, again = self.id_source(path) if self.id_source else "", 0
        while (bid := derived_id(seed, f"{source}#{again}" if again or not source else source)) in self.taken:
            again += 1
        self.taken.add(bid)
        return bid


def _all_runs(element: Element) -> tuple[Run, ...]:
    """The element's own text and that of everything inside it, in order."""
    return merge_runs(_walk(element))


def _walk(element: Element) -> Iterator[Run]:
    yield from element.runs
    for child in element.children:
        yield from _walk(child)


def _text(attributes: Mapping[str, AttributeValue], name: str) -> str:
    value = attributes.get(name, "")
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _integer(value: AttributeValue | None) -> int:
    """A level or span from 1; anything else counts as 1."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    return max(value, 1) if isinstance(value, int) else 1
