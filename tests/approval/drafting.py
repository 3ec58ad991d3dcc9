"""A drafter's direct edits of a real act: what changed between two editions, applied to the live text as a person would, unit by unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pycrdt

from server.compare.model import Aligned, Comparison, Kind
from server.text.tree import Tree, Unit
from tests.suggestions.cast import Desk

NORM = frozenset(
    {Kind.INSERTED, Kind.DELETED, Kind.REPLACED, Kind.RENUMBERED, Kind.MOVED, Kind.MOVED_EDITED, Kind.REFERENCE, Kind.ORTHOGRAPHIC}
)
"""Kinds of change that an amending law makes; notes and typography are the publisher's."""


@dataclass
class Drafting:
    """The way from the base to the edition that the amending law made. `new` tells the block id of each inserted unit, by its text."""

    comparison: Comparison
    target: Tree
    new: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[Aligned]:
        return [row for row in self.comparison.alignment if row.kind in NORM]

    def apply(self, desk: Desk, rows: Iterable[Aligned], *, wording: Mapping[str, str] | None = None) -> bytes:
        """One update with these changes; `wording` replaces words of new units, as a person mistypes them."""

        def change(doc: "pycrdt.Doc[Any]") -> None:
            for row in rows:
                if row.right is None:
                    raise AssertionError("this law deletes no unit")
                if row.left is None:
                    self._insert(doc, row.right, wording or {})
                else:
                    retype(doc, self.comparison.left.units[row.left].bid, row.words)

        return desk.edit(change)

    def _insert(self, doc: "pycrdt.Doc[Any]", right: int, wording: Mapping[str, str]) -> None:
        line = self.comparison.right.units[right]
        unit = next(one for one in self.target.units() if one.bid == line.bid)
        self.new[line.text] = line.bid
        words = line.text
        for wrong, typed in wording.items():
            words = words.replace(wrong, typed)
        place_after(doc, self._before(doc, right), unit, words)

    def _before(self, doc: "pycrdt.Doc[Any]", right: int) -> str:
        """The live unit that stands before this place."""
        left_of = {row.right: row.left for row in self.comparison.alignment if row.right is not None}
        present = set(order(doc))
        for place in range(right - 1, -1, -1):
            left = left_of[place]
            bid = self.comparison.right.units[place].bid if left is None else self.comparison.left.units[left].bid
            if bid in present:
                return bid
        raise AssertionError("nothing stands before it")


def children(doc: "pycrdt.Doc[Any]") -> Any:  # pycrdt has no public name for the view of children
    return doc.get("default", type=pycrdt.XmlFragment).children


def order(doc: "pycrdt.Doc[Any]") -> list[str]:
    """The block ids of the live text in order."""
    return [str(element.attributes.get("bid")) for element in children(doc) if isinstance(element, pycrdt.XmlElement)]


def words_of(doc: "pycrdt.Doc[Any]", bid: str) -> "pycrdt.XmlText":
    """The text of a unit."""
    element = children(doc)[order(doc).index(bid)]
    assert isinstance(element, pycrdt.XmlElement)
    found = next(iter(element.children))
    assert isinstance(found, pycrdt.XmlText)
    return found


def retype(doc: "pycrdt.Doc[Any]", bid: str, words: Iterable[tuple[str, str]]) -> None:
    """Delete and type exactly the words that differ; places count bytes of UTF-8 (pycrdt's way)."""
    text, at = words_of(doc, bid), 0
    for sign, piece in words:
        size = len(piece.encode())
        if sign == "-":
            del text[at : at + size]
        else:
            if sign == "+":
                text.insert(at, piece)
            at += size


def place_after(doc: "pycrdt.Doc[Any]", before: str, unit: Unit, words: str) -> None:
    """A unit with these words after another one."""
    attributes = {
        "bid": unit.bid, "kind": unit.kind, "level": str(unit.level), "label": unit.label, "quoted": unit.quoted, "scope": unit.scope,
    }  # fmt: skip
    children(doc).insert(order(doc).index(before) + 1, pycrdt.XmlElement("unit", attributes, [pycrdt.XmlText(words)]))


def move_after(doc: "pycrdt.Doc[Any]", before: str, unit: Unit, words: str) -> None:
    """Cut and paste: the unit keeps its block id."""
    del children(doc)[order(doc).index(unit.bid)]
    place_after(doc, before, unit, words)
