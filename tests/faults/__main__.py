"""The long round of faults: `python -m tests.faults [ROUNDS [SEED]]` (`make soak`). Writes its table into docs/reliability.md."""

import os
import platform
import random
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from tests.faults.catalogue import FAULTS, ON_SQLITE
from tests.faults.drill import Fault, Outcome, run_drill
from tests.faults.stage import Stage, cluster_stage, single_stage

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- table -->", "<!-- /table -->"
NODES = 3


def main() -> int:
    """Every fault `rounds` times, in an order of chance; 1 when anything did not hold."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1_000_000)
    chance = random.Random(seed)
    print(f"seed {seed}", flush=True)
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    failures: list[str] = []
    for fault, outcome in _drills(rounds, chance):
        print(outcome, flush=True)
        if isinstance(outcome, str):
            failures.append(outcome)
        else:
            outcomes[fault.title].append(outcome)
        PAGE.write_text(_with_table(PAGE.read_text(encoding="utf-8"), _table(outcomes, seed)), encoding="utf-8")
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


def _drills(rounds: int, chance: random.Random) -> Iterator[tuple[Fault, Outcome | str]]:
    """The outcome of each drill, or in a sentence what did not hold."""
    for _ in range(rounds):
        yield from _on(lambda folder: cluster_stage(folder, NODES), chance.sample(FAULTS, len(FAULTS)), chance)
        yield from _on(single_stage, chance.sample(ON_SQLITE, len(ON_SQLITE)), chance)


def _on(
    stages: Callable[[Path], AbstractContextManager[Stage]], todo: list[Fault], chance: random.Random
) -> Iterator[tuple[Fault, Outcome | str]]:
    """One stage for all, and a fresh one after a drill that failed."""
    while todo:
        with tempfile.TemporaryDirectory(prefix="zlahoda-faults-") as folder, stages(Path(folder)) as stage:
            is_whole = True
            while todo and is_whole:
                fault = todo.pop()
                try:
                    yield fault, run_drill(stage, fault, chance.randrange(1_000_000), hold_s=fault.long_hold_s)
                except AssertionError as error:
                    is_whole = False
                    stage.heal_clients()
                    yield fault, str(error)


def _table(outcomes: dict[str, list[Outcome]], seed: int) -> str:
    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {NODES} nodes, seed {seed}.",
        "",
        "| fault | times injected | acknowledged edits | lost | time to recover, median | worst |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for fault in (*FAULTS, *ON_SQLITE):
        found = outcomes.get(fault.title, [])
        if found:
            times = [each.recovered_s for each in found]
            acknowledged, lost = sum(each.acknowledged for each in found), sum(each.lost for each in found)
            lines.append(
                f"| {fault.title} | {len(found)} | {acknowledged:,} | {lost} | {statistics.median(times):.1f} s | {max(times):.1f} s |"
            )
    return "\n".join(lines)


def _with_table(page: str, table: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


if __name__ == "__main__":
    sys.exit(main())
