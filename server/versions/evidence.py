"""Everything of one act that can be proved, as it is stored: what `verify` looks at, from a database or from a package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from server.db.tables import acts, checkpoints, client_bindings, documents, history_segments, journal_rows, restore_points
from server.events.store import walk
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId
from server.journal.rows import StoredRow, unpack_segment
from server.versions.model import Revision, RevisionContent
from server.versions.store import list_revisions, read_trees


@dataclass(frozen=True, slots=True)
class Stored:
    """A state of a document as it is stored: a checkpoint, whose bytes have a hash, or a restore point, which has none."""

    seq: Seq
    state: bytes
    state_hash: str = ""


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """One document: what its row says, its segments and rows of the journal, whose client ids are, and its states.

    `replaced`: its history was restored from a backup, under a new epoch (D8b).
    """

    document: DocumentId
    act: str
    part: str
    epoch: Epoch
    last_seq: Seq
    checkpoint_seq: Seq
    segments: Sequence[tuple[int, int, bytes]]
    rows: Sequence[StoredRow]
    owners: Mapping[ClientId, UserId]
    replaced: bool = False
    checkpoint: Stored | None = None
    points: Sequence[Stored] = ()

    def all_rows(self) -> list[StoredRow]:
        """The rows of the segments and the log, in the order in which they are stored. Raises Damaged."""
        return [row for _, _, payload in self.segments for row in unpack_segment(payload)] + list(self.rows)


@dataclass(frozen=True, slots=True)
class ActEvidence:
    """One act; `events` are the columns of its chain in order. `trees` are the texts by revision number and part."""

    act: ActId
    documents: Sequence[DocumentEvidence]
    revisions: Sequence[Revision]
    trees: Mapping[int, Mapping[str, bytes]]
    events: Sequence[Mapping[str, Any]]  # Any: columns

    def contents(self) -> list[RevisionContent]:
        """The revisions with their texts."""
        return [RevisionContent(revision, self.trees.get(revision.number, {})) for revision in self.revisions]


def list_all_acts(connection: Connection) -> list[ActId]:
    """Every act there is."""
    return [ActId(act) for act in connection.execute(select(acts.c.id).order_by(acts.c.id)).scalars()]


def read_act(connection: Connection, act: ActId) -> ActEvidence:
    """One act as it is stored at one moment. Raises Damaged, ValueError where what is stored is no value at all."""
    names = connection.execute(select(documents.c.document).where(documents.c.act_id == act).order_by(documents.c.part)).scalars().all()
    found = [read_document(connection, DocumentId(name)) for name in names]
    return ActEvidence(act, found, list_revisions(connection, act), read_trees(connection, act), list(walk(connection, act)))


def read_document(connection: Connection, document: DocumentId) -> DocumentEvidence:
    """One document as it is stored."""
    row = connection.execute(select(documents).where(documents.c.document == document)).mappings().one()
    s, j, b = history_segments.c, journal_rows.c, client_bindings.c
    segments = connection.execute(select(s.first_seq, s.last_seq, s.payload).where(s.document == document).order_by(s.first_seq))
    rows = connection.execute(select(j.seq, j.count, j.at, j.payload).where(j.document == document).order_by(j.seq))
    owners = connection.execute(select(b.client, b.user_id).where(b.document == document))
    return DocumentEvidence(
        document,
        row["act_id"],
        row["part"],
        Epoch(row["epoch"]),
        Seq(row["last_seq"]),
        Seq(row["checkpoint_seq"]),
        [(first, last, payload) for first, last, payload in segments],
        [StoredRow(Seq(seq), count, at, payload) for seq, count, at, payload in rows],
        {ClientId(client): UserId(user) for client, user in owners},
        bool(row["replaced"]),
        _checkpoint(connection, document),
        _points(connection, document, row["epoch"]),
    )


def _checkpoint(connection: Connection, document: DocumentId) -> Stored | None:
    c = checkpoints.c
    found = connection.execute(select(c.seq, c.state, c.state_hash).where(c.document == document)).first()
    return None if found is None else Stored(Seq(found.seq), found.state, found.state_hash)


def _points(connection: Connection, document: DocumentId, epoch: str) -> list[Stored]:
    c = restore_points.c
    query = select(c.seq, c.state).where(c.document == document, c.epoch == epoch).order_by(c.seq)
    return [Stored(Seq(seq), state) for seq, state in connection.execute(query)]
