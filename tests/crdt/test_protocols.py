"""The bytes of both protocols, as captured from the real providers (y-websocket 3.1.0, @hocuspocus/provider 4.8.0)."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.crdt import hocuspocus, ywebsocket
from server.crdt.lib0 import DecodeError, Encoder
from server.crdt.messages import (
    Authenticated,
    Awareness,
    Close,
    Message,
    PermissionDenied,
    Ping,
    Pong,
    QueryAwareness,
    Stateless,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    Token,
    TokenRequest,
    Update,
)

NAME = bytes.fromhex("0cd097d0b0d0bad0bed0bd2d31")
CAPTURED = [
    ("02 00 03746f6b 05342e382e30", Token("tok", "4.8.0")),
    ("02 00 03746f6b", Token("tok")),
    ("02 00", TokenRequest()),
    ("02 02 0a726561642d7772697465", Authenticated("read-write")),
    ("02 01 0ad0bdd0b5d0bcd0b0d194", PermissionDenied("немає")),
    ("00 00 01 00", SyncStep1(b"\0")),
    ("00 01 02 0000", SyncStep2(b"\0\0")),
    ("00 02 02 0000", Update(b"\0\0")),
    ("01 01 00", Awareness(b"\0")),
    ("03", QueryAwareness()),
    ("05 04d197d0b6", Stateless("їж")),
    ("07 00", Close()),
    ("08 01", SyncStatus(saved=True)),
    ("08 00", SyncStatus(saved=False)),
]
Y_CAPTURED = [
    ("00 00 01 00", SyncStep1(b"\0")),
    ("00 01 02 0000", SyncStep2(b"\0\0")),
    ("00 02 02 0000", Update(b"\0\0")),
    ("01 01 00", Awareness(b"\0")),
    ("02 00 0ad0bdd0b5d0bcd0b0d194", PermissionDenied("немає")),
    ("03", QueryAwareness()),
]


@pytest.mark.parametrize(("body", "message"), CAPTURED)
def test_hocuspocus_frames_are_read_and_written_as_captured(body: str, message: Message) -> None:
    frame = NAME + bytes.fromhex(body)
    assert hocuspocus.encode("Закон-1", message) == frame
    assert hocuspocus.decode(frame) == ("Закон-1", message)


def test_hocuspocus_ping_pong_and_the_bare_close_of_a_client() -> None:
    assert hocuspocus.encode("Закон-1", Ping()) == b"\x09"
    assert hocuspocus.encode("Закон-1", Pong()) == b"\x0a"
    assert hocuspocus.decode(b"\x09") == ("", Ping())
    assert hocuspocus.decode(b"\x0a") == ("", Pong())
    assert hocuspocus.decode(NAME + b"\x07") == ("Закон-1", Close())


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x03abc\x03",
        b"\x04abcd",
        b"\x04abcd\x04\x00\x00",
        b"\x04abcd\x06\x01a",
        b"\x04abcd\x0b",
        b"\x04abcd\x02\x03",
        b"\x04abcd\x08\x02",
        b"\x04abcd\x00\x03\x00",
        b"\x04abcd\x03\x00",
        b"\x04ab\ncd\x03",
        b"\x05ab\ncd\x03",
        b"\x08abcd\x00s\x00t\x03",
        b"\x04a\x00bc\x03",
        b"\x80\x02" + b"a" * 256 + b"\x03",
        b"\x04\xd0\x97\xd0\x28\x03",
    ],
)
def test_hocuspocus_frames_that_cannot_be_are_refused(frame: bytes) -> None:
    with pytest.raises(DecodeError):
        hocuspocus.decode(frame)


def test_an_address_names_a_document_and_perhaps_a_session() -> None:
    assert hocuspocus.split_address("закон-1") == ("закон-1", "")
    assert hocuspocus.split_address("закон-1\0вкладка") == ("закон-1", "вкладка")
    with pytest.raises(DecodeError):
        hocuspocus.split_address("зак\u202eон")


@pytest.mark.parametrize(("frame", "message"), Y_CAPTURED)
def test_y_websocket_frames_are_read_and_written_as_captured(frame: str, message: Message) -> None:
    assert ywebsocket.encode(message) == bytes.fromhex(frame)
    assert ywebsocket.decode(bytes.fromhex(frame)) == message


def test_several_y_websocket_messages_may_share_a_frame() -> None:
    frame = b"".join(bytes.fromhex(part) for part, _ in Y_CAPTURED)
    assert ywebsocket.decode_all(frame) == [message for _, message in Y_CAPTURED]
    with pytest.raises(DecodeError, match="left over"):
        ywebsocket.decode(frame)
    with pytest.raises(DecodeError, match="too many"):
        ywebsocket.decode_all(b"\x03" * (ywebsocket.MAX_MESSAGES + 1))


@pytest.mark.parametrize("frame", [b"", b"\x04", b"\x00\x03\x00", b"\x02\x01\x00", b"\x00\x00\x05a", b"\x01\x02\x00"])
def test_y_websocket_frames_that_cannot_be_are_refused(frame: bytes) -> None:
    with pytest.raises(DecodeError):
        ywebsocket.decode_all(frame)


def test_y_websocket_has_no_word_for_what_only_hocuspocus_says() -> None:
    with pytest.raises(ValueError, match="no message Ping"):
        ywebsocket.encode(Ping())


@given(st.binary(max_size=40))
def test_any_bytes_are_a_message_or_a_decode_error(data: bytes) -> None:
    for read in (ywebsocket.decode_all, hocuspocus.decode):
        try:
            read(data)
        except DecodeError:
            continue


@given(st.text(min_size=4, max_size=40).filter(str.isprintable), st.binary(max_size=50))
def test_every_printable_name_comes_back(name: str, update: bytes) -> None:
    assert hocuspocus.decode(hocuspocus.encode(name, Update(update))) == (name, Update(update))


def test_every_message_has_been_tried() -> None:
    tried = {type(message) for _, message in CAPTURED} | {Ping, Pong}
    assert tried == set(get_args(Message))
    assert not Encoder().data
