"""WebSocket frames as a server reads and writes them: RFC 6455 sections 5 to 7, without extensions. PURE."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from websockets.exceptions import ProtocolError
from websockets.frames import Close
from websockets.speedups import apply_mask

MAX_CONTROL_BYTES = 125
MAX_FRAGMENTS = 4096
"""Of one message: empty ones cost their sender next to nothing."""
_FINAL, _RESERVED, _OPCODE = 0x80, 0x70, 0x0F
_MASKED, _LENGTH = 0x80, 0x7F
_MASK_BYTES = 4
_BINARY = _FINAL | 2
_SHORTEST = 6
_TO_LENGTH = _MASKED - _SHORTEST
"""Of the second byte of a masked, short frame to the length of the whole frame."""


class Opcode(IntEnum):
    """What a frame is (section 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Violation(Exception):
    """The peer broke the protocol: close with `code` (section 7.4.1)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Event(NamedTuple):
    """A whole message (TEXT or BINARY, fragments put together) or a control frame, unmasked."""

    opcode: Opcode
    payload: bytes


@dataclass(slots=True)
class _Frame:
    """The head of a frame, and where its payload begins and ends in the bytes that were read."""

    final: bool
    opcode: Opcode
    begin: int
    end: int


class FrameParser:
    """Takes bytes as they come from a client, gives events. After a violation it takes nothing more.

    `violation` is set instead of raised, so that what came before it in the same bytes still counts.
    """

    __slots__ = ("_fragmented", "_fragments", "_fragments_bytes", "_max_bytes", "_rest", "violation")

    def __init__(self, max_message_bytes: int) -> None:
        self.violation: Violation | None = None
        self._max_bytes = max_message_bytes
        self._rest = bytearray()
        self._fragments: list[bytes] = []
        self._fragments_bytes = 0
        self._fragmented: Opcode | None = None

    def feed(self, data: bytes) -> list[Event]:
        """Everything these bytes complete, in order."""
        if self.violation is not None:
            return []
        events: list[Event] = []
        at = 0
        if self._rest:
            self._rest += data
            data = self._rest  # type: ignore[assignment]  # read the same way; copied where it leaves
        elif self._fragmented is None:
            at = _short_messages(data, events)
            if at == len(data):
                return events
        try:
            while (frame := self._head(data, at)) is not None and frame.end <= len(data):
                payload = apply_mask(data[frame.begin : frame.end], bytes(data[frame.begin - _MASK_BYTES : frame.begin]))
                at = frame.end
                event = self._event(frame, payload)
                if event is not None:
                    events.append(event)
        except Violation as violation:
            self.violation = violation
            self._rest = bytearray()
            self._fragments = []
            return events
        if data is not self._rest:
            self._rest = bytearray(data[at:])
        elif at:
            del self._rest[:at]
        return events

    def _head(self, data: bytes, at: int) -> _Frame | None:
        """The head at `at`, None while it is not all there. Raises Violation as soon as it shows."""
        available = len(data) - at
        if available < 2:
            return None
        first, second = data[at], data[at + 1]
        opcode = _opcode(first, second)
        size, begin = second & _LENGTH, at + 2
        if size > MAX_CONTROL_BYTES:
            width = 2 if size == 126 else 8  # section 5.2
            if available < 2 + width:
                return None
            size = int.from_bytes(data[begin : begin + width], "big")
            begin += width
            if size < (126 if width == 2 else 65536) or size >= 1 << 63:  # "the minimal number of bytes MUST be used"
                raise Violation(1002, "length not written as short as can be")
        if opcode < Opcode.CLOSE and self._fragments_bytes + size > self._max_bytes:
            raise Violation(1009, "message too big")
        begin += _MASK_BYTES
        return _Frame(bool(first & _FINAL), opcode, begin, begin + size)

    def _event(self, frame: _Frame, payload: bytes) -> Event | None:
        if frame.opcode is Opcode.BINARY and frame.final and self._fragmented is None:
            return Event(Opcode.BINARY, payload)
        if frame.opcode >= Opcode.CLOSE:
            return Event(frame.opcode, payload)
        if (frame.opcode is Opcode.CONTINUATION) == (self._fragmented is None):
            raise Violation(1002, "fragments out of order")
        self._fragmented = self._fragmented or frame.opcode
        self._fragments.append(payload)
        self._fragments_bytes += len(payload)
        if len(self._fragments) > MAX_FRAGMENTS:
            raise Violation(1009, "too many fragments")
        return self._whole() if frame.final else None

    def _whole(self) -> Event:
        event = Event(self._fragmented or Opcode.BINARY, b"".join(self._fragments))
        self._fragments, self._fragments_bytes, self._fragmented = [], 0, None
        if event.opcode is Opcode.TEXT:
            try:
                event.payload.decode()
            except UnicodeDecodeError:
                raise Violation(1007, "text is not UTF-8") from None
        return event


def _short_messages(data: bytes, events: list[Event]) -> int:
    """The whole short binary messages at the beginning, which is what typing sends; where something else begins."""
    at, end = 0, len(data)
    while end - at >= _SHORTEST and data[at] == _BINARY:
        stop = at + data[at + 1] - _TO_LENGTH
        if not at + _SHORTEST <= stop <= at + _SHORTEST + MAX_CONTROL_BYTES or stop > end:
            break
        events.append(Event(Opcode.BINARY, apply_mask(data[at + _SHORTEST : stop], data[at + 2 : at + _SHORTEST])))
        at = stop
    return at


def _opcode(first: int, second: int) -> Opcode:
    """Checks the first two bytes. Raises Violation."""
    if first & _RESERVED:
        raise Violation(1002, "reserved bits")
    try:
        opcode = Opcode(first & _OPCODE)
    except ValueError:
        raise Violation(1002, "unknown opcode") from None
    if not second & _MASKED:
        raise Violation(1002, "frame not masked")
    if opcode >= Opcode.CLOSE and (not first & _FINAL or (second & _LENGTH) > MAX_CONTROL_BYTES):
        raise Violation(1002, "control frame fragmented or too long")
    return opcode


def read_close(payload: bytes) -> int:
    """The code to answer a close frame with: its own, 1000 for none (section 5.5.1). Raises Violation for a malformed one."""
    try:
        code = int(Close.parse(payload).code)
    except ProtocolError:
        raise Violation(1002, "malformed close") from None
    except UnicodeDecodeError:
        raise Violation(1007, "reason is not UTF-8") from None
    return 1000 if code == 1005 else code  # "no status received" is never sent


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """One unmasked, unfragmented frame."""
    size = len(payload)
    if size <= MAX_CONTROL_BYTES:
        return bytes((_FINAL | opcode, size)) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", _FINAL | opcode, 126, size) + payload
    return struct.pack("!BBQ", _FINAL | opcode, 127, size) + payload


def close_frame(code: int, reason: str) -> bytes:
    """A close frame; a reason too long for a control frame is cut between letters."""
    short = reason.encode()[: MAX_CONTROL_BYTES - 2].decode(errors="ignore")
    return frame(Opcode.CLOSE, struct.pack("!H", code) + short.encode())
