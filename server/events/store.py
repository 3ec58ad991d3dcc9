"""What happened, append-only and chained: the audit, later also the feed and the outbox of notices.

Each scope (an act's id, or `system`) is a chain of its own: an event's hash covers the hash before it. Events name
people by id only, so that a person can be erased and the chain still verifies (D17). The database itself refuses to
change or delete an event (triggers of the first migration).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, String, bindparam, func, insert, literal_column, select

from server.db.prepared import Prepared
from server.db.tables import events
from server.ids import UserId

SYSTEM = "system"
"""The scope of what happens to people, bodies and the server itself."""

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]

_FORMAT = 1
_START = "0" * 64
_HOLD = Prepared(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("key", type_=String), literal_column("0")))))
_LAST = Prepared(
    select(events.c.seq, events.c.hash)
    .where(events.c.scope == bindparam("scope"))
    .order_by(events.c.seq.desc())
    .limit(literal_column("1"))  # numbers of the text: a parameter would be one more value to give
    .offset(literal_column("0"))
)
_APPEND = Prepared(insert(events))
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_LINK = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `at` is in milliseconds UTC, `seq` counts from 1 in its scope."""

    scope: str
    seq: int
    at: int
    actor: UserId
    kind: str
    payload: Mapping[str, Value]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Defect:
    """The first place at which a chain no longer holds, and why."""

    scope: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What an event says, before it has its place in a chain; `at` is in milliseconds UTC."""

    actor: UserId
    kind: str
    payload: Mapping[str, Value]
    at: int


def record(  # noqa: PLR0913 - what an event is
    connection: Connection, scope: str, actor: UserId, kind: str, payload: Mapping[str, Value], at: int
) -> None:
    """As `record_all`, of one."""
    record_all(connection, scope, [Happened(actor, kind, payload, at)])


def record_all(connection: Connection, scope: str, happened: Sequence[Happened]) -> None:
    """Append events inside the caller's transaction: they are kept exactly when what they tell of is.

    Holds the scope until the transaction ends, so that two writers cannot fork its chain; who records in several
    scopes takes the acts first, in their order, and `system` last.
    """
    _hold(connection, scope)
    last = _LAST.rows(connection, {"scope": scope})
    seq, previous = last[0] if last else (0, _START)
    rows: list[dict[str, object]] = []
    for one in happened:
        seq += 1
        body = canonical_json(one.payload)
        digest = event_hash((scope, seq, one.at, one.actor, one.kind, body), previous)
        row = {"scope": scope, "seq": seq, "at": one.at, "actor": one.actor, "kind": one.kind, "payload": body}
        rows.append({**row, "previous_hash": previous, "hash": digest})
        previous = digest
    _APPEND.run_many(connection, rows)


def read_page(connection: Connection, scope: str, *, before: int | None = None, limit: int = 100) -> list[Event]:
    """The newest events of a scope, latest first; `before` is the `seq` at which the last page ended."""
    query = select(events).where(events.c.scope == scope).order_by(events.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(events.c.seq < before)
    return [_event(row) for row in connection.execute(query).mappings()]


def read_kinds(connection: Connection, scope: str, prefix: str, *, limit: int = 100) -> list[Event]:
    """The newest events of a scope whose kind begins so, latest first."""
    query = select(events).where(events.c.scope == scope, events.c.kind.startswith(prefix, autoescape=True))
    return [_event(row) for row in connection.execute(query.order_by(events.c.seq.desc()).limit(limit)).mappings()]


def list_scopes(connection: Connection) -> list[str]:
    """Every scope in which something happened."""
    return list(connection.execute(select(events.c.scope).distinct().order_by(events.c.scope)).scalars())


def find_defect(connection: Connection, scope: str) -> Defect | None:
    """The first broken link of a scope's chain, or None when every event is as it was written."""
    return defect_of(scope, walk(connection, scope))


def defect_of(scope: str, rows: Iterable[Mapping[str, Any]]) -> Defect | None:  # Any: columns, or what an exported package holds
    """As `find_defect`, of rows in order that hold the columns of `events`."""
    previous, expected = _START, 1
    for row in rows:
        if row["seq"] != expected:
            return Defect(scope, expected, "an event is missing")
        if row["previous_hash"] != previous:
            return Defect(scope, row["seq"], "the event does not follow the one before it")
        digest = event_hash((scope, row["seq"], row["at"], row["actor"], row["kind"], row["payload"]), previous)
        if row["hash"] != digest:
            return Defect(scope, row["seq"], "the event was changed")
        previous, expected = digest, expected + 1
    return None


def canonical_json(value: Value) -> str:
    """JSON with sorted keys, no spaces, no escapes that are not needed and no fractions: one text per value.

    Raises TypeError for anything else: a fraction's text depends on who writes it.
    """
    _check(value)
    return _CANONICAL.encode(value)


def event_hash(event: tuple[str, int, int, str, str, str], previous: str) -> str:
    """SHA-256, in hexadecimal, over a JSON array: format, scope, seq, at, actor, kind, payload's text, hash before it."""
    return hashlib.sha256(_LINK.encode([_FORMAT, *event, previous]).encode()).hexdigest()


def _hold(connection: Connection, scope: str) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's one writer holds everything already
        _HOLD.run(connection, {"key": f"events/{scope}"})


def walk(connection: Connection, scope: str, page: int = 1000) -> Iterator[dict[str, Any]]:  # Any: columns
    """The events of a scope as they are stored, the first one first."""
    after = -1
    while True:
        query = select(events).where(events.c.scope == scope, events.c.seq > after).order_by(events.c.seq).limit(page)
        rows = connection.execute(query).mappings().all()
        yield from map(dict, rows)
        if len(rows) < page:
            return
        after = rows[-1]["seq"]


def _event(row: RowMapping) -> Event:
    return Event(**{**row, "payload": json.loads(row["payload"])})


def _check(value: object) -> None:
    match value:
        case str() | int() | None:
            return
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("the keys of an event's payload are strings")
            for item in value.values():
                _check(item)
        case list() | tuple():
            for item in value:
                _check(item)
        case _:
            raise TypeError(f"an event's payload cannot hold {type(value).__name__}")
