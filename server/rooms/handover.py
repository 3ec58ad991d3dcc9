"""An accepted socket changes hands: what the endpoint (`socket.py`) and a protocol class of our own (`lean.py`) know of each other."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from server.rooms.connection import Transport

TAKE_OVER = "zlahoda.take_over"
"""Where `lean.py` leaves the callable in a scope's extensions to which the endpoint gives what it has Admitted."""

Spawn = Callable[[Coroutine[Any, Any, None]], None]  # Any: what a coroutine sends and yields is its own
Pause = Callable[[float], Awaitable[None]]


class Outgoing(Transport, Protocol):
    """What a socket looks at besides sending."""

    @property
    def idle_s(self) -> float:
        """How long nothing has left."""
        ...


class Sink(Protocol):
    """Who takes what a client says; `socket.py` has the real one."""

    def take(self, payload: bytes) -> float | Awaitable[float]:
        """One binary message; how many seconds its sender has to rest, at once or when something was waited for. Never raises."""
        ...

    def take_text(self) -> None:
        """A text message, which nobody here sends."""
        ...

    def drained(self) -> None:
        """What was queued has left."""
        ...

    def lost(self) -> None:
        """Nothing comes any more, and nothing leaves; called once."""
        ...


@dataclass(frozen=True, slots=True)
class Admitted:
    """How an accepted socket goes on: `connect` makes its sink, the rest is what it needs of the process."""

    connect: Callable[[Outgoing], Sink]
    spawn: Spawn
    pause: Pause
    max_outbox_bytes: int
