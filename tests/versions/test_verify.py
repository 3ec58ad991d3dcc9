"""`zlahoda verify` on a database and on a package: every changed byte of what it vouches for is named (I13, P4; rules V40-V54)."""

import asyncio
import io
import json
import random
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from server.cli import main
from server.db.engine import DATABASE_FILE, Database, open_database
from server.ids import DocumentId
from server.journal.compaction import Compactor
from server.versions import package
from server.versions.packaging import find_defects
from server.versions.points import Reason
from tests.site import Site, open_site
from tests.suggestions.cast import Cast, gather
from tests.versions.writing import write, write_as

VOUCHED = ("journal_rows", "history_segments", "checkpoints", "revisions", "revision_parts", "events", "client_bindings")
LAW = "# Про ґрунти 📜\n\n1. Перше речення про воду.\n\n2. Друге речення про дощ.\n"


async def lived_in(cast: Cast) -> None:
    """An act with two revisions of two parts, a compacted journal, a restore point and updates after them."""
    await cast.post("lead", "/documents", {"part": "note"})
    document = DocumentId(cast.act)
    async with cast.desk("drafter") as desk:
        for word in ("ґанок ", "під’їзд ", "дощ 📜 "):
            await write(desk, word)
        await cast.post("lead", "/revisions", {"note": "перша"})
        await Compactor(cast.site.parts.journal).compact(document)
        await cast.site.parts.points.keep(document, Reason.DAILY)
        await write(desk, "потім ")
    await write_as(cast, "second", "ще ")
    await cast.post("lead", "/revisions", {"note": "друга"})


async def test_V40_what_was_not_touched_has_no_defect(cast: Cast, site: Site) -> None:
    await cast["lead"].client.post("/api/v1/acts/import", files={"file": ("закон.md", LAW.encode())})
    await lived_in(cast)
    assert await find_defects(site.parts.database) == []


async def package_of(cast: Cast) -> bytes:
    answer = await cast.call("lead", "GET", "/export?format=zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


async def test_V50_a_package_proves_itself_and_reads_without_us(cast: Cast) -> None:
    await lived_in(cast)
    data = await package_of(cast)
    assert package.find_defects(data) == []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert {"README.txt", "SHA256SUMS", "events.jsonl", "revisions/0001/text.md", "revisions/0002/note.json"} <= names
        assert "дощ 📜" in archive.read("revisions/0001/text.md").decode()
        record = json.loads(archive.read("revisions/0002/record.json"))
        people = json.loads(archive.read("people.json"))
    told = (await cast.get("lead", "/revisions"))["items"][0]
    assert (record["hash"], record["previous_hash"], record["note"]) == (told["hash"], told["previous_hash"], "друга")
    assert people[cast["drafter"].id] == {"name": "Людина drafter@mvs.gov.ua", "body": "mvs"}


async def test_V50_only_who_may_read_the_audit_exports_the_package(cast: Cast) -> None:
    assert (await cast.refused("drafter", "/export?format=zip", None, "GET"))[0] == 403
    assert (await cast.refused("outsider", "/export?format=zip", None, "GET"))[0] == 404


async def test_I13_V51_every_sampled_byte_of_a_package_is_found(cast: Cast) -> None:
    await lived_in(cast)
    data = await package_of(cast)
    chance = random.Random(7)
    central = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x05\x06"))
    places = {chance.randrange(len(data)) for _ in range(250)} | {chance.randrange(central, len(data)) for _ in range(40)}
    for place in sorted(places):
        flipped = bytearray(data)
        flipped[place] ^= 1 << chance.randrange(8)
        assert package.find_defects(bytes(flipped)), f"byte {place} of {len(data)}"


async def test_V51_a_package_names_the_file_that_was_changed(cast: Cast) -> None:
    await lived_in(cast)
    files = package._unzip(await package_of(cast))
    for name, old, new in (
        ("revisions/0001/text.json", "ґанок".encode(), "ганок".encode()),
        ("revisions/0002/record.json", "друга".encode(), "третя".encode()),
        ("events.jsonl", b"revision.frozen", b"revision.thawed"),
        ("people.json", "Людина".encode(), "Особа!".encode()),
    ):
        changed = {**files, name: files[name].replace(old, new, 1)}
        told = [defect.where for defect in package.find_defects(package._zip(changed))]
        assert "SHA256SUMS" in told
        assert name in told
        resigned = {**changed, "SHA256SUMS": package._sums({key: data for key, data in changed.items() if key != "SHA256SUMS"})}
        if name != "people.json":
            assert package.find_defects(package._zip(resigned)), name
    without = {key: data for key, data in files.items() if not key.startswith("revisions/0002")}
    told = [f"{defect.where}: {defect.what}" for defect in package.find_defects(package._zip(without))]
    assert any("revision 2: the events tell of it, but it is missing" in line for line in told)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, "ґ".encode() * 100])
def test_V52_what_is_no_package_is_said_in_one_line(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "пакет.zip"
    file.write_bytes(data)
    assert main(["verify", str(file)]) == 1
    told = capsys.readouterr().err
    assert told.strip()
    assert "Traceback" not in told


CHANGES = [
    ("UPDATE journal_rows SET at = at + 1 WHERE seq = 6", "update"),
    ("UPDATE journal_rows SET seq = seq + 5 WHERE seq = 6", "update"),
    ("UPDATE documents SET last_seq = last_seq + 1 WHERE part = ''", "the journal ends at"),
    ("UPDATE documents SET epoch = '00000000000000ff' WHERE part = ''", "epoch"),
    ("UPDATE documents SET checkpoint_seq = 1 WHERE part = ''", "checkpoint"),
    ("UPDATE checkpoints SET seq = seq - 1", "checkpoint"),
    ("UPDATE client_bindings SET user_id = 'ffffffffffffffffffffffffffffffff' WHERE client <> 1", "client id"),
    ("UPDATE history_segments SET last_seq = last_seq + 1", "history segment"),
    ("UPDATE revisions SET note = 'інша' WHERE number = 1", "revision 1: its record was changed"),
    ("UPDATE revisions SET created_by = 'ffffffffffffffffffffffffffffffff' WHERE number = 2", "revision 2: its record was changed"),
    ("UPDATE revisions SET at = at + 1 WHERE number = 2", "revision 2: its record was changed"),
    ("UPDATE revision_parts SET seq = seq - 1 WHERE number = 2 AND part = ''", "revision 2: its record was changed"),
    ("UPDATE revision_parts SET tree_hash = content_hash WHERE number = 1 AND part = 'note'", "revision 1"),
    ("DELETE FROM revision_parts WHERE number = 2 AND part = 'note'", "revision 2"),
    ("DELETE FROM revisions WHERE number = 2", "revision 2"),
    ("UPDATE events SET actor = 'ffffffffffffffffffffffffffffffff' WHERE kind = 'revision.frozen'", "event"),
    ("DELETE FROM events WHERE seq = 2", "event"),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
async def test_V41_a_changed_field_is_named(cast: Cast, site: Site, tmp_path: Path, change: str, told: str) -> None:
    await lived_in(cast)
    await tamper(site.parts.database, tmp_path, change)
    found = [f"{defect.where}: {defect.what}" for defect in await find_defects(site.parts.database)]
    assert any(told in line for line in found), found


async def tamper(database: Database, folder: Path, change: str) -> None:
    """What somebody with the database in hand can do: no trigger and no foreign key keeps them."""
    if database.dialect == "postgresql":

        def work(connection: Connection) -> None:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(change))

        await database.write(work)
        return
    with sqlite3.connect(folder / DATABASE_FILE) as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute(change)
    raw.close()


@pytest.fixture
async def old_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that has stopped, with one act lived in."""
    folder = tmp_path_factory.mktemp("stopped")
    async with open_site(folder) as site:
        await lived_in(await gather(site))
    with sqlite3.connect(folder / DATABASE_FILE) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return folder


def dump(file: Path) -> list[object] | None:
    """Everything verify vouches for, as SQLite reads it, or None when it cannot be read."""
    raw = sqlite3.connect(file)
    try:
        return [raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in VOUCHED]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
    finally:
        raw.close()


def test_I13_V42_whatever_byte_of_the_database_file_flips_verify_is_silent_only_if_what_it_vouches_for_reads_the_same(
    old_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, whole = (old_data / DATABASE_FILE).read_bytes(), dump(old_data / DATABASE_FILE)
    assert main(["verify", "--data", str(old_data)]) == 0
    chance = random.Random(11)
    found = 0
    for place in [*places_of_values(old_data / DATABASE_FILE, data, chance), *(chance.randrange(len(data)) for _ in range(25))]:
        flipped = bytearray(data)
        flipped[place] ^= 1 << chance.randrange(8)
        folder = tmp_path / str(place)
        folder.mkdir(exist_ok=True)
        (folder / DATABASE_FILE).write_bytes(flipped)
        changed = dump(folder / DATABASE_FILE) != whole
        code = main(["verify", "--data", str(folder)])
        told = capsys.readouterr().err
        assert "Traceback" not in told
        assert code != 0 or not changed, f"byte {place} of {len(data)}"
        found += code != 0
        shutil.rmtree(folder)
    assert found >= 25


def places_of_values(file: Path, data: bytes, chance: random.Random) -> list[int]:
    """Places in the file within the values of every table that is vouched for."""
    places: list[int] = []
    raw = sqlite3.connect(file)
    for table in VOUCHED:
        values = [value for row in raw.execute(f"SELECT * FROM {table}") for value in row if isinstance(value, str | bytes)]
        found = [
            (data.find(stored), len(stored)) for value in values if len(stored := value.encode() if isinstance(value, str) else value) > 15
        ]
        held = [(start, size) for start, size in found if start >= 0]
        places += [start + chance.randrange(size) for start, size in chance.sample(held, min(6, len(held)))]
    raw.close()
    return places


def test_V43_verify_says_when_there_is_nothing_to_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "there is no database" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "немає.zip")]) == 1


async def test_V44_verify_runs_beside_a_server_that_is_being_written_to(cast: Cast, site: Site, tmp_path: Path) -> None:
    database = site.parts.database if site.parts.database.dialect == "postgresql" else open_database("", tmp_path)
    async with cast.desk("drafter") as desk:

        async def typing() -> None:
            for _ in range(20):
                await write(desk, "слово ")

        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(typing())
            while not task.done():
                assert await find_defects(database) == []
    if database is not site.parts.database:
        await database.close()
