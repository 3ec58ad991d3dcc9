"""The commands that work on a server's data; `cli.py` parses what they are given and reports what they raise."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from server.access.roles import GlobalRole
from server.accounts.model import NewPerson
from server.accounts.service import SYSTEM_USER
from server.app import Parts, build_app, prepare
from server.backup.archive import Reader
from server.backup.restoring import restore_into, restore_into_folder
from server.backup.writing import write_backup
from server.clock import now_ms
from server.db.engine import DATABASE_FILE, Database, open_database
from server.errors import InvalidInput, NotFound, ZlahodaError
from server.ids import BodyCode
from server.serve import serve as serve_until_stopped
from server.settings import Settings
from server.versions import package
from server.versions.chain import Defect
from server.versions.packaging import find_defects

T = TypeVar("T")


def run(name: str, given: argparse.Namespace) -> int:
    """Do one of the commands; returns the exit code. Raises ZlahodaError, also for what the database says, and OSError."""
    try:
        return _COMMANDS[name](given)
    except SQLAlchemyError as error:
        raise ZlahodaError(str(error).strip().partition("\n")[0] or type(error).__name__) from error


def _settings(given: argparse.Namespace) -> Settings:
    storage = {"data_dir": given.data, "database_url": "" if given.data is not None else given.database}
    names = {"host": "host", "port": "port", "redis": "redis_url", "demo": "demo"}
    return Settings.from_environment(**storage, **{field: getattr(given, name, None) for name, field in names.items()})


def _verify(given: argparse.Namespace) -> int:
    if given.package is not None:
        return _tell(package.find_defects(given.package.read_bytes()))
    return _tell(asyncio.run(_defects_of(_existing(given))))


def _existing(given: argparse.Namespace) -> Settings:
    """Settings of data that is there. Raises NotFound: nothing is made by asking for it."""
    settings = _settings(given)
    if not settings.database_url and not (settings.data_dir / DATABASE_FILE).exists():
        raise NotFound(f"there is no database in {settings.data_dir}")
    return settings


def _tell(defects: Sequence[Defect]) -> int:
    for defect in defects:
        print(f"{defect.where}: {defect.what}", file=sys.stderr)
    if not defects:
        print("Everything is as it was written.")
    return 1 if defects else 0


def _backup(given: argparse.Namespace) -> int:
    settings = _existing(given)
    manifest = asyncio.run(_with_database(settings, partial(write_backup, path=given.file, clock=now_ms)))
    rows = sum(member.rows for member in manifest.members)
    print(f"{given.file}: {rows} rows of {len(manifest.members)} tables, {given.file.stat().st_size} bytes")
    return 0


def _restore(given: argparse.Namespace) -> int:
    settings = _settings(given)
    with given.file.open("rb") as file:
        reader = Reader(file)
        if settings.database_url:
            restoring = _with_database(settings, partial(restore_into, reader=reader, clock=now_ms))
            manifest, kept = asyncio.run(restoring), None
        else:
            manifest, kept = restore_into_folder(settings.data_dir, reader, now_ms, replace=given.replace)
    taken = datetime.fromtimestamp(manifest.taken_at / 1000, UTC)
    print(f"Restored as of {taken:%Y-%m-%d %H:%M:%S} UTC." + (f" The database that was there is now {kept}." if kept else ""))
    return _tell(asyncio.run(_defects_of(settings)))


async def _with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    database = open_database(settings.database_url, settings.data_dir)
    try:
        return await work(database)
    finally:
        await database.close()


async def _defects_of(settings: Settings) -> list[Defect]:
    return await _with_database(settings, find_defects)


def _serve(given: argparse.Namespace) -> int:
    return serve_until_stopped(_settings(given))


def _add_user(given: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InvalidInput("the password on standard input is empty")
    new = NewPerson(
        email=given.email,
        name=given.name,
        position=given.position,
        body=BodyCode(given.body),
        role=GlobalRole(given.role),
        password=password,
    )

    async def add(parts: Parts) -> None:
        person = await parts.accounts.create(new)
        print(f"{person.email} {person.id}")

    return _with_parts(_settings(given), add)


def _token(given: argparse.Namespace) -> int:
    if given.days is not None and not 1 <= given.days <= 3650:
        raise InvalidInput("--days: a number from 1 to 3650 is expected")

    async def make(parts: Parts) -> None:
        person = await parts.accounts.find_by_email(given.email)
        if person is None:
            raise NotFound(f"there is no account with the e-mail {given.email}")
        if person.disabled_at is not None:
            raise NotFound(f"the account {given.email} is disabled")
        _, secret = await parts.auth.create_token(person.id, given.name[:100], days=given.days, by=SYSTEM_USER)
        print(secret)

    return _with_parts(_settings(given), make)


def _with_parts(settings: Settings, work: Callable[[Parts], Awaitable[None]]) -> int:
    """Do some work on the same data as a running server, which need not stop."""

    async def run() -> None:
        parts: Parts = build_app(settings).state.parts
        try:
            await prepare(parts)
            await work(parts)
        finally:
            parts.passwords.close()
            await parts.database.close()

    asyncio.run(run())
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": _serve,
    "add_user": _add_user,
    "token": _token,
    "verify": _verify,
    "backup": _backup,
    "restore": _restore,
}
