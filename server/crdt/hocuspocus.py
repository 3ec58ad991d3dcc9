"""The Hocuspocus protocol (provider v3 and v4): many documents per socket, every frame starts with its address.

address ‖ type ‖ body, where the address is `document` or `document\\0session`; ping and pong are one bare byte.
"""

from functools import lru_cache

from server.crdt.lib0 import DecodeError, Decoder, Encoder
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
from server.crdt.ywebsocket import read_sync, write_sync

MIN_NAME = 4
"""The shortest document name in bytes: with it, a first byte below 4 means y-websocket."""

MAX_ADDRESS = 255
"""The longest address in bytes."""

SYNC, AWARENESS, AUTH, QUERY, SYNC_REPLY, STATELESS, BROADCAST_STATELESS, CLOSE, SYNC_STATUS, PING, PONG = range(11)
_TOKEN, _DENIED, _AUTHENTICATED = range(3)
_PING, _PONG = bytes([PING]), bytes([PONG])


def decode(data: bytes) -> tuple[str, Message]:
    """Address and message of a frame; the address of Ping and Pong is empty. Raises DecodeError."""
    if data == _PONG:
        return "", Pong()
    if data == _PING:
        return "", Ping()
    decoder = Decoder(data)
    address = _address(decoder.var_bytes())
    message = _read(decoder)
    decoder.finish()
    return address, message


def is_acknowledgement(frame: bytes) -> bool:
    """True for a SyncStatus the server has encoded itself; the rest of the frame is not read."""
    return len(frame) > 2 and frame[-2] == SYNC_STATUS and len(frame) == _body_at(frame) + 2


def _body_at(frame: bytes) -> int:
    """Where the address ends: its length takes one byte, or two from 128 on (`MAX_ADDRESS`)."""
    return 1 + frame[0] if frame[0] < 0x80 else 2 + (frame[0] & 0x7F) + (frame[1] << 7)


def split_address(address: str) -> tuple[str, str]:
    """Document name and session id (empty without one) of an address. Raises DecodeError on a name that cannot be."""
    _check_address(address)
    name, _, session = address.partition("\0")
    return name, session


def encode(address: str, message: Message) -> bytes:  # noqa: C901 - one arm per message of the protocol
    """The frame of a message to the connection at `address` (exactly as the client wrote it)."""
    encoder = Encoder()
    if not isinstance(message, Ping | Pong):
        encoder.var_string(address)
    match message:
        case SyncStep1() | SyncStep2() | Update():
            encoder.uint8(SYNC)
            write_sync(encoder, message)
        case Awareness(update):
            encoder.uint8(AWARENESS)
            encoder.var_bytes(update)
        case Token() | TokenRequest() | PermissionDenied() | Authenticated():
            encoder.uint8(AUTH)
            _write_auth(encoder, message)
        case QueryAwareness():
            encoder.uint8(QUERY)
        case Stateless(payload):
            encoder.uint8(STATELESS)
            encoder.var_string(payload)
        case Close(reason):
            encoder.uint8(CLOSE)
            encoder.var_string(reason)
        case SyncStatus(saved):
            encoder.uint8(SYNC_STATUS)
            encoder.uint8(1 if saved else 0)
        case Ping():
            encoder.uint8(PING)
        case Pong():
            encoder.uint8(PONG)
    return bytes(encoder.data)


def _write_auth(encoder: Encoder, message: Token | TokenRequest | PermissionDenied | Authenticated) -> None:
    match message:
        case Token(token, version):
            encoder.uint8(_TOKEN)
            encoder.var_string(token)
            if version:
                encoder.var_string(version)
        case TokenRequest():
            encoder.uint8(_TOKEN)
        case PermissionDenied(reason):
            encoder.uint8(_DENIED)
            encoder.var_string(reason)
        case Authenticated(scope):
            encoder.uint8(_AUTHENTICATED)
            encoder.var_string(scope)


def _read(decoder: Decoder) -> Message:  # noqa: PLR0911 - one arm per message
    kind = decoder.varuint()
    match kind:
        case 0:
            return read_sync(decoder)
        case 1:
            return Awareness(decoder.var_bytes())
        case 2:
            return _read_auth(decoder)
        case 3:
            return QueryAwareness()
        case 5:
            return Stateless(decoder.var_string())
        case 7:
            return Close("" if decoder.at_end else decoder.var_string())
        case 8:
            return _read_status(decoder)
        case _:
            raise DecodeError(f"no message {kind} between a client and a server")


def _read_auth(decoder: Decoder) -> Message:
    kind = decoder.uint8()
    match kind:
        case 0:
            if decoder.at_end:
                return TokenRequest()
            return Token(decoder.var_string(), "" if decoder.at_end else decoder.var_string())
        case 1:
            return PermissionDenied(decoder.var_string())
        case 2:
            return Authenticated(decoder.var_string())
        case _:
            raise DecodeError(f"unknown authentication message {kind}")


def _read_status(decoder: Decoder) -> SyncStatus:
    value = decoder.uint8()
    if value > 1:
        raise DecodeError("unknown sync status")
    return SyncStatus(value == 1)


@lru_cache(maxsize=4096)
def _address(raw: bytes) -> str:
    """The address as written, checked; the same ones come with every frame. Raises DecodeError."""
    try:
        address = raw.decode()
    except UnicodeDecodeError:
        raise DecodeError("string is not UTF-8") from None
    _check_address(address)
    return address


def _check_address(address: str) -> None:
    name, _, session = address.partition("\0")
    if len(name.encode()) < MIN_NAME or len(address.encode()) > MAX_ADDRESS:
        raise DecodeError("document name is too short or too long")
    if not (name + session).isprintable():
        raise DecodeError("control character in a document name")
