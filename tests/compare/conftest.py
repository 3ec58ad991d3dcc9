"""An act with its people, on both databases."""

from tests.versions.conftest import cast, site

__all__ = ["cast", "site"]
