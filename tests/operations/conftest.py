"""The app for tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A running app, not a demo."""
    async with open_site(tmp_path) as opened:
        yield opened
