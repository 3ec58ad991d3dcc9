"""Writes that wait at the same moment share one transaction and one commit, as the journal's do."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy import Connection

from server.db.engine import Database
from server.errors import Unavailable, ZlahodaError

P = TypeVar("P")
R = TypeVar("R")

MAX_TOGETHER = 100
"""Of one transaction."""
MAX_WAITING = 2000


class GroupCommit(Generic[P, R]):
    """Whatever waits is written as soon as the last commit returns, in the order in which it came; no timer.

    `work` answers each part by itself, in their order: with its result, or with the error that refuses it, having written
    nothing of it. When it raises, everything is rolled back and each part is tried alone, so that one that cannot be
    written never fails another.
    """

    def __init__(self, database: Database, work: Callable[[Connection, Sequence[P]], Sequence[R | ZlahodaError]]) -> None:
        self._database = database
        self._work = work
        self._waiting: deque[tuple[P, asyncio.Future[R]]] = deque()
        self._wake = asyncio.Event()

    async def do(self, part: P) -> R:
        """The result for this part, which is on disk then. Raises what refused it, and Unavailable; `run` must be running.

        When the caller is cancelled the part may be written all the same.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise Unavailable("too much waits to be saved")
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((part, answer))
        self._wake.set()
        return await answer

    async def run(self) -> None:
        """Write what waits until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_TOGETHER))]
                outcomes = await self._write([part for part, _ in taken])
                for (_, answer), outcome in zip(taken, outcomes, strict=True):
                    _tell(answer, outcome)

    async def _write(self, parts: Sequence[P]) -> Sequence[R | Exception]:
        try:
            return await self._database.write(partial(self._work_on, parts))
        except Unavailable as failure:
            return [failure] * len(parts)
        except Exception as error:  # noqa: BLE001 - raised in who asked for it
            if len(parts) == 1:
                return [error]
            return [outcome for part in parts for outcome in await self._write([part])]

    def _work_on(self, parts: Sequence[P], connection: Connection) -> Sequence[R | ZlahodaError]:
        return self._work(connection, parts)


def _tell(answer: "asyncio.Future[R]", outcome: R | Exception) -> None:
    if answer.cancelled():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
