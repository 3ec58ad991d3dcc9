"""A machine that goes without a word in the middle of a transaction must not keep the others from writing (P7)."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from server.db.engine import PostgresDatabase, open_database, take_time
from tests.services import Postgres

_IDLE = "idle_in_transaction_session_timeout"
_TABLE = text("CREATE TABLE held (name text PRIMARY KEY)")
_INSERT = text("INSERT INTO held VALUES ('ґрунт')")


@pytest.mark.services
async def test_P7_what_a_lost_machine_has_locked_is_free_again_by_itself(postgres_server: Postgres, tmp_path: Path) -> None:
    url = postgres_server.new_database()
    ours = open_database(url, tmp_path)
    try:
        await ours.write(lambda connection: connection.execute(_TABLE))
        given = await ours.read(_settings)
        assert given == {_IDLE: "20s", "tcp_keepalives_idle": "10", "tcp_user_timeout": "25000"}
        soon = {"server_settings": {_IDLE: "1s"}}
        lost = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), connect_args=soon)
        machine = await lost.connect()
        await machine.execute(_INSERT)  # and it is never heard of again
        await ours.write(lambda connection: connection.execute(_INSERT))
        assert await ours.read(lambda connection: connection.execute(text("SELECT count(*) FROM held")).scalar_one()) == 1
        await machine.invalidate()
        await lost.dispose()
    finally:
        await ours.close()


@pytest.mark.services
async def test_a_backup_may_think_between_its_statements(postgres_server: Postgres, tmp_path: Path) -> None:
    ours = open_database(postgres_server.new_database(), tmp_path)
    try:
        assert (await ours.read(_settings_of_a_backup))[_IDLE] == "0"
        assert (await ours.read(_settings))[_IDLE] == "20s", "for that transaction alone"
    finally:
        await ours.close()


@pytest.mark.services
@pytest.mark.parametrize("trusted_s", [5, 0])
async def test_connections_that_the_server_has_ended_are_made_anew_unseen(postgres_server: Postgres, trusted_s: float) -> None:
    ours = PostgresDatabase(postgres_server.new_database(), trusted_s=trusted_s)
    other = create_async_engine(make_url(postgres_server.url).set(drivername="postgresql+asyncpg"))
    try:
        for _ in range(3):
            backends = set(await asyncio.gather(*(ours.read(_backend) for _ in range(4))))
            async with other.connect() as connection:
                for backend in backends:  # 10000: milliseconds to wait for its end
                    await connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": backend})
            again = set(await asyncio.gather(*(ours.read(_backend) for _ in range(4))))
            assert not again & backends
    finally:
        await other.dispose()
        await ours.close()


def _backend(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def _settings_of_a_backup(connection: Connection) -> dict[str, str]:
    take_time(connection)
    return _settings(connection)


def _settings(connection: Connection) -> dict[str, str]:
    names = (_IDLE, "tcp_keepalives_idle", "tcp_user_timeout")
    return {name: str(connection.execute(text(f"SHOW {name}")).scalar_one()) for name in names}
