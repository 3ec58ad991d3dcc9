"""How many records there are, for the limits."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal_column, select

from server.db.prepared import Prepared, among
from server.db.tables import documents, suggestions
from server.ids import ActId, DocumentId, UserId
from server.suggestions.model import Status

_BY_AUTHOR = Prepared(
    select(suggestions.c.act_id, suggestions.c.author, suggestions.c.status, func.count())
    .where(among(suggestions.c.act_id, "acts"), among(suggestions.c.author, "authors"))
    .group_by(suggestions.c.act_id, suggestions.c.author, suggestions.c.status)
)
_IS_OPEN = suggestions.c.status == literal_column(f"'{Status.OPEN}'")
_OPEN = select(func.count()).where(suggestions.c.document == documents.c.document, _IS_OPEN).scalar_subquery()
_PLACES = Prepared(select(documents.c.document, documents.c.act_id, _OPEN).where(among(documents.c.document, "documents")))


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


def count_by_author(connection: Connection, authors: Set[tuple[ActId, UserId]]) -> dict[tuple[ActId, UserId], Count]:
    """The records of each, in one act each; nobody who has none."""
    wanted: dict[str, object] = {"acts": sorted({act for act, _ in authors}), "authors": sorted({author for _, author in authors})}
    found: dict[tuple[ActId, UserId], Count] = defaultdict(Count)
    for act, author, status, count in _BY_AUTHOR.rows(connection, wanted):
        found[act, author].all += count
        if status == Status.OPEN:
            found[act, author].open = count
    return found


def read_places(connection: Connection, wanted: Set[DocumentId]) -> dict[DocumentId, Place]:
    """The documents that exist."""
    rows = _PLACES.rows(connection, {"documents": sorted(wanted)})
    return {DocumentId(document): Place(ActId(act), count) for document, act, count in rows}
