"""What is hurt in a drill: server processes, whatever stands around them, and the lines by which clients come in."""

import random
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.server_process import Client, ServerProcess
from tests.topology import Topology, topology
from tests.wire_cutter import WireCutter

SETTINGS = {
    "ZLAHODA_TRUSTED_PROXIES": "127.0.0.1",
    "ZLAHODA_MAX_CONNECTIONS_PER_USER": "5000",
    "ZLAHODA_MAX_UPDATES_PER_SECOND": "100000",
}
PEOPLE = {"lead@drill.example": "mvs", "colleague@drill.example": "minjust"}


@dataclass
class Stage:
    """`doors`: the first is the way everybody takes (the balancer, where there is one), then one past it to each node."""

    nodes: list[ServerProcess]
    doors: list[WireCutter]
    folder: Path
    cluster: Topology | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)

    def sync_url(self, door: int, kind: str, act: str) -> str:
        """Where a client of one kind connects through one door."""
        address = f"ws://127.0.0.1:{self.doors[door].port}/sync"
        return address if kind == "y-websocket" else f"{address}?act={act}"

    def client(self, person: str, node: int = 0) -> Client:
        """The API of one node in somebody's name, past every door."""
        client = Client(self.nodes[node].url)
        client.token = self.tokens[person]
        return client

    def cut_clients(self) -> None:
        """No client reaches anything until `heal_clients`."""
        for door in self.doors:
            door.cut()

    def heal_clients(self) -> None:
        """Every door is open again."""
        for door in self.doors:
            door.heal()

    def start_nodes(self) -> None:
        """What a supervisor does: start whatever process has ended."""
        for node in self.nodes:
            if not node.is_running:
                node.start()

    def new_errors(self) -> list[str]:
        """Lines of the level `error`, and tracebacks, that the nodes logged since this was asked last."""
        found: list[str] = []
        for number, node in enumerate(self.nodes):
            log = node.read_log()
            lines = log[self.read.get(number, 0) :].splitlines()
            self.read[number] = len(log)
            found += [line for line in lines if '"level": "error"' in line or line.startswith("Traceback")]
        return found


@contextmanager
def cluster_stage(folder: Path, nodes: int = 2) -> Iterator[Stage]:
    """A topology with doors before the balancer and each node."""
    with ExitStack() as stack:
        cluster = stack.enter_context(topology(folder, nodes, SETTINGS))
        ports = [cluster.balancer.port, *(node.port for node in cluster.nodes)]
        doors = [stack.enter_context(WireCutter(port)) for port in ports]
        stage = Stage(list(cluster.nodes), doors, folder, cluster)
        sign_in(stage)
        yield stage


@contextmanager
def single_stage(folder: Path) -> Iterator[Stage]:
    """One node on SQLite."""
    with ServerProcess(folder, demo=False, environment=SETTINGS) as node, WireCutter(node.port) as door:
        stage = Stage([node], [door, door], folder)
        sign_in(stage)
        yield stage


def sign_in(stage: Stage) -> None:
    """Make the people of the drills and their tokens."""
    password = secrets.token_urlsafe(12)
    for email, body in PEOPLE.items():
        stage.nodes[0].add_user(email, email.partition("@")[0], body, password)
        answer = Client(stage.nodes[0].url).post("/session", {"email": email, "password": password, "token": True})
        stage.tokens[email] = answer["token"]


def pick(chance: random.Random, stage: Stage) -> ServerProcess:
    """Any node."""
    return chance.choice(stage.nodes)
