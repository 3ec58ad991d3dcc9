"""One way to run SQL on SQLite and PostgreSQL: plain synchronous functions of a SQLAlchemy connection.

SQLite runs them in threads (one writer, a few readers), PostgreSQL over asyncpg in the event loop. A store is therefore
written once, as functions of `Connection`, and knows neither. A failing disk, server or network is `errors.Unavailable`
for every caller; what is wrong with the SQL itself stays SQLAlchemy's exception.
"""

import asyncio
import math
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from server.db.prepared import Prepared
from server.errors import ConfigurationError, Damaged, Unavailable

T = TypeVar("T")
Work = Callable[[Connection], T]

_BEGIN = Prepared(text("BEGIN"))
_BEGIN_IMMEDIATE = Prepared(text("BEGIN IMMEDIATE"))
_TAKE_TIME = text("SET LOCAL idle_in_transaction_session_timeout = 0")
_CONNECT_TIMEOUT_S = 10
_COMMAND_TIMEOUT_S = 30
_USED_AT = "used_at"
_POSTGRES_SETTINGS = {
    "synchronous_commit": "on",
    "application_name": "zlahoda",
    # A machine that went without a word (power, a cut line) leaves its locks behind: nobody could write to its documents for hours.
    "idle_in_transaction_session_timeout": "20s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
}


class Database(Protocol):
    """Runs work in transactions.

    Raises what the work raises, Unavailable when storage fails (nothing is stored then; but when the connection breaks
    during PostgreSQL's commit the work may have been stored unseen), and Damaged when the file is no database any more.
    """

    dialect: str

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that sees one consistent state and writes nothing."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction; when this returns, what it wrote is on disk."""
        ...

    async def close(self) -> None:
        """Wait for running work and release every connection."""
        ...


DATABASE_FILE = "zlahoda.sqlite3"
"""The SQLite database in the data directory."""


class SqliteDatabase:
    """SQLite in one file: WAL, `synchronous=FULL`, one writing thread, so that writes never wait for each other's locks."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(
            f"sqlite:///{path}",
            poolclass=QueuePool,
            pool_size=5,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"timeout": 10, "check_same_thread": False},
        )
        event.listen(self._engine, "connect", _set_up_sqlite)
        self._writing: Connection | None = None
        self._writer = _WritingThread()
        self._readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sqlite-reader")

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Work[T]) -> T:
        return await self._writer.run(partial(self._write, work))

    def _read(self, work: Work[T]) -> T:
        try:
            with self._engine.connect() as connection:
                return self._run(connection, _BEGIN, work)
        except PoolTimeoutError as error:
            raise Unavailable("no free connection to the database") from error
        except DBAPIError as error:  # while opening a connection: a full disk refuses that as well
            raise _storage_failure(error) or error from error

    def _write(self, work: Work[T]) -> T:
        """In the writing thread, which keeps its connection from one transaction to the next."""
        try:
            if self._writing is None:
                self._writing = self._engine.connect()
            return self._run(self._writing, _BEGIN_IMMEDIATE, work)
        except (Unavailable, Damaged):
            self._writing = None
            raise
        except DBAPIError as error:
            raise _storage_failure(error) or error from error

    def _run(self, connection: Connection, begin: Prepared, work: Work[T]) -> T:
        try:
            connection.begin()
            begin.run(connection, {})
            result = work(connection)
            connection.commit()
        except DBAPIError as error:
            failure = _storage_failure(error)
            if failure is None:
                connection.rollback()
                raise
            connection.invalidate()  # a connection that met a failing disk may keep a broken state
            connection.close()
            raise failure from error
        except BaseException:
            connection.rollback()
            raise
        return result

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._readers.shutdown)
        if self._writing is not None:
            self._writing.close()
        self._engine.dispose()


_Ordered = tuple[Callable[[], Any], asyncio.AbstractEventLoop, asyncio.Future[Any]]  # Any: what the work returns


class _WritingThread:
    """One thread that runs what it is given, in order. Half the CPU of an executor per call, and every edit pays it."""

    def __init__(self) -> None:
        self._work: SimpleQueue[_Ordered | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. When the caller is cancelled the work is done all the same."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[T] = loop.create_future()
        self._work.put((work, loop, answered))
        return await answered

    def _run(self) -> None:
        while (ordered := self._work.get()) is not None:
            work, loop, answered = ordered
            result, error = None, None
            try:
                result = work()
            except BaseException as raised:  # noqa: BLE001 - it is raised in the caller
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer, answered, result, error)
            del ordered, work, answered, result, error  # nothing is kept until the next

    def close(self) -> None:
        """Return when everything given has been done."""
        self._work.put(None)
        self._thread.join()


def _answer(answered: asyncio.Future[T], result: T, error: BaseException | None) -> None:
    if answered.cancelled():
        return
    if error is None:
        answered.set_result(result)
    else:
        answered.set_exception(error)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # Any: sqlite3's connection, through SQLAlchemy's event
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's implicit transactions start too late
    cursor = connection.cursor()
    # to wait comes first: of two that start at once on a new file, one makes it a WAL file while the other asks for the same
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class PostgresDatabase:
    """PostgreSQL over asyncpg, `synchronous_commit=on`."""

    dialect = "postgresql"

    def __init__(self, url: str, pool_size: int = 10, trusted_s: float = 5) -> None:
        """A connection that worked `trusted_s` ago is used without asking whether it still does."""
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - half of SQLAlchemy, which SQLite starts without

        self._engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            hide_parameters=True,  # a log never holds document text
            connect_args={
                "timeout": _CONNECT_TIMEOUT_S,
                "command_timeout": _COMMAND_TIMEOUT_S,
                "server_settings": _POSTGRES_SETTINGS,
            },
        )
        event.listen(self._engine.sync_engine, "checkout", partial(_trust, trusted_s, self._engine.dialect))
        event.listen(self._engine.sync_engine, "checkin", _note_use)

    async def read(self, work: Work[T]) -> T:
        return await self._run("REPEATABLE READ", work)

    async def write(self, work: Work[T]) -> T:
        return await self._run("READ COMMITTED", work)

    async def _run(self, isolation: Any, work: Work[T]) -> T:  # Any: SQLAlchemy's literal of isolation levels
        try:
            async with self._engine.connect() as connection:
                try:
                    if isolation != "READ COMMITTED":
                        await connection.execution_options(isolation_level=isolation)
                    async with connection.begin():
                        return await connection.run_sync(work)
                except (OSError, TimeoutError):
                    await connection.invalidate()
                    raise
        except DBAPIError as error:
            raise _storage_failure(error) or error from error
        except (OSError, TimeoutError, PoolTimeoutError) as error:
            raise Unavailable(f"the database does not answer: {error}") from error

    async def close(self) -> None:
        await self._engine.dispose()


def _trust(trusted_s: float, dialect: Any, connection: Any, record: Any, _proxy: object) -> None:  # Any: SQLAlchemy's, through its event
    """Before its use a pooled connection is asked whether it still works, unless it was in use just now.

    SQLAlchemy's own `pool_pre_ping` asks each time, and with asyncpg that is three journeys: as many as an edit's own. What
    the server ended the driver knows without asking; only a line that was cut without a word has to be asked about.
    """
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError
    if time.monotonic() - record.info.get(_USED_AT, math.inf) <= trusted_s:
        return
    try:
        dialect.do_ping(connection)
    except (dialect.dbapi.Error, OSError, TimeoutError) as error:
        raise InvalidatePoolError from error


def _note_use(connection: Any, record: Any) -> None:  # Any: SQLAlchemy's, through its event
    if connection is not None:  # else it was given up
        record.info[_USED_AT] = time.monotonic()


def take_time(connection: Connection) -> None:
    """Let this transaction do other things between its statements for as long as it likes: a backup compresses and writes there."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TIME)


_SQLITE_STORAGE = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    )
)
_SQLITE_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
_POSTGRES_STORAGE = frozenset(("08", "25", "40", "53", "55", "57", "58", "XX"))  # classes of SQLSTATE, PostgreSQL appendix A
_POSTGRES_DAMAGED = frozenset(("XX001", "XX002"))


def _storage_failure(error: DBAPIError) -> Unavailable | Damaged | None:
    """What a database error means for the caller, or None when the statement itself was wrong."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the primary code, https://sqlite.org/rescode.html
        if code in _SQLITE_DAMAGED:
            return Damaged(str(cause))
        return Unavailable(str(cause)) if code in _SQLITE_STORAGE else None
    state = getattr(cause, "sqlstate", None) or ""
    if state in _POSTGRES_DAMAGED:
        return Damaged(str(cause))
    if error.connection_invalidated or state[:2] in _POSTGRES_STORAGE or (not state and isinstance(error, InterfaceError)):
        return Unavailable(str(cause))
    return None


def open_database(url: str, data_dir: Path) -> SqliteDatabase | PostgresDatabase:
    """The database that `url` names; an empty one is SQLite in `data_dir`, which is made if it is missing.

    Raises ConfigurationError for an address that is not a plain `postgresql://user@host:port/name`.
    """
    if not url:
        data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteDatabase(data_dir / DATABASE_FILE)
    try:
        scheme = make_url(url).drivername
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise ConfigurationError("the database address is not of the form postgresql://user@host:port/name") from error
    if scheme not in {"postgresql", "postgres"}:
        raise ConfigurationError(f"the database address starts with {scheme}://, expected postgresql://")
    return PostgresDatabase(url)
