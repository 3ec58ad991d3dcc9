"""One client's session over HTTP, as far as this process knows it: frames wait for its requests, and what it says comes with them.

A session is no truth. Every request says enough to begin it anew where nobody has heard of it: another process, a restarted one. What the
rooms see is a connection like that of a WebSocket.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat

from starlette.requests import HTTPConnection

from server.crdt.hocuspocus import is_acknowledgement
from server.errors import Conflict, Unavailable
from server.ids import UserId
from server.rooms.clients import PING
from server.rooms.connection import Connection, Transport
from server.rooms.limits import Monotonic
from server.rooms.registry import Registry
from server.rooms.requests import Standpoint, Uploaded
from server.rooms.socket import Authenticator, SyncSocket

SILENT_S = 20.0
"""A session without a request for so long is over; its client may begin it again with any request."""
UPLOAD_S = 20.0
"""How long an upload waits for the disk; then its client is told to ask again, with the same number."""
LOOK_S = 0.05
"""How often an upload looks whether it is settled, when no frame tells."""
GATHER_S = 0.03
"""The least time between two answers to polls: what comes meanwhile shares one."""


class HeldTransport:
    """Fulfils Outgoing: frames are held until a request takes them. Acknowledgements wait apart, for the upload they belong to."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self.frames: list[bytes] = []
        self.acknowledgements: list[bytes] = []
        self.buffered_bytes = 0
        self.closed: tuple[int, str] | None = None
        """Close code and reason, once somebody closed it."""
        self._monotonic = monotonic
        self._left_at = monotonic()
        self._changed = asyncio.Event()
        self.on_close: Callable[[], None] = lambda: None
        """Called, a turn of the event loop later, when somebody closes it."""

    @property
    def idle_s(self) -> float:
        """How long ago the last frame left."""
        return self._monotonic() - self._left_at

    def send(self, frame: bytes, times: int = 1) -> None:
        if self.closed is not None:
            return
        if is_acknowledgement(frame):
            self.acknowledgements.extend(repeat(frame, times))
        else:
            self.frames.extend(repeat(frame, times))
            self.buffered_bytes += len(frame) * times
        self._changed.set()

    def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = (code, reason)
            self._changed.set()
            asyncio.get_running_loop().call_soon(self.on_close)  # not inside the room that closes it

    def wake(self) -> None:
        """Whoever waits looks again."""
        self._changed.set()

    def take(self) -> list[bytes]:
        """Everything that waits but acknowledgements."""
        taken, self.frames, self.buffered_bytes = self.frames, [], 0
        if taken:
            self._left_at = self._monotonic()
        return taken

    async def wait(self, seconds: float) -> bool:
        """Until something changes; False when nothing has in so many seconds."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                return await self._changed.wait()
        except TimeoutError:
            return False


class Upload:
    """One upload of a session: `answer` is kept until the next, for a client that did not get it."""

    __slots__ = ("answer", "is_taken", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_taken = False
        self.answer: list[bytes] | None = None


class HeldSession:
    """Fulfils the registry's Socket. One person's, who came with `credential`; uploads come one at a time."""

    def __init__(
        self, registry: Registry, authenticator: Authenticator, request: HTTPConnection, user: UserId, monotonic: Monotonic
    ) -> None:
        self.user = user
        self.on_over: Callable[[], None] = lambda: None
        """Called when its client has sent no request for `SILENT_S`."""
        self._outgoing = HeldTransport(monotonic)
        self._socket = SyncSocket(registry, authenticator, request, self._outgoing, monotonic)
        self._outgoing.on_close = self._socket.lost
        self._registry = registry
        self._monotonic = monotonic
        self._taking = asyncio.Lock()
        self._upload: Upload | None = None
        self._resumed: set[int] = set()
        self._requests = self._polling = 0
        self._turn = 0
        self._heard_at = monotonic()
        self._answered_at = monotonic()
        self._outgoing.send(PING)  # as on a WebSocket: what a provider had queued comes before its answer

    @property
    def transport(self) -> Transport:
        """Its outgoing side."""
        return self._outgoing

    @property
    def connections(self) -> list[Connection]:
        """The documents joined."""
        return self._socket.connections

    @property
    def closed(self) -> tuple[int, str] | None:
        """Close code and reason, once it is over."""
        return self._outgoing.closed

    def end(self) -> None:
        """Give back every place; nobody looks after it any more."""
        self._outgoing.close(1001, "over")
        self._registry.closed(self)

    def tend(self, now: int) -> None:
        """Called every few seconds: a client that sends no requests is gone; else as for any socket."""
        if not self._requests and self._monotonic() - self._heard_at > SILENT_S:
            self.on_over()
        elif self.closed is None:
            self._socket.tend(now)

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """While a request of its client is here, and from its end on, the client is there."""
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            self._heard_at = self._monotonic()

    # -- up ------------------------------------------------------------------------------------------------------------

    def is_superseded_by(self, number: int) -> bool:
        """True when an earlier upload was answered by another process, so that acknowledgements of both would mix here."""
        return self._upload is not None and self._upload.answer is None and number > self._upload.number

    async def upload(self, number: int, said: Uploaded) -> list[bytes]:
        """Take the frames once, however often they come; the answer when all of it is settled: acknowledgements, then what waits.

        Raises Conflict for a number that is past, Unavailable when the disk takes too long: the same upload may be sent again.
        """
        with self._heard():
            return await self._take_upload(number, said)

    async def _take_upload(self, number: int, said: Uploaded) -> list[bytes]:
        upload = self._upload
        if upload is None or number > upload.number:
            upload = self._upload = Upload(number)
            async with self._taking:
                await self._take(said)
            upload.is_taken = True
            self._outgoing.wake()
        elif number < upload.number:
            raise Conflict("a later upload has come")
        await self._settle(upload)
        if upload.answer is None:
            upload.answer = self._answer()
        return upload.answer

    async def _take(self, said: Uploaded) -> None:
        for token in said.tokens:
            await self._sign_in(token)
        for frame in said.frames:
            await self._say(frame)

    async def _sign_in(self, token: bytes) -> None:
        """Take a place by a token, unless there is one."""
        if not any(token.startswith(connection.prefix) for connection in self.connections):
            await self._say(token)

    async def _say(self, frame: bytes) -> None:
        if self.closed is not None:
            return
        rest = self._socket.take(frame)
        wait_s = rest if isinstance(rest, float) else await rest
        if wait_s > 0:
            await self._registry.pause(wait_s)

    async def _settle(self, upload: Upload) -> None:
        deadline = self._monotonic() + UPLOAD_S
        while upload.answer is None and self.closed is None and (not upload.is_taken or self._socket.has_unanswered):
            if self._monotonic() > deadline:
                raise Unavailable(again=True)
            await self._outgoing.wait(LOOK_S)

    def _answer(self) -> list[bytes]:
        """Acknowledgements; and the rest, unless a poll is there to take it, in its order, or the session is over."""
        acknowledgements, self._outgoing.acknowledgements = self._outgoing.acknowledgements, []
        return acknowledgements if self._polling or self.closed is not None else acknowledgements + self._drain()

    def _drain(self) -> list[bytes]:
        frames = self._outgoing.take()
        if frames:
            self._socket.drained()
        return frames

    # -- down ----------------------------------------------------------------------------------------------------------

    async def poll(self, standpoints: Sequence[Standpoint], wait_s: float, *, anew: bool) -> list[bytes]:
        """What waits, or comes within `wait_s` seconds. Where this process has told a client nothing yet, or an answer was lost (`anew`),
        it is first caught up by difference from what it holds. A later poll of the same session ends an earlier one.
        """
        self._turn += 1
        turn = self._turn
        self._outgoing.wake()
        self._polling += 1
        try:
            with self._heard():
                async with self._taking:
                    for standpoint in standpoints:
                        await self._resume(standpoint, anew=anew)
                await self._something(turn, wait_s)
                return self._drain() if turn == self._turn else []
        finally:
            self._polling -= 1
            self._answered_at = self._monotonic()

    def end_poll(self) -> None:
        """Nobody waits for its answer any more: nothing is taken for it."""
        self._turn += 1
        self._outgoing.wake()

    async def _something(self, turn: int, wait_s: float) -> None:
        soonest = self._answered_at + GATHER_S
        deadline = self._monotonic() + wait_s
        while self._waits(turn, deadline) and not self._outgoing.frames:
            if not await self._outgoing.wait(deadline - self._monotonic()):
                return
        while self._waits(turn, min(soonest, deadline)) and await self._outgoing.wait(soonest - self._monotonic()):
            pass

    def _waits(self, turn: int, until: float) -> bool:
        return turn == self._turn and self.closed is None and self._monotonic() < until

    async def _resume(self, standpoint: Standpoint, *, anew: bool) -> None:
        await self._sign_in(standpoint.token)
        for connection in self.connections:
            if connection.address != standpoint.address or not (anew or self._is_new(connection)):
                continue
            if not (connection.knows_epoch or connection.round):
                continue  # it has not learned which history this is: its first question is on the way
            self._resumed.add(connection.number)
            self._socket.resume(standpoint.address, standpoint.state_vector)
            if standpoint.presence:
                await self._say(standpoint.presence)

    def _is_new(self, connection: Connection) -> bool:
        """Nothing was told to it here: it has neither asked (SyncStep1) nor been caught up."""
        return not connection.round and connection.number not in self._resumed
