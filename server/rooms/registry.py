"""The rooms of a process and everyone connected to them: who comes in, who goes, and what is due by the clock."""

import asyncio
import random
from collections.abc import Coroutine
from functools import partial
from typing import Any, Protocol

import structlog

from server.access.actor import Actor
from server.access.change import AccessChange
from server.broker.broker import Changed
from server.crdt.messages import Authenticated
from server.errors import EpochMismatch, NotSignedIn, ReloadNeeded, Unavailable
from server.ids import DocumentId
from server.rooms.connection import Connection, Grant, Transport, scope_name
from server.rooms.fanout import View, stateless
from server.rooms.home import Home
from server.rooms.homes import Homes
from server.rooms.limits import is_due
from server.rooms.seats import Seat, Seats
from server.rooms.surroundings import Surroundings

SWEEP_S = 1.0
"""How often sessions are looked at: a revoked one loses its sockets within a second (D14)."""
TEND_MS = 5_000
"""How often rooms are tended: presence that expired, idle rooms, silent sockets."""
TOUCH_MS = 60_000
"""How often the sessions of people who did something are said to be in use."""
DRAIN_S = 10.0
DRAIN_LOOK_S = 0.01
CLOSE_SPREAD_S = 1.0
"""Sockets are closed over this time when the server stops, so that their clients do not all come back at once."""

_log = structlog.get_logger(__name__)


class Socket(Protocol):
    """One WebSocket, as far as the registry looks after it."""

    @property
    def transport(self) -> Transport:
        """Its outgoing side."""
        ...

    @property
    def connections(self) -> list[Connection]:
        """The documents it has joined."""
        ...

    def tend(self, now: int) -> None:
        """Keep it alive, or close it when it is stuck or never signed in."""
        ...


class Registry:
    """Every open room of the process. `run` must be running; `drain` before it is cancelled. `pause` waits between two sweeps."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.counters = surroundings.counters
        self.draining = False
        self.settings = surroundings.settings
        self.clock = surroundings.clock
        self.pause = surroundings.pause
        self.workers = surroundings.workers
        self.homes = Homes(surroundings)
        self.seats = Seats(surroundings)
        self._surroundings = surroundings
        self._tended = self._touched = self.clock()
        self._sockets: dict[Socket, None] = {}

    # -- running -------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Own the rooms' tasks and look after rooms and sockets until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._surroundings.tasks.start(tasks)
            while True:
                await self.pause(SWEEP_S)
                await self.sweep()

    async def sweep(self) -> None:
        """Look after everything that is due by the clock; `run` does so every second."""
        now = self.clock()
        isolated = self._surroundings.tasks.isolated
        await isolated(self.seats.check_sessions())
        await isolated(self.homes.check_fences())
        if is_due(now, self._tended, TEND_MS):
            self._tended = now
            for socket in list(self._sockets):
                socket.tend(now)
            self.homes.tend(now)
        self.homes.reconcile(now)
        if is_due(now, self._touched, TOUCH_MS):
            self._touched = now
            await isolated(self.seats.touch_sessions())

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:  # Any: what a coroutine sends and yields is its own
        """Run beside everything else; a failure is logged and ends nothing else."""
        self._surroundings.tasks.spawn(coroutine)

    async def drain(self) -> None:
        """Stop taking sockets, send everyone away over a second, and return when everything received is on disk."""
        self.draining = True
        sockets = list(self._sockets)
        random.shuffle(sockets)
        for socket in sockets:
            socket.transport.close(1012, "restart")
            await self.pause(CLOSE_SPREAD_S / len(sockets))
        for _ in range(round(DRAIN_S / DRAIN_LOOK_S)):
            if not self.homes.unsaved():
                await self._surroundings.writer.drain()
                return
            await self.pause(DRAIN_LOOK_S)
        _log.error("stopping with unsaved edits", documents=self.homes.unsaved())

    # -- sockets and seats ---------------------------------------------------------------------------------------------

    def opened(self, socket: Socket) -> None:
        """Look after a socket from now on."""
        self._sockets[socket] = None

    def closed(self, socket: Socket) -> None:
        """A socket is gone; its seats were given back before."""
        self._sockets.pop(socket, None)

    async def join(  # noqa: PLR0913 - what a client says and what the server knows of it
        self,
        transport: Transport,
        actor: Actor,
        document: DocumentId,
        *,
        address: str | None,
        epoch: str = "",
        schema: int | None = None,
    ) -> Seat:
        """Give a client its place in a document and greet it. `epoch` and `schema` are what our own client says it holds.

        Raises NotFound, Forbidden, EpochMismatch, ReloadNeeded, TooManyRequests, Unavailable.
        """
        if self.draining:
            raise Unavailable("the server is restarting")
        self.seats.reserve(actor.id)
        try:
            home, grant = await self._admit(actor, document)
            _check_client(home, epoch, schema)
        except BaseException:
            self.seats.give_back(actor.id)
            raise
        connection = Connection(transport, grant, address=address, max_outbox_bytes=self.settings.max_outbox_bytes)
        connection.knows_epoch = bool(epoch)
        seat = Seat(home, connection)
        self.seats.take(seat)
        connection.send(Authenticated(scope_name(grant.scope)))
        connection.send(stateless(_welcome(home, grant)))
        home.run(partial(home.room.join, connection))
        return seat

    async def _admit(self, actor: Actor, document: DocumentId) -> tuple[Home, Grant]:
        """The room, and the person's rights read while its fence stood still: a right lost meanwhile is not taken along."""
        authorize = self._surroundings.authorize
        if self.homes.find(document) is None:
            await authorize(actor, document)  # a room is opened only for somebody who may come in
        while True:
            home = await self.homes.get(document)
            fence = home.room.fence
            grant = await authorize(actor, document)
            if not home.is_gone and home.room.fence == fence:
                return home, grant

    def leave(self, seat: Seat) -> None:
        """Give a place back; twice is once."""
        if self.seats.leave(seat):
            seat.home.run(partial(seat.home.room.leave, seat.connection))
            seat.connection.closed = True

    async def reauthorize(self, seat: Seat, actor: Actor) -> None:
        """The client signed in again on the same connection. Raises Forbidden, NotFound, Unavailable; Forbidden for somebody else."""
        if actor.id != seat.connection.user:
            raise NotSignedIn("another person")
        grant = await self._surroundings.authorize(actor, seat.home.document)
        seat.connection.send(Authenticated(scope_name(grant.scope)))
        seat.home.run(partial(seat.home.room.regrant, seat.connection, grant))

    # -- from outside --------------------------------------------------------------------------------------------------

    def access_changed(self, change: AccessChange) -> None:
        """Look again at the rights of everyone a change describes, here and on the other nodes; called after its commit."""
        self.seats.access_changed(change)

    def tell(self, document: DocumentId, view: View) -> None:
        """Show something beside the text to everyone in a document's room, each as their body may see it; other nodes read it anew."""
        self._surroundings.broker.announce(Changed(document))
        home = self.homes.find(document)
        if home is not None:
            home.run(partial(home.room.tell, view))

    @property
    def open_documents(self) -> list[DocumentId]:
        """The documents that have a room now."""
        return [home.document for home in self.homes]

    @property
    def socket_count(self) -> int:
        """WebSockets open now."""
        return len(self._sockets)


def _check_client(home: Home, epoch: str, schema: int | None) -> None:
    """Before its state is asked for, a client of ours must hold this history (D8b) and know this schema (D10)."""
    if epoch and epoch != home.room.fence.epoch:
        raise EpochMismatch
    if schema is not None and schema < home.room.schema_version:
        raise ReloadNeeded


def _welcome(home: Home, grant: Grant) -> dict[str, object]:
    """What our own client is told on joining."""
    room = home.room
    return {
        "type": "welcome",
        "epoch": room.fence.epoch,
        "schema": room.schema_version,
        "scope": grant.scope.value,
        "user": dict(grant.identity),
    }
