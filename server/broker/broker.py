"""The wire between the nodes that hold one document: fast, and allowed to lose (P7). What was lost is read from the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from server.ids import DocumentId, Epoch, Seq
from server.journal.journal import Entry


@dataclass(frozen=True, slots=True)
class Committed:
    """Updates another node has stored: `entries` have `first`, `first + 1` … A receiver finds gaps by these numbers."""

    document: DocumentId
    epoch: Epoch
    first: Seq
    entries: tuple[Entry, ...]

    @property
    def last(self) -> Seq:
        """Of the last entry; the one before `first` where there is none."""
        return Seq(self.first + len(self.entries) - 1)


@dataclass(frozen=True, slots=True)
class Present:
    """Presence on another node, stamped there, encoded as in `crdt/awareness.py`."""

    document: DocumentId
    update: bytes


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The wire was down: anything may have been missed since; the journal knows."""

    document: DocumentId


@dataclass(frozen=True, slots=True)
class Joined:
    """Another node has just begun to listen: tell it who is present here and how far the journal is (`Committed` of no entries)."""

    document: DocumentId


@dataclass(frozen=True, slots=True)
class Changed:
    """Something beside the text (suggestions, comments, positions) is another than it was; what, is in the database."""

    document: DocumentId


@dataclass(frozen=True, slots=True)
class Notice:
    """To every node, whatever it holds: somebody's rights have changed. `fields` are names with values."""

    topic: str
    fields: tuple[tuple[str, str], ...] = ()


BrokerMessage = Committed | Present | Interrupted | Joined | Changed
Receiver = Callable[[BrokerMessage], None]
NoticeReceiver = Callable[[Notice], None]


@dataclass(frozen=True, slots=True)
class WireState:
    """How the wire is doing, since the start: messages by what became of them. Without another process there is no wire."""

    has_wire: bool = False
    is_up: bool = True
    messages: Mapping[str, int] = field(default_factory=dict)
    round_trips: int = 0
    interruptions: int = 0


class Subscription(Protocol):
    """One node's place on one document's wire."""

    def publish(self, message: BrokerMessage) -> None:
        """Send to every other node's receiver: never waits, never raises, may be lost, keeps no order between nodes."""
        ...

    async def cancel(self) -> None:
        """Stop receiving; no call of the receiver begins after this returns."""
        ...


class Broker(Protocol):
    """Carries messages about a document between the nodes that subscribed to it, and notices between all nodes."""

    async def run(self, cluster: str) -> None:
        """Carry messages until cancelled; `cluster` is what the nodes of one database have in common."""
        ...

    def announce(self, message: Changed | Notice) -> None:
        """Send to the other nodes that have subscribed to the document, or to all: never waits, never raises, may be lost."""
        ...

    def on_notice(self, receiver: NoticeReceiver) -> None:
        """Call `receiver`, in the event loop, with every notice of another node from now on."""
        ...

    async def subscribe(self, document: DocumentId, receiver: Receiver) -> Subscription:
        """Everything published from the return of this call on reaches `receiver`, in the event loop, unless it is lost.

        The other subscribers hear `Joined`.
        """
        ...

    def state(self) -> WireState:
        """How the wire is doing now."""
        ...
