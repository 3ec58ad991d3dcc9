"""A room in its surroundings: the asynchronous half that reads the journal for it and keeps its failures to itself."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, repeat
from typing import TypeVar

import structlog

from server.broker.broker import BrokerMessage, Subscription
from server.errors import Conflict, NotFound, TooManyRequests, Unavailable, ZlahodaError
from server.ids import DocumentId, Seq, UserId, act_of
from server.journal.journal import Record
from server.rooms.connection import Connection
from server.rooms.live import Opened
from server.rooms.ports import Ports
from server.rooms.reading import read_after, read_opened
from server.rooms.room import RETRY_S, Room
from server.rooms.surroundings import Surroundings
from server.workers.pool import SMALL_BYTES

MAX_UNHEARD = 1000
"""Messages of other nodes kept while a room is being opened; above it the journal is read once more instead."""

IN_PLACE_BYTES = 64 * 1024
"""The ledger of a document of this size takes about 10 ms."""

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Home:
    """One open room. An exception inside the room ends this room only: its clients come back and it is read again from the journal."""

    def __init__(self, document: DocumentId, shared: Surroundings, failed: Callable[["Home"], None]) -> None:
        self.document = document
        self.room: Room
        self._shared = shared
        self._failed = failed
        self._subscription: Subscription
        self._unheard: list[BrokerMessage] | None = []
        self._gone = False

    async def open(self) -> None:
        """Subscribe first, read second, and drop by seq what came twice. Raises NotFound, Unavailable."""
        self._subscription = await self._shared.broker.subscribe(self.document, self._hear)
        try:
            opened = await read_opened(self._shared.journal, self.document)
        except BaseException:
            await self._subscription.cancel()
            raise
        self.room = Room(opened, self._ports())
        unheard, self._unheard = self._unheard, None
        for message in unheard or ():
            self._hear(message)

    @property
    def is_gone(self) -> bool:
        """True when the room was closed or dropped; the next who asks gets a fresh one."""
        return self._gone

    def retire(self) -> None:
        """Close the room; the caller has seen that it is quiet."""
        self._gone = True
        self._shared.tasks.spawn(self._subscription.cancel())

    def run(self, call: Callable[[], None]) -> None:
        """Call into the room; what goes wrong there costs this room's connections and nothing else."""
        if self._gone:
            return
        try:
            call()
        except Exception as error:  # noqa: BLE001 - the edge of a room: logged, and the room is dropped
            self.broken(error)

    def broken(self, error: Exception) -> None:
        """Something went wrong inside the room: drop it."""
        _log.error("room failed", document=self.document, exc_info=error)
        self.fail(1011, "internal")

    def fail(self, code: int, reason: str) -> None:
        """Drop the room: every client is sent away and may come back to a fresh one."""
        if self._gone:
            return
        self._gone = True
        self._shared.counters.failed_rooms += 1
        for connection in list(self.room.connections.values()):
            connection.leave(code, reason)
        self._failed(self)
        self._shared.tasks.spawn(self._subscription.cancel())

    async def regrant(self, connection: Connection) -> None:
        """Look at one connection's rights again. Raises Unavailable."""
        try:
            grant = await self._shared.authorize(connection.grant.actor, self.document)
        except Unavailable:
            raise
        except ZlahodaError as error:
            self.run(partial(self.room.put_out, connection, error.close_code, error.code))
        else:
            self.run(partial(self.room.regrant, connection, grant))

    def _hear(self, message: BrokerMessage) -> None:
        if self._unheard is None:
            self.run(partial(self.room.hear, message))
        elif len(self._unheard) < MAX_UNHEARD:
            self._unheard.append(message)

    def _ports(self) -> Ports:
        shared, loop = self._shared, asyncio.get_running_loop()
        return Ports(
            submit=lambda append, done: shared.writer.submit(append, lambda outcome: self.run(partial(done, outcome))),
            soon=lambda call: _drop(loop.call_soon(self.run, call)),
            later=lambda delay_s, call: _drop(loop.call_later(delay_s, self.run, call)),
            reopen=lambda done: shared.tasks.spawn(self._reopen(done)),
            read_after=lambda seq, done: shared.tasks.spawn(self._read_after(seq, done)),
            publish=self._subscription.publish,
            quarantine=lambda user, rule, update: shared.tasks.spawn(self._quarantine(user, rule, update)),
            read_claims=lambda user, done: shared.tasks.spawn(self._read_claims(user, done)),
            aside=self._aside,
            in_place_bytes=IN_PLACE_BYTES,
            announce=lambda names: shared.tasks.spawn(shared.records.announce(act_of(self.document), names)),
            clock=shared.clock,
            budget=shared.budget,
            limits=shared.limits,
            max_pending_bytes=shared.settings.max_pending_bytes,
            counters=shared.counters,
        )

    async def _reopen(self, done: Callable[[Opened], None]) -> None:
        for wait_s in _waits():
            try:
                opened = await read_opened(self._shared.journal, self.document)
                for connection in list(self.room.connections.values()):
                    await self.regrant(connection)
            except Unavailable:
                await asyncio.sleep(wait_s)
            except NotFound as error:
                self.fail(error.close_code, error.code)
                return
            else:
                self.run(partial(done, opened))
                return
            if self._gone:
                return

    async def _read_after(self, seq: Seq, done: Callable[[Sequence[Record]], None]) -> None:
        for wait_s in _waits():
            try:
                records = await read_after(self._shared.journal, self.document, seq)
            except Unavailable:
                await asyncio.sleep(wait_s)
            except Conflict:
                self.run(partial(done, ()))
                self.run(self.room.reload)  # compacted past what the room holds
                return
            except NotFound as error:
                self.fail(error.close_code, error.code)
                return
            else:
                self.run(partial(done, records))
                return
            if self._gone:
                return

    async def _read_claims(self, user: UserId, done: Callable[[Mapping[str, object]], None]) -> None:
        for wait_s in _waits():
            try:
                claims = await self._shared.records.claims(self.document, user)
            except Unavailable:
                await asyncio.sleep(wait_s)
            else:
                self.run(partial(done, claims))
                return
            if self._gone:
                return

    def _aside(self, work: Callable[[], T], done: Callable[[T], None], /) -> None:
        self._shared.tasks.spawn(self._work_aside(work, done))

    async def _work_aside(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        try:
            try:
                result = await self._shared.workers.run(SMALL_BYTES, work)
            except (Unavailable, TooManyRequests):  # no process can do it now: slower, but it is done
                result = await asyncio.to_thread(work)
        except Exception as error:  # noqa: BLE001 - the edge of a room: what it asked for cannot be done
            self.broken(error)
        else:
            self.run(partial(done, result))

    async def _quarantine(self, user: UserId, rule: str, update: bytes) -> None:
        try:
            await self._shared.journal.quarantine(self.document, user, rule, update)
        except Unavailable as failure:
            _log.warning("quarantine not stored", document=self.document, user=user, bytes=len(update), reason=failure.detail)


def _waits() -> Iterator[float]:
    """Seconds between attempts to read the journal; without an end, as long as somebody may come back to the room."""
    return chain(RETRY_S, repeat(RETRY_S[-1]))


def _drop(_handle: asyncio.Handle) -> None:
    """A room never takes back what it scheduled."""
