"""Heavy work beside the server: done, refused, retried, given up; and the loop is free meanwhile."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.crdt.messages import Update
from server.errors import InvalidInput, Unavailable
from server.ids import DocumentId
from server.journal.compaction import Done
from server.workers.pool import SMALL_BYTES, Workers
from tests.rooms.hall import wait_until
from tests.site import open_site
from tests.suggestions.cast import first_text, gather
from tests.workers import work

LARGE = SMALL_BYTES


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    made = Workers(1)
    yield made
    await made.close()


async def test_small_work_stays_in_this_process_and_large_work_leaves_it(workers: Workers) -> None:
    assert await workers.run(10, work.pid) == os.getpid()
    assert workers.pids == []
    assert await workers.run(LARGE, work.pid) == workers.pids[0] != os.getpid()
    assert await workers.run(LARGE, work.shout, "ґедзь 🐝") == "ҐЕДЗЬ 🐝"
    assert len(workers.pids) == 1


async def test_what_work_raises_is_raised_where_it_was_asked_for(workers: Workers) -> None:
    with pytest.raises(InvalidInput) as refused:
        await workers.run(LARGE, work.refuse)
    assert (refused.value.detail, refused.value.extra["fields"]) == ("забагато", {"text": "довгий"})
    with pytest.raises(RuntimeError, match="Panic: index out of bounds"):
        await workers.run(LARGE, work.panic)
    assert await workers.run(LARGE, work.shout, "далі") == "ДАЛІ"


async def test_a_process_killed_in_the_middle_loses_nothing(workers: Workers, tmp_path: Path) -> None:
    assert await workers.run(LARGE, work.die_the_first_time, tmp_path / "mark") == "зроблено"
    assert workers.counters.died == 1


async def test_work_that_kills_every_process_is_given_up_and_the_next_is_done(workers: Workers) -> None:
    with pytest.raises(Unavailable):
        await workers.run(LARGE, work.die)
    assert await workers.run(LARGE, work.shout, "так") == "ТАК"


async def test_work_that_takes_all_memory_fails_alone(workers: Workers) -> None:
    with pytest.raises(MemoryError):
        await workers.run(LARGE, work.fill_memory)
    assert await workers.run(LARGE, work.shout, "так") == "ТАК"


async def test_work_that_never_ends_is_ended(tmp_path: Path) -> None:
    impatient = Workers(1, timeout_s=0.2)
    try:
        with pytest.raises(Unavailable, match="longer"):
            await impatient.run(LARGE, work.never_end, tmp_path / "mark")
        assert (impatient.pids, impatient.counters.timed_out) == ([], 1)
    finally:
        await impatient.close()


async def test_an_answer_nobody_waits_for_is_not_given_to_the_next(workers: Workers, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(workers.run(LARGE, work.never_end, mark))
        await wait_until(mark.exists)
        asked.cancel()
    assert await workers.run(LARGE, work.shout, "інше") == "ІНШЕ"


async def test_a_worker_killed_under_a_checkpoint_and_an_export_costs_nothing(tmp_path: Path) -> None:
    async with open_site(tmp_path, workers=1) as site:
        cast = await gather(site)
        async with cast.desk("drafter") as desk:
            desk.say(Update(desk.edit(lambda doc: first_text(doc).insert(0, "Довго " * 12_000))))
            assert await desk.saved()
        assert (await cast.call("lead", "GET", "/export?format=txt")).status_code == 200
        (pid,) = site.parts.workers.pids
        os.kill(pid, signal.SIGKILL)
        answer = await cast.call("lead", "GET", "/export?format=txt")
        assert (answer.status_code, "Довго Довго" in answer.text) == (200, True)
        assert site.parts.workers.counters.died == 1
        done = await site.parts.compactor.compact(DocumentId(cast.act))
        assert isinstance(done, Done)
