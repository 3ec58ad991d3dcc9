"""Whether the process lives, and whether it should be sent work: truthful answers for a balancer."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.broker.broker import WireState
from server.clock import Clock
from server.db.engine import Database
from server.db.instance import Schema, schema_in, try_to_write_in
from server.errors import ZlahodaError

_DATABASE_TIMEOUT_S = 2.0
_WRITE_EVERY_S = 1.0
"""Questions within this time after a write that worked are answered without another one: nobody can keep the disk busy by asking."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the process can do now. `degraded`: it serves, but something it would like to have is missing."""

    status: str
    ready: bool = True
    degraded: str = ""


class Health:
    """`/healthz`: the event loop turns. `/readyz`: it can write into the database of our schema, and is not on its way out.

    Redis that is away only makes it slower (P7): that is said, and the process stays ready.
    """

    def __init__(self, database: Database, clock: Clock, wire: Callable[[], WireState]) -> None:
        self._database = database
        self._clock = clock
        self._wire = wire
        self._turn = asyncio.Lock()
        self._written_at = float("-inf")
        self.draining = False

    async def live(self, _request: Request) -> Response:
        return _answer(200, {"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        found = await self.look()
        content = {"status": found.status} | ({"reason": found.degraded} if found.degraded else {})
        return _answer(200 if found.ready else 503, content)

    async def look(self) -> Readiness:
        """How the process is now; one look at the database at a time."""
        if self.draining:
            return Readiness("draining", ready=False)
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT_S), self._turn:
                schema = await self._database.read(schema_in)
                if schema is Schema.OLDER:
                    return Readiness("the database waits for a migration", ready=False)
                await self._try_to_write()
        except (ZlahodaError, SQLAlchemyError, TimeoutError, OSError):
            return Readiness("database unavailable", ready=False)
        if schema is Schema.NEWER:
            return Readiness("degraded", degraded="the database is of a newer version: update this process")
        wire = self._wire()
        if wire.has_wire and not wire.is_up:
            return Readiness("degraded", degraded="Redis does not answer: nodes follow each other by the journal")
        return Readiness("ok")

    async def _try_to_write(self) -> None:
        now = time.monotonic()
        if now - self._written_at < _WRITE_EVERY_S:
            return
        at = self._clock()

        def work(connection: Connection) -> None:
            try_to_write_in(connection, at)

        await self._database.write(work)
        self._written_at = now

    def routes(self) -> list[Route]:
        return [Route("/healthz", self.live), Route("/readyz", self.ready)]


def _answer(status: int, content: dict[str, str]) -> Response:
    return JSONResponse(content, status, {"cache-control": "no-store"})
