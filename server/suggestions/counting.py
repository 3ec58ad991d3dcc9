"""How many records there are, for the limits."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, literal_column, select, union_all

from server.db.prepared import Prepared, among
from server.db.tables import documents, suggestions
from server.ids import ActId, DocumentId, UserId
from server.suggestions.model import Status

_IS_OPEN = suggestions.c.status == literal_column(f"'{Status.OPEN}'")
_OPEN = select(func.count()).where(suggestions.c.document == documents.c.document, _IS_OPEN).scalar_subquery()
_OF_DOCUMENT: Select[Any] = select(  # Any: texts and numbers
    literal_column("'document'"), documents.c.act_id, documents.c.document, literal_column("''"), _OPEN
)
_OF_AUTHOR: Select[Any] = select(
    literal_column("'author'"), suggestions.c.act_id, suggestions.c.author, suggestions.c.status, func.count()
).group_by(suggestions.c.act_id, suggestions.c.author, suggestions.c.status)
_COUNTS = Prepared(
    union_all(
        _OF_DOCUMENT.where(among(documents.c.document, "documents")),
        _OF_AUTHOR.where(among(suggestions.c.act_id, "acts"), among(suggestions.c.author, "authors")),
    )
)
"""Rows of what they are about, its act, itself, a status and a number."""


@dataclass(slots=True)
class Count:
    """How many records somebody has in an act."""

    open: int = 0
    all: int = 0


@dataclass(slots=True)
class Place:
    """A document: whose it is, and how many open records it has."""

    act: ActId
    open: int


def count(
    connection: Connection, places: Set[DocumentId], authors: Set[tuple[ActId, UserId]]
) -> tuple[dict[DocumentId, Place], dict[tuple[ActId, UserId], Count]]:
    """The documents that exist, and the records of each author in one act each (nobody who has none), by one statement."""
    wanted: dict[str, object] = {
        "documents": sorted(places),
        "acts": sorted({act for act, _ in authors}),
        "authors": sorted({author for _, author in authors}),
    }
    found: dict[DocumentId, Place] = {}
    written: dict[tuple[ActId, UserId], Count] = defaultdict(Count)
    for about, act, name, status, number in _COUNTS.rows(connection, wanted):
        if about == "document":
            found[DocumentId(name)] = Place(ActId(act), number)
            continue
        of = written[ActId(act), UserId(name)]
        of.all += number
        if status == Status.OPEN:
            of.open = number
    return found, written
