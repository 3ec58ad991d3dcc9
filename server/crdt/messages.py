"""The messages of both client protocols as values: what a frame says, whichever bytes said it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """What the sender holds, as a state vector; the answer is a SyncStep2."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """Everything the other side lacks, as one update; often the empty update `00 00`."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """A Yjs update v1."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Awareness:
    """Presence entries, encoded as in `awareness.py`."""

    update: bytes


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Asks for every presence entry the other side knows."""


@dataclass(frozen=True, slots=True)
class Token:
    """A Hocuspocus client authenticates for one document; `version` is its provider's, empty before v4."""

    token: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The server asks a Hocuspocus client for a fresh token."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The server lets a client in, or changes its rights: `read-write` or `readonly`."""

    scope: str


@dataclass(frozen=True, slots=True)
class PermissionDenied:
    """The server refuses; the reason is shown to a person or logged."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stateless:
    """A message beside the document, usually JSON."""

    payload: str


@dataclass(frozen=True, slots=True)
class Close:
    """Detaches one document from the socket, not the socket itself. A client gives no reason."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Answers one SyncStep2 or Update: on disk, or refused."""

    saved: bool


@dataclass(frozen=True, slots=True)
class Ping:
    """The server asks whether the client lives."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The client lives."""


SyncMessage = SyncStep1 | SyncStep2 | Update
Message = (
    SyncMessage
    | Awareness
    | QueryAwareness
    | Token
    | TokenRequest
    | Authenticated
    | PermissionDenied
    | Stateless
    | Close
    | SyncStatus
    | Ping
    | Pong
)
