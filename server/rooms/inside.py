"""The server as a client of a room: whoever writes for a person beside the sockets enters by the same door as everybody else.

Guard, journal, fan-out and stamps are those of any edit; everyone in the room sees it at once.
"""

import asyncio
import json
from collections.abc import Callable
from functools import partial

from server.access.actor import Actor
from server.access.roles import Scope
from server.crdt import hocuspocus
from server.crdt.document import EMPTY_UPDATE
from server.crdt.messages import Stateless, SyncStatus, SyncStep1, Update
from server.crdt.pieces import split
from server.errors import Conflict, Forbidden, TooLarge, Unavailable
from server.ids import DocumentId
from server.rooms.registry import Registry
from server.rooms.seats import Seat

SAVE_S = 30.0
"""How long an edit may wait for the disk before its author is told that saving does not work."""

ATTEMPTS = 3
"""How often an edit is made anew when the room was closed or loaded again under it."""

Make = Callable[[bytes], bytes]
"""From the room's state to the update to send; runs in a thread, or in another process for a large state: a function of a module."""


class InsideWriter:
    """Writes into documents for people who asked over HTTP."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def edit(self, actor: Actor, document: DocumentId, make: Make) -> bool:
        """Send what `make` says of the present state, and return when it is on disk; False when it says nothing.

        Raises NotFound, Forbidden, Conflict when the room would not take it, TooLarge, TooManyRequests, Unavailable.
        """
        for _ in range(ATTEMPTS):
            ear = _Ear()
            seat = await self._registry.join(ear, actor, document, address=document)
            try:
                if seat.connection.grant.scope is not Scope.WRITE:
                    raise Forbidden
                state = seat.home.room.state()
                update = await self._registry.workers.run(len(state), make, state)
                if update == EMPTY_UPDATE:
                    return False
                if await self._send(seat, ear, update):
                    return True
            finally:
                self._registry.leave(seat)
        raise Conflict("the room was loaded again and again")

    async def _send(self, seat: Seat, ear: "_Ear", update: bytes) -> bool:
        """True when all of it is on disk; False when the room has to be asked afresh."""
        for piece in split(update, small_bytes=self._registry.settings.max_update_bytes):
            if len(piece) > self._registry.settings.max_update_bytes:
                raise TooLarge(uk="Зміна завелика, щоб внести її за один раз.", en="The change is too large to be made at once.")
            answer = ear.listen()
            seat.home.run(partial(seat.home.room.receive, seat.connection, Update(piece)))
            try:
                async with asyncio.timeout(SAVE_S):
                    outcome = await answer
            except TimeoutError:
                raise Unavailable("the edit was not saved in time") from None
            if outcome == _AGAIN:
                return False
            if outcome != _SAVED:
                raise Conflict(f"the room refused the edit: {outcome}")
        return True


_SAVED, _AGAIN = "saved", "again"


class _Ear:
    """A transport that goes nowhere: it hears what became of the one edit under way."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[str] | None = None
        self._refusal = ""

    @property
    def buffered_bytes(self) -> int:
        return 0

    def listen(self) -> "asyncio.Future[str]":
        """What becomes of the next edit: saved, again, or the rule that refused it."""
        self._answer, self._refusal = asyncio.get_running_loop().create_future(), ""
        return self._answer

    def send(self, frame: bytes, times: int = 1) -> None:
        if self._answer is None or self._answer.done():
            return
        match hocuspocus.decode(frame)[1]:
            case SyncStatus(saved):
                self._answer.set_result(_SAVED if saved else self._refusal or "refused")
            case Stateless(payload):
                told = json.loads(payload)
                if told.get("type") == "rejected":
                    self._refusal = str(told.get("rule", ""))
            case SyncStep1():  # the room lacks what the edit builds on: it was loaded again meanwhile
                self._answer.set_result(_AGAIN)
            case _:
                pass

    def close(self, _code: int, _reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(_AGAIN)
