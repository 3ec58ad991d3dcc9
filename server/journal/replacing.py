"""Another history for a document, as a restore brings it: its log written anew under a new epoch (D8b)."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection, delete, insert, update

from server.db.tables import checkpoints, client_bindings, documents, history_segments, journal_rows, restore_points
from server.ids import ClientId, DocumentId, Epoch, UserId, new_epoch
from server.journal.journal import Entry, Head, Record
from server.journal.store import journal_row, read_head_in, read_row

_LOG = (journal_rows, checkpoints, history_segments, client_bindings, restore_points)
"""Everything that says what happened to a document, or was derived from it."""

_MOST_IN_A_ROW = 1000


def replace_history_in(
    connection: Connection, document: DocumentId, records: Sequence[Record], bindings: Sequence[tuple[ClientId, UserId]]
) -> Head:
    """`Journal.replace_history` inside the caller's transaction. Raises NotFound."""
    read_row(connection, document, lock=True)
    for table in _LOG:
        connection.execute(delete(table).where(table.c.document == document))
    if records:
        connection.execute(insert(journal_rows), [_row(document, group) for group in _groups(records)])
    if bindings:
        connection.execute(insert(client_bindings), [{"document": document, "client": c, "user_id": u} for c, u in bindings])
    connection.execute(update(documents).where(documents.c.document == document).values(last_seq=len(records), checkpoint_seq=0))
    renew_epoch_in(connection, document)
    return read_head_in(connection, document)


def renew_epoch_in(connection: Connection, document: DocumentId) -> Epoch:
    """Say that what the tables hold of a document is another history than before, as after copying a whole database back."""
    epoch = new_epoch()
    connection.execute(update(documents).where(documents.c.document == document).values(epoch=epoch, replaced=True))
    return epoch


def _groups(records: Sequence[Record]) -> list[list[Record]]:
    """Records that share time and epoch, as one row holds them."""
    groups: list[list[Record]] = []
    for _, same in groupby(records, key=lambda record: (record.at, record.epoch)):
        found = list(same)
        groups.extend(found[first : first + _MOST_IN_A_ROW] for first in range(0, len(found), _MOST_IN_A_ROW))
    return groups


def _row(document: DocumentId, records: Sequence[Record]) -> dict[str, object]:
    first = records[0]
    return journal_row(document, first.epoch, [Entry(record.update, record.author) for record in records], first.seq, first.at)
