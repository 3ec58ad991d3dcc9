"""A machine that goes without a word in the middle of a transaction must not keep the others from writing (P7)."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from server.db.engine import open_database
from tests.services import Postgres

_TABLE = text("CREATE TABLE held (name text PRIMARY KEY)")
_INSERT = text("INSERT INTO held VALUES ('ґрунт')")


@pytest.mark.services
async def test_P7_what_a_lost_machine_has_locked_is_free_again_by_itself(postgres_server: Postgres, tmp_path: Path) -> None:
    url = postgres_server.new_database()
    ours = open_database(url, tmp_path)
    try:
        await ours.write(lambda connection: connection.execute(_TABLE))
        given = await ours.read(_settings)
        assert given == {"idle_in_transaction_session_timeout": "20s", "tcp_keepalives_idle": "10", "tcp_user_timeout": "25000"}
        soon = {"server_settings": {"idle_in_transaction_session_timeout": "1s"}}
        lost = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), connect_args=soon)
        machine = await lost.connect()
        await machine.execute(_INSERT)  # and it is never heard of again
        await ours.write(lambda connection: connection.execute(_INSERT))
        assert await ours.read(lambda connection: connection.execute(text("SELECT count(*) FROM held")).scalar_one()) == 1
        await machine.invalidate()
        await lost.dispose()
    finally:
        await ours.close()


def _settings(connection: Connection) -> dict[str, str]:
    names = ("idle_in_transaction_session_timeout", "tcp_keepalives_idle", "tcp_user_timeout")
    return {name: str(connection.execute(text(f"SHOW {name}")).scalar_one()) for name in names}
