"""What was acknowledged is there, whatever happened: killed processes, full disks, dead databases (P1)."""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.clock import now_ms
from server.db.engine import SqliteDatabase, open_database
from server.db.migrate import migrate
from server.errors import Damaged, Unavailable
from server.ids import ActId, DocumentId, Seq, UserId, new_id
from server.journal.journal import Append, Appended, Entry, Record
from server.journal.sql import SqlJournal
from tests.journal.appender import DOCUMENTS
from tests.services import Postgres, postgres

AUTHOR = UserId("a" * 32)


def appender(mode: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.journal.appender", mode, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def stored(folder: Path, document: str) -> list[Record]:
    database = open_database("", folder)
    try:
        return [record async for record in SqlJournal(database, now_ms).read_history(DocumentId(document))]
    finally:
        await database.close()


async def test_P1_kill_9_between_commits_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rng = random.Random(4711)
    saved: list[dict[int, str]] = [{} for _ in DOCUMENTS]
    for _ in range(5):
        process = appender("until-killed", tmp_path)
        assert process.stdout is not None
        for _ in range(rng.randrange(50, 400)):
            _read(process.stdout.readline(), saved)
        process.send_signal(signal.SIGKILL)
        for line in process.stdout.read().splitlines(keepends=True):
            _read(line, saved)
        process.communicate()
    for document, acknowledged in zip(DOCUMENTS, saved, strict=True):
        found = {record.seq: record.update.decode() for record in await stored(tmp_path, document)}
        assert sorted(found) == list(range(1, len(found) + 1))
        assert len(acknowledged) > 50
        assert {seq: found.get(Seq(seq)) for seq in acknowledged} == acknowledged


def _read(line: str, saved: list[dict[int, str]]) -> None:
    if line.endswith("\n"):
        _, place, seq, text = line.split()
        saved[int(place)][int(seq)] = text


async def test_J10_a_full_disk_is_unavailable_stores_nothing_by_half_and_works_again_when_there_is_room(tmp_path: Path) -> None:
    process = appender("full-disk", tmp_path)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    lines = [line.split() for line in output.splitlines()]
    assert [line[0] for line in lines].count("unavailable") == 2
    numbers = [int(line[1]) for line in lines if line[0] == "saved"]
    assert numbers == list(range(100))
    found = await stored(tmp_path, DOCUMENTS[0])
    assert [record.seq for record in found] == list(range(1, 101))
    assert [int(record.update.split()[0]) for record in found] == numbers


async def test_J12_a_file_that_is_no_database_is_damage_and_not_something_to_retry(tmp_path: Path) -> None:
    (tmp_path / "zlahoda.sqlite3").write_bytes("це не база даних ".encode() * 1000)
    database = open_database("", tmp_path)
    try:
        with pytest.raises(Damaged):
            await migrate(database)
    finally:
        await database.close()


@pytest.fixture(scope="module")
def durable_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that writes through to the disk, for tests that kill it."""
    with postgres(fsync=True) as server:
        yield server


@pytest.mark.services
async def test_P1_postgresql_killed_between_commits_loses_nothing_acknowledged_and_the_journal_recovers(
    durable_postgres: Postgres, tmp_path: Path
) -> None:
    database = open_database(durable_postgres.new_database(), tmp_path)
    try:
        await migrate(database)
        journal = SqlJournal(database, now_ms)
        act = ActId(new_id())
        head = await journal.create(act, DocumentId(act), 1)
        acknowledged: dict[int, str] = {}
        failed = 0
        enough = asyncio.Semaphore(0)

        async def write(number: int) -> None:
            nonlocal failed
            text = f"пункт {number} 📜"
            try:
                (outcome,) = await journal.append([Append(head.document, head.fence, (Entry(text.encode(), AUTHOR),))])
            except Unavailable:
                failed += 1
                return
            assert isinstance(outcome, Appended)
            acknowledged[outcome.first] = text
            if len(acknowledged) in (40, 90):
                enough.release()

        for kill_at in (40, 90):
            writing = [asyncio.ensure_future(write(number)) for number in range(60)]
            await asyncio.wait_for(enough.acquire(), 60)
            await asyncio.to_thread(durable_postgres.kill)
            await asyncio.gather(*writing)
            with pytest.raises(Unavailable):
                await journal.append([Append(head.document, head.fence, (Entry(b"nobody home", AUTHOR),))])
            await asyncio.to_thread(durable_postgres.start)
            await write(1000 + kill_at)
            assert f"пункт {1000 + kill_at} 📜" in acknowledged.values()
        assert failed
        found = {record.seq: record.update.decode() async for record in journal.read_history(head.document)}
        assert sorted(found) == list(range(1, len(found) + 1))
        assert {seq: found[Seq(seq)] for seq in acknowledged} == acknowledged
    finally:
        await database.close()


@pytest.mark.services
async def test_J10_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    database = open_database("postgresql://zlahoda@127.0.0.1:1/none", tmp_path)
    try:
        with pytest.raises(Unavailable):
            await SqlJournal(database, now_ms).read_head(DocumentId("x"))
    finally:
        await database.close()


async def test_J10_a_connection_that_cannot_be_opened_is_unavailable_to_readers_too(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "немає такої теки" / "база.sqlite3")
    with pytest.raises(Unavailable):
        await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one())
    with pytest.raises(Unavailable):
        await database.write(lambda connection: connection.execute(text("SELECT 1")).scalar_one())
    await database.close()
