"""Restore points: states of a document on the way, made by themselves and thinned out with time. The journal stays the truth."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog
import zstandard
from sqlalchemy import Connection, and_, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from server.clock import Clock
from server.crdt.document import PoisonedUpdate
from server.crdt.lib0 import DecodeError
from server.crdt.replay import NotProved
from server.db.engine import Database
from server.db.tables import documents, restore_points
from server.errors import Damaged, ZlahodaError
from server.ids import DocumentId, Epoch, Seq
from server.journal.compaction import Prove, prove_in_thread
from server.journal.journal import Journal
from server.journal.whole import Whole, read_whole

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
KEEP_ALL_MS = DAY_MS
KEEP_DAILY_MS = 30 * DAY_MS
SWEEP_S = 600.0
PER_SWEEP = 20
"""Documents that get their daily point in one sweep; the others wait for the next."""
_MAX_STATE_BYTES = 256 * 1024 * 1024

_log = structlog.get_logger(__name__)


class Reason(StrEnum):
    """Why a restore point was made."""

    DAILY = "daily"
    IDLE = "idle"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a document's journal whose state is kept. `at` is in milliseconds UTC."""

    document: DocumentId
    seq: Seq
    epoch: Epoch
    at: int
    reason: Reason


class RestorePoints:
    """Makes, finds and thins restore points. Safe beside rooms and other nodes: a point is made from the journal, and made once."""

    def __init__(self, database: Database, journal: Journal, clock: Clock, prove: Prove = prove_in_thread) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._prove = prove
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, document: DocumentId, reason: Reason) -> bool:
        """Keep the state as it is on disk; False when nothing is new since the last point, or an idle room had one within the hour.

        Raises NotFound, Unavailable, Damaged.
        """
        async with self._one_at_a_time:
            whole, last = await read_whole(self._journal, document), await self._last(document)
            is_known = last is not None and last.epoch == whole.head.fence.epoch and last.seq == whole.seq
            is_early = reason is Reason.IDLE and last is not None and self._clock() - last.at < HOUR_MS
            if is_known or is_early or not whole.seq:
                return False
            state = await self._packed(whole)
            if state is None:
                return False
            try:
                return await self._database.write(lambda connection: self._write(connection, whole, reason, state))
            except IntegrityError:  # another node was faster
                return False

    async def _packed(self, whole: Whole) -> bytes | None:
        """The proved state, compressed; None while something waits for updates that have not come."""
        try:
            state = await self._prove(whole.updates)
        except (NotProved, PoisonedUpdate, DecodeError) as reason:
            _log.warning("restore point not proved", document=whole.head.document, reason=str(reason))
            return None
        return await asyncio.to_thread(zstandard.ZstdCompressor(level=3, write_checksum=True).compress, state)

    def _write(self, connection: Connection, whole: Whole, reason: Reason, state: bytes) -> bool:
        at, document = self._clock(), whole.head.document
        row = {"document": document, "seq": whole.seq, "epoch": whole.head.fence.epoch, "at": at, "reason": reason, "state": state}
        connection.execute(insert(restore_points).values(row))
        known = [(point.seq, point.at) for point in list_points_in(connection, document)]
        gone = [seq for seq, _ in known if seq not in thinned(known, at)]
        connection.execute(delete(restore_points).where(restore_points.c.document == document, restore_points.c.seq.in_(gone)))
        return True

    async def _last(self, document: DocumentId) -> Point | None:
        points = await self.list(document)
        return points[-1] if points else None

    async def list(self, document: DocumentId) -> Sequence[Point]:
        """The points of a document, the oldest first."""
        return await self._database.read(lambda connection: list_points_in(connection, document))

    async def nearest(self, document: DocumentId, epoch: Epoch, seq: Seq) -> tuple[Seq, bytes] | None:
        """The last kept state at or before `seq`, as one Yjs update, or None. Raises Damaged."""
        c = restore_points.c
        query = select(c.seq, c.state).where(c.document == document, c.epoch == epoch, c.seq <= seq).order_by(c.seq.desc()).limit(1)
        found = await self._database.read(lambda connection: connection.execute(query).first())
        return None if found is None else (Seq(found.seq), unpacked(found.state))

    async def run(self) -> None:
        """Give every document that is written in a point a day, until cancelled."""
        while True:
            await self.sweep()
            await asyncio.sleep(SWEEP_S)

    async def sweep(self) -> None:
        """Daily points that are due now. A document that fails costs itself, a database that does not answer costs this sweep."""
        try:
            for document in await self._database.read(self._due):
                await self._isolated(document)
        except (ZlahodaError, SQLAlchemyError) as failure:
            _log.warning("no restore points now", reason=str(failure))

    async def after(self, document: DocumentId, compacted: Awaitable[object]) -> None:
        """Keep a point once a room's log was looked after: when people left, or wrote much."""
        await compacted
        await self.keep(document, Reason.IDLE)

    def with_compaction(self, compact: Callable[[DocumentId], Awaitable[object]]) -> Callable[[DocumentId], Awaitable[object]]:
        """What a registry calls for a room that fell idle or has written much: compact, then keep a point."""
        return lambda document: self.after(document, compact(document))

    async def _isolated(self, document: DocumentId) -> None:
        try:
            await self.keep(document, Reason.DAILY)
        except (ZlahodaError, SQLAlchemyError) as failure:
            _log.error("restore point refused", document=document, reason=str(failure))

    def _due(self, connection: Connection) -> Sequence[DocumentId]:
        c, now = restore_points.c, self._clock()
        last = select(c.document, func.max(c.seq).label("seq"), func.max(c.at).label("at")).group_by(c.document).subquery()
        never = and_(last.c.seq.is_(None), documents.c.created_at < now - DAY_MS, documents.c.last_seq > 1)
        again = and_(last.c.seq < documents.c.last_seq, last.c.at < now - DAY_MS)
        query = select(documents.c.document).outerjoin(last, last.c.document == documents.c.document).where(or_(never, again))
        return [DocumentId(found) for found in connection.execute(query.limit(PER_SWEEP)).scalars()]


def list_points_in(connection: Connection, document: DocumentId) -> list[Point]:
    """The points of a document without their states, the oldest first."""
    c = restore_points.c
    query = select(c.seq, c.epoch, c.at, c.reason).where(c.document == document).order_by(c.seq)
    return [Point(document, Seq(seq), Epoch(epoch), at, Reason(reason)) for seq, epoch, at, reason in connection.execute(query)]


def thinned(points: Iterable[tuple[Seq, int]], now: int) -> frozenset[Seq]:
    """Which of the points (seq, milliseconds UTC) stay: all of a day, the last of each day for a month, of each week before that."""
    last: dict[tuple[str, int], Seq] = {}
    for seq, at in sorted(points):
        age = now - at
        if age < KEEP_ALL_MS:
            last["all", seq] = seq
        elif age < KEEP_DAILY_MS:
            last["day", at // DAY_MS] = seq
        else:
            last["week", at // (7 * DAY_MS)] = seq
    return frozenset(last.values())


def unpacked(state: bytes) -> bytes:
    """A kept state. Raises Damaged."""
    try:
        return zstandard.ZstdDecompressor().decompress(state, max_output_size=_MAX_STATE_BYTES)
    except zstandard.ZstdError as error:
        raise Damaged(f"a restore point cannot be read: {error}") from error
