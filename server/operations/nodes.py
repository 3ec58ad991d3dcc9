"""The processes of one cluster: each says over the wire that it lives, and any of them can be asked to drain."""

import asyncio
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version

from server.broker.broker import Broker, Notice
from server.clock import Clock
from server.errors import NotFound
from server.http.health import Health
from server.rooms.registry import Registry

TELL_S = 5.0
FORGET_MS = 20_000
"""A node that was not heard for so long is gone."""
NODE, DRAIN = "node", "drain"
"""The topics of notices: I am here; you, drain."""


@dataclass(frozen=True, slots=True)
class Node:
    """A process as it last said of itself; times in milliseconds UTC by the clock of who says or hears it."""

    id: str
    host: str
    version: str
    status: str
    started_at: int
    seen_at: int
    rooms: int
    connections: int
    pending_bytes: int


class Nodes:
    """This process and those it hears. Without Redis there is only this one."""

    def __init__(self, broker: Broker, registry: Registry, health: Health, clock: Clock) -> None:
        self.id = secrets.token_hex(4)
        self.drain: Callable[[], Awaitable[None]] = registry.drain
        """What draining this process is; the composition root gives the whole of it."""
        self._broker = broker
        self._registry = registry
        self._health = health
        self._clock = clock
        self._started_at = clock()
        self._heard: dict[str, Node] = {}
        broker.on_notice(self._hear)

    async def run(self) -> None:
        """Say that we live, until cancelled."""
        while True:
            self._tell()
            await asyncio.sleep(TELL_S)

    async def list(self) -> list[Node]:
        """This process first, then the others in the order of their names."""
        now = self._clock()
        others = sorted((node for node in self._heard.values() if now - node.seen_at < FORGET_MS), key=lambda node: (node.host, node.id))
        return [self._own((await self._health.look()).status), *others]

    async def ask_to_drain(self, node: str) -> None:
        """Drain this process, or ask another one to. Raises NotFound for one that was not heard lately."""
        if node == self.id:
            self._drain_here()
        elif any(known.id == node for known in await self.list()):
            self._broker.announce(Notice(DRAIN, (("node", node),)))
        else:
            raise NotFound(f"no node {node}")

    def _drain_here(self) -> None:
        if not self._health.draining:
            self._registry.spawn(self._drain())

    async def _drain(self) -> None:
        await self.drain()
        self._tell()

    def _own(self, status: str) -> Node:
        pending = sum(home.room.pending_bytes for home in self._registry.homes)
        rooms, seats = len(self._registry.homes), len(self._registry.seats)
        here = socket.gethostname()
        return Node(self.id, here, version("zlahoda"), status, self._started_at, self._clock(), rooms, seats, pending)

    def _tell(self) -> None:
        own = self._own("draining" if self._health.draining else "ok")
        said = {name: str(getattr(own, name)) for name in _SAID}
        self._broker.announce(Notice(NODE, tuple(said.items())))

    def _hear(self, notice: Notice) -> None:
        said = dict(notice.fields)
        if notice.topic == DRAIN and said.get("node") == self.id:
            self._drain_here()
        elif notice.topic == NODE and said.keys() >= _SAID:
            numbers = {name: int(said[name]) for name in _NUMBERS if said[name].isdecimal()}
            if len(numbers) == len(_NUMBERS):
                id_, host, version_, status = (said[name][:200] for name in _WORDS)
                started_at, rooms, seats, pending = numbers.values()
                self._heard[id_] = Node(id_, host, version_, status, started_at, self._clock(), rooms, seats, pending)
        self._forget()

    def _forget(self) -> None:
        now = self._clock()
        self._heard = {name: node for name, node in self._heard.items() if now - node.seen_at < FORGET_MS}


_WORDS = ("id", "host", "version", "status")
_NUMBERS = ("started_at", "rooms", "connections", "pending_bytes")
_SAID = frozenset((*_WORDS, *_NUMBERS))
