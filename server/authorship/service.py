"""Reads who wrote what, from the journal, off the event loop; what was read before is kept and only added to."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action, require
from server.acts.access import read_access
from server.acts.model import MAIN
from server.authorship import store
from server.authorship.store import Proposer, Writer
from server.db.engine import Database
from server.errors import NotFound
from server.ids import ActId, DocumentId, Epoch, Seq, UserId, document_of
from server.journal.journal import START, Journal, Record
from server.text.authorship import Authorship, WrittenBlock

MAX_KEPT = 8
"""Documents whose authorship is kept ready; the one longest unused goes."""

MAX_IDS = 20_000
"""Stretches of ids in one answer; one block at least is always told whole."""

_BATCH_UPDATES = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Some blocks of a document as it was after `seq`, in order, and the people they name. `next` is where the next page begins."""

    seq: Seq
    epoch: Epoch
    blocks: Sequence[WrittenBlock]
    next: int | None
    writers: Sequence[Writer]
    proposers: Sequence[Proposer]


@dataclass(slots=True)
class _Kept:
    epoch: Epoch
    seq: Seq = START
    authorship: Authorship = field(default_factory=Authorship)
    shown: tuple[Seq, tuple[WrittenBlock, ...]] = (START, ())
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class AuthorshipService:
    """Tells who wrote what. Each update of a document is looked at once for as long as the document is kept."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._kept: OrderedDict[DocumentId, _Kept] = OrderedDict()

    async def read(self, actor: Actor, act: ActId, part: str = MAIN, begin: int = 0, limit: int = 500) -> Page:
        """Up to `limit` blocks from number `begin`. Raises NotFound, Forbidden."""

        def permit(connection: Connection) -> None:
            require(actor, Action.READ, read_access(connection, act))

        await self._database.read(permit)
        if not part.isidentifier() and part != MAIN:
            raise NotFound(f"no part {part!r}")
        document = document_of(act, part)
        kept = await self._ready(act, document)
        seq, every = kept.shown
        blocks = _bounded(every[begin : begin + limit])
        after = begin + len(blocks)

        def name(connection: Connection) -> tuple[Sequence[Writer], Sequence[Proposer]]:
            passages = [one for block in blocks for one in block.passages]
            proposers = store.read_proposers(connection, act, {one.suggestion for one in passages if one.suggestion}, actor.body)
            people = {one.author for one in passages} | {one.author for one in proposers}
            return store.read_writers(connection, people), proposers

        writers, proposers = await self._database.read(name)
        return Page(seq, kept.epoch, blocks, after if after < len(every) else None, writers, proposers)

    async def _ready(self, act: ActId, document: DocumentId) -> _Kept:
        """The document's authorship up to its last update. Raises NotFound."""
        head = await self._journal.read_head(document)
        kept = self._kept.get(document)
        if kept is None or kept.epoch != head.fence.epoch:
            kept = self._kept[document] = _Kept(head.fence.epoch)
        self._kept.move_to_end(document)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        async with kept.busy:
            if kept.seq < head.last_seq:
                await self._read_on(kept, act, document)
        return kept

    async def _read_on(self, kept: _Kept, act: ActId, document: DocumentId) -> None:
        """Take in what came since; what was taken in half is not kept."""
        done = False
        try:
            proposed = await self._database.read(lambda connection: store.read_proposed(connection, act))
            batch: list[Record] = []
            async for record in self._journal.read_history(document, kept.seq):
                batch.append(record)
                if len(batch) >= _BATCH_UPDATES:
                    await asyncio.to_thread(_take, kept, batch, proposed)
                    batch = []
            await asyncio.to_thread(_take, kept, batch, proposed)
            kept.shown = (kept.seq, await asyncio.to_thread(kept.authorship.read))
            done = True
        finally:
            if not done and self._kept.get(document) is kept:
                del self._kept[document]


def _take(kept: _Kept, batch: Sequence[Record], proposed: Mapping[str, Sequence[str]]) -> None:
    for record in batch:
        kept.authorship.take(record.update, UserId(record.author), record.at, lambda one: proposed.get(one, ()))
        kept.seq = record.seq


def _bounded(blocks: Sequence[WrittenBlock]) -> Sequence[WrittenBlock]:
    """The first blocks that hold no more than MAX_IDS stretches together, one at least."""
    count = 0
    for number, block in enumerate(blocks):
        count += sum(len(one.ids) for one in block.passages)
        if number and count > MAX_IDS:
            return blocks[:number]
    return blocks
