"""UTF-16 <-> UTF-8 positions, in one place: browsers and Yjs count UTF-16 units, pycrdt counts UTF-8 bytes.

A position inside a character (between two surrogates, between two bytes) has no counterpart and raises ValueError.
"""


def utf16_length(text: str) -> int:
    """The length of `text` in UTF-16 units, as JavaScript and Yjs count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) >> 1


def utf8_length(text: str) -> int:
    """The length of `text` in UTF-8 bytes, as pycrdt counts it."""
    return len(text) if text.isascii() else len(text.encode())


def to_utf8(text: str, units: int) -> int:
    """The position in bytes of the position `units` (UTF-16) in `text`."""
    if text.isascii():
        return _within(text, units)
    try:
        return len(text.encode("utf-16-le")[: 2 * _within(text, units)].decode("utf-16-le").encode())
    except UnicodeDecodeError:
        raise ValueError(f"position {units} is inside a character") from None


def to_utf16(text: str, offset: int) -> int:
    """The position in UTF-16 units of the byte position `offset` (UTF-8) in `text`."""
    data = text.encode()
    if not 0 <= offset <= len(data):
        raise ValueError(f"position {offset} is outside the text")
    try:
        return utf16_length(data[:offset].decode())
    except UnicodeDecodeError:
        raise ValueError(f"position {offset} is inside a character") from None


def _within(text: str, units: int) -> int:
    if not 0 <= units <= utf16_length(text):
        raise ValueError(f"position {units} is outside the text")
    return units
