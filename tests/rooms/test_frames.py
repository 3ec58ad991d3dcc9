"""WebSocket frames by the letter of RFC 6455: every row of the tables names the section it is about."""

import random
import struct
from collections.abc import Callable

import pytest
from websockets.frames import Frame
from websockets.frames import Opcode as TheirOpcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from server.rooms.frames import MAX_FRAGMENTS, Event, FrameParser, Opcode, Violation, close_frame, frame, read_close

MASK = b"\x11\x22\x33\x44"
LIMIT = 100_000


def masked(opcode: int, payload: bytes = b"", *, final: bool = True, reserved: int = 0, mask: bool = True, width: int = 0) -> bytes:
    """A client's frame; `width` writes the length in more bytes than it needs."""
    first = bytes([(0x80 if final else 0) | reserved | opcode])
    size = len(payload)
    width = width or (1 if size < 126 else 2 if size < 65536 else 8)
    bit = 0x80 if mask else 0
    length = {
        1: lambda: bytes([bit | size]),
        2: lambda: struct.pack("!BH", bit | 126, size),
        8: lambda: struct.pack("!BQ", bit | 127, size),
    }[width]()
    if not mask:
        return first + length + payload
    return first + length + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))


def parsed(*pieces: bytes) -> tuple[list[Event], Violation | None]:
    parser = FrameParser(LIMIT)
    events = [event for piece in pieces for event in parser.feed(piece)]
    return events, parser.violation


SAID = "Ґанок 🏡".encode()
WELL = {
    "5.6 a short message": (masked(2, SAID), [Event(Opcode.BINARY, SAID)]),
    "5.6 an empty message": (masked(2), [Event(Opcode.BINARY, b"")]),
    "5.2 length 125": (masked(2, bytes(125)), [Event(Opcode.BINARY, bytes(125))]),
    "5.2 length 126": (masked(2, bytes(126)), [Event(Opcode.BINARY, bytes(126))]),
    "5.2 length 65535": (masked(2, bytes(65535)), [Event(Opcode.BINARY, bytes(65535))]),
    "5.2 length 65536": (masked(2, bytes(65536)), [Event(Opcode.BINARY, bytes(65536))]),
    "5.6 text": (masked(1, SAID), [Event(Opcode.TEXT, SAID)]),
    "5.4 fragments": (
        masked(2, b"a", final=False) + masked(0, b"b", final=False) + masked(0, b"c"),
        [Event(Opcode.BINARY, b"abc")],
    ),
    "5.4 empty fragments": (masked(2, b"", final=False) + masked(0), [Event(Opcode.BINARY, b"")]),
    "5.4 a letter cut between fragments": (
        masked(1, SAID[:1], final=False) + masked(0, SAID[1:]),
        [Event(Opcode.TEXT, SAID)],
    ),
    "5.4 a ping among fragments": (
        masked(2, b"a", final=False) + masked(9, SAID) + masked(0, b"b"),
        [Event(Opcode.PING, SAID), Event(Opcode.BINARY, b"ab")],
    ),
    "5.5.2 a ping of 125": (masked(9, bytes(125)), [Event(Opcode.PING, bytes(125))]),
    "5.5.3 a pong nobody asked for": (masked(10), [Event(Opcode.PONG, b"")]),
    "5.5.1 a close": (masked(8, b"\x03\xe8"), [Event(Opcode.CLOSE, b"\x03\xe8")]),
    "two messages at once": (masked(2, b"a") + masked(2, b"b"), [Event(Opcode.BINARY, b"a"), Event(Opcode.BINARY, b"b")]),
}

ILL = {
    "5.2 RSV1": (masked(2, reserved=0x40), 1002),
    "5.2 RSV2": (masked(2, reserved=0x20), 1002),
    "5.2 RSV3": (masked(2, reserved=0x10), 1002),
    **{f"5.2 opcode {opcode}": (masked(opcode), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "5.1 a frame without a mask": (masked(2, SAID, mask=False), 1002),
    "5.1 an empty frame without a mask": (masked(2, mask=False), 1002),
    "5.2 a short length in two bytes": (masked(2, b"a", width=2), 1002),
    "5.2 a short length in eight bytes": (masked(2, bytes(200), width=8), 1002),
    "5.2 a length with its highest bit": (b"\x82\xff" + b"\x80" + bytes(7) + MASK, 1002),
    "5.5 a control frame of 126": (masked(9, bytes(126)), 1002),
    "5.5 a ping in fragments": (masked(9, final=False), 1002),
    "5.5 a close in fragments": (masked(8, final=False), 1002),
    "5.4 a continuation of nothing": (masked(0, b"a"), 1002),
    "5.4 a last continuation of nothing": (masked(0), 1002),
    "5.4 a new message among fragments": (masked(2, b"a", final=False) + masked(2, b"b"), 1002),
    "5.4 new fragments among fragments": (masked(1, b"a", final=False) + masked(1, b"b", final=False), 1002),
    "8.1 text that is not UTF-8": (masked(1, b"\xc3\x28"), 1007),
    "8.1 text that ends in a letter": (masked(1, SAID[:1]), 1007),
    "8.1 a surrogate": (masked(1, b"\xed\xa0\x80"), 1007),
    "10.4 a message above the limit": (masked(2, bytes(LIMIT + 1)), 1009),
    "10.4 only the head of one above the limit": (b"\x82\xff" + struct.pack("!Q", LIMIT + 1), 1009),
    "10.4 fragments above the limit": (masked(2, bytes(LIMIT), final=False) + masked(0, b"a"), 1009),
    "10.4 fragments without an end": (masked(2, b"", final=False) + masked(0, final=False) * MAX_FRAGMENTS, 1009),
}


@pytest.mark.parametrize("name", WELL)
@pytest.mark.parametrize("cut", [0, 1, 7])
def test_what_a_client_may_say_is_understood_however_it_is_cut(name: str, cut: int) -> None:
    data, events = WELL[name]
    pieces = [data[at : at + cut] for at in range(0, len(data), cut)] if cut else [data]
    assert parsed(*pieces) == (events, None)


@pytest.mark.parametrize("name", ILL)
def test_what_a_client_may_not_say_ends_with_its_code_after_what_was_well_said(name: str) -> None:
    data, code = ILL[name]
    events, violation = parsed(masked(2, SAID) + data + masked(2, SAID))
    assert events == [Event(Opcode.BINARY, SAID)]
    assert violation is not None
    assert violation.code == code
    assert violation.reason


def test_a_payload_is_not_kept_twice_while_it_comes() -> None:
    parser = FrameParser(LIMIT)
    data = masked(2, bytes(LIMIT))
    for at in range(0, len(data) - 1, 1000):
        assert parser.feed(data[at : at + 1000][: len(data) - 1 - at]) == []
    assert parser.feed(data[-1:]) == [Event(Opcode.BINARY, bytes(LIMIT))]


@pytest.mark.parametrize(
    ("payload", "answer"),
    [(b"", 1000), (b"\x03\xe8", 1000), (b"\x03\xe9" + SAID, 1001), (struct.pack("!H", 3000), 3000), (struct.pack("!H", 4999), 4999)],
)
def test_a_close_is_answered_with_its_code(payload: bytes, answer: int) -> None:
    assert read_close(payload) == answer


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"\x03", 1002),
        *[(struct.pack("!H", bad), 1002) for bad in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)],
        (b"\x03\xe8\xff", 1007),
    ],
)
def test_a_close_that_says_what_it_may_not_is_a_violation(payload: bytes, code: int) -> None:
    with pytest.raises(Violation) as caught:
        read_close(payload)
    assert caught.value.code == code


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_what_we_write_is_what_theirs_reads(size: int) -> None:
    payload = bytes(size)
    assert frame(Opcode.BINARY, payload) == Frame(TheirOpcode.BINARY, payload).serialize(mask=False)


def test_a_long_reason_is_cut_between_letters() -> None:
    data = close_frame(4403, "немає доступу " * 20)
    assert len(data) <= 127
    assert data[4:].decode().startswith("немає доступу")


def test_the_same_bytes_are_read_as_the_websockets_library_reads_them() -> None:
    chance = random.Random(20261122)
    agreed = refused = 0
    for _ in range(3_000):
        data = said_by_chance(chance)
        events, code = ours(cut_by_chance(chance, data))
        their_events, their_code = theirs(data)
        if code == STRICTER:
            assert events == their_events[: len(events)], data.hex()
        else:  # we say what is wrong with a head at once, they when the payload has come
            assert events == their_events, data.hex()
            assert code == their_code or (code in {1002, 1009} and their_code is None), data.hex()
        agreed += code is None
        refused += code is not None
    assert agreed > 300
    assert refused > 300


STRICTER = 1
"""Lengths that are not written as short as can be: they take them."""


def ours(pieces: list[bytes]) -> tuple[list[Event], int | None]:
    """What a connection makes of them: up to a close or the first violation, and the code of that."""
    events, violation = parsed(*pieces)
    for place, event in enumerate(events):
        if event.opcode is Opcode.CLOSE:
            try:
                read_close(event.payload)
            except Violation as malformed:
                return events[:place], malformed.code
            return events[: place + 1], None
    if violation is None:
        return events, None
    return events, STRICTER if violation.reason.startswith("length") else violation.code


def said_by_chance(chance: random.Random) -> bytes:
    """Frames as clients write them, a few of them spoiled."""
    parts: list[bytes] = []
    kinds: list[Callable[[], bytes]] = [
        lambda: masked(2, chance.randbytes(chance.choice([0, 1, 80, 126, 300]))),
        lambda: masked(2, b"a", final=False) + masked(9, b"x") + masked(0, b"b"),
        lambda: masked(1, SAID),
        lambda: masked(9, chance.randbytes(4)),
        lambda: masked(10),
    ]
    for _ in range(chance.randrange(1, 6)):
        data = bytearray(chance.choice(kinds)())
        if chance.random() < 0.2:
            data[chance.randrange(min(2, len(data)))] ^= 1 << chance.randrange(8)
        parts.append(bytes(data))
    return b"".join(parts)


def cut_by_chance(chance: random.Random, data: bytes) -> list[bytes]:
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(4)))
    return [data[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def theirs(data: bytes) -> tuple[list[Event], int | None]:
    """What the library's server makes of the bytes: whole messages and control frames, and the code it closes with."""
    server = ServerProtocol(state=OPEN, max_size=LIMIT)
    server.receive_data(data)
    events: list[Event] = []
    fragments: list[bytes] = []
    first = Opcode.BINARY
    for each in server.events_received():
        assert isinstance(each, Frame)
        opcode = Opcode(each.opcode)
        if opcode >= Opcode.CLOSE:
            events.append(Event(opcode, bytes(each.data)))
            continue
        first = opcode if opcode is not Opcode.CONTINUATION else first
        fragments.append(bytes(each.data))
        if each.fin:
            events.append(Event(first, b"".join(fragments)))
            fragments = []
        if each.fin and first is Opcode.TEXT:
            try:
                events[-1].payload.decode()
            except UnicodeDecodeError:
                return events[:-1], 1007
    code = None if server.parser_exc is None or server.close_sent is None else int(server.close_sent.code)
    return events, code
