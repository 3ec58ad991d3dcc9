"""Where the data files of `schema/` are: beside the source in a checkout, inside the package in a wheel."""

from pathlib import Path

_PACKAGED = Path(__file__).parent / "schema_data"
_CHECKOUT = Path(__file__).parent.parent / "schema"

SCHEMA_DIR = _PACKAGED if _PACKAGED.exists() else _CHECKOUT
"""Holds `act.json`, `numbering/`, `vectors/`."""


def read_schema(name: str) -> bytes:
    """The bytes of one file of `schema/`, by its path below it. Raises FileNotFoundError."""
    return (SCHEMA_DIR / name).read_bytes()
