"""Text that people type into one-line fields: names, positions, titles."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from server.errors import InvalidInput

_UNSEEN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff")
"""Direction controls and characters without width: they make a name look like another one."""


def clean_line(text: str) -> str:
    """NFC, runs of spaces as one, none around. Raises InvalidInput for an empty line, controls and unseen characters."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if not line:
        raise InvalidInput(uk="Потрібно заповнити.", en="This is required.")
    if any(character in _UNSEEN or unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"} for character in line):
        raise InvalidInput(
            uk="Тут є невидимі символи. Наберіть текст заново.", en="There are invisible characters here. Type the text anew."
        )
    return line


def _validated(text: str) -> str:
    try:
        return clean_line(text)
    except InvalidInput as refused:
        raise LineError(refused) from None


class LineError(ValueError):
    """What pydantic carries to `http/errors.py`: the reason in both languages."""

    def __init__(self, refused: InvalidInput) -> None:
        super().__init__(str(refused))
        self.refused = refused


Line = Annotated[str, AfterValidator(_validated)]
"""A field of a request model that holds one line a person typed."""
