"""Which letters people may put before other people: nothing unseen, nothing that turns the direction of a line."""

import re
import unicodedata

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2028\u2029\u2800\u3164\uffa0")
"""Shown as nothing, or as the end of a line, though their categories do not say so."""
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINER, _SELECTORS = "\u200d", frozenset("\ufe0e\ufe0f")
_LOOKED_AT = re.compile(f"[{''.join(sorted(_UNSEEN))}\ufe00-\ufe0f]")
"""What Python calls printable and is looked at all the same; of the categories above it calls nothing printable."""


def find_unseen(text: str, *, allowed: str = "\t") -> str | None:
    """The first character that a reader would not see or that moves its neighbours, as `U+202E`; None without one.

    Within an emoji a joiner and a variation selector are part of the picture; elsewhere they are unseen as well.
    """
    if text.isprintable() and _LOOKED_AT.search(text) is None:  # words without a letter to look at need no loop over their letters
        return None
    for place, character in enumerate(text):
        if character in allowed:
            continue
        if character == _JOINER or "\ufe00" <= character <= "\ufe0f":
            if _is_in_picture(text, place):
                continue
        elif character not in _UNSEEN and unicodedata.category(character) not in _CATEGORIES:
            continue
        return f"U+{ord(character):04X}"
    return None


def _is_in_picture(text: str, place: int) -> bool:
    """A joiner stands between two symbols, a selector behind one."""
    before = text[place - 1] if place else ""
    if text[place] in _SELECTORS:
        return bool(before) and (_is_symbol(before) or before in "0123456789#*")
    after = text[place + 1] if place + 1 < len(text) else ""
    return text[place] == _JOINER and bool(before) and bool(after) and (_is_symbol(before) or before in _SELECTORS) and _is_symbol(after)


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk"}
