"""PostgreSQL and Redis for tests: started on free ports in folders of their own, stopped by their process id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_TIMEOUT_S = 60


class ServiceMissing(Exception):
    """A program that the tests need is not installed; `make setup` installs it."""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """A started server process. `stop` and `kill` are safe to call again; `start` starts it anew on the same port and data."""

    command: list[str]
    port: int
    log: Path
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and wait until it takes connections."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=output, user=self.user, start_new_session=True)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command[0]} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process and wait for its end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(START_TIMEOUT_S)

    def kill(self) -> None:
        """End it as a power failure would."""
        self.stop(signal.SIGKILL)


@dataclass
class Postgres(Service):
    """A PostgreSQL server with trust authentication on loopback. `url` names its first database."""

    tools: Path = Path()
    databases: int = 0

    def _answers(self) -> bool:
        ready = [str(self.tools / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The plain address of one database."""
        return f"postgresql://zlahoda@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a fresh, empty database."""
        self.databases += 1
        name = f"test_{self.databases}"
        subprocess.run([self.tools / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "zlahoda", name], check=True)
        return self.url_of(name)


@contextmanager
def postgres(*, fsync: bool = False) -> Iterator[Postgres]:
    """A running PostgreSQL. Raises ServiceMissing."""
    tools = _postgres_tools()
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="zlahoda-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    made = subprocess.run(
        [tools / "initdb", "-D", data, "-U", "zlahoda", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
        capture_output=True,
        user=user,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stderr.decode(errors='replace')}")
    port = free_port()
    options = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(folder),
        "fsync": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "max_connections": "100",
        "shared_buffers": "64MB",
    }
    command = [str(tools / "postgres"), "-D", str(data), "-p", str(port)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    service = Postgres(command, port, folder / "log", user, tools=tools)
    try:
        service.start()
        yield service
    finally:
        service.stop(signal.SIGINT)  # fast shutdown: does not wait for clients
        shutil.rmtree(folder)


def _postgres_tools() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise ServiceMissing("PostgreSQL is not installed (initdb not found)")
    return Path(found).resolve().parent


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: who runs it then, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class RedisService(Service):
    """A Redis server; it can be paused as well."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def pause(self) -> None:
        """It answers nothing and loses nothing until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(which)


@contextmanager
def redis() -> Iterator[RedisService]:
    """A running Redis without persistence. Raises ServiceMissing."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise ServiceMissing("Redis is not installed (redis-server not found)")
    folder = Path(tempfile.mkdtemp(prefix="zlahoda-redis-"))
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    service = RedisService(command, port, folder / "log", None)
    try:
        service.start()
        yield service
    finally:
        service.stop()
        shutil.rmtree(folder)
