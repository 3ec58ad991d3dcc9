"""The app for tests of this folder, and an act with its people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Site, open_site
from tests.suggestions.cast import Cast, gather


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.services)])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    """A running app, on SQLite and on PostgreSQL."""
    url = request.getfixturevalue("postgres_server").new_database() if request.param == "postgresql" else ""
    async with open_site(tmp_path, database_url=url) as opened:
        yield opened


@pytest.fixture
async def cast(site: Site) -> Cast:
    """An act of МВС and everyone who takes part in it."""
    return await gather(site)
