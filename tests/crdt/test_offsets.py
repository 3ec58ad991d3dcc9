import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.crdt.offsets import to_utf8, to_utf16, utf8_length, utf16_length


def test_cyrillic_emoji_and_latin_are_counted_both_ways() -> None:
    assert (utf16_length("Їжак"), utf8_length("Їжак")) == (4, 8)
    assert (utf16_length("а😀"), utf8_length("а😀")) == (3, 6)
    assert (utf16_length("act"), utf8_length("act")) == (3, 3)
    assert to_utf8("а😀б", 3) == 6
    assert to_utf16("а😀б", 6) == 3
    assert to_utf8("act", 2) == 2


@given(st.text(), st.integers(min_value=0, max_value=50))
def test_a_position_goes_there_and_back(text: str, index: int) -> None:
    head = text[:index]
    assert to_utf8(text, utf16_length(head)) == utf8_length(head)
    assert to_utf16(text, utf8_length(head)) == utf16_length(head)


@pytest.mark.parametrize("units", [-1, 2, 5])
def test_no_position_inside_a_character_or_outside_the_text(units: int) -> None:
    with pytest.raises(ValueError, match="position"):
        to_utf8("а😀б", units)
    with pytest.raises(ValueError, match="position"):
        to_utf16("а😀б", units * 2 - 1)
