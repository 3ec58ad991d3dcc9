"""The rows of `documents` and what hangs on them: functions of a connection, so that a caller can write them with its own rows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.db.tables import checkpoints, client_bindings, documents, journal_rows
from server.db.tables import quarantine as quarantined
from server.errors import Conflict, Damaged, NotFound
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId, new_epoch, new_id
from server.journal.journal import MAX_QUARANTINED, Checkpoint, Entry, Fence, Head, Quarantined
from server.journal.rows import pack

HEAD = (
    documents.c.document,
    documents.c.epoch,
    documents.c.sealed,
    documents.c.roles_version,
    documents.c.schema_version,
    documents.c.last_seq,
    documents.c.checkpoint_seq,
    documents.c.replaced,
)
_READ = select(*HEAD).where(documents.c.document == bindparam("of"))
_LOCK_ONE = _READ.with_for_update()
_FENCES = select(documents.c.document, documents.c.epoch, documents.c.sealed, documents.c.roles_version).where(
    documents.c.document.in_(bindparam("of", expanding=True))
)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be made, with its first updates and who owns their client ids."""

    act: ActId
    document: DocumentId
    schema_version: int
    entries: Sequence[Entry] = ()
    bindings: Sequence[tuple[ClientId, UserId]] = ()


def create_in(connection: Connection, new: NewDocument, at: int) -> Head:
    """`Journal.create` inside the caller's transaction. Raises Conflict when the document exists."""
    epoch = new_epoch()
    row = {
        "document": new.document,
        "act_id": new.act,
        "part": new.document.partition(".")[2],
        "epoch": epoch,
        "schema_version": new.schema_version,
        "sealed": False,
        "roles_version": 0,
        "last_seq": len(new.entries),
        "checkpoint_seq": 0,
        "created_at": at,
    }
    try:
        connection.execute(insert(documents), row)
    except IntegrityError as error:
        raise Conflict(f"the document {new.document} exists") from error
    if new.entries:
        connection.execute(insert(journal_rows), journal_row(new.document, epoch, new.entries, 1, at))
    if new.bindings:
        connection.execute(insert(client_bindings), [{"document": new.document, "client": c, "user_id": u} for c, u in new.bindings])
    fence = Fence(epoch, sealed=False, roles_version=0)
    return Head(new.document, fence, new.schema_version, Seq(len(new.entries)), None, dict(new.bindings))


def read_head_in(connection: Connection, document: DocumentId) -> Head:
    """Raises NotFound, and Damaged when the checkpoint is not what was written."""
    row = read_row(connection, document)
    bindings = connection.execute(
        select(client_bindings.c.client, client_bindings.c.user_id).where(client_bindings.c.document == document)
    ).all()
    return Head(
        document,
        fence_of(row),
        row["schema_version"],
        Seq(row["last_seq"]),
        _read_checkpoint(connection, document) if row["checkpoint_seq"] else None,
        {ClientId(client): UserId(user) for client, user in bindings},
        bool(row["replaced"]),
    )


_AT_ONCE = 1000
"""Documents asked for by one statement."""


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What a list of an act's documents says of one, without its bytes."""

    document: DocumentId
    part: str
    fence: Fence
    schema_version: int
    last_seq: Seq


def read_documents_in(connection: Connection, act: ActId) -> list[DocumentState]:
    """The act's documents, the main text first."""
    found = connection.execute(select(*HEAD, documents.c.part).where(documents.c.act_id == act).order_by(documents.c.part)).mappings()
    return [DocumentState(row["document"], row["part"], fence_of(row), row["schema_version"], Seq(row["last_seq"])) for row in found]


def move_fence_in(connection: Connection, document: DocumentId, *, sealed: bool | None = None, roles_changed: bool = False) -> Fence:
    """`Journal.move_fence` inside the caller's transaction. Raises NotFound."""
    values: dict[str, object] = {"roles_version": documents.c.roles_version + int(roles_changed)}
    if sealed is not None:
        values["sealed"] = sealed
    moved = connection.execute(update(documents).where(documents.c.document == document).values(values)).rowcount
    if not moved:
        raise NotFound(f"no document {document}")
    return fence_of(read_row(connection, document))


def roles_changed_in(connection: Connection, act: ActId) -> None:
    """Move the fence of every document of an act, in document order: from the commit on, old permissions write nothing."""
    for state in read_documents_in(connection, act):
        move_fence_in(connection, state.document, roles_changed=True)


def read_row(connection: Connection, document: DocumentId, *, lock: bool = False) -> RowMapping:
    row = connection.execute(_LOCK_ONE if lock else _READ, {"of": document}).mappings().first()
    if row is None:
        raise NotFound(f"no document {document}")
    return row


def read_fences_in(connection: Connection, wanted: Sequence[DocumentId]) -> dict[DocumentId, Fence]:
    """`Journal.read_fences` inside the caller's transaction."""
    found: dict[DocumentId, Fence] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        rows = connection.execute(_FENCES, {"of": wanted[begin : begin + _AT_ONCE]}).mappings()
        found.update((row["document"], fence_of(row)) for row in rows)
    return found


def fence_of(row: RowMapping) -> Fence:
    """The fence in a row of `documents`."""
    return Fence(Epoch(row["epoch"]), bool(row["sealed"]), row["roles_version"])


def journal_row(document: DocumentId, epoch: Epoch, entries: Sequence[Entry], first: int, at: int) -> dict[str, object]:
    return {"document": document, "seq": first, "count": len(entries), "at": at, "payload": pack(epoch, entries, first, at)}


def _read_checkpoint(connection: Connection, document: DocumentId) -> Checkpoint:
    found = connection.execute(
        select(checkpoints.c.seq, checkpoints.c.state, checkpoints.c.state_hash).where(checkpoints.c.document == document)
    ).first()
    if found is None or hashlib.sha256(found.state).hexdigest() != found.state_hash:
        raise Damaged(f"{document}: the checkpoint is missing or not what was written")
    return Checkpoint(Seq(found.seq), found.state)


def quarantine_in(connection: Connection, document: DocumentId, kept: Quarantined) -> None:
    """Keep an update that could not be applied; the oldest beyond MAX_QUARANTINED of its document go. Raises NotFound."""
    read_row(connection, document, lock=True)
    row = {"id": new_id(), "document": document, "at": kept.at, "user_id": kept.user, "rule": kept.rule, "update": kept.update}
    connection.execute(insert(quarantined), row)
    newest = select(quarantined.c.id).where(quarantined.c.document == document).order_by(quarantined.c.id.desc()).limit(MAX_QUARANTINED)
    connection.execute(delete(quarantined).where(quarantined.c.document == document, quarantined.c.id.not_in(newest)))


def read_quarantine_in(connection: Connection, document: DocumentId) -> list[Quarantined]:
    """What is kept of a document, oldest first. Raises NotFound."""
    read_row(connection, document)
    found = connection.execute(select(quarantined).where(quarantined.c.document == document).order_by(quarantined.c.id)).mappings()
    return [Quarantined(UserId(row["user_id"]), row["rule"], row["update"], row["at"]) for row in found]
