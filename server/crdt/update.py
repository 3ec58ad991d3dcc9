"""What a Yjs update v1 says, read strictly and without a document: items, clock ranges, delete ranges.

The format (Yjs `UpdateEncoderV1`): count of clients, then per client count, id, first clock and that many structs; then
the delete set. Lengths of text are in UTF-16 units. `describe` recognises the two updates that typing sends, one run
inserted beside a known item and one range deleted, by a pattern; everything else takes the general way, and
both ways agree (tested).
"""

import re
from typing import NamedTuple

from server.crdt.lib0 import AnyValue, DecodeError, Decoder
from server.crdt.structs import FORMAT, SKIP, STRING, TYPE, Id, Item, read_struct
from server.ids import ClientId

__all__ = ["ClockRange", "DeleteRange", "Description", "Id", "Item", "describe", "read_update"]

MAX_CLOCK = 2**32 - 1
"""The largest clock yrs holds; Yjs allows more, but no document reaches it."""


class ClockRange(NamedTuple):
    """The structs `start .. end-1` of a client, without a gap."""

    client: ClientId
    start: int
    end: int


class DeleteRange(NamedTuple):
    """`length` clocks of a client from `clock` are deleted."""

    client: ClientId
    clock: int
    length: int


class Description(NamedTuple):
    """What an update says. `items` stand as in the bytes: client by client, each client's clocks ascending, no skips."""

    items: tuple[Item, ...]
    ranges: tuple[ClockRange, ...]
    deletes: tuple[DeleteRange, ...]
    size: int
    """Bytes of the update."""

    @property
    def is_empty(self) -> bool:
        """True for the update that says nothing, as an up-to-date client answers a SyncStep1."""
        return not self.items and not self.deletes

    @property
    def clients(self) -> frozenset[ClientId]:
        """Whose structs the update brings (not whose it deletes)."""
        return frozenset(found.client for found in self.ranges)

    @property
    def references(self) -> frozenset[Id]:
        """The ids the items lean on: origins, right origins and parents."""
        found = {identity for item in self.items for identity in (item.origin, item.right) if identity is not None}
        return frozenset(found | {item.parent for item in self.items if isinstance(item.parent, tuple)})

    @property
    def node_names(self) -> frozenset[str]:
        """Names of the XML elements it makes."""
        return frozenset(item.value.name for item in self.items if item.content == TYPE and item.value.name)

    @property
    def attributes(self) -> tuple[tuple[str, AnyValue], ...]:
        """Keys and values it sets where the key is written out; a changed value names its predecessor instead."""
        pairs = ((item.key, item.value) for item in self.items if item.key is not None)
        return tuple((key, value[-1] if isinstance(value, tuple) else value) for key, value in pairs)

    @property
    def marks(self) -> tuple[tuple[str, AnyValue], ...]:
        """Mark keys and values of its format items; None ends a mark."""
        return tuple(item.value for item in self.items if item.content == FORMAT)


def describe(update: bytes) -> Description:
    """What `update` says. Raises DecodeError for anything that is not exactly one update v1 in its shortest form."""
    return _describe_insert(update) or _describe_delete(update) or read_update(update)


def read_update(update: bytes) -> Description:
    """`describe` by the general way only."""
    decoder = Decoder(update)
    items: list[Item] = []
    ranges: list[ClockRange] = []
    seen: set[int] = set()
    for _ in range(decoder.varuint()):
        client = _section(decoder, items, ranges)
        if client in seen:
            raise DecodeError("a client stands twice in the update")
        seen.add(client)
    deletes = _read_deletes(decoder)
    decoder.finish()
    return Description(tuple(items), tuple(ranges), deletes, len(update))


def _section(decoder: Decoder, items: list[Item], ranges: list[ClockRange]) -> ClientId:
    """One client's structs, added to `items` and `ranges`."""
    count = decoder.varuint()
    if not count:
        raise DecodeError("a client without structs")  # yrs panics on some of these
    client = ClientId(decoder.varuint())
    start = clock = decoder.varuint()
    for _ in range(count):
        item = read_struct(decoder, client, clock)
        clock += item.length
        if item.content == SKIP:
            _add_range(ranges, client, start, clock - item.length)
            start = clock
        else:
            items.append(item)
    if clock > MAX_CLOCK:
        raise DecodeError("clock is too large")
    _add_range(ranges, client, start, clock)
    return client


def _add_range(ranges: list[ClockRange], client: ClientId, start: int, end: int) -> None:
    if end > start:
        ranges.append(ClockRange(client, start, end))


def _read_deletes(decoder: Decoder) -> tuple[DeleteRange, ...]:
    deletes: list[DeleteRange] = []
    seen: set[int] = set()
    for _ in range(decoder.varuint()):
        client = ClientId(decoder.varuint())
        if client in seen:
            raise DecodeError("a client stands twice in the delete set")
        seen.add(client)
        count = decoder.varuint()
        if not count:
            raise DecodeError("a client without deletes")
        for _ in range(count):
            clock, length = decoder.varuint(), decoder.varuint()
            if not length:
                raise DecodeError("empty delete range")
            if clock + length > MAX_CLOCK:
                raise DecodeError("clock is too large")
            deletes.append(DeleteRange(client, clock, length))
    return tuple(deletes)


# --- the pattern of typing -------------------------------------------------------------------------------------------

VARINT = rb"([\x00-\x7f]|[\x80-\xff]{1,6}[\x01-\x7f])"
"""A number in its shortest form, as a group of a pattern."""
_V = VARINT
_INSERT = re.compile(rb"\x01\x01" + _V + _V + rb"(?:\x84" + _V + _V + rb"|\xc4" + _V + _V + _V + _V + rb"|\x44" + _V + _V + rb")" + _V)
_DELETE = re.compile(rb"\x00\x01" + _V + rb"\x01" + _V + _V)
_KNOWN: dict[bytes, int] = {bytes([value]): value for value in range(128)}
_KNOWN_LIMIT = 4096


def _describe_insert(update: bytes) -> Description | None:
    """One client, one string beside a known item, nothing deleted; else None."""
    match = _INSERT.match(update)
    if match is None or update[-1]:
        return None
    client_, clock_, a_client, a_clock, b_client, b_clock, c_client, c_clock, d_client, d_clock, size_ = match.groups()
    begin = match.end()
    raw = update[begin:-1]
    if _value(size_) != len(raw) or not raw:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    client, clock = _value(client_), _value(clock_)
    length = len(text) if text.isascii() else len(text.encode("utf-16-le")) >> 1
    if clock + length > MAX_CLOCK:
        return None
    origin: Id | None = None
    right: Id | None = None
    if a_client is not None:
        origin = (_value(a_client), _value(a_clock))
    elif b_client is not None:
        origin, right = (_value(b_client), _value(b_clock)), (_value(c_client), _value(c_clock))
    else:
        right = (_value(d_client), _value(d_clock))
    item = Item(ClientId(client), clock, length, STRING, origin, right, None, None, text, match.end(2), len(update) - 1)
    return Description((item,), (ClockRange(ClientId(client), clock, clock + length),), (), len(update))


def _describe_delete(update: bytes) -> Description | None:
    """Nothing inserted, one range deleted; else None."""
    match = _DELETE.fullmatch(update)
    if match is None:
        return None
    client, clock, length = match.groups()
    found = DeleteRange(ClientId(_value(client)), _value(clock), _value(length))
    if not found.length or found.clock + found.length > MAX_CLOCK:
        return None
    return Description((), (), (found,), len(update))


def _value(raw: bytes) -> int:
    """The number of a varint of at most 49 bits. Client ids come again and again, so the longer ones are remembered."""
    known = _KNOWN.get(raw)
    if known is not None:
        return known
    if len(raw) == 2:
        return (raw[0] & 0x7F) | raw[1] << 7
    if len(raw) == 3:
        return (raw[0] & 0x7F) | (raw[1] & 0x7F) << 7 | raw[2] << 14
    value = Decoder(raw).varuint()
    if len(raw) > 3 and len(_KNOWN) < _KNOWN_LIMIT:
        _KNOWN[raw] = value
    return value
