"""A server that cannot start, or only half, says why and what to do: one line, an exit code, no traceback."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it says no types
import pytest
import uvicorn
from redis import Redis

from server.app import build_app
from server.crdt.messages import Update
from server.db.instance import cluster_in
from server.ids import new_id
from server.observability.loop import LoopWatch
from server.serve import DrainingServer
from server.settings import Settings
from tests.server_process import ROOT, ServerProcess
from tests.services import Postgres, RedisService, free_port, postgres, redis
from tests.site import open_site
from tests.suggestions.cast import first_text, gather

RUN = "import sys; from server.cli import main; sys.exit(main())"

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def wire() -> Iterator[RedisService]:
    with redis() as running:
        yield running


def refused(*arguments: str) -> tuple[int, str]:
    """The exit code of a server that does not start, and what it says."""
    command = [sys.executable, "-c", RUN, "serve", "--port", str(free_port()), *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.returncode, ended.stderr


def test_a_postgresql_that_cannot_be_used_is_named_with_what_to_do(database: Postgres) -> None:
    nobody_there = f"postgresql://zlahoda:geheim@127.0.0.1:{free_port()}/zlahoda"
    code, said = refused("--database", nobody_there)
    assert (code, "does not answer" in said, "ZLAHODA_DATABASE_URL" in said, "geheim" in said) == (1, True, True, False)
    code, said = refused("--database", database.url_of("немає"))
    assert (code, "createdb" in said) == (2, True)
    code, said = refused("--database", database.url.replace("zlahoda@", "stranger@"))
    assert (code, "user or the password" in said) == (2, True)
    code, said = refused("--database", "mysql://localhost/zlahoda")
    assert (code, "expected postgresql://" in said) == (2, True)


async def run(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statements)
    await connection.close()


def test_a_database_of_a_newer_version_is_left_as_it_is(database: Postgres) -> None:
    url = database.new_database()
    asyncio.run(run(url, "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('9999')"))
    code, said = refused("--database", url)
    assert (code, "newer schema 9999" in said) == (2, True)


def test_a_standby_is_refused_with_what_to_do(tmp_path: Path, database: Postgres) -> None:
    url = database.new_database()
    ServerProcess(tmp_path, database=url).add_user("олена@mvs.example", "Олена", "mvs", "ґанок-і-їжак")  # its schema is there
    asyncio.run(run(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on"))
    code, said = refused("--database", url)
    assert (code, "address of the primary" in said) == (1, True)


async def test_a_postgresql_without_free_connections_is_said_at_the_start(database: Postgres) -> None:
    async with every_connection_taken(database.url):
        code, said = await asyncio.to_thread(refused, "--database", database.url)
    assert (code, "max_connections" in said) == (1, True)


def test_what_is_no_redis_is_named(database: Postgres) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(1024)

        threading.Thread(target=answer, daemon=True).start()
        code, said = refused("--database", database.new_database(), "--redis", f"redis://:geheim@127.0.0.1:{listener.getsockname()[1]}/0")
    assert (code, "is no Redis" in said, "ZLAHODA_REDIS_URL" in said, "geheim" in said) == (2, True, True, False)


def test_a_redis_address_that_can_never_work_is_refused(database: Postgres, wire: RedisService) -> None:
    url = database.new_database()
    code, said = refused("--database", url, "--redis", "http://127.0.0.1:1")
    assert (code, "redis://host:port/0" in said) == (2, True)
    admin = Redis(port=wire.port)
    admin.config_set("requirepass", "таємниця")
    try:
        code, said = refused("--database", url, "--redis", wire.url)
        assert (code, "refuses us" in said) == (2, True)
    finally:
        admin.auth("таємниця")
        admin.config_set("requirepass", "")
        admin.close()


def test_a_redis_that_is_away_or_evicts_is_warned_of_and_the_server_runs(tmp_path: Path, database: Postgres, wire: RedisService) -> None:
    with ServerProcess(tmp_path / "away", database=database.new_database(), redis=f"redis://127.0.0.1:{free_port()}/0") as server:
        assert "runs without it" in server.read_log()
    with Redis(port=wire.port) as admin:
        admin.config_set("maxmemory-policy", "allkeys-lru")
        with ServerProcess(tmp_path / "evicts", database=database.new_database(), redis=wire.url) as server:
            assert "maxmemory-policy allkeys-lru" in server.read_log()
        admin.config_set("maxmemory-policy", "noeviction")


class Exhausted(LoopWatch):
    """A part that fails for good."""

    async def run(self) -> None:
        raise MemoryError


async def test_a_server_of_which_a_part_fails_ends_instead_of_saving_nothing_any_more(tmp_path: Path) -> None:
    app = build_app(Settings(data_dir=tmp_path))
    app.state.parts.loop_watch = Exhausted()
    server = DrainingServer(uvicorn.Config(app, port=free_port(), lifespan="on", log_config=None), app)
    await asyncio.wait_for(server.serve(), 60)
    assert (server.started, server.has_failed) == (True, True)


HANG = f"""
import time
import server.serve as serve

serve.HANG_S = 2
tick = serve.DrainingServer.on_tick

async def hang(self, counter):
    if counter == 80:  # ten to a second: four times as long as it may hang it was alive
        print("тепер висить", flush=True)
        time.sleep(600)
    return await tick(self, counter)

serve.DrainingServer.on_tick = hang
{RUN}
"""


def test_a_process_that_hangs_ends_by_itself_and_no_other_does(tmp_path: Path) -> None:
    """Nothing in it runs any more, so nothing that it could ask for would; its supervisor starts another."""
    command = [sys.executable, "-c", HANG, "serve", "--port", str(free_port()), "--data", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "тепер висить" in ended.stdout
    assert "Timeout" in ended.stderr


async def test_a_copy_of_a_database_is_another_cluster_though_it_has_the_same_name(tmp_path: Path, database: Postgres) -> None:
    """Somebody restores a backup for a rehearsal and leaves the address of Redis as it was."""
    original = database.new_database()
    async with open_site(tmp_path / "a", database_url=original) as site:
        first = await site.parts.database.write(lambda connection: cluster_in(connection, new_id))
        assert first == await site.parts.database.write(lambda connection: cluster_in(connection, new_id))
    copy = database.url_of("rehearsal")
    made = await asyncpg.connect(database.url)
    await made.execute(f"CREATE DATABASE rehearsal TEMPLATE {original.rpartition('/')[2]}")
    await made.close()
    async with open_site(tmp_path / "b", database_url=copy) as site:
        second = await site.parts.database.write(lambda connection: cluster_in(connection, new_id))
    assert (second != first, second.split("-")[0] == first.split("-")[0]) == (True, True)


@asynccontextmanager
async def every_connection_taken(url: str) -> AsyncIterator[None]:
    """Others hold every connection of the server, and those that Zlahoda had are cut."""
    held = [await asyncpg.connect(url)]
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'zlahoda'"
    try:
        while True:
            try:
                held.append(await asyncpg.connect(url))
            except asyncpg.TooManyConnectionsError:
                if not await held[0].fetchval(cut):
                    break
        yield
    finally:
        for connection in held:
            await connection.close()


async def test_a_postgresql_without_free_connections_stops_saved_and_recovers(tmp_path: Path) -> None:
    with postgres() as server:
        await set_and_restart(server, "max_connections", "14")
        async with open_site(tmp_path, database_url=server.new_database()) as site:
            cast = await gather(site)
            async with cast.desk("drafter") as desk:
                async with every_connection_taken(server.url):
                    answer = await (await site.client()).get("/readyz")
                    assert (answer.status_code, answer.json()) == (503, {"status": "database unavailable"})
                    refusal = await cast.call("lead", "GET", "/text")
                    assert (refusal.status_code, refusal.json()["code"]) == (503, "unavailable")
                    desk.say(Update(desk.edit(lambda doc: first_text(doc).insert(0, "Їжак 🦔 "))))
                    assert (await desk.told_of("saving"))["state"] == "stopped"
                    assert True not in desk.statuses[1:]
                assert await desk.saved()
            assert (await cast.get("lead", "/text"))["units"][0]["text"].startswith("Їжак 🦔 ")
            assert (await (await site.client()).get("/readyz")).status_code == 200


async def set_and_restart(server: Postgres, name: str, value: str) -> None:
    """Another value of a setting that a server reads at its start."""
    server.stop(signal.SIGINT)
    server.command[:] = [f"{name}={value}" if part.startswith(f"{name}=") else part for part in server.command]
    server.start()
