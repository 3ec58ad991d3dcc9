"""The journal on disk: SQLite and PostgreSQL through one class."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

from sqlalchemy.exc import DBAPIError

from server.clock import Clock
from server.db.engine import Database
from server.errors import Damaged
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId
from server.journal import appending, log, replacing, store
from server.journal.journal import START, Append, Checkpoint, Entry, Fence, Head, Outcome, Quarantined, Record, check_whole
from server.journal.rows import StoredRow, pack_segment

_PAGE_BYTES = 8 * 1024 * 1024
_SEGMENT_BYTES = 1024 * 1024


class SqlJournal:
    """Fulfils Journal. When `append` returns, its updates are on disk; on failure none of its batch is."""

    def __init__(self, database: Database, clock: Clock, decide: appending.Decide = appending.no_decisions) -> None:
        self._database = database
        self._clock = clock
        self._decide = decide

    async def create(
        self,
        act: ActId,
        document: DocumentId,
        schema_version: int,
        entries: Sequence[Entry] = (),
        bindings: Sequence[tuple[ClientId, UserId]] = (),
    ) -> Head:
        at = self._clock()
        new = store.NewDocument(act, document, schema_version, entries, bindings)
        return await self._database.write(lambda c: store.create_in(c, new, at))

    async def read_head(self, document: DocumentId) -> Head:
        return await self._database.read(lambda c: store.read_head_in(c, document))

    async def append(self, batch: Sequence[Append]) -> list[Outcome]:
        """As Journal. Raises Damaged when a document's rows contradict its head (a writer then tries each alone)."""
        try:
            return await self._database.write(partial(appending.append_in, batch=batch, at=self._clock(), decide=self._decide))
        except DBAPIError as error:
            raise Damaged(f"the journal did not take the updates: {error.orig}") from error

    async def read_after(self, document: DocumentId, seq: Seq, limit_bytes: int = _PAGE_BYTES) -> list[Record]:
        return await self._database.read(lambda c: log.read_after_in(c, document, seq, limit_bytes))

    async def read_history(self, document: DocumentId, after: Seq = START) -> AsyncIterator[Record]:
        while page := await self._read_history_page(document, after):
            for record in page:
                yield record
            after = page[-1].seq

    async def _read_history_page(self, document: DocumentId, after: Seq) -> list[Record]:
        return await self._database.read(lambda c: log.read_history_in(c, document, after, _PAGE_BYTES))

    async def write_checkpoint(self, document: DocumentId, epoch: Epoch, checkpoint: Checkpoint) -> bool:
        """As Journal. The segments are made before the transaction, so that appends wait for neither reading nor compressing."""
        compacted = log.Compacted(epoch, checkpoint, await self._make_segments(document, checkpoint.seq))
        at = self._clock()
        return await self._database.write(lambda c: log.write_checkpoint_in(c, document, compacted, at))

    async def _make_segments(self, document: DocumentId, up_to: Seq) -> list[log.Segment]:
        """The rows that end at or before `up_to`, compressed in pieces. A row around `up_to` stays where it is."""
        segments: list[log.Segment] = []
        after = await self._database.read(lambda c: log.last_trimmed_in(c, document))
        while rows := [row for row in await self._read_rows(document, after) if row.last <= up_to]:
            payload = await asyncio.to_thread(pack_segment, rows)
            segments.append(log.Segment(rows[0].seq, rows[-1].last, payload))
            after = rows[-1].last
        return segments

    async def _read_rows(self, document: DocumentId, after: Seq) -> list[StoredRow]:
        return await self._database.read(lambda c: log.read_rows_in(c, document, after, _SEGMENT_BYTES))

    async def move_fence(self, document: DocumentId, *, sealed: bool | None = None, roles_changed: bool = False) -> Fence:
        return await self._database.write(lambda c: store.move_fence_in(c, document, sealed=sealed, roles_changed=roles_changed))

    async def replace_history(
        self, document: DocumentId, records: Sequence[Record], bindings: Sequence[tuple[ClientId, UserId]] = ()
    ) -> Head:
        check_whole(records)
        return await self._database.write(lambda c: replacing.replace_history_in(c, document, records, bindings))

    async def read_fences(self, documents: Sequence[DocumentId]) -> dict[DocumentId, Fence]:
        return await self._database.read(lambda c: store.read_fences_in(c, documents)) if documents else {}

    async def quarantine(self, document: DocumentId, user: UserId, rule: str, update: bytes) -> None:
        kept = Quarantined(user, rule, update, self._clock())
        await self._database.write(lambda c: store.quarantine_in(c, document, kept))

    async def read_quarantine(self, document: DocumentId) -> list[Quarantined]:
        return await self._database.read(lambda c: store.read_quarantine_in(c, document))
