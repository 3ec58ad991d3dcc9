"""Writes that wait at the same moment share a transaction, and none of them fails another."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from sqlalchemy import Connection, insert, select

from server.db.engine import Database, Work
from server.db.group_commit import MAX_TOGETHER, MAX_WAITING, GroupCommit
from server.db.tables import instance
from server.errors import Conflict, Unavailable, ZlahodaError

T = TypeVar("T")


class Shelf:
    """Keeps words in a table; a word that is there already cannot be written, an empty one is refused."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def keep(self, connection: Connection, words: Sequence[str]) -> list[str | ZlahodaError]:
        self.batches.append(list(words))
        return [self._keep_one(connection, word) for word in words]

    def _keep_one(self, connection: Connection, word: str) -> str | ZlahodaError:
        if not word:
            return Conflict("порожнє слово")
        connection.execute(insert(instance).values(key=word, value="є"))
        return word.upper()


class Failing:
    """A database whose commits fail after they were made, as when a connection breaks, until told otherwise."""

    def __init__(self, database: Database) -> None:
        self.dialect = database.dialect
        self.is_broken = True
        self._database = database

    async def read(self, work: Work[T]) -> T:
        return await self._database.read(work)

    async def write(self, work: Work[T]) -> T:
        result = await self._database.write(work)
        if self.is_broken:
            raise Unavailable("the connection broke")
        return result

    async def close(self) -> None:
        await self._database.close()


@asynccontextmanager
async def running(database: Database, shelf: Shelf) -> AsyncIterator[GroupCommit[str, str]]:
    group: GroupCommit[str, str] = GroupCommit(database, shelf.keep)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(group.run())
        yield group
        task.cancel()


async def all_of(group: GroupCommit[str, str], *words: str) -> list[str | BaseException]:
    return await asyncio.gather(*(group.do(word) for word in words), return_exceptions=True)


async def kept(database: Database) -> set[str]:
    return await database.read(lambda connection: set(connection.execute(select(instance.c.key).where(instance.c.value == "є")).scalars()))


async def test_what_waits_is_written_together_in_the_order_in_which_it_came(database: Database) -> None:
    shelf = Shelf()
    async with running(database, shelf) as group:
        assert await all_of(group, "їжак", "ґава", "кіт 🐈") == ["ЇЖАК", "ҐАВА", "КІТ 🐈"]
        assert await group.do("лис") == "ЛИС"
    assert shelf.batches == [["їжак", "ґава", "кіт 🐈"], ["лис"]]
    assert await kept(database) == {"їжак", "ґава", "кіт 🐈", "лис"}


async def test_a_refused_part_is_refused_alone(database: Database) -> None:
    async with running(database, Shelf()) as group:
        first, refused, last = await all_of(group, "їжак", "", "лис")
    assert (first, last) == ("ЇЖАК", "ЛИС")
    assert isinstance(refused, Conflict)
    assert await kept(database) == {"їжак", "лис"}


async def test_one_that_cannot_be_written_fails_alone_and_the_others_are_written_once(database: Database) -> None:
    shelf = Shelf()
    async with running(database, shelf) as group:
        outcomes = await all_of(group, "їжак", "лис", "їжак", "кіт")
        assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, False, True, False]
        assert await group.do("миша") == "МИША"
    assert await kept(database) == {"їжак", "лис", "кіт", "миша"}
    assert shelf.batches == [["їжак", "лис", "їжак", "кіт"], ["їжак"], ["лис"], ["їжак"], ["кіт"], ["миша"]]


async def test_a_failing_disk_is_everyones_who_waited_and_nobody_elses(database: Database) -> None:
    failing, shelf = Failing(database), Shelf()
    async with running(failing, shelf) as group:
        assert all(isinstance(outcome, Unavailable) for outcome in await all_of(group, "їжак", "лис"))
        failing.is_broken = False
        assert await group.do("кіт") == "КІТ"
    assert shelf.batches == [["їжак", "лис"], ["кіт"]]


async def test_who_goes_away_leaves_the_others_their_answer(database: Database) -> None:
    async with running(database, Shelf()) as group:
        leaves, stays = (asyncio.ensure_future(group.do(word)) for word in ("їжак", "лис"))
        await asyncio.sleep(0)
        leaves.cancel()
        assert await stays == "ЛИС"
    with pytest.raises(asyncio.CancelledError):
        await leaves


async def test_a_transaction_and_what_waits_have_a_bound(database: Database) -> None:
    shelf = Shelf()
    async with running(database, shelf) as group:
        outcomes = await all_of(group, *(f"слово {number}" for number in range(MAX_WAITING + 3)))
        assert [type(outcome) for outcome in outcomes[-4:]] == [str, Unavailable, Unavailable, Unavailable]
    assert {len(batch) for batch in shelf.batches} == {MAX_TOGETHER}
