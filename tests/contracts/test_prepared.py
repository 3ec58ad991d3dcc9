"""Statements of the hot path: the same answers on every database, for lists of any length."""

from functools import partial

from sqlalchemy import Connection, bindparam, insert, select

from server.db.engine import Database
from server.db.prepared import Prepared, Values, among
from server.db.tables import instance

KEPT = {"a": "1", "b": "2", "c": "2", "д'": "1"}

_PUT = Prepared(insert(instance))
_FOUND = Prepared(select(instance.c.key).where(among(instance.c.key, "keys"), among(instance.c.value, "values")).order_by(instance.c.key))
_VALUE = Prepared(select(instance.c.value).where(instance.c.key == bindparam("key")))


async def found(database: Database, keys: list[str], values: list[str]) -> list[str]:
    def work(connection: Connection) -> list[str]:
        return [row[0] for row in _FOUND.rows(connection, {"keys": keys, "values": values})]

    return await database.read(work)


async def test_a_list_finds_what_has_one_of_its_values_be_they_none_one_or_many(database: Database) -> None:
    rows: list[Values] = [{"key": key, "value": value} for key, value in KEPT.items()]
    await database.write(partial(_PUT.run_many, values=rows))
    assert await found(database, ["a"], ["1"]) == ["a"]
    assert await found(database, ["a"], ["2"]) == []
    assert await found(database, ["д'"], ["1"]) == ["д'"]
    assert await found(database, ["a", "b", "c"], ["2"]) == ["b", "c"]
    assert await found(database, ["b"], ["1", "2"]) == ["b"]
    assert await found(database, ["a", "д'", "nobody"], ["1", "3"]) == ["a", "д'"]
    assert await found(database, [], ["1"]) == []
    assert await found(database, ["a"], []) == []
    assert await found(database, ["a"], ["1"]) == ["a"]


async def test_a_scalar_is_the_first_column_or_none_without_a_row(database: Database) -> None:
    await database.write(partial(_PUT.run, values={"key": "k", "value": "v"}))
    assert await database.read(partial(_VALUE.scalar, values={"key": "k"})) == "v"
    assert await database.read(partial(_VALUE.scalar, values={"key": "other"})) is None
