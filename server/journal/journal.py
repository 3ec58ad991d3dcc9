"""The durable log of a document's updates: what it promises, and the values that go in and out."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId


@dataclass(frozen=True, slots=True)
class Fence:
    """What must not have moved since a room last read it (D8a)."""

    epoch: Epoch
    sealed: bool
    roles_version: int


NO_FENCE = Fence(Epoch(""), sealed=True, roles_version=0)
"""The fence of a document that does not exist."""


class Entry(NamedTuple):
    """One accepted update on its way in: the bytes as received (Yjs update v1) and the person who sent them."""

    update: bytes
    author: UserId


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a suggestion that an update of `user` writes into the text: `what` is `accepted` or `reopened`."""

    suggestion: str
    version: int
    what: str
    user: UserId


@dataclass(frozen=True, slots=True)
class Append:
    """One document's share of a group commit. `bindings` are client ids seen for the first time, with their owner.

    `decided` are the decisions its updates carry: the records they are about change in the same transaction.
    """

    document: DocumentId
    fence: Fence
    entries: tuple[Entry, ...]
    bindings: tuple[tuple[ClientId, UserId], ...] = ()
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """On disk: the entries have `first`, `first + 1` … in their order."""

    first: Seq
    last: Seq


@dataclass(frozen=True, slots=True)
class FenceMoved:
    """Nothing of this document's share was stored: its fence is now `current` (sealed, revoked, restored).

    A document that does not exist has a fence with the empty epoch. A sealed document takes nothing, whatever fence is given.
    """

    current: Fence


@dataclass(frozen=True, slots=True)
class BindingTaken:
    """Nothing of this document's share was stored: `client` already belongs to `owner` (bound through another node)."""

    client: ClientId
    owner: UserId


@dataclass(frozen=True, slots=True)
class ClaimLost:
    """Nothing of this document's share was stored: somebody else holds the claim behind one of its decisions now, or decided."""


Outcome = Appended | FenceMoved | BindingTaken | ClaimLost


@dataclass(frozen=True, slots=True)
class Record:
    """One stored update with who, when (milliseconds UTC) and where it stands."""

    seq: Seq
    update: bytes
    author: UserId
    at: int
    epoch: Epoch


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The document's state after `seq`, as one Yjs v1 update, proved equal to the replay (P2)."""

    seq: Seq
    state: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Everything a room needs to open: fence, checkpoint (or none), and where the log ends."""

    document: DocumentId
    fence: Fence
    schema_version: int
    last_seq: Seq
    checkpoint: Checkpoint | None
    bindings: dict[ClientId, UserId]
    replaced: bool = False
    """The history was replaced once: clients may hold what was never in this one (D8b)."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An update that could not be applied, kept for an operator: who sent it against which rule, when (milliseconds UTC)."""

    user: UserId
    rule: str
    update: bytes
    at: int


START = Seq(0)
"""Before the first update."""

SERVER = UserId("server")
"""The author of what the server itself writes, such as an imported text; nobody can sign in as it."""

MAX_QUARANTINED = 100
"""Updates kept in quarantine for one document; the oldest make room."""


class Journal(Protocol):
    """Append-only. `seq` counts a document's updates from 1 without gaps, in commit order, so `read_after` misses nothing.

    Storage failures raise `server.errors.Unavailable`; nothing of the batch is then stored, and the same batch may be
    tried again (a document whose commit did succeed unseen holds its updates twice then, which a CRDT ignores).
    """

    async def create(
        self,
        act: ActId,
        document: DocumentId,
        schema_version: int,
        entries: Sequence[Entry] = (),
        bindings: Sequence[tuple[ClientId, UserId]] = (),
    ) -> Head:
        """Make a document with its first entries, in one transaction. Raises Conflict when it exists."""
        ...

    async def read_head(self, document: DocumentId) -> Head:
        """Raises NotFound."""
        ...

    async def append(self, batch: Sequence[Append]) -> list[Outcome]:
        """Store the shares of several documents in one transaction, one fsync. The outcomes stand in the batch's order."""
        ...

    async def read_after(self, document: DocumentId, seq: Seq, limit_bytes: int = 8 * 1024 * 1024) -> list[Record]:
        """The updates after `seq`, in order: at least one if there is any, then up to `limit_bytes` of them.

        Raises NotFound, and Conflict when `seq` lies before the checkpoint (start from the checkpoint then).
        """
        ...

    async def write_checkpoint(self, document: DocumentId, epoch: Epoch, checkpoint: Checkpoint) -> bool:
        """Store a proved checkpoint, move the rows up to it into a compressed history segment, trim them: one transaction.

        False, and nothing done, when the epoch moved or a later checkpoint exists.
        """
        ...

    def read_history(self, document: DocumentId, after: Seq = START) -> AsyncIterator[Record]:
        """Every update ever stored after `after`, segments and rows, in order."""
        ...

    async def move_fence(self, document: DocumentId, *, sealed: bool | None = None, roles_changed: bool = False) -> Fence:
        """Move a document's fence; from the commit on, appends with the old one are refused."""
        ...

    async def replace_history(
        self, document: DocumentId, records: Sequence[Record], bindings: Sequence[tuple[ClientId, UserId]] = ()
    ) -> Head:
        """From the commit on, `records` are all that ever happened (a restore): a new epoch, `replaced` set, and no room keeps the old one.

        The records keep who, when, epoch and seq; their seqs count from 1 without a gap, else ValueError. Raises NotFound.
        """
        ...

    async def read_fences(self, documents: Sequence[DocumentId]) -> dict[DocumentId, Fence]:
        """The fences of these documents now, those that exist; one query, made for asking every second."""
        ...

    async def quarantine(self, document: DocumentId, user: UserId, rule: str, update: bytes) -> None:
        """Keep an update that could not be applied, for an operator to look at (P10): the last MAX_QUARANTINED of a document."""
        ...

    async def read_quarantine(self, document: DocumentId) -> list[Quarantined]:
        """What is kept of a document, oldest first. Raises NotFound."""
        ...


def check_whole(records: Sequence[Record]) -> None:
    """Raises ValueError unless the records are a history from its beginning."""
    if [record.seq for record in records] != list(range(1, len(records) + 1)):
        raise ValueError("a history begins at seq 1 and has no gap")


def take_up_to(records: Sequence[Record], limit_bytes: int) -> list[Record]:
    """The first records that hold no more than `limit_bytes` of updates together, but at least one if there is any."""
    taken: list[Record] = []
    size = 0
    for record in records:
        size += len(record.update)
        if taken and size > limit_bytes:
            break
        taken.append(record)
    return taken
