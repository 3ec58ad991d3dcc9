"""The y-websocket protocol (y-protocols): one room per socket, frames without an address.

`00` sync ‖ sub (0 step 1, 1 step 2, 2 update) ‖ bytes; `01` awareness ‖ bytes; `02 00` denied ‖ string; `03` query.
"""

from server.crdt.lib0 import DecodeError, Decoder, Encoder, varuint
from server.crdt.messages import Awareness, Message, PermissionDenied, QueryAwareness, SyncMessage, SyncStep1, SyncStep2, Update

UPDATE = b"\x00\x02"
"""How an Update begins, before its length; after the address in the Hocuspocus protocol, too."""
MAX_MESSAGES = 64
"""The most messages read from one frame."""


def decode(data: bytes) -> Message:
    """The one message of a frame. Raises DecodeError, also when anything follows it."""
    decoder = Decoder(data)
    message = _read(decoder)
    decoder.finish()
    return message


def decode_all(data: bytes) -> list[Message]:
    """The messages of a frame, at least one: newer clients put several into one. Raises DecodeError."""
    decoder = Decoder(data)
    messages = [_read(decoder)]
    while not decoder.at_end:
        if len(messages) == MAX_MESSAGES:
            raise DecodeError("too many messages in one frame")
        messages.append(_read(decoder))
    return messages


def encode(message: Message) -> bytes:
    """The frame of a message. Raises ValueError for a message this protocol does not have."""
    if isinstance(message, Update):  # what is sent for every edit
        return UPDATE + varuint(len(message.update)) + message.update
    encoder = Encoder()
    match message:
        case SyncStep1() | SyncStep2():
            encoder.uint8(0)
            write_sync(encoder, message)
        case Awareness(update):
            encoder.uint8(1)
            encoder.var_bytes(update)
        case PermissionDenied(reason):
            encoder.data += b"\x02\x00"
            encoder.var_string(reason)
        case QueryAwareness():
            encoder.uint8(3)
        case _:
            raise ValueError(f"y-websocket has no message {type(message).__name__}")
    return bytes(encoder.data)


def read_sync(decoder: Decoder) -> SyncMessage:
    """The part both protocols share: sub-type and bytes."""
    kind = decoder.uint8()
    match kind:
        case 0:
            return SyncStep1(decoder.var_bytes())
        case 1:
            return SyncStep2(decoder.var_bytes())
        case 2:
            return Update(decoder.var_bytes())
        case _:
            raise DecodeError(f"unknown sync message {kind}")


def write_sync(encoder: Encoder, message: SyncMessage) -> None:
    """Writes what `read_sync` reads."""
    match message:
        case SyncStep1(state_vector):
            encoder.uint8(0)
            encoder.var_bytes(state_vector)
        case SyncStep2(update):
            encoder.uint8(1)
            encoder.var_bytes(update)
        case Update(update):
            encoder.uint8(2)
            encoder.var_bytes(update)


def _read(decoder: Decoder) -> Message:
    kind = decoder.uint8()
    match kind:
        case 0:
            return read_sync(decoder)
        case 1:
            return Awareness(decoder.var_bytes())
        case 2:
            if decoder.uint8() != 0:
                raise DecodeError("unknown authentication message")
            return PermissionDenied(decoder.var_string())
        case 3:
            return QueryAwareness()
        case _:
            raise DecodeError(f"unknown message {kind}")
