"""What the database knows about the people and accepted suggestions behind words; only reads."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from server.db.tables import suggestion_decisions, suggestions, users
from server.ids import ActId, BodyCode, UserId
from server.suggestions.model import Audience, What, visible


@dataclass(frozen=True, slots=True)
class Writer:
    """A person as they are called now, and their body."""

    id: UserId
    name: str
    body: BodyCode


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who proposed what was accepted, with the body they spoke for then."""

    suggestion: str
    author: UserId
    body: BodyCode


def read_writers(connection: Connection, people: Iterable[UserId]) -> list[Writer]:
    """Those of the people who have an account, by id."""
    query = select(users.c.id, users.c.name, users.c.body).where(users.c.id.in_(sorted(people))).order_by(users.c.id)
    return [Writer(UserId(row.id), row.name, BodyCode(row.body)) for row in connection.execute(query)]


def read_proposers(connection: Connection, act: ActId, wanted: Iterable[str], body: BodyCode) -> list[Proposer]:
    """The authors of suggestions, of those that somebody of `body` sees, by id."""
    columns = (suggestions.c.id, suggestions.c.author, suggestions.c.body, suggestions.c.audience)
    query = select(*columns).where(suggestions.c.act_id == act, suggestions.c.id.in_(sorted(wanted))).order_by(suggestions.c.id)
    return [
        Proposer(row.id, UserId(row.author), BodyCode(row.body))
        for row in connection.execute(query)
        if visible(Audience(row.audience), BodyCode(row.body), body)
    ]


def read_proposed(connection: Connection, act: ActId) -> dict[str, Sequence[str]]:
    """The words of every suggestion of the act that was ever accepted, by its id."""
    accepted = select(suggestion_decisions.c.suggestion_id).where(
        suggestion_decisions.c.act_id == act, suggestion_decisions.c.what == What.ACCEPTED
    )
    query = select(suggestions.c.id, suggestions.c.change).where(suggestions.c.act_id == act, suggestions.c.id.in_(accepted))
    return {row.id: tuple(_texts(json.loads(row.change))) for row in connection.execute(query)}


def _texts(change: Mapping[str, Any]) -> Iterator[str]:  # Any: JSON
    """The runs that a change would write, each text by itself."""
    for runs in (change.get("insert"), *(change.get("cells") or ())):
        yield _text(runs or ())
    for block in change.get("blocks") or ():
        yield from _block_texts(block)


def _block_texts(block: Mapping[str, Any]) -> Iterator[str]:  # Any: JSON
    yield _text(block.get("runs") or ())
    for child in block.get("children") or ():
        yield from _block_texts(child)


def _text(runs: Iterable[Mapping[str, Any]]) -> str:  # Any: JSON
    return "".join(run["t"] for run in runs)
