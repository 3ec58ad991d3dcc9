"""Bodies and demo people are there after every start, also when several processes start at once."""

import asyncio
from pathlib import Path

import pytest

from server.accounts import demo
from server.accounts.service import AccountService
from server.clock import now_ms
from server.db.engine import Database
from server.ids import new_id
from tests.databases import fresh_database
from tests.site import cheap_passwords


def service(database: Database) -> AccountService:
    return AccountService(database, cheap_passwords(), now_ms, new_id, on_access_changed=lambda _change: None)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def test_processes_that_start_at_once_seed_everything_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with fresh_database(kind, tmp_path, request) as database:
        starting = [service(database) for _ in range(6)]
        await asyncio.gather(*[each.seed(demo.PEOPLE) for each in starting])
        bodies = await starting[0].bodies()
        assert len({body.code for body in bodies}) == len(bodies) > 0
        for person in demo.PEOPLE:
            assert await starting[0].find_by_email(person.email) is not None
        await starting[0].seed(demo.PEOPLE)
        assert await starting[0].bodies() == bodies
