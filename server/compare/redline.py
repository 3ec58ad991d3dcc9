"""The inline redline: the whole text once, edits marked in it. First as data, then as HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from server.compare.model import Aligned, Comparison, Kind, Words
from server.compare.page import marked, page
from server.compare.wording import KINDS

_FOLDED = {Kind.SAME, Kind.TYPOGRAPHIC, Kind.NOTE}


@dataclass(frozen=True, slots=True)
class Passage:
    """One unit of the redline. `label` has its edits like `words`; `from_label` is where a moved unit stood; `anchor` is stable (C43)."""

    kind: Kind
    unit: str
    label: Words
    words: Words
    from_label: str = ""
    anchor: str = ""


def redline(comparison: Comparison) -> Iterator[Passage]:
    """The passages in the order of the comparison."""
    for row in comparison.alignment:
        old = comparison.left.units[row.left] if row.left is not None else None
        new = comparison.right.units[row.right] if row.right is not None else None
        line = new or old
        if line is None:
            continue
        moved = old.label if old and row.kind in {Kind.MOVED, Kind.MOVED_EDITED} else ""
        label = _label(old.label if old else "", new.label if new else "")
        yield Passage(row.kind, line.kind, label, _words(row, line.text), moved, f"z-{comparison.id_of(row)}")


def write(comparison: Comparison) -> bytes:
    """The redline as a standalone HTML page."""
    body = "\n".join(_passage(passage) for passage in redline(comparison))
    return page("Порівняння редакцій", comparison, body)


def _words(row: Aligned, text: str) -> Words:
    return row.words or ((("=", text),) if text else ())


def _label(old: str, new: str) -> Words:
    if old == new:
        return (("=", new),) if new else ()
    pieces: Words = (("-", old), ("+", new))
    return tuple(piece for piece in pieces if piece[1])


def _passage(passage: Passage) -> str:
    kind = "" if passage.kind is Kind.SAME else f'<span class="kind">[{KINDS[passage.kind]}{_origin(passage)}]</span> '
    label = f'<span class="label">{marked(passage.label)}</span> ' if passage.label else ""
    fold = " fold" if passage.kind in _FOLDED and passage.unit == "editor_note" else ""
    return f'<p id="{escape(passage.anchor)}" class="unit {passage.kind.value}{fold}">{kind}{label}{marked(passage.words)}</p>'


def _origin(passage: Passage) -> str:
    return f", було {escape(passage.from_label)}" if passage.from_label else ""
