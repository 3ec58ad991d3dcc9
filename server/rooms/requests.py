"""What the HTTP transport carries: lists of Hocuspocus frames up and down, and what a poll says of each document. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.crdt.lib0 import DecodeError, Decoder, Encoder
from server.rooms.clients import MAX_DOCUMENTS

MAX_FRAMES = 4096
"""The most frames of one upload."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a client says. `tokens` sign it in where it has no place yet; `frames` are said after that, in order."""

    tokens: tuple[bytes, ...]
    frames: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a client stands in one document: how it signs in, what it holds, and the presence it shows (empty for none)."""

    address: str
    token: bytes
    state_vector: bytes
    presence: bytes


def read_upload(body: bytes) -> Uploaded:
    """list of tokens ‖ list of frames. Raises DecodeError."""
    decoder = Decoder(body)
    tokens = _read_list(decoder, MAX_DOCUMENTS)
    frames = _read_list(decoder, MAX_FRAMES)
    decoder.finish()
    return Uploaded(tokens, frames)


def read_poll(body: bytes) -> tuple[Standpoint, ...]:
    """count ‖ (address ‖ token ‖ state vector ‖ presence)*. Raises DecodeError."""
    decoder = Decoder(body)
    count = _read_count(decoder, MAX_DOCUMENTS)
    found = tuple(Standpoint(decoder.var_string(), decoder.var_bytes(), decoder.var_bytes(), decoder.var_bytes()) for _ in range(count))
    decoder.finish()
    return found


def write_frames(frames: Iterable[bytes]) -> bytes:
    """An answer: a list of frames."""
    encoder = Encoder()
    listed = list(frames)
    encoder.varuint(len(listed))
    for frame in listed:
        encoder.var_bytes(frame)
    return bytes(encoder.data)


def _read_list(decoder: Decoder, most: int) -> tuple[bytes, ...]:
    return tuple(decoder.var_bytes() for _ in range(_read_count(decoder, most)))


def _read_count(decoder: Decoder, most: int) -> int:
    count = decoder.varuint()
    if count > most:
        raise DecodeError(f"more than {most} in one request")
    return count
