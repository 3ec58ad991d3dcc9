"""Brings a database to the schema of this version; safe when several processes start at once."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

from server.db.engine import Database
from server.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
"""Where Alembic keeps which revision a database has."""

_LOCK = 0x5A4C41474F4441  # "ZLAGODA": the advisory lock of PostgreSQL that migrations hold


async def migrate(database: Database) -> None:
    """Upgrade to the newest schema, all steps in one transaction. Raises ConfigurationError when the database is newer than we are."""
    await database.write(upgrade)


def upgrade(connection: Connection) -> None:
    """As `migrate`, in the caller's transaction. On SQLite that is an immediate one and so the only writer already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    known, current = known_revisions(), current_revision(connection)
    if current is not None and current not in known:
        raise ConfigurationError(f"the database has the newer schema {current}; install that version of Zlahoda or restore a backup")
    if current != known[-1]:
        upgrade_to(connection, known[-1])


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring an older schema to one of `known_revisions`, in the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - slow to import, and nearly every start finds the schema of today

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
