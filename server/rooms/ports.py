"""What a room needs done by others: the journal, the other nodes, time. Nothing else reaches outside of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from server.broker.broker import BrokerMessage
from server.clock import Clock
from server.errors import Unavailable
from server.guard.guard import Limits
from server.ids import Seq, UserId
from server.journal.journal import Append, Outcome, Record
from server.rooms.counters import RoomCounters
from server.rooms.limits import FrameBudget
from server.rooms.live import Opened

T = TypeVar("T")


class Aside(Protocol):
    """Does long work in another process or thread; its result comes back in the event loop."""

    def __call__(self, work: Callable[[], T], done: Callable[[T], None], /) -> None: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What a room needs done by others. Every call returns at once; answers come as calls of the given function, in the event loop."""

    submit: Callable[[Append, Callable[[Outcome | Unavailable], None]], None]
    soon: Callable[[Callable[[], None]], None]
    later: Callable[[float, Callable[[], None]], None]
    reopen: Callable[[Callable[[Opened], None]], None]
    """Read the document from the journal, and every connection's grant again before the answer."""
    read_after: Callable[[Seq, Callable[[Sequence[Record]], None]], None]
    publish: Callable[[BrokerMessage], None]
    quarantine: Callable[[UserId, str, bytes], None]
    read_claims: Callable[[UserId, Callable[[Mapping[str, object]], None]], None]
    """What a person has claimed to decide in this document: the one value for each suggestion."""
    announce: Callable[[Sequence[str]], None]
    """These suggestions were decided in the text: tell everyone who may see them."""
    aside: Aside
    in_place_bytes: int
    """Documents up to this size are made ready to be written, and edits up to it taken, in the event loop itself."""
    clock: Clock
    budget: FrameBudget
    limits: Limits
    max_pending_bytes: int
    counters: RoomCounters
