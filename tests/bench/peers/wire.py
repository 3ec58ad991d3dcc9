"""One simulated client: a socket without a library around it, WebSocket frames, and as much of the two Yjs protocols as a client needs."""

import os
import socket
from collections.abc import Callable
from enum import Enum, auto

from websockets.speedups import apply_mask

from server.crdt.document import merge, state_vector_of
from server.crdt.hocuspocus import PING, PONG
from server.crdt.lib0 import Decoder, Encoder

Ranges = tuple[tuple[int, int, int], ...]
"""(client id, first clock, end) of what an update brings: merged updates count as many edits as separate ones."""

_RECEIVE_BYTES = 1 << 18
_SYNC, _AWARENESS, _AUTH = 0, 1, 2
_STEP1, _STEP2, _UPDATE = 0, 1, 2
_NOTHING = b"\x00\x00"


class Stage(Enum):
    """How far a client is."""

    UPGRADING = auto()
    JOINING = auto()
    READY = auto()
    CLOSED = auto()


class Dialect:
    """How a server is addressed: `path` of the WebSocket, `prefix` before every message, what is said first."""

    def __init__(self, port: int, document: str, *, hocuspocus: bool, path: str = "", token: str = "") -> None:
        self.port = port
        self.document = document
        self.path = path or ("/" if hocuspocus else f"/{document}")
        self.prefix = _var_bytes(document.encode()) if hocuspocus else b""
        self.greeting = self.prefix + bytes((_AUTH, 0)) + _var_bytes(token.encode()) + _var_bytes(b"4.7.0") if hocuspocus else b""

    def update(self, update: bytes) -> bytes:
        """The message that carries an update."""
        return self.prefix + bytes((_SYNC, _UPDATE)) + _var_bytes(update)

    def answer(self, update: bytes) -> bytes:
        """A SyncStep2."""
        return self.prefix + bytes((_SYNC, _STEP2)) + _var_bytes(update)

    def question(self, state_vector: bytes) -> bytes:
        """A SyncStep1."""
        return self.prefix + bytes((_SYNC, _STEP1)) + _var_bytes(state_vector)

    def awareness(self, update: bytes) -> bytes:
        """A presence message."""
        return self.prefix + bytes((_AWARENESS,)) + _var_bytes(update)


def masked(payload: bytes) -> bytes:
    """A client's binary frame."""
    size = len(payload)
    if size < 126:
        head = bytes((0x82, 0x80 | size))
    elif size < 1 << 16:
        head = b"\x82\xfe" + size.to_bytes(2, "big")
    else:
        head = b"\x82\xff" + size.to_bytes(8, "big")
    return head + _MASK + apply_mask(payload, _MASK)


class Wire:
    """A connection. `on_edits(ranges, wire)` hears of every update that arrives; counters are of the generator's own."""

    __slots__ = (
        "dialect", "frames", "given", "is_answered", "is_learning", "on_edits", "on_ready", "received_bytes", "rest", "sock", "stage",
        "state_vector", "unsent", "whole",
    )  # fmt: skip

    def __init__(self, dialect: Dialect, on_edits: "Callable[[bytes, Wire], None]", on_ready: "Callable[[Wire], None]") -> None:
        """Not connected yet."""
        self.dialect = dialect
        self.on_edits = on_edits
        self.on_ready = on_ready
        self.stage = Stage.UPGRADING
        self.rest = b""
        self.unsent = b""
        self.frames = 0
        self.received_bytes = 0
        self.state_vector = b"\x00"
        self.given: list[bytes] = []
        """What came while it was `is_learning`: a server may send the document in several messages."""
        self.is_learning = True
        self.is_answered = False
        self.whole = 0
        """Bytes of the document the client waits for before it counts as joined, 0 for the first answer."""
        self.sock = socket.socket()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)

    def connect(self) -> None:
        """Begin; the upgrade leaves when the socket is writable."""
        self.sock.connect_ex(("127.0.0.1", self.dialect.port))
        key = "dGhlIHNhbXBsZSBub25jZQ=="
        self.unsent = (
            f"GET {self.dialect.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.dialect.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()

    def close(self) -> None:
        """End without a word, as a lost network does."""
        self.stage = Stage.CLOSED
        self.sock.close()

    def send(self, data: bytes | memoryview) -> None:
        """Frames that are ready; what the socket does not take now is kept in order."""
        if self.unsent:
            self.unsent += bytes(data)
            self.push()
            return
        try:
            sent = self.sock.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self.unsent = bytes(data[sent:])

    def push(self) -> None:
        """Try again to send what was kept."""
        try:
            sent = self.sock.send(self.unsent)
        except BlockingIOError:
            return
        self.unsent = self.unsent[sent:]

    def read(self) -> None:
        """Take what has come. Raises ConnectionError when the server has closed."""
        try:
            data = self.sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionError(f"the server closed a connection of {self.dialect.document}")
        self.received_bytes += len(data)
        if self.rest:
            data = self.rest + data
        if self.stage is Stage.UPGRADING:
            data = self._upgrade(data)
        self._split(data)

    def _upgrade(self, data: bytes) -> bytes:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self.rest = data
            return b""
        if not data.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(f"no WebSocket at {self.dialect.path}: {data[:80]!r}")
        self.stage = Stage.JOINING
        greeting = self.dialect.greeting or self.dialect.question(self.state_vector)
        self.send(masked(greeting))
        self.rest = b""
        return data[end + 4 :]

    def _split(self, data: bytes) -> None:
        """Whole frames, one after another; servers neither mask nor, here, fragment."""
        at, end = 0, len(data)
        while end - at >= 2:
            size, head = data[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            stop = at + head + size
            if stop > end:
                break
            opcode = data[at] & 15
            if opcode == 2:
                self.frames += 1
                self._take(data[at + head : stop])
            elif opcode == 9:
                self.send(b"\x8a\x80" + _MASK)
            elif opcode == 8:
                raise ConnectionError(f"closed: {data[at + head : stop]!r}")
            at = stop
        self.rest = data[at:]

    def _take(self, payload: bytes) -> None:
        prefix = self.dialect.prefix
        place = len(prefix)
        if len(payload) <= place or not payload.startswith(prefix):
            if payload[:1] == bytes((PING,)):
                self.send(masked(bytes((PONG,))))
            return
        kind = payload[place]
        if kind == _SYNC:
            self._sync(payload, place + 1)
        elif kind == _AUTH and payload[place + 1] == 2:
            self.send(masked(self.dialect.question(self.state_vector)))
        elif kind == _AUTH:
            raise ConnectionError(f"refused: {payload[place + 2 :]!r}")

    def _sync(self, payload: bytes, place: int) -> None:
        what = payload[place]
        if what == _UPDATE and self.stage is Stage.READY:
            if self.is_learning:
                self.given.append(Decoder(payload[place + 1 :]).var_bytes())
            self.on_edits(payload, self)
        elif what == _STEP1:
            self.send(masked(self.dialect.answer(_NOTHING)))
        elif self.stage is Stage.JOINING:
            update = Decoder(payload[place + 1 :]).var_bytes()
            self.whole -= len(update)
            self.given.append(update)
            self.is_answered |= what == _STEP2
            if self.whole <= 0 and self.is_answered:
                self.stage = Stage.READY
                self.on_ready(self)

    @property
    def held(self) -> bytes:
        """The state vector of what it was given while it was learning."""
        return state_vector_of(merge(self.given))


_MASK = os.urandom(4)


def _var_bytes(data: bytes) -> bytes:
    encoder = Encoder()
    encoder.var_bytes(data)
    return bytes(encoder.data)
