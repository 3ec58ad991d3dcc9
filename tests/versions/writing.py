"""People writing into an act's room in tests."""

from typing import Any

import pycrdt

from server.crdt.messages import Update
from tests.suggestions.cast import Cast, Desk


async def write(desk: Desk, words: str, unit: int = 0, at: int = 0) -> None:
    """Insert words into a unit's text, saved when this returns; `at` counts UTF-8 bytes."""
    before = desk.doc.get_state()
    text_of(desk.doc, unit).insert(at, words)
    desk.say(Update(desk.doc.get_update(before)))
    assert await desk.saved()


def text_of(doc: "pycrdt.Doc[Any]", unit: int) -> pycrdt.XmlText:
    """The text of a unit."""
    found = next(iter(units_of(doc)[unit].children))
    assert isinstance(found, pycrdt.XmlText)
    return found


def units_of(doc: "pycrdt.Doc[Any]") -> list[Any]:
    """The units and tables in order."""
    return list(doc.get("default", type=pycrdt.XmlFragment).children)


async def write_as(cast: Cast, who: str, words: str, unit: int = 0) -> None:
    """A person comes, inserts words at the beginning of a unit, sees them saved and leaves."""
    async with cast.desk(who) as desk:
        await write(desk, words, unit)
