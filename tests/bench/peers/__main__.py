"""`python -m tests.bench.peers [--quick] [--only NAME …]`: every scenario, interleaved, into docs/benchmarks.md and its plot."""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.peers import report, scenarios
from tests.bench.peers.contestants import GENERATOR_CORE, Contestant, Program, Zlahoda, hocuspocus, pinned, pycrdt_websocket, y_websocket
from tests.bench.peers.install import cache, install
from tests.bench.peers.scenarios import Values
from tests.services import postgres, redis

ROUNDS = 3
Results = dict[str, dict[str, Values]]
"""Scenario → server → medians."""
_PEERS = "@hocuspocus/server 4.7.0, y-websocket 2.1.0 (ws 6), pycrdt-websocket 0.16.5 (uvicorn 0.54, uvloop), Node 22.20.0"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`run` measures one server once; `peers` are those it is measured against, ours comes first."""

    name: str
    run: Callable[[Contestant], Values]
    peers: Sequence[Callable[[], Program]]


_ALL = (
    partial(hocuspocus, persists=False),
    partial(hocuspocus, persists=True),
    partial(y_websocket, persists=False),
    partial(y_websocket, persists=True),
    partial(pycrdt_websocket, persists=False),
    partial(pycrdt_websocket, persists=True),
)
_IN_MEMORY = _ALL[0::2]
_STORING = _ALL[1::2]


def scenarios_of(quick: bool) -> list[Scenario]:
    """In the order in which they run."""
    seconds = 2.0 if quick else 4.0
    type_ = partial(scenarios.typing, seconds=seconds)
    opening = scenarios.ColdOpen()
    sizes = (500,) if quick else (2_000, 5_000)
    return [
        Scenario("hot-50", partial(type_, rooms=1, clients=50, writers=10, rate=10, maximum=True), _ALL),
        Scenario("hot-200", partial(type_, rooms=1, clients=200, writers=20, rate=10, maximum=True), (*_IN_MEMORY, _STORING[0])),
        Scenario("rooms-100", partial(type_, rooms=100, clients=3, writers=3, rate=2, maximum=True), (*_IN_MEMORY, _STORING[0])),
        Scenario("rooms-500", partial(type_, rooms=500, clients=3, writers=3, rate=2, maximum=False), (*_IN_MEMORY, _STORING[0])),
        Scenario("idle", partial(scenarios.idle, sizes=sizes, seconds=3.0 if quick else 8.0), _IN_MEMORY),
        Scenario("open-1", partial(opening.measure, clients=1), _STORING),
        Scenario("open-50", partial(opening.measure, clients=50), _STORING),
        Scenario("reconnect", partial(scenarios.reconnect, clients=1_000, rooms=100), _IN_MEMORY),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Install the peers where they are missing, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers")
    parser.add_argument("--quick", action="store_true", help="one short round; nothing is written")
    parser.add_argument("--only", nargs="*", default=[], help="scenarios by name")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md from the last whole run")
    options = parser.parse_args(arguments)
    kept = cache() / "results.json"
    if not options.write:
        install()
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # servers inherit it; 5,000 tabs are 5,000 sockets on both sides
        load = _load()
        chosen = [one for one in scenarios_of(options.quick) if not options.only or one.name in options.only]
        results = measure(chosen, options.rounds or (1 if options.quick else ROUNDS))
        if not options.only or "nodes" in options.only:
            results["nodes"] = nodes(1 if options.quick else ROUNDS)
        print("\n".join(report.tables(results)))
        if options.quick or options.only:
            return
        kept.write_text(json.dumps({"results": results, "facts": facts() | {"load": f"{load}, {_load()}"}}, ensure_ascii=False))
    found = json.loads(kept.read_text())
    report.write(found["results"], found["facts"])


def measure(chosen: Sequence[Scenario], rounds: int) -> Results:
    """Each round runs every scenario for every server, one server right after the other; medians over the rounds."""
    ours = Zlahoda()
    made: dict[Callable[[], Program], Program] = {}
    samples: dict[str, dict[str, list[Values]]] = defaultdict(lambda: defaultdict(list))
    try:
        for number in range(rounds):
            for scenario in chosen:
                field: list[Contestant] = [ours, *(made.setdefault(peer, peer()) for peer in scenario.peers)]
                turn = number % len(field)
                for contestant in (*field[turn:], *field[:turn]):
                    begun = time.perf_counter()
                    values = _run(scenario.name, scenario.run, contestant)
                    samples[scenario.name][contestant.name].append(values)
                    seconds = time.perf_counter() - begun
                    head = f"{number + 1}/{rounds} {scenario.name:10} {contestant.name:26} {seconds:5.1f} s"
                    print(head, _short(values), file=sys.stderr, flush=True)
    finally:
        everyone: list[Contestant] = [ours, *made.values()]
        for contestant in everyone:
            contestant.stop()
            contestant.remove()
    return {name: {server: medians(runs) for server, runs in servers.items()} for name, servers in samples.items()}


def _run(name: str, run: Callable[[Contestant], Values], contestant: Contestant) -> Values:
    """A server that fails in a scenario has no figures in it; the others go on."""
    try:
        return run(contestant)
    except (OSError, RuntimeError, TimeoutError, AssertionError) as error:  # the last: ours did not start
        print(f"{contestant.name} failed in {name}: {error!r}", file=sys.stderr)
        contestant.stop()
        return {}


def nodes(rounds: int) -> dict[str, Values]:
    """One node and two, on PostgreSQL and Redis: what an edit costs both together."""
    samples: dict[str, list[Values]] = defaultdict(list)
    run = partial(scenarios.typing, rooms=1, clients=50, writers=10, rate=50, seconds=4.0, maximum=False)
    with pinned(GENERATOR_CORE), postgres(fsync=True) as base, redis() as wire:
        for _ in range(rounds):
            for count in (1, 2):
                ours = Zlahoda(base.new_database(), wire.url, count)
                try:
                    samples[f"{count} node" + "s" * (count > 1)].append(_run("nodes", run, ours))
                finally:
                    ours.stop()
                    ours.remove()
    return {name: medians(runs) for name, runs in samples.items()}


def medians(runs: Sequence[Values]) -> Values:
    """Of each value, over the runs that have it."""
    names = {name for run in runs for name in run}
    return {name: statistics.median([run[name] for run in runs if name in run]) for name in sorted(names)}


def facts() -> dict[str, str]:
    """The machine and the versions."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    memory = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    ours = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    commit_ms = scenarios.cost_of_a_commit()
    return {
        "cpu": cpu,
        "cores": str(scenarios.cores()),
        "memory": f"{int(memory) / 1e6:.0f} GB",
        "python": sys.version.split()[0],
        "commit": f"{commit_ms:.2f}",
        "revision": ours,
        "peers": _PEERS,
        "day": time.strftime("%Y-%m-%d"),
    }


def _load() -> str:
    return Path("/proc/loadavg").read_text().split()[0]


def _short(values: Values) -> str:
    return " ".join(f"{name}={value:.4g}" for name, value in values.items())


if __name__ == "__main__":
    main()
