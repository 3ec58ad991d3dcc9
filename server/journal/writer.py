"""Group commit over rooms: whatever waits is committed as soon as the last commit returns. No timer."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from server.errors import Damaged, Unavailable
from server.journal.journal import Append, Journal, Outcome
from server.observability.metrics import Timing

Done = Callable[[Outcome | Unavailable], None]

MAX_SHARES = 1000
"""Of one commit: the parameters of one statement have a bound."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class WriterCounters:
    """What the writer did since it started; `waiting_bytes` and `waiting_shares` are now."""

    commits: int = 0
    shares: int = 0
    updates: int = 0
    update_bytes: int = 0
    failures: int = 0
    refused_full: int = 0
    commit_times: Timing = field(default_factory=Timing)
    commit_began: float | None = None
    """When the commit under way began, by `time.perf_counter`; None between two commits."""
    waiting_shares: int = 0
    waiting_bytes: int = 0


class JournalWriter:
    """Takes the shares of many documents and appends them in one transaction after another.

    Each share is answered by exactly one call of its `done`, in the event loop, in the order of `submit` (but for a
    share refused because too much waits, which is answered on the next turn of the loop). A share that cannot be
    stored never fails another's: a storage failure answers all of a batch with Unavailable and trying again is
    their senders' decision.
    """

    def __init__(self, journal: Journal, *, max_waiting_bytes: int = 256 * 1024 * 1024, max_commit_bytes: int = 8 * 1024 * 1024) -> None:
        self._journal = journal
        self._max_waiting_bytes = max_waiting_bytes
        self._max_commit_bytes = max_commit_bytes
        self._waiting: deque[tuple[Append, Done, int]] = deque()
        self._in_commit = 0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.counters = WriterCounters()

    def submit(self, append: Append, done: Done) -> None:
        """Queue one share; `done` is called once, later, in this event loop."""
        size = sum([len(entry.update) for entry in append.entries])
        counters = self.counters
        if counters.waiting_bytes and counters.waiting_bytes + size > self._max_waiting_bytes:
            counters.refused_full += 1
            asyncio.get_running_loop().call_soon(done, Unavailable("too many edits wait to be saved"))
            return
        counters.waiting_bytes += size
        counters.waiting_shares += 1
        if not self._waiting:
            self._idle.clear()
            self._wake.set()
        self._waiting.append((append, done, size))

    async def run(self) -> None:
        """Commit what is submitted until cancelled. Call `drain` first, or what waits is not answered."""
        while True:
            await self._wake.wait()
            while self._waiting:
                await self._commit(self._take())
            self._wake.clear()
            self._idle.set()

    async def drain(self) -> None:
        """Return when everything submitted has been answered. `run` must be running."""
        await self._idle.wait()

    def _take(self) -> list[tuple[Append, Done, int]]:
        """What waits, up to `max_commit_bytes`; at least one share."""
        size, count = 0, 0
        for _, _, share_bytes in self._waiting:
            size += share_bytes
            if count and (size > self._max_commit_bytes or count == MAX_SHARES):
                break
            count += 1
        taken = list(islice(self._waiting, count))
        for _ in taken:
            self._waiting.popleft()
        return taken

    async def _commit(self, shares: list[tuple[Append, Done, int]]) -> None:
        self.counters.commit_began = started = time.perf_counter()
        outcomes = await self._append([append for append, _, _ in shares])
        self._count(shares, outcomes, time.perf_counter() - started)
        for (_, done, _), outcome in zip(shares, outcomes, strict=True):
            done(outcome)

    async def _append(self, batch: list[Append]) -> list[Outcome | Unavailable]:
        try:
            return list(await self._journal.append(batch))
        except Unavailable as failure:
            _log.warning("saving failed for %d documents: %s", len(batch), failure)
            return [failure for _ in batch]
        except Damaged as failure:
            if len(batch) > 1:
                return [outcome for append in batch for outcome in await self._append([append])]
            _log.error("the journal of %s is damaged: %s", batch[0].document, failure)
            return [Unavailable(f"the journal of this document is damaged: {failure}")]

    def _count(self, shares: list[tuple[Append, Done, int]], outcomes: list[Outcome | Unavailable], seconds: float) -> None:
        counters = self.counters
        counters.commits += 1
        counters.shares += len(shares)
        counters.commit_times.observe(seconds)
        counters.commit_began = None
        counters.waiting_shares -= len(shares)
        counters.failures += sum([isinstance(outcome, Unavailable) for outcome in outcomes])
        for append, _, size in shares:
            counters.updates += len(append.entries)
            counters.update_bytes += size
            counters.waiting_bytes -= size
