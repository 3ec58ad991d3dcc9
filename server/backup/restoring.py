"""`zlahoda restore`: a backup into an empty database, as another history of every document (D8b)."""

import asyncio
import os
import sqlite3
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, insert, inspect, update

from server.accounts.service import SYSTEM_USER
from server.backup.archive import Manifest, Reader, Row
from server.backup.writing import sync_folder
from server.clock import Clock
from server.db.engine import DATABASE_FILE, Database, SqliteDatabase, take_time
from server.db.migrate import known_revisions, upgrade, upgrade_to
from server.db.tables import documents
from server.errors import Conflict, InvalidInput
from server.events.store import SYSTEM, record
from server.ids import new_epoch

_ROWS_AT_ONCE = 200
_FIRST = "documents"
"""Goes in before everything: after the seal of an act the database takes no document of it."""


async def restore_into(database: Database, reader: Reader, clock: Clock) -> Manifest:
    """Load a backup into an empty database, in one transaction, and bring it to the schema of today.

    Every document gets a new epoch: work that clients did after the backup is set aside at their side and shown to
    them, never merged unseen. Raises InvalidInput for a damaged backup or one of a newer version, Conflict when the
    database is not empty, Unavailable.
    """
    if reader.manifest.revision not in known_revisions():
        raise InvalidInput(f"the backup has the newer schema {reader.manifest.revision}; restore it with that version of Zlahoda")
    await asyncio.to_thread(reader.prove)
    await database.write(lambda connection: _load(connection, reader, clock()))
    return reader.manifest


def restore_into_folder(folder: Path, reader: Reader, clock: Clock, *, replace: bool) -> tuple[Manifest, Path | None]:
    """As `restore_into`, to SQLite in a folder; the database appears there whole or not at all.

    An older database there stays, under the name that is returned with the manifest. Raises Conflict when there is one
    and `replace` is false, or when a server has it open.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / DATABASE_FILE
    if target.exists() and not replace:
        raise Conflict(f"there is a database in {folder}: stop the server and give --replace to set it aside, or name another folder")
    unfinished = folder / (DATABASE_FILE + ".restoring")
    _forget(unfinished)
    try:
        manifest = asyncio.run(_restore_into_file(unfinished, reader, clock))
        kept = _set_aside(target, clock()) if target.exists() else None
        _close_log(unfinished)
        unfinished.replace(target)
        sync_folder(folder)
    finally:
        _forget(unfinished)
    return manifest, kept


async def _restore_into_file(path: Path, reader: Reader, clock: Clock) -> Manifest:
    database = SqliteDatabase(path)
    try:
        return await restore_into(database, reader, clock)
    finally:
        await database.close()


def _load(connection: Connection, reader: Reader, at: int) -> None:
    take_time(connection)
    if inspect(connection).get_table_names():
        raise Conflict("the database is not empty: make a new one (createdb) and give its address")
    upgrade_to(connection, reader.manifest.revision)
    tables = MetaData()
    tables.reflect(connection)
    members = {member.table: member for member in reader.manifest.members}
    unknown = members.keys() - tables.tables.keys()
    if unknown:
        raise InvalidInput(f"the backup holds tables that its schema does not have: {', '.join(sorted(unknown))}")
    order = sorted(tables.sorted_tables, key=lambda table: table.name != _FIRST)
    for table in (table for table in order if table.name in members):
        _fill(connection, table, reader)
    upgrade(connection)
    connection.execute(update(documents).values(replaced=True))
    facts = {"taken_at": reader.manifest.taken_at, "rows": sum(member.rows for member in members.values())}
    record(connection, SYSTEM, SYSTEM_USER, "system.restored", facts, at)


def _fill(connection: Connection, table: Table, reader: Reader) -> None:
    (member,) = (one for one in reader.manifest.members if one.table == table.name)
    if set(member.columns) != set(table.columns.keys()):
        raise InvalidInput(f"the backup's table {table.name} has other columns than its schema")
    rows = reader.rows(member)
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        connection.execute(insert(table), [_renewed(row) for row in some] if table.name == _FIRST else some)


def _renewed(row: Row) -> Row:
    return row | {"epoch": new_epoch()}


def _set_aside(target: Path, at: int) -> Path:
    """Move a database that nobody has open out of the way."""
    _close_log(target)
    kept = target.with_name(f"{target.name}.{datetime.fromtimestamp(at / 1000, UTC):%Y%m%dT%H%M%SZ}")
    os.link(target, kept)  # never over another file; the new database takes the old name in one step
    return kept


def _close_log(path: Path) -> None:
    """Bring what SQLite's write-ahead log still holds into the database file itself. Raises Conflict while somebody has it open."""
    connection = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise Conflict(f"a server has {path} open: stop it first") from error
    finally:
        connection.close()


def _forget(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
