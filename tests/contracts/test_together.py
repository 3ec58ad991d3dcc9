"""Many who ask at the same moment share reads, and nobody is answered by a read that began before they asked."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from server.db.together import MAX_KEYS, Together
from server.errors import Unavailable


class Rights:
    """A store whose reads can be held up; what it answers is what it held when the read began."""

    def __init__(self) -> None:
        self.roles = {"Олена": "drafter", "Ігор 😀": "reader"}
        self.reads: list[list[str]] = []
        self.may_go_on = asyncio.Event()
        self.failure: Exception | None = None

    async def read(self, people: Sequence[str]) -> Mapping[str, str]:
        self.reads.append(list(people))
        seen = dict(self.roles)
        await self.may_go_on.wait()
        if self.failure is not None:
            raise self.failure
        return {name: seen[name] for name in people if name in seen}


async def asked(rights: Rights, reads: int) -> None:
    """Let the tasks run until so many reads have begun."""
    for _ in range(100):
        if len(rights.reads) >= reads:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"{len(rights.reads)} reads have begun")


async def test_everyone_who_asks_during_a_read_is_answered_by_one_more() -> None:
    rights = Rights()
    together = Together(rights.read)
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(together.find("Олена"))
        await asked(rights, 1)
        later = [tasks.create_task(together.find(name)) for name in ("Олена", "Ігор 😀", "Олена", "ніхто")]
        await asyncio.sleep(0)
        rights.may_go_on.set()
    assert first.result() == "drafter"
    assert [one.result() for one in later] == ["drafter", "reader", "drafter", None]
    assert rights.reads == [["Олена"], ["Олена", "Ігор 😀", "ніхто"]]


async def test_a_right_lost_before_the_question_is_not_given_by_a_read_that_began_earlier() -> None:
    rights = Rights()
    together = Together(rights.read)
    async with asyncio.TaskGroup() as tasks:
        before = tasks.create_task(together.find("Олена"))
        await asked(rights, 1)
        rights.roles["Олена"] = "reader"
        after = tasks.create_task(together.find("Олена"))
        await asyncio.sleep(0)
        rights.may_go_on.set()
    assert (before.result(), after.result()) == ("drafter", "reader")


async def test_who_goes_away_while_reading_leaves_the_others_their_answer() -> None:
    rights = Rights()
    together = Together(rights.read)
    leaves = asyncio.ensure_future(together.find("Олена"))
    await asked(rights, 1)
    stays = asyncio.ensure_future(together.find("Ігор 😀"))
    await asyncio.sleep(0)
    leaves.cancel()
    rights.may_go_on.set()
    assert await stays == "reader"
    with pytest.raises(asyncio.CancelledError):
        await leaves


async def test_a_failure_is_everyones_who_waited_for_that_read_and_nobody_elses() -> None:
    rights = Rights()
    together = Together(rights.read)
    rights.may_go_on.set()
    rights.failure = Unavailable("the disk is full")
    outcomes = await asyncio.gather(*(together.find(name) for name in ("Олена", "Ігор 😀")), return_exceptions=True)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    rights.failure = None
    assert await together.find("Олена") == "drafter"


async def test_more_than_one_statement_may_hold_are_read_one_part_after_another() -> None:
    rights = Rights()
    together = Together(rights.read)
    rights.may_go_on.set()
    names = [f"особа {number}" for number in range(MAX_KEYS + 7)]
    rights.roles |= dict.fromkeys(names, "reader")
    assert await asyncio.gather(*(together.find(name) for name in names)) == ["reader"] * len(names)
    assert max(map(len, rights.reads)) <= MAX_KEYS
