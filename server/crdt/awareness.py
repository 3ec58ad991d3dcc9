"""Presence entries (y-protocols awareness): who is here, where their cursor is."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from server.crdt.lib0 import DecodeError, Decoder, Encoder
from server.ids import ClientId

MAX_ENTRIES = 10_000
"""The most entries read from one message."""

MAX_STATE = 64 * 1024
"""The largest state of one client, in characters of JSON."""


@dataclass(frozen=True, slots=True)
class AwarenessEntry:
    """One client's presence. A receiver takes it when its clock is newer, or equal and the state is None (gone)."""

    client: ClientId
    clock: int
    state: dict[str, Any] | None  # Any: whatever JSON the client shows the others


def decode(data: bytes) -> list[AwarenessEntry]:
    """The entries in their order. Raises DecodeError, also for a state that is neither a JSON object nor null."""
    decoder = Decoder(data)
    count = decoder.varuint()
    if count > MAX_ENTRIES:
        raise DecodeError("too many presence entries")
    entries = [AwarenessEntry(ClientId(decoder.varuint()), decoder.varuint(), _state(decoder.var_string())) for _ in range(count)]
    decoder.finish()
    return entries


def encode(entries: list[AwarenessEntry]) -> bytes:
    """The bytes of an awareness update, the state as compact JSON."""
    encoder = Encoder()
    encoder.varuint(len(entries))
    for entry in entries:
        encoder.varuint(entry.client)
        encoder.varuint(entry.clock)
        encoder.var_string(json.dumps(entry.state, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    return bytes(encoder.data)


def _state(text: str) -> dict[str, Any] | None:
    if len(text) > MAX_STATE:
        raise DecodeError("presence state is too large")
    try:
        state = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(state, ensure_ascii=False).encode()  # an escaped lone surrogate could not be sent on
    except (ValueError, RecursionError):
        raise DecodeError("presence state is not JSON") from None
    if state is not None and not isinstance(state, dict):
        raise DecodeError("presence state is not an object")
    return state


def _no_constant(name: str) -> NoReturn:
    raise DecodeError(f"{name} is not JSON")
