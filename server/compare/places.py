"""How people call where each unit stands: "Стаття 1066, частина 4", and the heading under which a table of amendments shows it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.acts.model import act_schema
from server.compare.features import Feature, parents
from server.formats.canonical import Line

_OUTSIDE = frozenset({"book", "section", "subsection", "chapter", "clause", "heading"})
"""Above an article nobody cites these: articles count through the whole act."""

_SPEAKS = re.compile(r"[^\W\d_]{3}")
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Place:
    """`name` cites the unit or, where it has no number, what it stands in.

    `heading` is what it stands in, with its title; of an article, and of what stands at the top, its own. All may be empty.
    """

    name: str = ""
    heading: str = ""
    is_head: bool = False
    """Whether the heading is the unit's own."""


NOWHERE = Place()


def places(units: Sequence[Line]) -> list[Place]:
    """The place of each unit, in order."""
    above = parents([Feature(unit) for unit in units])
    paths: list[tuple[int, ...]] = []
    found: list[Place] = []
    for index, parent in enumerate(above):
        paths.append((*(paths[parent] if parent >= 0 else ()), index))
        found.append(_place(paths[-1], units))
    return found


def _place(path: Sequence[int], units: Sequence[Line]) -> Place:
    name = _named(path, units)
    over = _heading(path[:-1], units)
    is_head = units[path[-1]].kind == "article" or not over
    return Place(name, _heading(path, units) if is_head else over, is_head)


def called(kind: str, label: str) -> str:
    """A unit as one cites it: "Стаття 18" says what it is, "9)" is "пункт 9"; dashes and bullets are no name."""
    bare = label.strip(" .)(")
    if not any(sign.isalnum() for sign in bare):
        return ""
    return bare if _SPEAKS.search(bare) else f"{act_schema()['kinds'][kind]['uk']} {bare}"


def _named(path: Sequence[int], units: Sequence[Line]) -> str:
    in_article = any(units[step].kind == "article" for step in path)
    steps = (units[step] for step in path if not (in_article and units[step].kind in _OUTSIDE))
    return _capital(", ".join(filter(None, (called(unit.kind, unit.label) for unit in steps))))


def _heading(path: Sequence[int], units: Sequence[Line]) -> str:
    title = _title(units[path[-1]]) if path else ""
    return ". ".join(filter(None, (_named(path, units), title)))


def _title(unit: Line) -> str:
    """The text of a unit that is the name of a provision, not a norm."""
    text = " ".join(unit.text.split())
    is_name = unit.kind in {*_OUTSIDE, "article", "annex"} and len(text) <= _LONGEST_TITLE and not text.endswith((".", ";", ":", ","))
    return text if is_name else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
