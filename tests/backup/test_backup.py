"""Everything a server holds goes into one file and comes back whole on either database; a damaged file changes nothing."""

import asyncio
import hashlib
import resource
import signal
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from server.backup.archive import Reader
from server.backup.restoring import restore_into, restore_into_folder
from server.backup.writing import LEFT_OUT, write_backup
from server.clock import now_ms
from server.db.engine import DATABASE_FILE, Database, open_database
from server.db.tables import metadata
from server.errors import Conflict, InvalidInput, NotFound
from server.ids import DocumentId
from server.versions.packaging import find_defects
from tests.approval.cast import gather
from tests.approval.test_seal import adopted, named
from tests.services import Postgres
from tests.site import Site, open_site

WORDS = "Проєкт 👩🏽‍⚖️ \u202eзворотний\u202c ґ\n"
NewAddress = Callable[[str], str]


@pytest.fixture
def new_address(request: pytest.FixtureRequest) -> NewAddress:
    """The address of a fresh database of a kind; "" for SQLite."""

    def make(kind: str) -> str:
        server: Postgres | None = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
        return server.new_database() if server else ""

    return make


@asynccontextmanager
async def opened(address: str, folder: Path) -> AsyncIterator[Database]:
    database = open_database(address, folder)
    try:
        yield database
    finally:
        await database.close()


async def fill(site: Site) -> str:
    """A sealed act with rounds, positions and papers, and one that is being written; returns the id of the latter."""
    sealed = await gather(site)
    revision = await adopted(sealed)
    await sealed.post("lead", "/seal", named(revision))
    draft = await site.browser("lead@mvs.gov.ua")
    answer = await draft.post("/api/v1/acts", json={"title": WORDS.strip(), "kind": "postanova"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def content(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a backup holds, without what a restore is meant to change."""
    found = {}
    for table in metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        columns = [
            column for column in table.columns if (table.name, column.name) not in {("documents", "epoch"), ("documents", "replaced")}
        ]
        query = select(*columns).order_by(*table.primary_key.columns)
        if table.name == "events":
            query = query.where(table.c.kind != "system.restored")
        found[table.name] = [tuple(row) for row in connection.execute(query)]
    return found


def epochs(connection: Connection) -> set[str]:
    return {row.epoch for row in connection.execute(select(metadata.tables["documents"].c.epoch))}


@pytest.mark.services
@pytest.mark.parametrize(("source", "target"), [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite")])
async def test_what_was_backed_up_comes_back_whole_on_either_database(
    tmp_path: Path, new_address: NewAddress, source: str, target: str
) -> None:
    before, after, file = new_address(source), new_address(target), tmp_path / "резерв.zip"
    async with open_site(tmp_path / "було", database_url=before) as site:
        draft = DocumentId(await fill(site))
        await write_backup(site.parts.database, file, site.clock)
        held = await site.parts.database.read(content)
        old = await site.parts.database.read(epochs)
        head = await site.parts.journal.read_head(draft)
    with file.open("rb") as opened_file:
        async with opened(after, tmp_path / "стало") as database:
            await restore_into(database, Reader(opened_file), now_ms)
            assert await find_defects(database) == []
            assert await database.read(content) == held
            assert not await database.read(epochs) & old, "clients must learn that this is another history (D8b)"
    async with open_site(tmp_path / "стало", database_url=after) as site:
        assert (await site.parts.journal.read_head(draft)).last_seq == head.last_seq
        await site.browser("lead@mvs.gov.ua")  # people sign in as before


async def test_the_file_is_for_its_owner_only_and_holds_no_sessions(tmp_path: Path) -> None:
    file = tmp_path / "резерв.zip"
    async with open_site(tmp_path / "було") as site:
        await fill(site)
        manifest = await write_backup(site.parts.database, file, site.clock)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not {member.table for member in manifest.members} & LEFT_OUT
    assert names_in(tmp_path) == sorted(["було", file.name])


async def test_a_full_disk_leaves_the_older_backup_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "резерв.zip"
    file.write_text("учорашній")
    async with open_site(tmp_path / "було") as site:
        await fill(site)
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
        try:
            with pytest.raises(OSError, match="File too large"):
                await write_backup(site.parts.database, file, site.clock)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
            signal.signal(signal.SIGXFSZ, ignored)
    assert file.read_text() == "учорашній"
    assert names_in(tmp_path) == sorted(["було", file.name])


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of a server with two acts."""
    folder = tmp_path_factory.mktemp("резерв")

    async def make() -> None:
        async with open_site(folder) as site:
            await fill(site)
            await write_backup(site.parts.database, folder / "b.zip", site.clock)

    asyncio.run(make())
    return (folder / "b.zip").read_bytes()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents_of(backup: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(backup)) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


@pytest.mark.parametrize("seed", range(6))
def test_a_flipped_bit_or_a_cut_is_refused_or_harmless(backup: bytes, seed: int) -> None:
    chance, whole = Random(seed), contents_of(backup)
    for _ in range(60):
        damaged = bytearray(backup)
        place = chance.randrange(len(backup))
        if chance.random() < 0.9:
            damaged[place] ^= 1 << chance.randrange(8)
        else:
            del damaged[place:]
        try:
            Reader(BytesIO(bytes(damaged))).prove()
        except InvalidInput:
            continue
        assert contents_of(bytes(damaged)) == whole, f"at {place} of {len(backup)}"


@pytest.mark.parametrize("rubbish", [b"", "не архів".encode(), b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_told_so(rubbish: bytes) -> None:
    with pytest.raises(InvalidInput, match="no backup"):
        Reader(BytesIO(rubbish))


def test_a_damaged_backup_leaves_the_folder_and_what_is_in_it_as_they_were(backup: bytes, tmp_path: Path) -> None:
    damaged = bytearray(backup)
    damaged[backup.index(b"tables/events.jsonl") + 400] ^= 1
    (tmp_path / DATABASE_FILE).write_text("стара база")
    with pytest.raises(InvalidInput, match=r"tables/events\.jsonl"):
        restore_into_folder(tmp_path, Reader(BytesIO(bytes(damaged))), now_ms, replace=True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(DATABASE_FILE, "стара база")]


def test_a_database_that_is_there_is_set_aside_only_when_told_so(backup: bytes, tmp_path: Path) -> None:
    restore_into_folder(tmp_path, Reader(BytesIO(backup)), now_ms, replace=False)
    first = (tmp_path / DATABASE_FILE).read_bytes()
    with pytest.raises(Conflict, match="--replace"):
        restore_into_folder(tmp_path, Reader(BytesIO(backup)), now_ms, replace=False)
    _, kept = restore_into_folder(tmp_path, Reader(BytesIO(backup)), now_ms, replace=True)
    assert kept is not None
    assert kept.read_bytes() == first
    assert names_in(tmp_path) == [DATABASE_FILE, kept.name]


async def test_a_database_that_a_server_has_open_is_not_taken_from_it(backup: bytes, tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        await site.add_person("oksana@mvs.gov.ua")
        with pytest.raises(Conflict, match="stop it first"):
            await asyncio.to_thread(restore_into_folder, tmp_path, Reader(BytesIO(backup)), now_ms, replace=True)
        assert await site.parts.accounts.find_by_email("oksana@mvs.gov.ua")


@pytest.mark.services
async def test_a_postgresql_database_that_is_not_empty_is_left_alone(backup: bytes, tmp_path: Path, new_address: NewAddress) -> None:
    address = new_address("postgresql")
    async with open_site(tmp_path, database_url=address) as site:
        await site.add_person("oksana@mvs.gov.ua")
        with pytest.raises(Conflict, match="not empty"):
            await restore_into(site.parts.database, Reader(BytesIO(backup)), now_ms)
        assert await site.parts.accounts.find_by_email("oksana@mvs.gov.ua")


def test_a_backup_of_a_newer_version_names_it(backup: bytes, tmp_path: Path) -> None:
    newer = BytesIO()
    with zipfile.ZipFile(BytesIO(backup)) as source, zipfile.ZipFile(newer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'"revision": "0', b'"revision": "9') if name == "backup.json" else content)
    with pytest.raises(InvalidInput, match="newer schema 9"):
        restore_into_folder(tmp_path, Reader(newer), now_ms, replace=False)
    assert not (tmp_path / DATABASE_FILE).exists()


async def test_a_folder_without_a_database_is_no_empty_backup(tmp_path: Path) -> None:
    async with opened("", tmp_path) as database:
        with pytest.raises(NotFound, match="holds no Zlahoda"):
            await write_backup(database, tmp_path / "b.zip", now_ms)
    assert not [name for name in names_in(tmp_path) if name.startswith("b.zip")]
