import pytest

from server.crdt import awareness
from server.crdt.awareness import AwarenessEntry
from server.crdt.lib0 import DecodeError, Encoder
from server.ids import ClientId


def raw(*states: str) -> bytes:
    encoder = Encoder()
    encoder.varuint(len(states))
    for state in states:
        encoder.varuint(7)
        encoder.varuint(1)
        encoder.var_string(state)
    return bytes(encoder.data)


def test_entries_come_back_with_cyrillic_names() -> None:
    entries = [AwarenessEntry(ClientId(1), 3, {"user": {"name": "Ївга 😀"}}), AwarenessEntry(ClientId(2**53 - 1), 0, None)]
    assert awareness.decode(awareness.encode(entries)) == entries
    assert awareness.decode(b"\0") == []


@pytest.mark.parametrize(
    "state",
    [
        "",
        "[]",
        "1",
        "nul",
        "NaN",
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        "[" * 100_000,
        '{"a":' * 5000,
        '"' + "x" * 70_000 + '"',
        '{"a":' + "1" * 5000 + "}",
    ],
)
def test_a_state_that_is_no_object_is_refused(state: str) -> None:
    with pytest.raises(DecodeError):
        awareness.decode(raw(state))


def test_escapes_that_are_characters_are_fine() -> None:
    assert awareness.decode(raw('{"a":"\\u0457\\ud83d\\ude00"}'))[0].state == {"a": "ї😀"}


@pytest.mark.parametrize("data", [b"", b"\x01", raw("{}") + b"\0", b"\xff\xff\xff\x7f"])
def test_bytes_that_are_no_presence_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        awareness.decode(data)
