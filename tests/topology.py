"""Several server processes on one PostgreSQL and one Redis behind the shipped balancer, on free loopback ports and without containers.

`python -m tests.topology` (`make cluster`) starts it for a person; tests and benchmarks use the same object.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.server_process import ServerProcess
from tests.services import Postgres, RedisService, Service, ServiceMissing, free_port, postgres, redis
from tests.wire_cutter import WireCutter

ROOT = Path(__file__).resolve().parent.parent
BALANCER = ROOT / "server" / "deploy" / "haproxy.cfg"
MAX_NODES = 6
"""As many as the balancer's configuration names."""


class Node(ServerProcess):
    """One server process; its lines to PostgreSQL and Redis can be cut."""

    def __init__(self, folder: Path, database: WireCutter, redis: WireCutter, url: str, environment: dict[str, str]) -> None:
        self.to_database, self.to_redis = database, redis
        own = url.replace(f":{database.target}/", f":{database.port}/")
        super().__init__(folder, database=own, redis=f"redis://127.0.0.1:{redis.port}/0", demo=False, environment=environment)

    def pause(self) -> None:
        """It does nothing, and keeps its connections, until `resume`."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        os.kill(self.pid, signal.SIGCONT)


class Topology:
    """Nodes, PostgreSQL (with fsync), Redis and HAProxy with the shipped configuration; every part can be ended and started by itself."""

    def __init__(self, database: Postgres, wire: RedisService, balancer: Service, nodes: list[Node]) -> None:
        self.postgres = database
        self.redis = wire
        self.balancer = balancer
        self.nodes = nodes

    @property
    def url(self) -> str:
        """Where people reach it: the balancer."""
        return f"http://127.0.0.1:{self.balancer.port}"

    def sync_url(self, act: str) -> str:
        """Where Hocuspocus clients of an act connect, as the web client does."""
        return f"ws://127.0.0.1:{self.balancer.port}/sync?act={act}"

    def start(self) -> None:
        """Start what is down, nodes one after the other."""
        for node in self.nodes:
            if not node.is_running:
                node.start()

    def stop(self) -> None:
        """Stop the nodes that run."""
        for node in self.nodes:
            if node.is_running:
                node.stop()


@contextmanager
def topology(folder: Path, nodes: int = 2, environment: dict[str, str] | None = None, *, start: bool = True) -> Iterator[Topology]:
    """A running topology on a fresh database. Raises ServiceMissing."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres(fsync=True))
        wire = stack.enter_context(redis())
        url = database.new_database()
        made: list[Node] = []
        for number in range(1, nodes + 1):
            lines = [stack.enter_context(WireCutter(port)) for port in (database.port, wire.port)]
            made.append(Node(folder / f"вузол-{number}", lines[0], lines[1], url, environment or {}))
        balancer = _balancer(folder, made)
        running = Topology(database, wire, balancer, made)
        stack.callback(running.stop)
        if start:
            running.start()
        balancer.start()
        stack.callback(balancer.stop)
        yield running


def _balancer(folder: Path, nodes: list[Node]) -> Service:
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if program is None:
        raise ServiceMissing("HAProxy is not installed (haproxy not found)")
    port = free_port()
    settings = {"ZLAHODA_BIND": f"127.0.0.1:{port}"}
    settings |= {f"ZLAHODA_NODE_{number}": f"127.0.0.1:{node.port}" for number, node in enumerate(nodes, 1)}
    command = ["/usr/bin/env", *(f"{name}={value}" for name, value in settings.items()), program, "-db", "-f", str(BALANCER)]
    return Service(command, port, folder / "balancer.log", None)


def main() -> int:
    """Run it for a person until Ctrl+C."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    if not 1 <= count <= MAX_NODES:
        print(f"usage: python -m tests.topology [NODES: 1 to {MAX_NODES}]", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="zlahoda-cluster-"))
    password = secrets.token_urlsafe(12)
    try:
        with topology(folder, count, {"ZLAHODA_TRUSTED_PROXIES": "127.0.0.1"}) as running:
            running.nodes[0].add_user("admin@cluster.example", "Адміністратор", "skmu", password, "admin")
            running.nodes[0].add_user("drafter@cluster.example", "Розробниця", "mvs", password)
            print(f"{running.url}   sign in as drafter@cluster.example or admin@cluster.example, password {password}")
            print(f"nodes {' '.join(node.url for node in running.nodes)}\n{running.postgres.url}\n{running.redis.url}")
            print(f"logs in {folder}; Ctrl+C ends it and forgets everything", flush=True)
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except (ServiceMissing, subprocess.CalledProcessError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
