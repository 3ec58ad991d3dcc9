"""What every test may ask for."""

import os
from pathlib import Path

import pytest

from tests.databases import database, postgres_server, redis_server

__all__ = ["database", "postgres_server", "redis_server"]  # fixtures for every folder

ROOT = Path(__file__).resolve().parent.parent
SHARED = (ROOT / os.environ.get("ZLAHODA_SHARED", "../shared")).resolve()


def needs_shared(path: str = "data") -> Path:
    """The shared test data, or the test is left out and says so; in CI its absence is a failure."""
    folder = SHARED / path
    if not folder.exists():
        if os.environ.get("CI"):
            pytest.fail(f"shared test data is missing: {path} (set ZLAHODA_SHARED)")
        pytest.skip(f"left out: needs the shared test data ({path}); set ZLAHODA_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test data (`data/` of it)."""
    return needs_shared()
