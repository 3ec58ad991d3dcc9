"""What the rooms of a process stand in: the parts that all of them share, in one value."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from server.access.actor import Actor
from server.broker.broker import Broker
from server.clock import Clock
from server.guard.guard import Limits
from server.ids import ActId, DocumentId, UserId
from server.journal.journal import Journal
from server.journal.writer import JournalWriter
from server.rooms.connection import Grant
from server.rooms.counters import RoomCounters
from server.rooms.limits import FrameBudget
from server.rooms.tasks import Tasks
from server.settings import Settings
from server.workers.pool import Workers

Authorize = Callable[[Actor, DocumentId], Awaitable[Grant]]
"""What a person may do in a document now, with their present identity. Raises NotSignedIn, Forbidden, NotFound, Unavailable."""

Compact = Callable[[DocumentId], Awaitable[object]]
"""Compact one document's log. Raises Unavailable."""

Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds; a test's own lets none pass."""


class Sessions(Protocol):
    """Whether the sessions behind connections still hold; `auth/authenticator.py` is the real one."""

    async def standing(self, sessions: Iterable[str]) -> Mapping[str, str]:
        """Those of them that still let their person in; the value is another when the person's body or role is."""
        ...

    async def touch(self, sessions: Iterable[str]) -> None:
        """Their people are at work."""
        ...


class Records(Protocol):
    """The suggestions beside the texts; `suggestions/service.py` is the real one."""

    async def claims(self, document: DocumentId, user: UserId) -> Mapping[str, object]:
        """What a person may write into a document's `resolutions` now: the one value for each suggestion. Raises Unavailable."""
        ...

    async def announce(self, act: ActId, names: Sequence[str]) -> None:
        """Tell the act's rooms how these suggestions are now. Raises Unavailable."""
        ...


class NoRecords:
    """Nothing can be decided."""

    async def claims(self, document: DocumentId, user: UserId) -> Mapping[str, object]:
        return {}

    async def announce(self, act: ActId, names: Sequence[str]) -> None:
        return


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """Everything the rooms of one process share. `sessions` and `compact` may be missing where nobody signs out or compacts."""

    journal: Journal
    writer: JournalWriter
    broker: Broker
    authorize: Authorize
    clock: Clock
    settings: Settings
    sessions: Sessions | None = None
    compact: Compact | None = None
    records: Records = field(default_factory=NoRecords)
    workers: Workers = field(default_factory=lambda: Workers(0))
    pause: Pause = asyncio.sleep
    counters: RoomCounters = field(default_factory=RoomCounters)
    tasks: Tasks = field(default_factory=Tasks)
    budget: FrameBudget = field(init=False)
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self.budget = FrameBudget(self.settings.frames_per_second)
        self.limits = Limits(update_bytes=self.settings.max_update_bytes)
