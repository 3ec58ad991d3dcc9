"""One client in one document: who they are, what they may do, how a message reaches them, and what they still have to get."""

import itertools
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from server.access.actor import Actor
from server.access.roles import Scope
from server.crdt import hocuspocus, ywebsocket
from server.crdt.lib0 import Encoder
from server.crdt.messages import Authenticated, Close, Message, PermissionDenied, Stateless, SyncStatus
from server.ids import ClientId, UserId

_numbers = itertools.count(1)
_MAX_QUESTIONS = 256


class Transport(Protocol):
    """A socket's outgoing side, as small as it can be: the ASGI path and a protocol class of our own both fit."""

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left yet."""
        ...

    def send(self, frame: bytes, times: int = 1) -> None:
        """Queue one binary frame, so many times; never waits, never raises. Nothing happens after `close`."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued, with a WebSocket close code; only the first call counts."""
        ...


@dataclass(frozen=True, slots=True)
class Grant:
    """What the server knows of a person at a document: identity for presence (P5) and scope."""

    actor: Actor
    scope: Scope
    body_short: str = ""
    """The body's short name, as people say it."""
    hue: int = 0
    """0..11, the body's colour."""

    @property
    def identity(self) -> Mapping[str, str | int]:
        """What others see of the person; it replaces whatever the client says of itself."""
        actor = self.actor
        return {"id": actor.id, "name": actor.name, "body": actor.body, "short": self.body_short or actor.body, "hue": self.hue}


class Connection:
    """One client's place in one room. `address` is the Hocuspocus address exactly as the client wrote it, None for y-websocket.

    Document frames stop when more than `max_outbox_bytes` wait in the transport; `behind` is then the state vector the
    client will have once it has read what waits, and it is caught up by difference from there.
    """

    __slots__ = (
        "_saved",
        "address",
        "ahead",
        "asked",
        "at_work",
        "before",
        "behind",
        "clients",
        "closed",
        "grant",
        "has_flushed",
        "knows_epoch",
        "looked_up",
        "max_outbox_bytes",
        "missed",
        "number",
        "overlooked",
        "owed",
        "poisons",
        "prefix",
        "questions",
        "resyncs",
        "round",
        "transport",
    )

    def __init__(self, transport: Transport, grant: Grant, *, address: str | None, max_outbox_bytes: int) -> None:
        self.number = next(_numbers)
        self.transport = transport
        self.grant = grant
        self.address = address
        self.prefix = b"" if address is None else _prefix(address)
        self._saved = self.prefix + _SAVED  # the same bytes every time, so that they are framed once for a row of them
        self.max_outbox_bytes = max_outbox_bytes
        self.behind: bytes | None = None
        self.clients: set[ClientId] = set()
        """The Yjs client ids this connection shows in presence."""
        self.owed = 0
        """Acknowledgements put off: their edits come again in the answer to a SyncStep1 of ours."""
        self.questions: deque[bool] = deque(maxlen=_MAX_QUESTIONS)
        """Our SyncStep1 that wait for an answer: True where the client counts its answer as an unsaved change (it had asked first)."""
        self.round = 0
        """Grows with each SyncStep1 of the client: Hocuspocus counts its unsaved changes anew from there."""
        self.before: bytes | None = None
        """The state vector of the client's SyncStep1 until it has answered ours: what it typed before is not in its count."""
        self.ahead = False
        """It says it holds what was never in this history; until that is settled, its edits are left for later (D8b)."""
        self.knows_epoch = False
        """It has said which history it holds, and it is this one."""
        self.has_flushed = False
        """Nothing comes any more that the client had queued before its socket was open: it has answered our first Ping."""
        self.asked = False
        """A SyncStep1 of ours, sent because something was missing, has not been answered."""
        self.missed = False
        """Edits were put off while saving did not work."""
        self.looked_up = False
        self.overlooked = False
        """Messages beside the text were left out because the client reads too slowly."""
        """The journal was read because this client holds more than we do."""
        self.resyncs = 0
        self.poisons = 0
        self.at_work = False
        """The person typed, or moved their cursor, since the registry last looked."""
        self.closed = False

    @property
    def user(self) -> UserId:
        """Whose connection it is."""
        return self.grant.actor.id

    @property
    def is_hocuspocus(self) -> bool:
        """True when the client knows acknowledgements and stateless messages."""
        return self.address is not None

    @property
    def is_full(self) -> bool:
        """True when no more document frames should be queued."""
        return self.transport.buffered_bytes > self.max_outbox_bytes

    def send(self, message: Message) -> None:
        """Send one message in this client's protocol; one the protocol does not have is left out."""
        if self.closed:
            return
        if self.address is not None:
            self.transport.send(hocuspocus.encode(self.address, message))
        elif not isinstance(message, SyncStatus | Stateless | Authenticated | Close):
            self.transport.send(ywebsocket.encode(message))

    def send_body(self, body: bytes) -> None:
        """Send a sync or awareness message that is already encoded: both protocols share these bytes after the address."""
        if not self.closed:
            self.transport.send(self.prefix + body)

    def count_anew(self, state_vector: bytes) -> None:
        """The client has sent a SyncStep1: acknowledgements of anything earlier would hide later unsaved changes."""
        self.round += 1
        self.owed = 0
        self.before = state_vector

    def question(self, body: bytes, *, counted: bool) -> None:
        """Send a SyncStep1 that is already encoded."""
        self.questions.append(counted)
        self.send_body(body)

    def acknowledge(self, saved: bool, count: int = 1) -> None:
        """Tell a client that counts (Hocuspocus) that so many of its updates are on disk, or were refused: a message for each."""
        if count and self.address is not None and not self.closed:
            self.transport.send(self._saved if saved else self.prefix + _REFUSED, count)

    def deny(self, code: int, reason: str) -> None:
        """Put the client out of this document: Hocuspocus keeps its socket, y-websocket is closed with `code`."""
        if self.closed:
            return
        self.send(PermissionDenied(reason))
        self.send(Close(reason))
        self.closed = True
        if self.address is None:
            self.transport.close(code, reason)

    def leave(self, code: int, reason: str) -> None:
        """Close in a way that brings the client back later."""
        if not self.closed:
            self.closed = True
            self.transport.close(code, reason)


# A SyncStatus after the address, built once: there is one for every edit.
_SAVED = bytes([hocuspocus.SYNC_STATUS, 1])
_REFUSED = bytes([hocuspocus.SYNC_STATUS, 0])


def _prefix(address: str) -> bytes:
    encoder = Encoder()
    encoder.var_string(address)
    return bytes(encoder.data)


def scope_name(scope: Scope) -> str:
    """A scope in the two words Hocuspocus has."""
    return "read-write" if scope is Scope.WRITE else "readonly"
