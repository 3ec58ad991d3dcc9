"""What a reader would not see is found in any company, and nothing that is seen is called so."""

import sys
import unicodedata

import pytest

from server.text.unseen import find_unseen


@pytest.mark.parametrize("text", ["", "дорога", "road", "їжак 😀", "❤️", "👩‍🚒 гасить", "1️⃣", "a\tб", "нерозривний\u00a0пробіл", "е\u0301"])
def test_what_is_seen_is_let_through(text: str) -> None:
    assert find_unseen(text) is None


@pytest.mark.parametrize(
    "unseen", ["\u202e", "\u200b", "\u200d", "\ufe0f", "\ufe00", "\u034f", "\u3164", "\u2028", "\n", "\0", "\ue000", "\ud800"]
)
@pytest.mark.parametrize("around", ["", "road", "дорога", "а\u00a0"])
def test_what_is_unseen_is_found_among_any_letters(unseen: str, around: str) -> None:
    found = find_unseen(around + unseen + around)
    assert found == f"U+{ord(unseen):04X}"


def test_no_character_of_a_control_or_unassigned_category_passes() -> None:
    passed = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character != "\t" and find_unseen(character) is None
    ]
    assert passed == []
