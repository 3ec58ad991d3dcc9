"""The words of a live cross reference: "підпункт 2 пункту 3", "частини другої статті 5", as its target is numbered now.

Data in `schema/numbering/references.json`, rules T30-T38 of `docs/spec/text.md`, cases shared with the editor in
`schema/vectors/references.json`. A mark's `form` holds words in any order: a grammatical case (default `nominative`),
`own` (without what the target stands in), `number` (only the number).
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import TypedDict

from server.resources import read_schema
from server.text.numbering import Scheme, number
from server.text.numerals import ordinal, read
from server.text.tree import Table, Tree, Unit


class _Words(TypedDict):
    cases: list[str]
    nouns: dict[str, dict[str, str]]
    ordinal: list[str]
    counted: list[str]
    counted_below_article: str
    first_when_it_ends_with: str
    quotes: list[str]
    not_cited: list[str]
    dangling: dict[str, str]


@cache
def _words() -> _Words:
    words: _Words = json.loads(read_schema("numbering/references.json"))
    return words


class Citations:
    """How every block of one tree is cited. Built once per tree, O(n); asking is O(depth)."""

    def __init__(self, tree: Tree, scheme: Scheme) -> None:
        numbering = number(tree, scheme)
        self._labels: dict[str, str] = dict(numbering.labels.items())
        self._parents: dict[str, str] = dict(numbering.parents.items())
        self._containers: dict[str, str] = dict(numbering.containers.items())
        self._tables = {block.bid for block in tree.blocks if isinstance(block, Table)}
        self._units: dict[str, Unit] = {unit.bid: unit for unit in tree.units()}
        self._places = dict(self._count(tree))

    def cite(self, target: str, form: str = "", source: str = "", language: str = "uk") -> str:
        """The words for `target` as seen from the unit `source`; a target that is gone is shown as lost (T37)."""
        wanted = form.split()
        case = next((word for word in wanted if word in _words()["cases"]), "nominative")
        if target in self._tables:
            return _words()["nouns"]["table"][case]
        if target not in self._units:
            return _words()["dangling"][language]
        if "number" in wanted:
            return self._number(target, case)
        steps = [target] if "own" in wanted else list(self._chain(target, source))
        return " ".join(self._name(step, case if step == target else "genitive") for step in steps)

    def place(self, bid: str) -> int:
        """Which абзац a unit is in the provision that holds it, from the introductory line; 0 when it is not counted."""
        return self._places.get(bid, 0)

    def _count(self, tree: Tree) -> Iterator[tuple[str, int]]:
        counts: dict[str, int] = {}
        for unit in tree.units():
            if self._is_counted(unit):
                owner = self._owner(unit.bid)
                counts[owner] = counts.get(owner, self._opening(owner)) + 1
                yield unit.bid, counts[owner]

    def _is_counted(self, unit: Unit) -> bool:
        return unit.kind in _words()["counted"] and read(self._labels[unit.bid]) is None

    def _owner(self, bid: str) -> str:
        """The nearest provision above that is not itself only counted."""
        owner = self._parents[bid]
        while owner in self._units and self._is_counted(self._units[owner]):
            owner = self._parents[owner]
        return owner

    def _opening(self, owner: str) -> int:
        """1 when the provision's own line is its first абзац; a heading is not."""
        unit = self._units.get(owner)
        if unit is None or unit.kind not in {"article", "part", "point", "subpoint", "note"}:
            return 0
        text = unit.text.rstrip()
        if unit.kind == "article":
            return int(bool(text) and text[-1] in _words()["first_when_it_ends_with"])
        return int(bool(text))

    def _chain(self, target: str, source: str) -> Iterator[str]:
        step = target
        while step:
            yield step
            above = self._owner(step) if step in self._places else self._containers.get(step, "")
            if not above and self._leaves(step, source):
                above = self._units[step].scope
            unit = self._units.get(above)
            step = above if unit and unit.kind not in _words()["not_cited"] else ""

    def _leaves(self, step: str, source: str) -> bool:
        here = self._units.get(source)
        return source != "" and here is not None and here.scope != self._units[step].scope

    def _name(self, bid: str, case: str) -> str:
        kind = self._noun(bid)
        noun, own = _words()["nouns"][kind][case], self._number(bid, case)
        return f"{noun} {own}" if own else noun

    def _noun(self, bid: str) -> str:
        unit = self._units[bid]
        below_article = bid in self._places and unit.kind == "paragraph" and self._kind(self._owner(bid)) == "article"
        return _words()["counted_below_article"] if below_article else unit.kind

    def _kind(self, bid: str) -> str:
        return self._units[bid].kind if bid in self._units else ""

    def _number(self, bid: str, case: str) -> str:
        gender = _words()["nouns"][self._noun(bid)]["gender"]
        if bid in self._places:
            return ordinal(self._places[bid], gender, case)
        numeral = read(self._labels[bid])
        if numeral is None:
            return ""
        if numeral.style.endswith(("feminine", "masculine")):
            return ordinal(numeral.value, gender, case)
        if self._units[bid].kind in _words()["ordinal"] and numeral.core == str(numeral.value):
            return ordinal(numeral.value, gender, case)
        if numeral.style in {"letter", "latin", "upper_letter", "upper_latin"}:
            return _words()["quotes"][0] + numeral.core + _words()["quotes"][1]
        return numeral.core
