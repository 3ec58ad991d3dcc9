"""The migrations make exactly the tables that the code describes."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from server.db.engine import Database, open_database
from server.db.migrate import alembic_config, current_revision, known_revisions, migrate, upgrade_to
from server.db.tables import metadata
from server.errors import ConfigurationError
from tests.services import Postgres


async def test_the_migrated_schema_is_the_one_the_code_describes(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    assert await database.read(differences) == []


async def test_the_numbers_of_the_files_are_the_order_of_the_revisions(database: Database) -> None:
    def walked(connection: Connection) -> list[str]:
        return [step.revision for step in ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()]

    assert known_revisions() == (await database.read(walked))[::-1]


def test_a_start_on_a_database_of_today_waits_for_nothing_it_does_not_need(tmp_path: Path) -> None:
    start = """
import asyncio, sys
from pathlib import Path
import server.cli
from server.app import build_app, prepare
from server.settings import Settings
parts = build_app(Settings(data_dir=Path(sys.argv[1]))).state.parts
asyncio.run(prepare(parts))
print(sorted({"alembic", "sqlalchemy.orm"} & set(sys.modules)))
"""
    said = [
        subprocess.run([sys.executable, "-c", start, str(tmp_path)], capture_output=True, text=True, check=True).stdout for _ in range(2)
    ]
    assert said[1].strip() == "[]"


async def test_two_processes_that_start_at_once_both_find_a_migrated_database(tmp_path: Path) -> None:
    first, second = open_database("", tmp_path), open_database("", tmp_path)
    try:
        await asyncio.gather(migrate(first), migrate(second), migrate(first))
        assert "documents" in await second.read(lambda connection: inspect(connection).get_table_names())
    finally:
        await first.close()
        await second.close()


@pytest.mark.services
async def test_two_nodes_that_start_at_once_both_find_a_migrated_database(postgres_server: Postgres, tmp_path: Path) -> None:
    url = postgres_server.new_database()
    nodes = [open_database(url, tmp_path) for _ in range(3)]
    try:
        await asyncio.gather(*(migrate(node) for node in nodes))
        assert "documents" in await nodes[0].read(lambda connection: inspect(connection).get_table_names())
    finally:
        for node in nodes:
            await node.close()


@pytest.mark.services
async def test_P7_a_step_that_waits_for_a_table_gives_way_to_those_who_write(postgres_server: Postgres, tmp_path: Path) -> None:
    """A backup reads for minutes: while a step of the schema waits for it, everybody else goes on."""
    url = postgres_server.new_database()
    ours, old = open_database(url, tmp_path), create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    try:
        # the step after this one changes the table that is read and written below
        await ours.write(lambda connection: upgrade_to(connection, "0005"))
        async with old.connect() as backup, old.connect() as writer, asyncio.TaskGroup() as tasks:
            await backup.execute(text("SELECT document FROM documents"))
            upgrading = tasks.create_task(migrate(ours))
            while not (await writer.execute(waiting)).scalar_one():
                assert not upgrading.done()
            await writer.execute(text("UPDATE documents SET last_seq = last_seq + 1"))
            await writer.commit()
            assert not upgrading.done()
            await backup.rollback()
        assert await ours.read(current_revision) == known_revisions()[-1]
    finally:
        await old.dispose()
        await ours.close()


async def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(ConfigurationError, match="9999"):
        await migrate(database)


@pytest.mark.parametrize("change", ["UPDATE events SET kind = 'інше'", "DELETE FROM events"])
async def test_the_database_itself_refuses_to_change_an_event(database: Database, change: str) -> None:
    await database.write(
        lambda connection: connection.execute(
            text("INSERT INTO events VALUES ('system', 1, 0, 'u1', 'signed-in', '{}', '', :hash)"), {"hash": "0" * 64}
        )
    )
    with pytest.raises(DBAPIError, match="events never change"):
        await database.write(lambda connection: connection.execute(text(change)))


async def test_an_address_that_is_not_postgresql_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="expected postgresql"):
        open_database("mysql://u@h/d", tmp_path)
    with pytest.raises(ConfigurationError, match="form postgresql"):
        open_database("щось інше", tmp_path)
