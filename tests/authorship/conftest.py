"""The act and its people for tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import open_site
from tests.suggestions.cast import Cast, gather


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Cast]:
    """A running app on SQLite with an act of МВС and its people."""
    async with open_site(tmp_path) as site:
        yield await gather(site)
