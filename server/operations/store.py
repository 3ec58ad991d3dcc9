"""What the database says of documents and quarantine: numbers and ids, never bytes of a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from server.db.tables import documents, journal_rows, quarantine
from server.errors import NotFound
from server.ids import DocumentId, UserId


@dataclass(frozen=True, slots=True)
class Stored:
    """One document as it is on disk: how long its log is since the checkpoint, and its fence."""

    document: DocumentId
    act: str
    epoch: str
    sealed: bool
    roles_version: int
    last_seq: int
    checkpoint_seq: int
    log_bytes: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One update in quarantine; `update` is for whoever tries it again, and shown to nobody."""

    id: str
    document: DocumentId
    user: UserId
    rule: str
    at: int
    update: bytes


def list_documents_in(connection: Connection, wanted: Sequence[DocumentId], prefix: str, before: str, limit: int) -> list[Stored]:
    """The newest documents first; those of `wanted` only when it is not empty."""
    d, j, q = documents.c, journal_rows.c, quarantine.c
    log_bytes = select(func.coalesce(func.sum(func.length(j.payload)), 0)).where(j.document == d.document).scalar_subquery()
    kept = select(func.count()).select_from(quarantine).where(q.document == d.document).scalar_subquery()
    query = select(d.document, d.act_id, d.epoch, d.sealed, d.roles_version, d.last_seq, d.checkpoint_seq, log_bytes, kept)
    query = query.where(d.document.startswith(prefix, autoescape=True))
    if wanted:
        query = query.where(d.document.in_(wanted))
    if before:
        query = query.where(d.document < before)
    rows = connection.execute(query.order_by(d.document.desc()).limit(limit))
    return [
        Stored(DocumentId(document), act, epoch, bool(sealed), roles, last, checkpoint, int(size), count)
        for document, act, epoch, sealed, roles, last, checkpoint, size, count in rows
    ]


def list_kept_in(connection: Connection) -> list[Kept]:
    """Everything in quarantine, the newest first."""
    rows = connection.execute(select(quarantine).order_by(quarantine.c.id.desc()).limit(500)).mappings()
    return [_kept(row) for row in rows]


def read_kept_in(connection: Connection, name: str) -> Kept:
    """Raises NotFound."""
    row = connection.execute(select(quarantine).where(quarantine.c.id == name)).mappings().first()
    if row is None:
        raise NotFound(f"nothing in quarantine under {name}")
    return _kept(row)


def drop_kept_in(connection: Connection, name: str) -> None:
    """Take it out of quarantine. Raises NotFound when somebody else was faster."""
    if not connection.execute(delete(quarantine).where(quarantine.c.id == name)).rowcount:
        raise NotFound(f"nothing in quarantine under {name}")


def _kept(row: object) -> Kept:
    return Kept(row["id"], DocumentId(row["document"]), UserId(row["user_id"]), row["rule"], row["at"], row["update"])  # type: ignore[index]  # a row
