"""Every journal there is, for the suites of this folder."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.journal.journal import Journal
from server.journal.memory import MemoryJournal
from server.journal.sql import SqlJournal
from tests.databases import fresh_database


@dataclass
class Time:
    now: int = 1_700_000_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal(Time())
        return
    async with fresh_database(request.param, tmp_path, request) as database:
        yield SqlJournal(database, Time())
