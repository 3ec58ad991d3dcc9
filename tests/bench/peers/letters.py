"""What people type: single letters into units of an act, as the bytes a browser sends, made before the clock runs."""

from dataclasses import dataclass, field

from server.crdt.content import Element, Run
from server.crdt.document import build
from server.crdt.lib0 import varuint
from server.crdt.structs import STRING, Id
from server.crdt.update import describe
from server.ids import ClientId
from tests.bench.peers.wire import Dialect, Ranges, masked

LETTERS = "Кабінет Міністрів України постановляє внести зміни до цього акта "
_UNITS = 24
_BLOCK = 1024
_FIRST_CLIENT = 3_000_000_000
_CLIENT_STEP = 7_919


def template() -> bytes:
    """An act of some units, in each of which one person types."""
    units = [
        Element("unit", {"bid": f"u{number}", "kind": "paragraph"}, (Run(f"{number}. Міністерство забезпечує виконання завдань"),))
        for number in range(_UNITS)
    ]
    return build(tuple(units), ClientId(4712))


def anchors(seed: bytes) -> list[tuple[Id, Id | None]]:
    """For each unit a place to type: in every other one at the end of its text, else in the middle (left and right neighbour)."""
    places: list[tuple[Id, Id | None]] = []
    for item in describe(seed).items:
        if item.content == STRING and item.length > 20:
            at_end = len(places) % 2 == 0
            last = item.clock + (item.length - 1 if at_end else item.length // 2)
            places.append(((item.client, last), None if at_end else (item.client, last + 1)))
    return places


@dataclass
class Writer:
    """One person typing. Clocks count from 0; `sent` and `seen` are how many letters left, and came back to its observer."""

    number: int
    dialect: Dialect
    place: tuple[Id, Id | None]
    sent: int = 0
    seen: int = 0
    sent_at: list[float] = field(default_factory=list)
    """When each letter left, in seconds of the generator's clock."""
    _blob: bytearray = field(default_factory=bytearray)
    _ends: list[int] = field(default_factory=lambda: [0])

    @property
    def client(self) -> int:
        """Its Yjs client id."""
        return _FIRST_CLIENT + _CLIENT_STEP * self.number

    def prepare(self, count: int) -> None:
        """Make the frames of letters up to the `count`th."""
        while len(self._ends) <= count:
            self._blob += masked(self.dialect.update(self._letter(len(self._ends) - 1)))
            self._ends.append(len(self._blob))

    def take(self, count: int, now: float) -> bytes:
        """The next `count` letters, each a frame of its own."""
        if len(self._ends) <= self.sent + count:
            self.prepare(self.sent + count + _BLOCK)
        begin = self.sent
        self.sent += count
        self.sent_at.extend([now] * count)
        return bytes(self._blob[self._ends[begin] : self._ends[self.sent]])

    def _letter(self, clock: int) -> bytes:
        """The update of one letter behind the one before: what Yjs writes for a keystroke."""
        client = varuint(self.client)
        left, right = self.place
        origin = left if clock == 0 else (self.client, clock - 1)
        text = LETTERS[clock % len(LETTERS)].encode()
        head = b"\x01\x01" + client + varuint(clock) + (b"\x84" if right is None else b"\xc4") + varuint(origin[0]) + varuint(origin[1])
        beside = b"" if right is None else varuint(right[0]) + varuint(right[1])
        return head + beside + varuint(len(text)) + text + b"\x00"


class Reader:
    """Reads updates for all clients: a broadcast is the same bytes for many, and is decoded once."""

    _MOST = 8192

    def __init__(self) -> None:
        self._known: dict[bytes, Ranges] = {}

    def ranges(self, payload: bytes, dialect: Dialect) -> Ranges:
        """What an Update message brings."""
        found = self._known.get(payload)
        if found is None:
            if len(self._known) > self._MOST:
                self._known.clear()
            found = self._known[payload] = tuple((part.client, part.start, part.end) for part in describe(_update(payload, dialect)).ranges)
        return found


def _update(payload: bytes, dialect: Dialect) -> bytes:
    """Behind the address, two bytes and the length."""
    at = len(dialect.prefix) + 2
    while payload[at] >= 0x80:
        at += 1
    return payload[at + 1 :]
