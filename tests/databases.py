"""Fresh, migrated databases of each kind for tests; used as fixtures by `pytest_plugins` or import."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.db.engine import Database, open_database
from server.db.migrate import migrate
from tests.services import Postgres, RedisService, postgres, redis

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole test run."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisService]:
    """One Redis for the whole test run; tests that hurt it start their own."""
    with redis() as server:
        yield server


@asynccontextmanager
async def fresh_database(kind: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A migrated, empty database of one kind."""
    url = request.getfixturevalue("postgres_server").new_database() if kind == "postgresql" else ""
    database = open_database(url, folder)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.services)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Each test runs on SQLite and on PostgreSQL."""
    async with fresh_database(request.param, tmp_path, request) as opened:
        yield opened
