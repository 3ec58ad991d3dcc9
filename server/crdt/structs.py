"""One struct of a Yjs update v1: its head (who, beside whom, in what) and its content."""

import json
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from server.crdt.lib0 import AnyValue, DecodeError, Decoder
from server.ids import ClientId

Id = tuple[int, int]
"""Client id and clock of one struct, or of one unit within it."""

GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP = range(11)
"""What a struct holds; the numbers of the format. Higher numbers (yrs' moves) are not Yjs 13."""

XML_ELEMENT, XML_HOOK, XML_TEXT = 3, 5, 6
LAST_TYPE = 6
"""The shared types of Yjs 13: array, map, text, XML element, XML fragment, XML hook, XML text."""

_ORIGIN, _RIGHT, _KEYED, _CONTENT = 0x80, 0x40, 0x20, 0x1F


class Kind(NamedTuple):
    """A shared type: its number, and the name of an XML element or hook."""

    number: int
    name: str = ""


class Item(NamedTuple):
    """One struct. `parent` is written out only without both neighbours: the name of a root, or the id of a type.

    `value` by `content`: STRING str; ANY a tuple of values; FORMAT (key, JSON value); TYPE a Kind; JSON a tuple of JSON
    texts; EMBED a JSON value; BINARY bytes; DOC (guid, options); else None. `begin`..`end` are its bytes in the update.
    """

    client: ClientId
    clock: int
    length: int
    content: int
    origin: Id | None
    right: Id | None
    parent: str | Id | None
    key: str | None
    value: Any
    begin: int
    end: int


def read_struct(decoder: Decoder, client: ClientId, clock: int) -> Item:
    """The struct of `client` at `clock`. Raises DecodeError."""
    begin = decoder.position
    info = decoder.uint8()
    content = info & _CONTENT
    if content in (GC, SKIP):
        return _read_blank(decoder, client, clock, info, begin)
    origin = (decoder.varuint(), decoder.varuint()) if info & _ORIGIN else None
    right = (decoder.varuint(), decoder.varuint()) if info & _RIGHT else None
    parent: str | Id | None = None
    key = None
    if origin is None and right is None:
        parent = _read_parent(decoder)
        if info & _KEYED:
            key = decoder.var_string()
    length, value = read_content(decoder, content)
    if not length:
        raise DecodeError("empty struct")
    return Item(client, clock, length, content, origin, right, parent, key, value, begin, decoder.position)


def _read_blank(decoder: Decoder, client: ClientId, clock: int, info: int, begin: int) -> Item:
    """A collected or skipped stretch: nothing but a length."""
    if info & ~_CONTENT:
        raise DecodeError("a collected struct has no neighbours")
    length = decoder.varuint()
    if not length:
        raise DecodeError("empty struct")
    return Item(client, clock, length, info, None, None, None, None, None, begin, decoder.position)


def _read_parent(decoder: Decoder) -> str | Id:
    named = decoder.uint8()
    if named == 1:
        return decoder.var_string()
    if named == 0:
        return decoder.varuint(), decoder.varuint()
    raise DecodeError("unknown kind of parent")


def read_content(decoder: Decoder, content: int) -> tuple[int, Any]:  # noqa: PLR0911 - one arm per kind of content
    """Length in clocks (UTF-16 units for text) and value. Any: see `Item`."""
    match content:
        case 4:
            text = decoder.var_string()
            return (len(text) if text.isascii() else len(text.encode("utf-16-le")) >> 1), text
        case 6:
            return 1, (decoder.var_string(), _read_json(decoder.var_string()))
        case 7:
            return 1, _read_type(decoder)
        case 8:
            values = tuple(decoder.any() for _ in range(_count(decoder)))
            return len(values), values
        case 1:
            return decoder.varuint(), None
        case 2:
            texts = tuple(decoder.var_string() for _ in range(_count(decoder)))
            return len(texts), texts
        case 3:
            return 1, decoder.var_bytes()
        case 5:
            return 1, _read_json(decoder.var_string())
        case 9:
            return 1, (decoder.var_string(), decoder.any())
        case _:
            raise DecodeError(f"unknown content {content}")


def _read_type(decoder: Decoder) -> Kind:
    number = decoder.varuint()
    if number > LAST_TYPE:
        raise DecodeError(f"unknown shared type {number}")
    return Kind(number, decoder.var_string() if number in (XML_ELEMENT, XML_HOOK) else "")


def _count(decoder: Decoder) -> int:
    count = decoder.varuint()
    if count > decoder.end - decoder.position:
        raise DecodeError("count is larger than what follows")
    return count


def _read_json(text: str) -> AnyValue:
    """A JSON text; the short ones come again and again (marks), and their value is shared: it must not be changed."""
    return _parse_short(text) if len(text) <= 64 else _parse(text)


def _parse(text: str) -> AnyValue:
    try:
        value: AnyValue = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise DecodeError("not JSON") from None
    return value


_parse_short = lru_cache(maxsize=2048)(_parse)


def _no_constant(name: str) -> NoReturn:
    raise DecodeError(f"{name} is not JSON")
