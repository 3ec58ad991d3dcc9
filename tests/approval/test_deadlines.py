"""Silence exactly once: two engines on one database, restarts, clocks that jump. Rules D1 to D6 of docs/spec/approval.md."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from server.approval.deadlines import HOLD_AFTER_MS, HOLD_MS, Watch
from server.approval.engine import DeadlineEngine
from server.approval.store import list_due
from server.db.tables import events, positions
from tests.approval.cast import BODIES, Cast, gather
from tests.approval.test_rounds import opened
from tests.services import Postgres
from tests.site import Site, open_site


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def nodes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Site, Site]]:
    """Two servers on one database, with one clock."""
    settings: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres_server")
        settings = {"database_url": server.new_database()}
    async with open_site(tmp_path, **settings) as first, open_site(tmp_path, **settings) as second:
        first.clock.now = second.clock.now
        yield first, second


def count(connection: Connection) -> tuple[int, int]:
    """Positions by default, and events that tell of them."""
    silent = connection.execute(select(func.count()).where(positions.c.outcome == "SILENT")).scalar() or 0
    return silent, connection.execute(select(func.count()).where(events.c.kind == "approval.silent")).scalar() or 0


async def until_written(site: Site) -> None:
    """Until an engine has written positions by default."""
    for _ in range(3000):
        if await site.parts.database.read(count) != (0, 0):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no engine wrote anything")


def engine_of(site: Site) -> DeadlineEngine:
    return DeadlineEngine(site.parts.deadlines._positions, site.clock, lambda: site.clock.now / 1000)


async def test_I5_two_engines_on_one_database_write_each_silence_exactly_once(nodes: tuple[Site, Site]) -> None:
    first = nodes[0]
    cast = await gather(first)
    _, round_ = await opened(cast)
    last = max(one["due_at"] for one in round_["requests"])
    for site in nodes:
        site.clock.now = last + 1
    engines = [engine_of(site) for site in nodes for _ in range(3)]
    wrote = await asyncio.gather(*(engine.tick() for engine in engines))
    assert sum(wrote) == len(BODIES)
    assert await first.parts.database.read(count) == (len(BODIES), len(BODIES))
    await cast.at(last + 1)
    stated = (await cast.get("lead", "/rounds/1"))["positions"]
    assert sorted(one["body"] for one in stated) == sorted(BODIES)
    assert (await cast.approval())["state"] == "reconciliation"
    assert [one["kind"] for one in (await cast.approval())["timeline"]].count("approval.round_ended") == 1


async def test_I5_a_position_and_the_engine_at_the_same_moment_leave_one_position(nodes: tuple[Site, Site]) -> None:
    first, second = nodes
    cast = await gather(first)
    revision, round_ = await opened(cast)
    due = max(one["due_at"] for one in round_["requests"])
    await cast.at(due)  # for the one who signs it is the last moment; on the other node it has passed
    second.clock.now = due + 1
    given = {"body": "minfin", "outcome": "AGREED", "revision_hash": revision["hash"]}
    answer, _ = await asyncio.gather(cast.call("minfin", "POST", "/rounds/1/positions", given), engine_of(second).tick())
    found = {one["body"]: one["outcome"] for one in (await cast.get("lead", "/rounds/1"))["positions"]}
    assert len(found) == len(BODIES)
    assert found["minfin"] == ("AGREED" if answer.status_code == 201 else "SILENT")
    assert answer.status_code in {201, 409}


async def test_D3_what_a_server_that_was_down_has_missed_is_found_at_its_next_start(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cast = await gather(site)
        _, round_ = await opened(cast)
        last = max(one["due_at"] for one in round_["requests"])
    async with open_site(tmp_path, now=last + 30 * 24 * 3600 * 1000) as site:
        await until_written(site)  # its own engine judges as it starts
        assert await engine_of(site).tick() == 0
        assert await site.parts.database.read(count) == (len(BODIES), len(BODIES))


async def test_D5_a_clock_that_jumps_ahead_is_not_believed_at_once_and_one_mended_in_time_costs_nobody_a_position(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cast = await gather(site)
        _, round_ = await opened(cast)
        start, last = site.clock.now, max(one["due_at"] for one in round_["requests"])
        passing = [0.0]
        engine = DeadlineEngine(site.parts.deadlines._positions, site.clock, lambda: passing[0])
        assert await engine.tick() == 0
        site.clock.now, passing[0] = last + 1000, 20.0  # set wrongly: a fortnight in twenty seconds
        assert await engine.tick() == 0
        site.clock.now, passing[0] = start + 40_000, 40.0  # mended
        assert await engine.tick() == 0
        site.clock.now, passing[0] = last + 1000, 60.0  # again, and this time it stays
        assert await engine.tick() == 0
        passing[0] += HOLD_MS / 1000
        site.clock.now += HOLD_MS
        assert await engine.tick() == len(BODIES)
        site.clock.now = start  # back again: what was decided stays decided
        assert await engine.tick() == 0
        assert await site.parts.database.read(count) == (len(BODIES), len(BODIES))


async def test_D2_the_last_moment_still_belongs_to_the_body(cast: Cast) -> None:
    revision, round_ = await opened(cast)
    await cast.at(max(one["due_at"] for one in round_["requests"]))
    assert await cast.engine().tick() == 0
    await cast.state("minfin", 1, revision)


async def test_D6_legal_expertise_does_not_become_agreement_by_silence(cast: Cast) -> None:
    revision, _ = await opened(cast)
    for who in ("minfin", "infra", "economy", "digital"):
        await cast.state(who, 1, revision)
    round_ = await cast.open(revision, [{"body": "minjust"}], kind="legal")
    due = round_["requests"][0]["due_at"]
    assert round_["requests"][0]["silent"] is False
    await cast.at(due + 24 * 3600 * 1000)
    assert await cast.engine().tick() == 0
    row = await cast.row("minjust", "legal")
    assert row["days_left"] < 0
    given = {"body": "minjust", "outcome": "REFUSED", "revision_hash": revision["hash"], "remarks": [{"text": "Суперечить закону"}]}
    assert (await cast.post("minjust", "/rounds/2/positions", given))["outcome"] == "REFUSED"
    assert (await cast.approval())["state"] == "reconciliation"


@pytest.mark.parametrize(
    ("ticks", "believed"),
    [
        ([(0, 0), (20_000, 20_000)], [True, True]),
        ([(0, 0), (HOLD_AFTER_MS, 0), (2 * HOLD_AFTER_MS, 0)], [True, True, True]),
        ([(0, 0), (HOLD_AFTER_MS + 1, 0), (HOLD_AFTER_MS + 2, 1)], [True, False, False]),
        ([(0, 0), (10**9, 0), (10**9 + HOLD_MS, HOLD_MS)], [True, False, True]),
        ([(10**9, 0), (0, 20_000), (20_000, 40_000)], [True, True, True]),
        ([(0, 0), (10**9, 20_000), (40_000, 40_000)], [True, False, True]),
    ],
)
def test_D5_the_watch_believes_a_clock_that_walks_and_waits_for_one_that_jumped_ahead(ticks: Any, believed: list[bool]) -> None:
    watch = Watch()
    assert [watch.believes(wall, passing) for wall, passing in ticks] == believed


async def test_D1_the_question_for_deadlines_leaves_out_what_is_stated_or_over(cast: Cast) -> None:
    revision, round_ = await opened(cast)
    await cast.state("minfin", 1, revision)
    far = max(one["due_at"] for one in round_["requests"]) + 1
    read = cast.site.parts.database.read
    assert {one.body for one in await read(lambda connection: list_due(connection, far))} == set(BODIES) - {"minfin"}
    await cast.post("lead", "/steps", {"verb": "withdraw", "reason": "ні"})
    assert await read(lambda connection: list_due(connection, far)) == []
