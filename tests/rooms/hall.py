"""The registry and the WebSocket endpoint on a journal in memory, with a time of their own."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from server.access.actor import Actor
from server.access.roles import Scope
from server.broker.broker import Broker
from server.broker.local import LocalBroker
from server.errors import NotFound, NotSignedIn
from server.ids import BodyCode, DocumentId, UserId
from server.journal.journal import SERVER, Entry, Head
from server.journal.memory import MemoryJournal
from server.journal.writer import JournalWriter
from server.rooms.connection import Grant
from server.rooms.registry import Registry
from server.rooms.socket import SyncEndpoint, sync_routes
from server.rooms.surroundings import Surroundings
from server.settings import Settings
from tests.rooms.world import ACT, DOCUMENT, seed

MANY_TURNS = 10_000
SCHEMA = 2
"""Of the one document."""


class Time:
    """Clock, monotonic clock and pauses: time passes only in `advance`."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def clock(self) -> int:
        return round(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds

    async def pause(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.seconds + seconds, next(self._order), waiting))
        await waiting

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
        while self._waiting and self._waiting[0][0] <= self.seconds:
            _, _, waiting = heapq.heappop(self._waiting)
            if not waiting.done():
                waiting.set_result(None)


async def turns(is_true: Callable[[], bool]) -> None:
    """Let the event loop turn until something holds."""
    for _ in range(MANY_TURNS):
        if is_true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to hold")


async def wait_until(is_true: Callable[[], bool]) -> None:
    """Poll for what a timer of the event loop brings about."""
    for _ in range(MANY_TURNS):
        if is_true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to hold")


class CountingJournal(MemoryJournal):
    """Counts how often a document is opened."""

    opened = 0

    async def read_head(self, document: DocumentId) -> Head:
        self.opened += 1
        await asyncio.sleep(0)  # as a database, it lets others run
        return await super().read_head(document)


class Doorkeeper:
    """Fulfils Authenticator and Sessions: a token is a person's name, and the session has it too."""

    def __init__(self) -> None:
        self.scopes: dict[str, Scope] = {}
        self.ended: set[str] = set()
        self.touched: list[set[str]] = []
        self.bodies: dict[str, str] = {}
        self.open = asyncio.Event()
        self.open.set()

    async def from_request(self, connection: HTTPConnection) -> Actor:
        return await self.from_token(connection.query_params.get("token", ""), connection)

    async def from_token(self, token: str, connection: HTTPConnection) -> Actor:
        await self.open.wait()
        if not token or token in self.ended:
            raise NotSignedIn
        return actor(token)

    async def standing(self, sessions: Iterable[str]) -> dict[str, str]:
        return {session: self.bodies.get(session, "mvs") for session in sessions if session not in self.ended}

    async def touch(self, sessions: Iterable[str]) -> None:
        self.touched.append(set(sessions))

    async def authorize(self, person: Actor, document: DocumentId) -> Grant:
        scope = self.scopes.get(person.session, Scope.WRITE)
        if scope is Scope.NONE or document != DOCUMENT:
            raise NotFound
        return Grant(person, scope)


def actor(name: str) -> Actor:
    return Actor(UserId(name), name, BodyCode("mvs"), session=name)


class Hall:
    """A process with one document; `app` takes WebSockets."""

    def __init__(self, broker: Broker | None = None, **settings: Any) -> None:
        self.time = Time()
        self.journal = CountingJournal(self.time.clock)
        self.writer = JournalWriter(self.journal)
        self.people = Doorkeeper()
        surroundings = Surroundings(
            journal=self.journal,
            writer=self.writer,
            broker=broker or LocalBroker(),
            authorize=self.people.authorize,
            clock=self.time.clock,
            settings=Settings(**settings),
            sessions=self.people,
            pause=self.time.pause,
        )
        self.registry = Registry(surroundings)
        self.endpoint = SyncEndpoint(self.registry, self.people, self.time.monotonic)
        self.app = Starlette(routes=sync_routes(self.endpoint))

    async def pass_time(self, seconds: float) -> None:
        """Time goes by, and the registry looks around once at its end."""
        self.time.advance(seconds)
        await self.registry.sweep()


@asynccontextmanager
async def open_hall(broker: Broker | None = None, **settings: Any) -> AsyncIterator[Hall]:
    """A running process; stopped without draining."""
    hall = Hall(broker, **settings)
    await hall.journal.create(ACT, DOCUMENT, SCHEMA, [Entry(seed(), SERVER)])
    hall.journal.opened = 0
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(hall.writer.run()), tasks.create_task(hall.registry.run())]
        await asyncio.sleep(0)  # the first turn of both
        try:
            yield hall
            for _ in range(3):
                await asyncio.sleep(0)  # what was begun comes to its end
        finally:
            for task in running:
                task.cancel()
