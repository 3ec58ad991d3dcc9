"""Brings a database to the schema of this version; safe when several processes start at once."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

from server.db.engine import Database, take_time
from server.db.explain import sqlstate_of
from server.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
"""Where Alembic keeps which revision a database has."""

_LOCK = 0x5A4C41474F4441  # "ZLAGODA": the advisory lock of PostgreSQL that migrations hold
_PATIENCE = text("SET LOCAL lock_timeout = '500ms'")
"""For one table: whoever writes queues up behind a step that waits. Less than deadlock_timeout, so that a step gives way, not an edit."""
_TRIES = 10
_PAUSE_S = 2.0
_IN_USE = frozenset(("55P03", "40P01"))
"""The SQLSTATEs of a table that others have, and of a deadlock with them."""


async def migrate(database: Database) -> None:
    """Upgrade to the newest schema, all steps in one transaction. Raises ConfigurationError when the database is newer than we are.

    Processes of the version before go on writing: a step that waits for a table steps back soon, and tries again. Raises Unavailable
    when a table stays in use.
    """
    for _ in range(_TRIES - 1):
        try:
            return await database.write(upgrade)
        except Unavailable as error:
            if sqlstate_of(error) not in _IN_USE:
                raise
        await asyncio.sleep(_PAUSE_S)
    return await database.write(upgrade)


def upgrade(connection: Connection) -> None:
    """As `migrate`, in the caller's transaction. On SQLite that is an immediate one and so the only writer already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    known, current = known_revisions(), current_revision(connection)
    if current is not None and current not in known:
        raise ConfigurationError(f"the database has the newer schema {current}; install that version of Zlahoda or restore a backup")
    if current != known[-1]:
        if connection.dialect.name == "postgresql":
            connection.execute(_PATIENCE)
        upgrade_to(connection, known[-1])


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring an older schema to one of `known_revisions`, in the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - slow to import, and nearly every start finds the schema of today

    take_time(connection)
    command.upgrade(alembic_config(connection), revision)


def known_revisions() -> list[str]:
    """The revisions of this version, the newest last: each step's file begins with its number."""
    return sorted(step.name.partition("_")[0] for step in (_FOLDER / "versions").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The revision a database has; None when nothing of ours is in it."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(select(column("version_num")).select_from(table(VERSION_TABLE))).scalar_one_or_none()
    return found


def alembic_config(connection: Connection) -> "Config":
    """What Alembic's commands need; also for writing a new migration (`make migrate`)."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
