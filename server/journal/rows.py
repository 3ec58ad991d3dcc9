"""How a batch of updates becomes one stored row, and many rows one compressed history segment. Pure bytes.

A row's payload, all numbers big-endian:

    1 byte   version (2)
    4 bytes  CRC-32 of the row's seq (8 bytes), count (4) and time (8), then of everything after these four bytes;
             version 1, which is still read: only of the latter
    8 bytes  epoch
    2 bytes  number of authors, then each: 1 byte length, ASCII
    then for each update: 2 bytes index of its author, 4 bytes length, the raw bytes as received

A segment is one zstd frame over: 1 byte version (1), then for each row 8 bytes seq, 4 bytes count, 8 bytes time in milliseconds,
4 bytes length, the row's payload.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import zstandard

from server.errors import Damaged
from server.ids import Epoch, Seq, UserId
from server.journal.journal import Entry, Record

_VERSION = 2
_WITHOUT_PLACE = 1
_SEGMENT_VERSION = 1
_PLACE = struct.Struct(">QIQ")
_START = struct.Struct(">BI8sH")
_ENTRY = struct.Struct(">HI")
_ROW = struct.Struct(">QIQI")
_CHECKED_FROM = 5  # version and checksum stand before the checked bytes
_LEVEL = 9
_MAX_SEGMENT_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One committed batch of a document: `count` updates from `seq` on, stored at `at` (milliseconds UTC)."""

    seq: Seq
    count: int
    at: int
    payload: bytes

    @property
    def last(self) -> Seq:
        """The seq of the row's last update."""
        return Seq(self.seq + self.count - 1)

    def records(self) -> list[Record]:
        """The row's updates. Raises Damaged when the bytes are not what was written."""
        epoch, entries = unpack(self.payload, self.seq, self.at)
        if len(entries) != self.count:
            raise Damaged(f"row {self.seq} holds {len(entries)} updates, not {self.count}")
        return [Record(Seq(self.seq + place), entry.update, entry.author, self.at, epoch) for place, entry in enumerate(entries)]


def pack(epoch: Epoch, entries: Sequence[Entry], seq: int = 1, at: int = 0) -> bytes:
    """The payload of one row whose first update has `seq`, stored at `at` (milliseconds UTC)."""
    places: dict[UserId, int] = {}
    parts: list[bytes] = []
    for entry in entries:
        place = places.setdefault(entry.author, len(places))
        parts.append(_ENTRY.pack(place, len(entry.update)))
        parts.append(entry.update)
    names = [author.encode("ascii") for author in places]
    table = b"".join([bytes((len(name),)) + name for name in names])
    rest = b"".join((bytes.fromhex(epoch), struct.pack(">H", len(names)), table, *parts))
    return struct.pack(">BI", _VERSION, crc32(rest, crc32(_PLACE.pack(seq, len(entries), at)))) + rest


def unpack(payload: bytes, seq: int = 1, at: int = 0) -> tuple[Epoch, list[Entry]]:
    """The epoch and updates of the row that stands at `seq` and `at`. Raises Damaged when a byte of it, or its place, changed."""
    try:
        version, checksum, epoch, author_count = _START.unpack_from(payload)
        authors, position = _authors(payload, author_count)
        entries = list(_entries(payload, authors, position))
        start = 0 if version == _WITHOUT_PLACE else crc32(_PLACE.pack(seq, len(entries), at))
        if version not in {_VERSION, _WITHOUT_PLACE} or crc32(memoryview(payload)[_CHECKED_FROM:], start) != checksum:
            raise Damaged("a stored row does not match its checksum")
        return Epoch(epoch.hex()), entries
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Damaged(f"a stored row cannot be read: {error}") from error


def _authors(payload: bytes, count: int) -> tuple[list[UserId], int]:
    authors = []
    position = _START.size
    for _ in range(count):
        end = position + 1 + payload[position]
        authors.append(UserId(payload[position + 1 : end].decode("ascii")))
        position = end
    return authors, position


def _entries(payload: bytes, authors: list[UserId], position: int) -> Iterator[Entry]:
    while position < len(payload):
        author, size = _ENTRY.unpack_from(payload, position)
        start = position + _ENTRY.size
        position = start + size
        if position > len(payload):
            raise Damaged("a stored row ends in the middle of an update")
        yield Entry(payload[start:position], authors[author])


def pack_segment(rows: Iterable[StoredRow]) -> bytes:
    """One compressed history segment."""
    parts = [bytes((_SEGMENT_VERSION,))]
    for row in rows:
        parts.append(_ROW.pack(row.seq, row.count, row.at, len(row.payload)))
        parts.append(row.payload)
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(b"".join(parts))


def unpack_segment(segment: bytes) -> list[StoredRow]:
    """The rows of a segment, in order. Raises Damaged."""
    try:
        data = zstandard.ZstdDecompressor().decompress(segment, max_output_size=_MAX_SEGMENT_BYTES)
        if data[:1] != bytes((_SEGMENT_VERSION,)):
            raise Damaged("a history segment has an unknown version")
        rows, position = [], 1
        while position < len(data):
            seq, count, at, size = _ROW.unpack_from(data, position)
            start = position + _ROW.size
            position = start + size
            rows.append(StoredRow(Seq(seq), count, at, data[start:position]))
    except (zstandard.ZstdError, struct.error) as error:
        raise Damaged(f"a history segment cannot be read: {error}") from error
    return rows
