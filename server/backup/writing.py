"""`zlahoda backup`: the database at one moment, beside a server that goes on."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, Table, select

from server.backup.archive import Manifest, Writer
from server.clock import Clock
from server.db.engine import Database, take_time
from server.db.migrate import VERSION_TABLE, current_revision
from server.errors import NotFound

LEFT_OUT = frozenset(("sessions", "tickets", "throttles", "instance", VERSION_TABLE))
"""Who is signed in is of the moment and would bring back sessions that were ended since; a restored copy is another cluster."""

_ROWS_AT_ONCE = 200


async def write_backup(database: Database, path: Path, clock: Clock) -> Manifest:
    """Write everything to `path`, readable by its owner only, and return when it is on disk; until then nothing has that name.

    Raises NotFound when the database holds no Zlahoda, Unavailable when it does not answer, OSError for the file.
    """
    unfinished = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:

            def write(connection: Connection) -> Manifest:
                file.seek(0)
                file.truncate()
                with Writer(file) as writer:
                    return _write_tables(connection, writer, clock())

            manifest = await database.read(write)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)
    return manifest


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_tables(connection: Connection, writer: Writer, taken_at: int) -> Manifest:
    take_time(connection)
    revision = current_revision(connection)
    if revision is None:
        raise NotFound("the database holds no Zlahoda")
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name not in LEFT_OUT:
            binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
            writer.add(table.name, [column.name for column in table.columns], binary, _rows(connection, table))
    return writer.finish(revision, taken_at)


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table).order_by(*table.primary_key.columns))
    for row in rows:
        yield tuple(row)
