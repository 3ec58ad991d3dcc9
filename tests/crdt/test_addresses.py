"""Which addresses links may have (`schema/vectors/addresses.json`): guard, import and editor (`schema.test.ts`) agree."""

import json

import pytest

from server.crdt.schema import is_href
from server.formats.blocks import safe_href
from server.resources import read_schema

CASES: list[tuple[str, bool]] = json.loads(read_schema("vectors/addresses.json"))["cases"]


@pytest.mark.parametrize(("address", "is_allowed"), CASES)
def test_an_address_may_be_followed_or_not(address: str, is_allowed: bool) -> None:
    assert is_href(address) is is_allowed


@pytest.mark.parametrize("address", [address for address, _ in CASES])
def test_what_an_import_lets_in_may_be_written_again(address: str) -> None:
    """Whoever splits a unit writes its links anew: one that the guard refuses then would take their words with it."""
    safe = safe_href(address)
    assert safe == "" or is_href(safe)
