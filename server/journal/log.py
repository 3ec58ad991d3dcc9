"""Reading the log and moving its compacted part into history segments."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from server.db.tables import checkpoints, documents, history_segments, journal_rows
from server.errors import Conflict, Damaged
from server.ids import DocumentId, Epoch, Seq
from server.journal.journal import Checkpoint, Record, take_up_to
from server.journal.rows import StoredRow, unpack_segment
from server.journal.store import read_row

_ROWS_PER_READ = 1000


def read_rows_in(connection: Connection, document: DocumentId, after: Seq, limit_bytes: int) -> list[StoredRow]:
    """The rows that hold the updates after `after`: at least one if there is any, then up to `limit_bytes` of payload."""
    start = (
        select(func.max(journal_rows.c.seq)).where(journal_rows.c.document == document, journal_rows.c.seq <= after + 1).scalar_subquery()
    )
    sizes = connection.execute(
        select(journal_rows.c.seq, func.length(journal_rows.c.payload))
        .where(journal_rows.c.document == document, journal_rows.c.seq >= func.coalesce(start, 0))
        .order_by(journal_rows.c.seq)
        .limit(_ROWS_PER_READ)
    ).all()
    total = 0
    wanted: list[int] = []
    for seq, size in sizes:
        total += size
        if wanted and total > limit_bytes:
            break
        wanted.append(seq)
    if not wanted:
        return []
    found = connection.execute(
        select(journal_rows.c.seq, journal_rows.c.count, journal_rows.c.at, journal_rows.c.payload)
        .where(journal_rows.c.document == document, journal_rows.c.seq.between(wanted[0], wanted[-1]))
        .order_by(journal_rows.c.seq)
    )
    rows = [StoredRow(Seq(seq), count, at, payload) for seq, count, at, payload in found]
    return [row for row in rows if row.last > after]


def read_after_in(connection: Connection, document: DocumentId, seq: Seq, limit_bytes: int) -> list[Record]:
    """`Journal.read_after`. Raises NotFound, Conflict, Damaged."""
    head = read_row(connection, document)
    if seq < head["checkpoint_seq"]:
        raise Conflict(f"{document}: {seq} lies before the checkpoint {head['checkpoint_seq']}")
    if seq >= head["last_seq"]:
        return []
    rows = read_rows_in(connection, document, seq, limit_bytes)
    return take_up_to(_following(rows, document, seq), limit_bytes)


def read_history_in(connection: Connection, document: DocumentId, after: Seq, limit_bytes: int) -> list[Record]:
    """The next page of everything ever stored after `after`; empty at the end. Raises NotFound, Damaged."""
    if after >= read_row(connection, document)["last_seq"]:
        return []
    segment = connection.execute(
        select(history_segments.c.payload)
        .where(history_segments.c.document == document, history_segments.c.last_seq > after)
        .order_by(history_segments.c.first_seq)
        .limit(1)
    ).scalar()
    rows = unpack_segment(segment) if segment is not None else read_rows_in(connection, document, after, limit_bytes)
    return _following(rows, document, after)


def _following(rows: Iterable[StoredRow], document: DocumentId, after: Seq) -> list[Record]:
    """The updates of the rows after `after`. Raises Damaged when one is missing."""
    records = [record for row in rows if row.last > after for record in row.records() if record.seq > after]
    if [record.seq for record in records] != list(range(after + 1, after + 1 + len(records))) or not records:
        raise Damaged(f"{document}: updates after {after} are missing")
    return records


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows ready to leave the log: compressed, from the first seq to the last."""

    first: Seq
    last: Seq
    payload: bytes


@dataclass(frozen=True, slots=True)
class Compacted:
    """A proved checkpoint of one history, and the segments of the rows it covers."""

    epoch: Epoch
    checkpoint: Checkpoint
    segments: Sequence[Segment]


def last_trimmed_in(connection: Connection, document: DocumentId) -> Seq:
    """The last seq that has left the log for a history segment, 0 before any. Raises NotFound."""
    read_row(connection, document)
    return Seq(
        connection.execute(select(func.max(history_segments.c.last_seq)).where(history_segments.c.document == document)).scalar() or 0
    )


def write_checkpoint_in(connection: Connection, document: DocumentId, compacted: Compacted, at: int) -> bool:
    """Store the checkpoint and the segments, trim the rows they hold. False, and nothing done, when another was faster."""
    checkpoint, segments = compacted.checkpoint, compacted.segments
    head = read_row(connection, document, lock=True)
    if head["epoch"] != compacted.epoch or not head["checkpoint_seq"] < checkpoint.seq <= head["last_seq"]:
        return False
    if segments and segments[0].first != last_trimmed_in(connection, document) + 1:
        return False
    stored = {"seq": checkpoint.seq, "state": checkpoint.state, "state_hash": hashlib.sha256(checkpoint.state).hexdigest(), "at": at}
    if not connection.execute(update(checkpoints).where(checkpoints.c.document == document).values(stored)).rowcount:
        connection.execute(insert(checkpoints).values(document=document, **stored))
    connection.execute(update(documents).where(documents.c.document == document).values(checkpoint_seq=checkpoint.seq))
    if segments:
        moved = [{"document": document, "first_seq": s.first, "last_seq": s.last, "payload": s.payload} for s in segments]
        connection.execute(insert(history_segments), moved)
        connection.execute(delete(journal_rows).where(journal_rows.c.document == document, journal_rows.c.seq <= segments[-1].last))
    return True
