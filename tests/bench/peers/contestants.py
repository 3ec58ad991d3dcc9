"""The servers that are compared, each as its documentation starts it, pinned to the first core."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx2
import psutil

from server.clock import now_ms
from server.db.engine import open_database
from server.ids import DocumentId, UserId
from server.journal.compaction import Compactor
from server.journal.journal import Append, Entry
from server.journal.sql import SqlJournal
from tests.bench.peers.install import HERE, cache, node_home
from tests.bench.peers.wire import Dialect
from tests.server_process import ServerProcess, free_port

SERVER_CORE, GENERATOR_CORE = 0, 1
START_TIMEOUT_S = 60
_SESSIONS = 50
"""Clients come by so many sessions, in turn."""

LIMITS = {
    "ZLAHODA_MAX_CONNECTIONS_PER_USER": "20000",
    "ZLAHODA_MAX_UPDATES_PER_SECOND": "1000000",
    "ZLAHODA_ROOM_IDLE_SECONDS": "600",
    "ZLAHODA_LOG_LEVEL": "warning",
}
"""Every limit stays on; two are raised, because one generator plays thousands of people and types as fast as a server takes it."""


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """What is started inside runs on one core only, where there are two."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True, slots=True)
class Usage:
    """Of a server and its children: processor seconds since it started, resident bytes now."""

    cpu_s: float
    rss_bytes: int


class Contestant(Protocol):
    """A server under test. Started and stopped again and again on the same data."""

    @property
    def name(self) -> str: ...

    @property
    def persists(self) -> bool: ...

    @property
    def is_ours(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def remove(self) -> None: ...

    def usage(self) -> Usage: ...

    def documents(self, count: int, seed: bytes) -> list[str]:
        """So many documents with this content; where a server makes them on first use, the seed is for the first client to send."""
        ...

    def dialect(self, document: str, number: int) -> Dialect:
        """How client `number` addresses it."""
        ...


def usage_of(pids: Sequence[int]) -> Usage:
    """Of processes and all their children."""
    cpu, rss = 0.0, 0
    for pid in pids:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            cpu += times.user + times.system
            rss += one.memory_info().rss
    return Usage(cpu, rss)


class Zlahoda:
    """Ours, with everything on: signing in, rights, the guard, the journal with a commit before anybody sees an edit, limits."""

    name, persists, is_ours = "Zlahoda", True, True

    def __init__(self, database: str = "", redis: str = "", nodes: int = 1) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="zlahoda-bench-"))
        self._database = database
        self._nodes = [
            ServerProcess(self._folder / str(number) if database else self._folder, database=database, redis=redis, environment=LIMITS)
            for number in range(nodes)
        ]
        self._tokens: list[str] = []
        self._author = UserId("")

    def start(self) -> None:
        with pinned(SERVER_CORE):
            for node in self._nodes:
                node.start()
        if not self._tokens:
            with self._http() as http:
                said = {"demo": "drafter-mvs", "token": True}
                tokens = []
                for _ in range(_SESSIONS):
                    tokens.append(http.post("/session", json=said).raise_for_status().json()["token"])
                    http.cookies.clear()  # each comes as somebody new
                self._tokens = tokens
            with self._http() as http:
                self._author = UserId(http.get("/me").json()["id"])

    def _http(self) -> httpx2.Client:
        """One connection for many requests."""
        headers = {"authorization": f"Bearer {self._tokens[0]}"} if self._tokens else {}
        return httpx2.Client(base_url=f"{self._nodes[0].url}/api/v1", headers=headers, timeout=60)

    def stop(self) -> None:
        for node in self._nodes:
            if node.is_running:
                node.stop()

    def remove(self) -> None:
        """Its data."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def usage(self) -> Usage:
        return usage_of([node.pid for node in self._nodes])

    def documents(self, count: int, seed: bytes) -> list[str]:
        with self._http() as http:
            made = [http.post("/acts", json={"title": f"Акт {number}", "kind": "postanova"}) for number in range(count)]
        acts = [answer.raise_for_status().json()["id"] for answer in made]
        asyncio.run(self.write(acts, [seed], compact=False))
        return acts

    async def write(self, documents: Sequence[str], updates: Sequence[bytes], *, compact: bool) -> None:
        """Into the journal, as its drafter's, while nobody has the documents open."""
        database = open_database(self._database, self._folder)
        journal = SqlJournal(database, now_ms)
        for document in map(DocumentId, documents):
            head = await journal.read_head(document)
            for start in range(0, len(updates), 128):
                entries = tuple(Entry(update, self._author) for update in updates[start : start + 128])
                await journal.append([Append(document, head.fence, entries)])
            if compact:
                await Compactor(journal).compact(document)
        await database.close()

    async def commit_ms(self, document: str) -> float:
        """What one commit of one small update costs on this machine's disk, in milliseconds."""
        database = open_database(self._database, self._folder)
        journal = SqlJournal(database, now_ms)
        head = await journal.read_head(DocumentId(document))
        share = Append(DocumentId(document), head.fence, (Entry(bytes(64), self._author),))
        times = []
        for _ in range(100):
            begun = time.perf_counter()
            await journal.append([share])
            times.append(time.perf_counter() - begun)
        await database.close()
        return 1000 * sorted(times)[50]

    def dialect(self, document: str, number: int) -> Dialect:
        node = self._nodes[number % len(self._nodes)]
        return Dialect(node.port, document, hocuspocus=True, path="/sync", token=self._tokens[number % len(self._tokens)])


class Program:
    """A peer: one process, documents made on first use, no signing in."""

    is_ours = False

    def __init__(
        self, name: str, *, hocuspocus: bool, persists: bool, command: Callable[[], list[str]], folder: str, variable: str
    ) -> None:
        self.name = name
        self.persists = persists
        self._hocuspocus = hocuspocus
        self._command = command
        self._home = cache() / folder
        self._variable = variable
        self._data = Path(tempfile.mkdtemp(prefix="zlahoda-peer-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._port = free_port()

    def start(self) -> None:
        inherited = os.environ  # noqa: TID251 - for the child
        environment = {**inherited, "PORT": str(self._port), "HOST": "127.0.0.1", "NODE_ENV": "production"}
        if self.persists:
            environment[self._variable] = str(self._data / "store")
        with pinned(SERVER_CORE), (self._data / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), cwd=self._home, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start:\n{(self._data / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def _listens(self) -> bool:
        assert self._process is not None
        return any(
            found.laddr.port == self._port for found in psutil.Process(self._process.pid).net_connections("tcp") if found.status == "LISTEN"
        )

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(30)

    def remove(self) -> None:
        """Its data."""
        shutil.rmtree(self._data, ignore_errors=True)

    def usage(self) -> Usage:
        assert self._process is not None
        return usage_of([self._process.pid])

    def documents(self, count: int, seed: bytes) -> list[str]:
        stamp = time.monotonic_ns()
        return [f"act-{stamp}-{number}" for number in range(count)]

    def dialect(self, document: str, number: int) -> Dialect:
        return Dialect(self._port, document, hocuspocus=self._hocuspocus)


def hocuspocus(*, persists: bool) -> Program:
    """@hocuspocus/server with its defaults."""
    name = "Hocuspocus + SQLite" if persists else "Hocuspocus"
    command = [str(node_home() / "bin/node"), str(HERE / "hocuspocus.mjs")]
    return Program(name, hocuspocus=True, persists=persists, command=lambda: command, folder="hocuspocus", variable="DATABASE")


def y_websocket(*, persists: bool) -> Program:
    """The server that came with y-websocket 2.1, with LevelDB when it persists."""
    name = "y-websocket + LevelDB" if persists else "y-websocket"
    command = [str(node_home() / "bin/node"), "node_modules/y-websocket/bin/server.cjs"]
    return Program(name, hocuspocus=False, persists=persists, command=lambda: command, folder="y-websocket", variable="YPERSISTENCE")


def pycrdt_websocket(*, persists: bool) -> Program:
    """pycrdt-websocket under uvicorn, with its SQLiteYStore when it persists."""
    name = "pycrdt-websocket + SQLite" if persists else "pycrdt-websocket"
    command = [str(cache() / "pycrdt/bin/python"), str(HERE / "pycrdt_server.py")]
    return Program(name, hocuspocus=False, persists=persists, command=lambda: command, folder="pycrdt", variable="DATABASE")
