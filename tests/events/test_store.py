"""The record of what happened: chained, append-only, the same on SQLite and PostgreSQL."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Executable, delete, text, update
from sqlalchemy.exc import DBAPIError

from server.db.engine import Database
from server.db.tables import events
from server.events.store import SYSTEM, Value, canonical_json, event_hash, find_defect, list_scopes, read_page, record
from server.ids import UserId

OKSANA = UserId("1" * 32)
ACT = "a" * 32


def write(connection: Connection, kind: str, payload: dict[str, Value] | None = None, *, scope: str = ACT, at: int = 5) -> None:
    record(connection, scope, OKSANA, kind, payload or {}, at)


def running(statement: Executable) -> Callable[[Connection], object]:
    """Work for a transaction: this statement."""
    return lambda connection: connection.execute(statement)


async def disarm(database: Database) -> None:
    """What somebody with the database's own password could do: take the triggers away."""
    if database.dialect == "sqlite":
        statements = ["DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"]
    else:
        statements = ["DROP TRIGGER events_no_change ON events"]
    for statement in statements:
        await database.write(running(text(statement)))


async def fill(database: Database, count: int = 5) -> None:
    for number in range(count):
        await database.write(partial(write, kind="акт.перейменовано", payload={"number": number, "title": "Про дороги 🚧"}))


async def test_events_are_read_back_newest_first_with_their_payload(database: Database) -> None:
    await fill(database, 5)
    await database.write(partial(write, kind="session.started", scope=SYSTEM))
    page = await database.read(lambda connection: read_page(connection, ACT, limit=2))
    assert [event.seq for event in page] == [5, 4]
    assert page[0].payload == {"number": 4, "title": "Про дороги 🚧"}
    rest = await database.read(lambda connection: read_page(connection, ACT, before=4))
    assert [event.seq for event in rest] == [3, 2, 1]
    assert await database.read(list_scopes) == sorted([ACT, SYSTEM])


async def test_D17_an_untouched_chain_verifies_each_scope_on_its_own(database: Database) -> None:
    await fill(database)
    await database.write(partial(write, kind="session.started", scope=SYSTEM))
    assert await database.read(lambda connection: find_defect(connection, ACT)) is None
    assert await database.read(lambda connection: find_defect(connection, SYSTEM)) is None
    assert await database.read(lambda connection: find_defect(connection, "нема")) is None


async def test_the_database_itself_refuses_to_change_or_delete_an_event(database: Database) -> None:
    await fill(database)
    for statement in (update(events).values(kind="нічого"), delete(events)):
        with pytest.raises(DBAPIError, match="never change"):
            await database.write(running(statement))
    assert len(await database.read(lambda connection: read_page(connection, ACT))) == 5


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payload", '{"number":2,"title":"Про дорогі"}'),
        ("actor", "2" * 32),
        ("at", 6),
        ("kind", "act.renamed"),
        ("previous_hash", "f" * 64),
        ("hash", "e" * 64),
    ],
)
async def test_P4_one_changed_field_is_found_where_it_is(database: Database, field: str, value: object) -> None:
    await fill(database)
    await disarm(database)
    await database.write(lambda connection: connection.execute(update(events).where(events.c.seq == 3).values({field: value})))
    defect = await database.read(lambda connection: find_defect(connection, ACT))
    assert defect is not None
    assert defect.seq == 3


async def test_an_event_taken_out_of_the_middle_is_missed(database: Database) -> None:
    await fill(database)
    await disarm(database)
    await database.write(lambda connection: connection.execute(delete(events).where(events.c.seq == 2)))
    defect = await database.read(lambda connection: find_defect(connection, ACT))
    assert defect is not None
    assert (defect.seq, defect.reason) == (2, "an event is missing")


async def test_writers_at_once_do_not_fork_the_chain(database: Database) -> None:
    await asyncio.gather(*(database.write(partial(write, kind=f"дія.{number}")) for number in range(20)))
    page = await database.read(lambda connection: read_page(connection, ACT))
    assert [event.seq for event in page] == list(range(20, 0, -1))
    assert {event.kind for event in page} == {f"дія.{number}" for number in range(20)}
    assert await database.read(lambda connection: find_defect(connection, ACT)) is None


async def test_an_event_of_a_transaction_that_fails_did_not_happen(database: Database) -> None:
    def fail(connection: Connection) -> None:
        write(connection, "act.created")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    assert await database.read(lambda connection: read_page(connection, ACT)) == []


async def test_a_chain_longer_than_a_page_is_walked_to_its_end(database: Database) -> None:
    def many(connection: Connection) -> None:
        for number in range(1005):
            write(connection, "act.opened", {"n": number})

    await database.write(many)
    assert await database.read(lambda connection: find_defect(connection, ACT)) is None
    await disarm(database)
    await database.write(lambda connection: connection.execute(update(events).where(events.c.seq == 1004).values(at=1)))
    defect = await database.read(lambda connection: find_defect(connection, ACT))
    assert defect is not None
    assert defect.seq == 1004


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
)


@given(JSON)
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: Value) -> None:
    def reversed_keys(item: object) -> object:
        if isinstance(item, dict):
            return {key: reversed_keys(item[key]) for key in reversed(item)}
        return [reversed_keys(part) for part in item] if isinstance(item, list) else item

    assert canonical_json(value) == canonical_json(reversed_keys(value))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", {1: "ключ"}, {"a": {1.0}}])
def test_a_payload_that_has_no_single_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)  # type: ignore[arg-type]


def test_the_hash_of_an_event_never_changes_between_versions() -> None:
    digest = event_hash((ACT, 1, 5, OKSANA, "акт.створено", canonical_json({"б": "ї", "а": 1})), "0" * 64)
    assert digest == "37681c06ec10309da78ccee275069c3e5b75a989d5f351b4e0bae773580e1b89"
