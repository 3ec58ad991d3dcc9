"""What nodes say to each other, as bytes. PURE.

A message is `version kind sender …` in lib0's encoding: a byte, a byte, eight bytes that name the sending process, then the fields.
A reader that meets a version or a kind it does not know (a node that is being upgraded) raises `Unreadable` and reads the journal.
"""

from dataclasses import dataclass
from enum import IntEnum

from server.broker.broker import BrokerMessage, Changed, Committed, Interrupted, Joined, Notice, Present
from server.crdt.lib0 import DecodeError, Decoder, Encoder
from server.ids import DocumentId, Epoch, Seq, UserId
from server.journal.journal import Entry

VERSION = 1
SENDER_BYTES = 8
HEADER_BYTES = 2 + SENDER_BYTES


class Kind(IntEnum):
    """The second byte of a message."""

    COMMITTED = 1
    PRESENT = 2
    JOINED = 3
    CHANGED = 4
    NOTICE = 5


class Unreadable(ValueError):
    """A message of another version, or garbage: treat it as lost."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The eight random bytes of a process."""

    name: bytes

    def wrote(self, data: bytes) -> bool:
        """True when this process sent these bytes itself."""
        return data[2:HEADER_BYTES] == self.name


def encode(message: BrokerMessage | Notice, sender: Sender) -> bytes:
    """The bytes of a message. `Interrupted` is never sent: raises TypeError."""
    encoder = Encoder()
    match message:
        case Committed():
            _head(encoder, Kind.COMMITTED, sender)
            _write_committed(encoder, message)
        case Present(update=update):
            _head(encoder, Kind.PRESENT, sender)
            encoder.var_bytes(update)
        case Joined():
            _head(encoder, Kind.JOINED, sender)
        case Changed():
            _head(encoder, Kind.CHANGED, sender)
        case Notice(topic=topic, fields=fields):
            _head(encoder, Kind.NOTICE, sender)
            _write_strings(encoder, (topic, *(part for pair in fields for part in pair)))
        case Interrupted():
            raise TypeError("Interrupted is what a broker says of itself")
    return bytes(encoder.data)


def decode(data: bytes, document: DocumentId) -> BrokerMessage:
    """The message about a document. Raises Unreadable."""
    kind, decoder = _open(data)
    try:
        message = _read(kind, decoder, document)
        decoder.finish()
    except DecodeError as error:
        raise Unreadable(str(error)) from error
    return message


def decode_notice(data: bytes) -> Notice:
    """The message to every node. Raises Unreadable."""
    kind, decoder = _open(data)
    if kind != Kind.NOTICE:
        raise Unreadable(f"kind {kind} among the notices")
    try:
        topic, *parts = _read_strings(decoder)
        decoder.finish()
    except (DecodeError, ValueError) as error:
        raise Unreadable(str(error)) from error
    if len(parts) % 2:
        raise Unreadable("a field without a value")
    return Notice(topic, tuple(zip(parts[::2], parts[1::2], strict=True)))


def _head(encoder: Encoder, kind: Kind, sender: Sender) -> None:
    encoder.uint8(VERSION)
    encoder.uint8(kind)
    encoder.data += sender.name


def _open(data: bytes) -> tuple[int, Decoder]:
    decoder = Decoder(data)
    try:
        version, kind = decoder.uint8(), decoder.uint8()
        decoder.take(SENDER_BYTES)
    except DecodeError as error:
        raise Unreadable(str(error)) from error
    if version != VERSION:
        raise Unreadable(f"version {version} of the nodes' language")
    return kind, decoder


def _read(kind: int, decoder: Decoder, document: DocumentId) -> BrokerMessage:
    match kind:
        case Kind.COMMITTED:
            return _read_committed(decoder, document)
        case Kind.PRESENT:
            return Present(document, decoder.var_bytes())
        case Kind.JOINED:
            return Joined(document)
        case Kind.CHANGED:
            return Changed(document)
        case _:
            raise Unreadable(f"unknown kind {kind}")


def _write_committed(encoder: Encoder, message: Committed) -> None:
    """Authors are written once: a batch is mostly one person's."""
    authors = list(dict.fromkeys(entry.author for entry in message.entries))
    encoder.var_string(message.epoch)
    encoder.varuint(message.first)
    _write_strings(encoder, tuple(authors))
    encoder.varuint(len(message.entries))
    for entry in message.entries:
        encoder.varuint(authors.index(entry.author))
        encoder.var_bytes(entry.update)


def _read_committed(decoder: Decoder, document: DocumentId) -> Committed:
    epoch, first = Epoch(decoder.var_string()), Seq(decoder.varuint())
    authors = [UserId(name) for name in _read_strings(decoder)]
    entries: list[Entry] = []
    for _ in range(decoder.varuint()):
        author = decoder.varuint()
        if author >= len(authors):
            raise Unreadable("an author who is not named")
        entries.append(Entry(decoder.var_bytes(), authors[author]))
    return Committed(document, epoch, first, tuple(entries))


def _write_strings(encoder: Encoder, strings: tuple[str, ...]) -> None:
    encoder.varuint(len(strings))
    for each in strings:
        encoder.var_string(each)


def _read_strings(decoder: Decoder) -> tuple[str, ...]:
    return tuple(decoder.var_string() for _ in range(decoder.varuint()))
