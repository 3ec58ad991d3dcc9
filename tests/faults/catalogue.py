"""The faults: what is done to a cluster, and how it is undone."""

import contextlib
import os
import resource
import signal
import subprocess
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx2
import psutil

from tests.faults.crew import LEAD, through_the_balancer
from tests.faults.drill import Fault, Heal, Scene
from tests.faults.next_version import next_version
from tests.faults.stage import pick
from tests.interop.conftest import Site
from tests.interop.node import Browsers
from tests.interop.test_hostile import Villain
from tests.server_process import wait_for
from tests.services import Postgres
from tests.topology import Node, Topology

HOSTILE_UPDATES = 500
HUNG_S = 20
"""A process that does not answer for so long is ended by its supervisor."""
CROWD = int(os.environ.get("ZLAHODA_CROWD", "100"))  # noqa: TID251 - 1,000 in a soak
_PARAGRAPH = "Їжак 🦔 на ґанку читає проєкт постанови.\n\n".encode()
_HELD = """
    SELECT count(*) FROM pg_stat_activity
    WHERE state = 'idle in transaction' AND query LIKE 'UPDATE documents%' AND state_change < now() - interval '0.3 s'
"""
"""How many sessions hold the lock of a document and have asked for nothing since."""
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def kill_a_node(scene: Scene) -> Heal:
    node = pick(scene.chance, scene.stage)
    node.kill()
    return node.start


def kill_all_nodes(scene: Scene) -> Heal:
    for node in scene.stage.nodes:
        node.kill()
    return scene.stage.start_nodes


def lose_a_machine(scene: Scene) -> Heal:
    """A node's machine has no power any more: it ends within a transaction, and PostgreSQL and Redis are not told."""
    cluster, node = _cluster(scene), _any_node(scene)
    wait_for("a moment in which the node has locked something", partial(_stop_in_a_transaction, cluster.postgres, node), timeout_s=60)
    node.to_database.abandon()
    node.to_redis.abandon()
    node.kill()
    return node.start


def kill_redis(scene: Scene) -> Heal:
    redis = _cluster(scene).redis
    redis.kill()
    return redis.start


def kill_postgres(scene: Scene) -> Heal:
    postgres = _cluster(scene).postgres
    kill_tree(postgres)
    return postgres.start


def kill_balancer(scene: Scene) -> Heal:
    balancer = _cluster(scene).balancer
    balancer.kill()
    return balancer.start


def kill_everything(scene: Scene) -> Heal:
    starts: list[Heal] = [kill_postgres(scene), kill_redis(scene), kill_balancer(scene)]
    kill_all_nodes(scene)

    def heal() -> None:
        scene.chance.shuffle(starts)
        for start in starts:
            start()

    return heal


def freeze_a_node(scene: Scene) -> Heal:
    node = pick(scene.chance, scene.stage)
    os.kill(node.pid, signal.SIGSTOP)
    return partial(os.kill, node.pid, signal.SIGCONT)


def freeze_redis(scene: Scene) -> Heal:
    redis = _cluster(scene).redis
    redis.pause()
    return redis.resume


def freeze_postgres(scene: Scene) -> Heal:
    processes = tree(_cluster(scene).postgres)
    for process in processes:
        process.suspend()

    def heal() -> None:
        for process in processes:
            process.resume()

    return heal


def flush_redis(scene: Scene) -> Heal:
    subprocess.run(["redis-cli", "-p", str(_cluster(scene).redis.port), "FLUSHALL"], check=True, capture_output=True)
    return _nothing


def restart_redis_and_postgres(scene: Scene) -> Heal:
    """Both go, in any order, and come back in any order."""
    cluster = _cluster(scene)
    stops: list[Heal] = [cluster.redis.stop, partial(cluster.postgres.stop, signal.SIGINT)]
    starts: list[Heal] = [cluster.redis.start, cluster.postgres.start]
    scene.chance.shuffle(stops)
    scene.chance.shuffle(starts)
    for stop in stops:
        stop()

    def heal() -> None:
        for start in starts:
            start()

    return heal


def cut_from_redis(scene: Scene) -> Heal:
    line = _any_node(scene).to_redis
    scene.chance.choice([line.cut, line.stall])()
    return line.heal


def cut_from_postgres(scene: Scene) -> Heal:
    line = _any_node(scene).to_database
    line.cut()
    return line.heal


def stall_postgres(scene: Scene) -> Heal:
    line = _any_node(scene).to_database
    line.stall()
    return line.heal


def cut_from_clients(scene: Scene) -> Heal:
    door = scene.chance.choice(scene.stage.doors)
    scene.chance.choice([door.cut, door.stall])()
    return door.heal


def slow_network(scene: Scene) -> Heal:
    """Every piece between a node and both its services takes 50 ms more in each direction."""
    node = _any_node(scene)
    node.to_database.delay_s = node.to_redis.delay_s = 0.05

    def heal() -> None:
        node.to_database.heal()
        node.to_redis.heal()

    return heal


def slow_disk(scene: Scene) -> Heal:
    """Each commit waits 100 ms more before it is flushed."""
    postgres = _cluster(scene).postgres
    _sql(postgres, "ALTER SYSTEM SET commit_delay = 100000", "ALTER SYSTEM SET commit_siblings = 0", "SELECT pg_reload_conf()")
    return lambda: _drop(_sql(postgres, "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()"))


def full_disk(scene: Scene) -> Heal:
    """No file of the node can grow beyond four pages: its database's log least of all."""
    pid = scene.stage.nodes[0].pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (16 * 1024, resource.RLIM_INFINITY))
    return lambda: _drop(resource.prlimit(pid, resource.RLIMIT_FSIZE, before))


def jump_the_clock(scene: Scene) -> Heal:
    """A node's clock goes an hour forward, two back, and is right again."""
    node = _any_node(scene)
    clock = scene.stage.folder / "годинник"
    _set_clock(clock, 0)
    node.stop()
    node.start_with(
        {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_CACHE_DURATION": "1", "DONT_FAKE_MONOTONIC": "1"}
    )
    scene.crew.wait_for_saved_anew()
    for seconds in (3600, -3600):
        _set_clock(clock, seconds)
        scene.crew.wait_for_saved_anew()

    def heal() -> None:
        _set_clock(clock, 0)
        node.stop()
        node.start()

    return heal


def starve_of_memory(scene: Scene) -> Heal:
    """A node gets no page more than it has, and files come in that need many. It may end of that, or hang (CPython waits for ever for a
    thread that could not begin): its supervisor starts it again, or ends it when it does not answer."""
    node = pick(scene.chance, scene.stage)
    pid = node.pid
    resource.prlimit(pid, resource.RLIMIT_AS, (psutil.Process(pid).memory_info().vms, resource.RLIM_INFINITY))
    client = scene.stage.client(LEAD, scene.stage.nodes.index(node))
    for paragraphs in (4000, 1000, 250, 60, 15):
        with contextlib.suppress(AssertionError, httpx2.TransportError):  # whatever it answers
            client.import_act("великий.txt", _PARAGRAPH * paragraphs, kind="postanova")

    def heal() -> None:
        if node.is_running:
            resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until = time.monotonic() + HUNG_S
        while node.is_running and not node.is_ready():
            if time.monotonic() > until:
                node.kill()

    return heal


def hostile_client(scene: Scene) -> Heal:
    """A drafter's client on one node sends mutated updates and frames as fast as it can, into an act of its own."""
    node = pick(scene.chance, scene.stage)
    lead = scene.stage.client(LEAD)
    act = lead.create_act("Про чужий проєкт")
    villain = Villain(Site(node, lead, lead, act), scene.chance)
    for _ in range(HOSTILE_UPDATES):
        villain.send(villain.mutate(villain.honest_update()), as_answer=scene.chance.random() < 0.2)
        villain.send_raw(scene.chance.randbytes(scene.chance.randrange(200)))
    villain.close()
    return _nothing


def everybody_reconnects(scene: Scene) -> Heal:
    """A crowd that looks at an act of its own is cut off at once, with all who come through the balancer, and comes back at once."""
    stage = scene.stage
    act = stage.client(LEAD).create_act("Про натовп 👥 на ґанку")
    with ExitStack() as stack:
        crowd = stack.enter_context(Browsers())
        for number in range(CROWD):
            kind = ("y-websocket", "hocuspocus")[number % 2]
            crowd.open_unsynced(f"глядач{number}", kind, stage.sync_url(0, kind, act), act, stage.tokens[LEAD], unseen=True)
        wait_for("the crowd to be there", lambda: crowd.ask("count")["synced"] == CROWD, timeout_s=180)
        stage.doors[0].cut()
        wait_for("the crowd to be gone", lambda: crowd.ask("count")["synced"] == 0, timeout_s=60)
        keep = stack.pop_all()

    def heal() -> None:
        with keep:
            stage.doors[0].heal()
            wait_for("the crowd to be back", lambda: crowd.ask("count")["synced"] == CROWD, timeout_s=180)
            crowd.ask("insert", name="глядач0", text="Усі тут?")
            wait_for("the crowd to read one of theirs", lambda: crowd.ask("count", words="Усі тут?")["holding"] == CROWD, timeout_s=60)

    return heal


def rolling_restart(scene: Scene) -> Heal:
    """Each node is told to stop, ends in order, and starts again before the next one's turn."""
    for node in scene.stage.nodes:
        assert node.stop() == 0, "a node did not end in order"
        scene.crew.wait_for_saved_anew()
        node.start()
    return _nothing


def _stop_in_a_transaction(postgres: Postgres, node: Node) -> bool:
    """Whether the node, paused now, holds the lock of a document; else it goes on."""
    node.pause()
    if int(_sql(postgres, "SELECT pg_sleep(0.3)", _HELD)):
        return True
    node.resume()
    return False


def upgrade_process_by_process(scene: Scene) -> Heal:
    """As docs/operations.md says: a backup, then process after process begins anew with a version whose schema has one step more."""
    nodes = scene.stage.nodes
    program = next_version(nodes[0].program, scene.stage.folder)
    nodes[0].run_command("backup", str(scene.stage.folder / f"перед-{program.name}.zip"))
    for node in nodes:
        assert node.stop() == 0, "a process did not end in order"
        node.program = program
        node.start()
        scene.crew.wait_for_saved_anew()
    return _nothing


def tree(service: Postgres) -> list[psutil.Process]:
    """A service's process and all its children."""
    assert service.process is not None
    parent = psutil.Process(service.process.pid)
    return [parent, *parent.children(recursive=True)]


def kill_tree(service: Postgres) -> None:
    """`kill -9` of all of it, as when its machine goes."""
    processes = tree(service)
    for process in processes:
        process.kill()
    service.kill()
    psutil.wait_procs(processes[1:], timeout=30)


def _sql(postgres: Postgres, *statements: str) -> str:
    """What the last one answers. Each is a transaction of its own: ALTER SYSTEM allows no other."""
    answer = ""
    for statement in statements:
        command = [str(postgres.tools / "psql"), "-q", "-X", "-A", "-t", "-d", postgres.url, "-c", statement]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return answer


def _cluster(scene: Scene) -> Topology:
    assert scene.stage.cluster is not None, "this fault needs a cluster"
    return scene.stage.cluster


def _any_node(scene: Scene) -> Node:
    return scene.chance.choice(_cluster(scene).nodes)


def _set_clock(file: Path, seconds: int) -> None:
    file.write_text(f"{seconds:+d}\n", encoding="ascii")


def _nothing() -> None:
    """It is over already."""


def _drop(_value: object) -> None:
    """Not needed."""


ANYTHING = ("",)
"""What a process says that fails wherever it stands."""
STORAGE = ("storage does not answer", "not stored")

FAULTS = (
    Fault("a node killed (`kill -9`)", kill_a_node, destroys=True),
    Fault("all nodes killed at once", kill_all_nodes, destroys=True),
    Fault("a node's machine gone, its locks left in PostgreSQL", lose_a_machine, destroys=True),
    Fault("Redis killed", kill_redis),
    Fault("PostgreSQL killed with all its processes", kill_postgres, destroys=True),
    Fault("the balancer killed", kill_balancer),
    Fault("everything killed at once, started in any order", kill_everything, destroys=True),
    Fault("a node frozen (SIGSTOP)", freeze_a_node, long_hold_s=30),
    Fault("Redis frozen", freeze_redis, long_hold_s=30),
    Fault("PostgreSQL frozen", freeze_postgres, long_hold_s=30),
    Fault("Redis flushed (FLUSHALL)", flush_redis, is_invisible=True),
    Fault("Redis and PostgreSQL restarted in any order", restart_redis_and_postgres, destroys=True),
    Fault("a node cut off from Redis", cut_from_redis, is_invisible=True, long_hold_s=15),
    Fault("a node cut off from PostgreSQL", cut_from_postgres, long_hold_s=15),
    Fault("a node's line to PostgreSQL dead without a sign", stall_postgres, long_hold_s=15),
    Fault("clients cut off from a node or the balancer", cut_from_clients, long_hold_s=15),
    Fault("a slow network: 50 ms more per piece", slow_network, hold_s=2, long_hold_s=15, is_invisible=True),
    Fault("a slow disk: 100 ms more per commit", slow_disk, hold_s=2, long_hold_s=15, is_invisible=True),
    Fault("a node's clock jumps by hours", jump_the_clock, is_invisible=True),
    Fault("a node without memory", starve_of_memory, long_hold_s=10, log_may_say=ANYTHING),
    Fault("a hostile client on one node", hostile_client, is_invisible=True),
    Fault(f"{CROWD:,} clients reconnect at once", everybody_reconnects),
    Fault("rolling restart under load", rolling_restart, members=through_the_balancer, is_invisible=True),
    Fault(
        "upgrade to a newer schema, node by node, under load", upgrade_process_by_process, members=through_the_balancer, is_invisible=True
    ),
)
ON_SQLITE = (
    Fault("one process on SQLite: killed", kill_a_node, destroys=True),
    Fault("one process on SQLite: upgraded to a newer schema under load", upgrade_process_by_process, is_invisible=True),
    Fault("one process on SQLite: full disk", full_disk, hold_s=2, log_may_say=STORAGE),
)
