"""What a database says of itself."""

from enum import Enum, auto
from functools import cache

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects import postgresql, sqlite

from server.db.migrate import known_revisions
from server.db.tables import instance
from server.ids import NewId

CLUSTER = "cluster"
WRITTEN = "written"
"""When somebody last tried whether the database takes writes (milliseconds UTC)."""


class Schema(Enum):
    """How the schema of a database stands to the one of this program."""

    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()


def cluster_in(connection: Connection, make_id: NewId) -> str:
    """What the nodes of one database have in common, and no other database: not even a copy of it that shares their Redis.

    The random name is made by the first process that asks; PostgreSQL adds where the database lives (a copy lives elsewhere).
    """
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(instance)
    connection.execute(insert.values(key=CLUSTER, value=make_id()).on_conflict_do_nothing())
    name = str(connection.execute(select(instance.c.value).where(instance.c.key == CLUSTER)).scalar_one())
    if connection.dialect.name != "postgresql":
        return name
    place = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    return f"{name}-{place}"


def schema_in(connection: Connection) -> Schema:
    """As the database says now. A newer one was brought by a newer process; what is there for us is still there."""
    current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    known = _known()
    if current == known[-1]:
        return Schema.CURRENT
    return Schema.OLDER if current is None or current in known else Schema.NEWER


def try_to_write_in(connection: Connection, at: int) -> None:
    """Write something small, so that a disk that is full and a standby that only reads are found before an edit meets them."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(instance)
    connection.execute(insert.values(key=WRITTEN, value=str(at)).on_conflict_do_update(index_elements=["key"], set_={"value": str(at)}))


_known = cache(known_revisions)
