"""Heavy work in processes of its own: few, restarted when they die, bounded in time, memory and number of those who wait."""

import asyncio
import contextlib
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from server.errors import TooManyRequests, Unavailable
from server.workers.process import LENGTH_BYTES

T = TypeVar("T")

SMALL_BYTES = 64 * 1024
"""Work on less than this is done in a thread: moving it to a process costs as much as doing it."""
MAX_WAITING = 64
ATTEMPTS = 3
"""How often work is given to a process: one that dies of it once may have been killed by the machine, not by the work."""
TIMEOUT_S = 120.0
MEMORY_BYTES = 2 * 1024**3
"""Of address space, for one process."""

_log = structlog.get_logger(__name__)


class _Died(Exception):
    """The process ended before it answered."""


@dataclass(slots=True)
class WorkerCounters:
    """For /metrics; `waiting` is now, the rest since the start."""

    done: int = 0
    failed: int = 0
    died: int = 0
    timed_out: int = 0
    waiting: int = 0
    seconds: float = 0.0


class Workers:
    """Runs functions of a module with arguments and results that can be pickled. With a `count` of 0 everything runs in threads.

    A process is started by the first work that needs it and kept; one that dies is replaced and its work given to the next.
    """

    def __init__(
        self, count: int, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES, small_bytes: int = SMALL_BYTES
    ) -> None:
        self.counters = WorkerCounters()
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._small_bytes = small_bytes if count else sys.maxsize
        self._turns = asyncio.Semaphore(max(count, 1))
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    @property
    def pids(self) -> list[int]:
        """The processes there are, for an operator and for tests that kill one."""
        return [worker.pid for worker in self._all]

    async def run(self, size_bytes: int, work: Callable[..., T], *arguments: object) -> T:
        """What `work` returns or raises. `size_bytes` says how much it has to chew.

        Raises TooManyRequests when too much waits, Unavailable when it takes too long or its process dies again and again.
        """
        if size_bytes < self._small_bytes:
            return await asyncio.to_thread(work, *arguments)
        if self.counters.waiting >= MAX_WAITING:
            raise TooManyRequests(retry_after_s=5)
        self.counters.waiting += 1
        try:
            message = pickle.dumps((work, arguments))
            async with self._turns:
                answer = await self._answer(message)
        finally:
            self.counters.waiting -= 1
        worked, result = pickle.loads(answer)  # noqa: S301 - written by a process of our own, over a pipe without a name
        self.counters.done += worked
        self.counters.failed += not worked
        if not worked:
            raise result
        found: T = result
        return found

    async def close(self) -> None:
        """End every process; work under way is not answered."""
        for worker in list(self._all):
            await self._end(worker)

    async def _answer(self, message: bytes) -> bytes:
        for _ in range(ATTEMPTS):
            worker = await self._take()
            began = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(self._timeout_s):
                    answer = await worker.ask(message)
            except _Died:
                self.counters.died += 1
                await self._end(worker)
                _log.warning("a worker process ended in the middle of its work, another one takes it", pid=worker.pid)
            except TimeoutError:
                self.counters.timed_out += 1
                await self._end(worker)
                raise Unavailable(f"heavy work took longer than {self._timeout_s:.0f} s") from None
            except BaseException:  # nobody waits for the answer any more, and the next one must not get it
                await self._end(worker)
                raise
            else:
                self.counters.seconds += asyncio.get_running_loop().time() - began
                self._idle.append(worker)
                return answer
        raise Unavailable("the worker processes end in the middle of this work")

    async def _take(self) -> "_Worker":
        if self._idle:
            return self._idle.pop()
        worker = await _Worker.start(self._memory_bytes)
        self._all.add(worker)
        return worker

    async def _end(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        await worker.end()


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    @classmethod
    async def start(cls, memory_bytes: int) -> "_Worker":
        """Raises Unavailable when the machine has no room for one."""
        command = (sys.executable, "-m", "server.workers.process", str(memory_bytes))
        pipe = asyncio.subprocess.PIPE
        try:
            return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))
        except OSError as error:
            raise Unavailable(f"no worker process can be started: {error}") from error

    async def ask(self, message: bytes) -> bytes:
        """The answer to one message. Raises _Died."""
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise _Died
        try:
            to.write(len(message).to_bytes(LENGTH_BYTES, "big") + message)
            await to.drain()
            return await back.readexactly(int.from_bytes(await back.readexactly(LENGTH_BYTES), "big"))
        except (OSError, asyncio.IncompleteReadError):
            raise _Died from None

    async def end(self) -> None:
        """Kill it, if it still runs, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
