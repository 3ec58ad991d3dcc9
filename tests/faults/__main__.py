"""The long round of faults: `python -m tests.faults [ROUNDS [SEED]]` (`make soak`). Writes its table into docs/reliability.md.

`--only WORDS`, as often as wanted: just the faults whose title has these words, and the table is printed.
"""

import argparse
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
    asked = _parser().parse_args()
    chance = random.Random(asked.seed)
    print(f"seed {asked.seed}", flush=True)
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    failures: list[str] = []
    for fault, outcome in _drills(asked.rounds, _chosen(FAULTS, asked.only), _chosen(ON_SQLITE, asked.only), chance):
        print(outcome, flush=True)
        if isinstance(outcome, str):
            failures.append(outcome)
        else:
            outcomes[fault.title].append(outcome)
        if not asked.only:
            PAGE.write_text(_with_table(PAGE.read_text(encoding="utf-8"), _table(outcomes, asked.seed)), encoding="utf-8")
    if asked.only:
        print(_table(outcomes, asked.seed))
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    parser.add_argument("seed", nargs="?", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="faults whose title has these words")
    return parser


def _chosen(faults: tuple[Fault, ...], only: list[str]) -> list[Fault]:
    return [fault for fault in faults if not only or any(words in fault.title for words in only)]


def _drills(rounds: int, cluster: list[Fault], single: list[Fault], chance: random.Random) -> Iterator[tuple[Fault, Outcome | str]]:
    """The outcome of each drill, or in a sentence what did not hold."""
    for _ in range(rounds):
        yield from _on(lambda folder: cluster_stage(folder, NODES), chance.sample(cluster, len(cluster)), chance)
        yield from _on(single_stage, chance.sample(single, len(single)), chance)


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
            title = f"{fault.title}, *unseen*" if fault.is_invisible else fault.title
            lines.append(f"| {title} | {len(found)} | {acknowledged:,} | {lost} | {statistics.median(times):.1f} s | {max(times):.1f} s |")
    return "\n".join(lines)


def _with_table(page: str, table: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


if __name__ == "__main__":
    sys.exit(main())
