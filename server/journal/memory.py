"""A journal in memory: the same promises but for the disk. Simulations and tests run on it."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from server.clock import Clock
from server.errors import Conflict, NotFound, Unavailable
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId, new_epoch
from server.journal.journal import (
    MAX_QUARANTINED,
    NO_FENCE,
    START,
    Append,
    Appended,
    BindingTaken,
    Checkpoint,
    ClaimLost,
    Decided,
    Entry,
    Fence,
    FenceMoved,
    Head,
    Outcome,
    Quarantined,
    Record,
    check_whole,
    take_up_to,
)


@dataclass(slots=True)
class _Document:
    fence: Fence
    schema_version: int
    records: list[Record] = field(default_factory=list)  # every one ever stored; seq is the index plus one
    checkpoint: Checkpoint | None = None
    bindings: dict[ClientId, UserId] = field(default_factory=dict)
    replaced: bool = False
    quarantine: deque[Quarantined] = field(default_factory=lambda: deque(maxlen=MAX_QUARANTINED))

    def add(self, entries: Sequence[Entry], at: int) -> Appended:
        first = len(self.records) + 1
        self.records.extend(
            Record(Seq(first + place), entry.update, entry.author, at, self.fence.epoch) for place, entry in enumerate(entries)
        )
        return Appended(Seq(first), Seq(len(self.records)))


class MemoryJournal:
    """Fulfils Journal without a disk. While `failing` is true every call fails like a full disk and stores nothing."""

    def __init__(self, clock: Clock, decide: Callable[[DocumentId, Sequence[Decided]], bool] | None = None) -> None:
        self._clock = clock
        self._decide = decide
        self._documents: dict[DocumentId, _Document] = {}
        self.failing = False

    async def create(
        self,
        act: ActId,
        document: DocumentId,
        schema_version: int,
        entries: Sequence[Entry] = (),
        bindings: Sequence[tuple[ClientId, UserId]] = (),
    ) -> Head:
        self._check_storage()
        if document in self._documents:
            raise Conflict(f"the document {document} exists")
        made = _Document(Fence(new_epoch(), sealed=False, roles_version=0), schema_version)
        made.add(entries, self._clock())
        made.bindings.update(bindings)
        self._documents[document] = made
        return await self.read_head(document)

    async def read_head(self, document: DocumentId) -> Head:
        stored = self._find(document)
        last = Seq(len(stored.records))
        return Head(document, stored.fence, stored.schema_version, last, stored.checkpoint, dict(stored.bindings), stored.replaced)

    async def append(self, batch: Sequence[Append]) -> list[Outcome]:
        self._check_storage()
        at = self._clock()
        return [self._append_share(share, at) for share in batch]

    def _append_share(self, share: Append, at: int) -> Outcome:
        stored = self._documents.get(share.document)
        if stored is None:
            return FenceMoved(NO_FENCE)
        if stored.fence != share.fence or stored.fence.sealed:
            return FenceMoved(stored.fence)
        for client, user in share.bindings:
            owner = stored.bindings.get(client, user)
            if owner != user:
                return BindingTaken(client, owner)
        if share.decided and (self._decide is None or not self._decide(share.document, share.decided)):
            return ClaimLost()
        stored.bindings.update(share.bindings)
        return stored.add(share.entries, at)

    async def read_after(self, document: DocumentId, seq: Seq, limit_bytes: int = 8 * 1024 * 1024) -> list[Record]:
        stored = self._find(document)
        if stored.checkpoint is not None and seq < stored.checkpoint.seq:
            raise Conflict(f"{document}: {seq} lies before the checkpoint {stored.checkpoint.seq}")
        return take_up_to(stored.records[seq:], limit_bytes)

    async def write_checkpoint(self, document: DocumentId, epoch: Epoch, checkpoint: Checkpoint) -> bool:
        stored = self._find(document)
        if stored.fence.epoch != epoch or not 0 < checkpoint.seq <= len(stored.records):
            return False
        if stored.checkpoint is not None and checkpoint.seq <= stored.checkpoint.seq:
            return False
        stored.checkpoint = checkpoint
        return True

    async def read_history(self, document: DocumentId, after: Seq = START) -> AsyncIterator[Record]:
        for record in self._find(document).records[after:]:
            yield record

    async def move_fence(self, document: DocumentId, *, sealed: bool | None = None, roles_changed: bool = False) -> Fence:
        stored = self._find(document)
        old = stored.fence
        stored.fence = Fence(old.epoch, old.sealed if sealed is None else sealed, old.roles_version + roles_changed)
        return stored.fence

    async def replace_history(
        self, document: DocumentId, records: Sequence[Record], bindings: Sequence[tuple[ClientId, UserId]] = ()
    ) -> Head:
        check_whole(records)
        stored = self._find(document)
        stored.fence = Fence(new_epoch(), stored.fence.sealed, stored.fence.roles_version)
        stored.records, stored.checkpoint, stored.bindings, stored.replaced = list(records), None, dict(bindings), True
        return await self.read_head(document)

    async def read_fences(self, documents: Sequence[DocumentId]) -> dict[DocumentId, Fence]:
        self._check_storage()
        return {document: self._documents[document].fence for document in documents if document in self._documents}

    async def quarantine(self, document: DocumentId, user: UserId, rule: str, update: bytes) -> None:
        self._find(document).quarantine.append(Quarantined(user, rule, update, self._clock()))

    async def read_quarantine(self, document: DocumentId) -> list[Quarantined]:
        return list(self._find(document).quarantine)

    def _find(self, document: DocumentId) -> _Document:
        self._check_storage()
        if document not in self._documents:
            raise NotFound(f"no document {document}")
        return self._documents[document]

    def _check_storage(self) -> None:
        if self.failing:
            raise Unavailable("the storage is full")
