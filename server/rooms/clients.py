"""The two client protocols on one socket: from frames to rooms. What a frame means is decided once, here."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from server.access.actor import Actor
from server.crdt import hocuspocus, ywebsocket
from server.crdt.document import read_state_vector
from server.crdt.lib0 import DecodeError
from server.crdt.messages import Awareness, Close, Message, PermissionDenied, Pong, Stateless, SyncStep1, Token, Update
from server.errors import NotFound, NotSignedIn, TooManyRequests, ZlahodaError
from server.ids import DocumentId
from server.rooms.connection import Connection, Transport
from server.rooms.registry import Registry
from server.rooms.seats import Seat

MAX_DOCUMENTS = 64
"""Documents of one Hocuspocus socket, refused ones counted."""

QUESTION_COST = 20.0
"""What a SyncStep1 or an attempt to sign in costs, in updates: each makes the server work for a few bytes."""
_BYTES_PER_UPDATE = 16 * 1024

_MAX_SHORT = 0x7F

EMPTY_PRESENCE = b"\x01\x01\x00"
PING = b"\x09"

Authenticate = Callable[[str], Awaitable[Actor]]
"""Who a token stands for; empty or `cookie` for the cookie the socket came with. Raises NotSignedIn, Unavailable."""


class Client(Protocol):
    """What is spoken on one socket, after its first frame has shown which protocol it is."""

    def receive(self, frame: bytes) -> float | Awaitable[float]:
        """Take one frame; what it costs, in updates: at once, or when somebody had to be asked. Raises DecodeError, ZlahodaError."""
        ...

    def leave(self) -> None:
        """The socket is gone."""
        ...

    def drained(self) -> None:
        """What was queued has left."""
        ...

    @property
    def connections(self) -> list[Connection]:
        """The documents joined."""
        ...

    @property
    def keepalive(self) -> bytes:
        """A frame that changes nothing; the providers reconnect after 30 s without one."""
        ...

    @property
    def has_unanswered(self) -> bool:
        """True while something it sent waits for the disk, or something it asked for its answer."""
        ...


def is_ywebsocket(frame: bytes) -> bool:
    """The first byte tells: y-websocket has message types below 4, a Hocuspocus name is at least 4 bytes long."""
    return frame[:1] < b"\x04"


class YWebsocketClient:
    """One document per socket, named by the path; signed in by the request."""

    def __init__(self, transport: Transport, registry: Registry, document: DocumentId, sign_in: Callable[[], Awaitable[Actor]]) -> None:
        self._transport = transport
        self._registry = registry
        self._document = document
        self._sign_in = sign_in
        self._seat: Seat | None = None

    def receive(self, frame: bytes) -> float | Awaitable[float]:
        messages = ywebsocket.decode_all(frame)
        if self._seat is None:
            return self._join_with(messages, frame)
        return self._take(self._seat, messages, frame)

    async def _join_with(self, messages: list[Message], frame: bytes) -> float:
        actor = await self._sign_in()
        self._seat = await self._registry.join(self._transport, actor, self._document, address=None)
        return self._take(self._seat, messages, frame)

    def _take(self, seat: Seat, messages: list[Message], frame: bytes) -> float:
        for message in messages:
            _pass_on(seat, message)
        return sum([cost_of(message, frame) for message in messages])

    def leave(self) -> None:
        if self._seat is not None:
            self._registry.leave(self._seat)

    def drained(self) -> None:
        if self._seat is not None:
            _catch_up(self._seat)

    def refuse(self, error: ZlahodaError) -> None:
        """Tell why, then close for good: 44xx makes the provider stop."""
        self._transport.send(ywebsocket.encode(PermissionDenied(error.code)))
        self._transport.close(error.close_code, error.code)

    @property
    def connections(self) -> list[Connection]:
        return [self._seat.connection] if self._seat is not None and not self._seat.connection.closed else []

    @property
    def keepalive(self) -> bytes:
        return EMPTY_PRESENCE

    @property
    def has_unanswered(self) -> bool:
        return self._seat is not None and _is_unanswered(self._seat)


class HocuspocusClient:
    """Many documents per socket, each signed in by its own token. A refused one leaves the socket open for the others."""

    def __init__(self, transport: Transport, registry: Registry, authenticate: Authenticate) -> None:
        self._transport = transport
        self._registry = registry
        self._authenticate = authenticate
        self._seats: dict[str, Seat] = {}
        self._edited: tuple[bytes, Seat] | None = None  # where the last edit went, and how a frame begins that goes there, too
        self._denied: set[str] = set()
        self._has_flushed = False
        self._has_signed_in = False

    def receive(self, frame: bytes) -> float | Awaitable[float]:
        if self._edited is not None and (update := _short_update(frame, self._edited[0])) and not self._edited[1].connection.closed:
            _pass_on(self._edited[1], Update(update))
            return 1.0 + len(frame) / _BYTES_PER_UPDATE
        address, message = hocuspocus.decode(frame)
        if isinstance(message, Pong):
            self._has_flushed = True
            for connection in self.connections:
                connection.has_flushed = True
            return 1.0
        if isinstance(message, Token):
            return self._sign_in(address, message)
        seat = self._seats.get(address)
        if seat is not None and seat.connection.closed:
            self._give_back(address)
            seat = None
        if seat is None:
            # Where our Ping comes with the handshake, what was queued leaves before the token; the sync after it brings all of it.
            if self._has_signed_in or not isinstance(message, Update | Awareness | Stateless):
                self._check_known(address)
            return 1.0
        if isinstance(message, Close):
            self._give_back(address)
            self._denied.discard(address)
        else:
            if isinstance(message, Update):
                self._edited = (seat.connection.prefix + ywebsocket.UPDATE, seat)
            _pass_on(seat, message)
        return cost_of(message, frame)

    async def _sign_in(self, address: str, message: Token) -> float:
        """Every outcome is an answer to this document; the socket stays. Raises TooManyRequests above `MAX_DOCUMENTS`."""
        self._has_signed_in = True
        if address not in self._seats and len(self._seats) + len(self._denied) >= MAX_DOCUMENTS:
            raise TooManyRequests("too many documents on one socket")
        try:
            claim = Claim.parse(message.token)
            actor = await self._authenticate(claim.token)
            await self._join(address, claim, actor)
        except ZlahodaError as error:
            self._give_back(address)
            self._denied.add(address)
            self._transport.send(hocuspocus.encode(address, PermissionDenied(error.code)))
        return QUESTION_COST

    async def _join(self, address: str, claim: "Claim", actor: Actor) -> None:
        seat = self._seats.get(address)
        if seat is not None and not seat.connection.closed:
            await self._registry.reauthorize(seat, actor)
            return
        self._give_back(address)
        name, _ = hocuspocus.split_address(address)
        self._seats[address] = await self._registry.join(
            self._transport, actor, DocumentId(name), address=address, epoch=claim.epoch, schema=claim.schema
        )
        self._seats[address].connection.has_flushed = self._has_flushed
        self._denied.discard(address)

    def _check_known(self, address: str) -> None:
        """A provider goes on sending for a document it was refused; anything else without signing in is a mistake."""
        if address not in self._denied:
            if len(self._seats) + len(self._denied) >= MAX_DOCUMENTS:
                raise TooManyRequests("too many documents on one socket")
            self._denied.add(address)
            self._transport.send(hocuspocus.encode(address, PermissionDenied(NotSignedIn.code)))

    def _give_back(self, address: str) -> None:
        seat, self._edited = self._seats.pop(address, None), None
        if seat is not None:
            self._denied.add(address)
            self._registry.leave(seat)

    def leave(self) -> None:
        for seat in self._seats.values():
            self._registry.leave(seat)
        self._seats.clear()
        self._edited = None

    def drained(self) -> None:
        for seat in self._seats.values():
            _catch_up(seat)

    @property
    def connections(self) -> list[Connection]:
        return [seat.connection for seat in self._seats.values() if not seat.connection.closed]

    @property
    def keepalive(self) -> bytes:
        return PING

    @property
    def has_unanswered(self) -> bool:
        return any(_is_unanswered(seat) for seat in self._seats.values())

    def resume(self, address: str, state_vector: bytes) -> None:
        """Send, as one difference, what a client that holds this lacks, and everyone's presence; nothing where it has no place.

        It is no SyncStep1: nothing is asked back, and its edits are counted on. Raises DecodeError.
        """
        read_state_vector(state_vector)
        seat = self._seats.get(address)
        if seat is None or seat.connection.closed:
            return
        seat.connection.behind = state_vector
        seat.connection.overlooked = True
        _catch_up(seat)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a Hocuspocus client says in its token: a plain token, or our own client's JSON with what it holds."""

    token: str
    epoch: str = ""
    schema: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Claim":
        """Raises NotSignedIn for JSON of another shape."""
        if not text.startswith("{"):
            return cls(text)
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise NotSignedIn("the token is not JSON") from None
        token, epoch, schema = content.get("token", ""), content.get("epoch", ""), content.get("schema")
        if not (isinstance(token, str) and isinstance(epoch, str) and (schema is None or type(schema) is int)):
            raise NotSignedIn("the token has fields of another kind")
        return cls(token, epoch, schema)


def cost_of(message: Message, frame: bytes) -> float:
    """What one message takes from its sender's allowance, in updates."""
    return (QUESTION_COST if isinstance(message, SyncStep1) else 1.0) + len(frame) / _BYTES_PER_UPDATE


def _short_update(frame: bytes, head: bytes) -> bytes:
    """The document bytes of a frame that begins like this and holds an update shorter than 128 bytes; else nothing."""
    at = len(head)
    if len(frame) <= at or not frame.startswith(head) or frame[at] != len(frame) - at - 1 or frame[at] > _MAX_SHORT:
        return b""
    return frame[at + 1 :]


def document_in(path_name: str) -> DocumentId:
    """The document a path names. Raises NotFound for a name that cannot be one."""
    try:
        name, session = hocuspocus.split_address(path_name)
    except DecodeError:
        raise NotFound from None
    if session:
        raise NotFound
    return DocumentId(name)


def _is_unanswered(seat: Seat) -> bool:
    return not seat.home.is_gone and seat.home.room.holds(seat.connection)


def _catch_up(seat: Seat) -> None:
    if seat.connection.behind is not None:
        seat.home.run(partial(seat.home.room.drained, seat.connection))


def _pass_on(seat: Seat, message: Message) -> None:
    """Into the room. Raises DecodeError for bytes that are not what the message should hold; anything else is the room's own failure."""
    try:
        seat.home.room.receive(seat.connection, message)
    except DecodeError:
        raise
    except Exception as error:  # noqa: BLE001 - the edge of a room
        seat.home.broken(error)
