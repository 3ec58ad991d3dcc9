from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.approval.cast import Cast, gather
from tests.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


@pytest.fixture
async def cast(site: Site) -> Cast:
    return await gather(site)
