"""When a document's log is replaced by a checkpoint, and how: proved from the raw updates, or not at all (P2)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from server.crdt.document import PoisonedUpdate
from server.crdt.lib0 import DecodeError
from server.crdt.replay import NotProved, Pending, compact
from server.ids import DocumentId, Seq
from server.journal.journal import Checkpoint, Journal
from server.journal.whole import read_whole
from server.workers.pool import Workers

_log = logging.getLogger(__name__)

Prove = Callable[[Sequence[bytes]], Awaitable[bytes]]
"""Makes one proved update of many, somewhere off the event loop; raises as `crdt.replay.compact` does."""


@dataclass(frozen=True, slots=True)
class Done:
    """The log up to `seq` is a checkpoint of `state_bytes` bytes now."""

    seq: Seq
    state_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """There was nothing to compact, or another node was faster."""


@dataclass(frozen=True, slots=True)
class RefusedToCompact:
    """Nothing was trimmed: the state could not be proved. `waiting` when it may be once missing updates have come."""

    reason: str
    waiting: bool


Compacted = Done | NotNeeded | RefusedToCompact


@dataclass(slots=True)
class CompactionCounters:
    """What compaction did since the start."""

    done: int = 0
    waiting: int = 0
    refused: int = 0
    updates: int = 0
    seconds: float = 0.0


async def prove_in_thread(updates: Sequence[bytes]) -> bytes:
    """pycrdt holds the interpreter's lock, so this keeps the loop free only between its pieces."""
    return await asyncio.to_thread(compact, updates)


def prove_with(workers: Workers) -> Prove:
    """Prove in a process beside the server, where the log is long enough for that to pay."""

    async def prove(updates: Sequence[bytes]) -> bytes:
        return await workers.run(sum(map(len, updates)), compact, list(updates))

    return prove


def is_due(updates: int, update_bytes: int, state_bytes: int) -> bool:
    """Whether a log of so many updates since its checkpoint is worth replacing: when reading it costs more than its state.

    A thousand updates, or 256 KiB and more than half of what the checkpoint holds: so that the work stays linear in
    what is written, however large the document is.
    """
    return updates >= 1000 or (update_bytes >= 256 * 1024 and update_bytes * 2 > state_bytes)


class Compactor:
    """Compacts documents one after another. Safe beside rooms and other nodes: the journal takes the latest proved state."""

    def __init__(self, journal: Journal, prove: Prove = prove_in_thread) -> None:
        self._journal = journal
        self._prove = prove
        self._one_at_a_time = asyncio.Lock()
        self.counters = CompactionCounters()

    async def compact_if_due(self, document: DocumentId) -> Compacted:
        """As `compact`, when the log has grown enough. Raises NotFound, Unavailable, Damaged."""
        head = await self._journal.read_head(document)
        state = head.checkpoint.state if head.checkpoint else b""
        behind = head.last_seq - (head.checkpoint.seq if head.checkpoint else 0)
        if behind < 1000:  # reading the sizes costs as much as reading the updates, so few of them are looked at as they are
            tail = await self._journal.read_after(document, Seq(head.last_seq - behind)) if behind else []
            if not is_due(behind, sum(len(record.update) for record in tail), len(state)):
                return NotNeeded()
        return await self.compact(document)

    async def compact(self, document: DocumentId) -> Compacted:
        """Replace the log by a proved checkpoint. Raises NotFound, Unavailable, Damaged; a refusal is an outcome."""
        async with self._one_at_a_time:
            whole = await read_whole(self._journal, document)
            if not whole.records:
                return NotNeeded()
            started = time.perf_counter()
            try:
                state = await self._prove(whole.updates)
            except (NotProved, PoisonedUpdate, DecodeError) as reason:
                return self._refuse(document, reason)
            checkpoint = Checkpoint(whole.seq, state)
            if not await self._journal.write_checkpoint(document, whole.head.fence.epoch, checkpoint):
                return NotNeeded()
            return self._count(document, Done(whole.seq, len(state), time.perf_counter() - started), len(whole.records))

    def _refuse(self, document: DocumentId, reason: Exception) -> RefusedToCompact:
        waiting = isinstance(reason, Pending)
        self.counters.waiting += waiting
        self.counters.refused += not waiting
        _log.log(logging.INFO if waiting else logging.ERROR, "compaction of %s refused: %s", document, reason)
        return RefusedToCompact(str(reason), waiting)

    def _count(self, document: DocumentId, done: Done, updates: int) -> Done:
        self.counters.done += 1
        self.counters.updates += updates
        self.counters.seconds += done.seconds
        _log.info("compacted %s up to %d: %d updates, %d bytes, %.3f s", document, done.seq, updates, done.state_bytes, done.seconds)
        return done
