"""How many machines: the measured costs of one edit, frame, tab, opening and commit, put to the traffic of many people.

`python -m tests.bench.scale` prints the tables of docs/scale.md. The costs are those of docs/benchmarks.md; with `--measured` they
are taken from the last whole run of `python -m tests.bench.peers` where that measured them.
"""

import argparse
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.bench.peers.install import cache

SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one process on one core. Times in microseconds of that core, memory in kilobytes."""

    edit_us: float = 30.0
    """Receive, judge, apply, journal one letter, acknowledge it."""
    frame_us: float = 10.0
    """Send one frame to one client."""
    commit_us: float = 400.0
    """A commit's share of Python and SQL, shared by the documents that wait for it."""
    open_us: float = 1_600.0
    """A client comes: handshake, signing in, rights, the first answer."""
    presence_us: float = 12.0
    """Take one presence message; each frame it makes costs `frame_us`."""
    wire_us: float = 35.0
    """One batch of one document over Redis to one other node: publish, receive, apply there."""
    tab_kb: float = 16.0
    room_kb: float = 150.0
    process_mb: float = 110.0
    row_bytes: float = 160.0
    """One journal row of a batch of a few letters, index included."""
    store_commits_per_s: float = 9_000.0
    """Commits that one PostgreSQL takes, many flushed together. Assumed, not measured, as is what Redis takes."""
    redis_messages_per_s: float = 120_000.0


@dataclass(frozen=True, slots=True)
class Habits:
    """What people do in the busiest minute of a day. `open_share` of all have an act open; of those `typing_share` are typing."""

    open_share: float = 0.30
    typing_share: float = 0.20
    letters_per_s: float = 3.0
    cursor_per_s: float = 1.0
    opens_per_hour: float = 6.0
    hot_acts_per_10_000: int = 2
    hot_act_people: int = 200
    mean_people: float = 3.0


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is open: people in it, letters a second typed by all of them."""

    people: int
    letters_per_s: float
    cursors_per_s: float


def open_acts(users: int, habits: Habits, seed: int = SEED) -> list[Act]:
    """Who sits where: a few hot acts, else one to a dozen people (geometric)."""
    dice = random.Random(seed)  # repeatable
    left = round(users * habits.open_share)
    sizes = [min(habits.hot_act_people, left)] * (users * habits.hot_acts_per_10_000 // 10_000)
    left -= sum(sizes)
    while left > 0:
        people = min(left, 1 + int(math.log(1 - dice.random()) / math.log(1 - 1 / habits.mean_people)))
        sizes.append(people)
        left -= people
    return [_act(people, habits, dice) for people in sizes]


def _act(people: int, habits: Habits, dice: random.Random) -> Act:
    typing = sum(dice.random() < habits.typing_share for _ in range(people))
    return Act(people, typing * habits.letters_per_s, people * habits.typing_share * habits.cursor_per_s)


@dataclass(frozen=True, slots=True)
class Load:
    """What all acts together ask for, a second."""

    users: int
    acts: int
    tabs: int
    edits: float
    batches: float
    frames: float
    cpu_cores: float
    of_typing: float
    of_sending: float
    of_saving: float
    of_opening: float
    of_presence: float
    hottest_core: float
    """The share of one core that the busiest act takes: an act lives in one process."""
    commits: float
    journal_gb_a_day: float
    memory_gb: float


BATCH_S = 0.003
"""What comes within a commit's time is one batch of a document."""


def load_of(users: int, habits: Habits, costs: Costs) -> Load:
    """The sum over the open acts."""
    acts = open_acts(users, habits)
    each = [_seconds(act, costs) for act in acts]
    typing, sending, presence, batches, frames = (sum(column) for column in zip(*each, strict=True))
    opening = users * habits.opens_per_hour / 3600 * costs.open_us / 1e6
    processes = max(1, math.ceil((typing + sending + presence + opening) / 0.5))
    commits = min(batches, processes * 400)  # what waits in a process shares its next commit
    saving = commits * costs.commit_us / 1e6
    tabs = sum(act.people for act in acts)
    return Load(
        users=users,
        acts=len(acts),
        tabs=tabs,
        edits=sum(act.letters_per_s for act in acts),
        batches=batches,
        frames=frames,
        cpu_cores=typing + sending + saving + opening + presence,
        of_typing=typing,
        of_sending=sending,
        of_saving=saving,
        of_opening=opening,
        of_presence=presence,
        hottest_core=max(sum(one[:3]) + min(one[3], 400) * costs.commit_us / 1e6 for one in each),
        commits=commits,
        journal_gb_a_day=batches * costs.row_bytes * 8 * 3600 * 0.3 / 1e9,
        memory_gb=(tabs * costs.tab_kb + len(acts) * costs.room_kb) / 1e6 + processes * costs.process_mb / 1e3,
    )


def _seconds(act: Act, costs: Costs) -> tuple[float, float, float, float, float]:
    """Of one act, a second: core seconds of typing, sending and presence; batches; frames."""
    batches = _batches(act.letters_per_s)
    frames = batches * (act.people - 1) + act.letters_per_s  # a batch to everyone, an acknowledgement to each author
    told = _batches(act.cursors_per_s) * act.people
    typing = act.letters_per_s * costs.edit_us / 1e6
    return (
        typing,
        frames * costs.frame_us / 1e6,
        (act.cursors_per_s * costs.presence_us + told * costs.frame_us) / 1e6,
        batches,
        frames + told,
    )


def _batches(events_per_s: float) -> float:
    """Batches a second when events come at random and those within `BATCH_S` go together."""
    return events_per_s / (1 + events_per_s * BATCH_S)


@dataclass(frozen=True, slots=True)
class Plan:
    """Machines at half their power in the busiest minute, one more than that so that one may fail."""

    processes: int
    machines: int
    store_share: float
    redis_share: float
    first: str
    """What is full first when the load grows."""


def plan_for(load: Load, costs: Costs, cores_per_machine: int = 16, memory_gb: float = 64) -> Plan:
    """One process a core, half busy."""
    processes = max(2 if load.users > 1_000 else 1, math.ceil(load.cpu_cores / 0.5))
    by_cpu, by_memory = processes / cores_per_machine, load.memory_gb / (memory_gb * 0.5)
    machines = math.ceil(max(by_cpu, by_memory)) + (1 if load.users > 1_000 else 0)
    store, redis = load.commits / costs.store_commits_per_s, load.batches * 0.1 / costs.redis_messages_per_s
    shares = {
        "a core of the app nodes (add machines)": load.cpu_cores / (machines * cores_per_machine),
        "memory of the app nodes (add machines)": load.memory_gb / (machines * memory_gb),
        "commits of PostgreSQL (partition the journal)": store,
        "messages of Redis (a Redis a region)": redis,
        "one act in one process": load.hottest_core,
    }
    return Plan(processes, machines, store, redis, max(shares, key=lambda name: shares[name]))


def two_node_cost(people: int, letters_per_s: float, costs: Costs, away: float) -> float:
    """CPU per letter where a share `away` of an act's people sits on another node, over that on one node."""
    act = Act(people, letters_per_s, 0)
    typing, sending, _, batches, _ = _seconds(act, costs)
    one = typing + sending + batches * costs.commit_us / 1e6
    return (one + (batches * costs.wire_us / 1e6 if away else 0)) / one


def measured(costs: Costs) -> Costs:
    """The costs with those that the last whole run of the comparison measured."""
    place = cache() / "results.json"
    if not place.exists():
        return costs
    results = json.loads(place.read_text())["results"]
    found: dict[str, float] = {}
    ours = {name: servers.get("Zlahoda", {}) for name, servers in results.items()}
    if "back_cpu" in ours.get("reconnect", {}):
        found["open_us"] = ours["reconnect"]["back_cpu"]  # milliseconds for a thousand
    if "kb_5000" in ours.get("idle", {}):
        found["tab_kb"] = ours["idle"]["kb_5000"]
    if "cpu_us" in ours.get("rooms-500", {}):  # at the most edits of one act letters are joined: what one alone costs is not seen there
        found["commit_us"] = max(50.0, ours["rooms-500"]["cpu_us"] - costs.edit_us - 3 * costs.frame_us)
    return replace(costs, **found)


def tables(costs: Costs, sizes: Sequence[int] = (1_000, 30_000, 300_000), habits: Habits | None = None) -> list[str]:
    """Lines of Markdown."""
    habits = habits or Habits()
    loads = [load_of(users, habits, costs) for users in sizes]
    plans = [plan_for(load, costs) for load in loads]
    rows: list[tuple[str, list[str]]] = [
        ("acts open, tabs", [f"{load.acts:,}, {load.tabs:,}" for load in loads]),
        ("letters a second", [f"{load.edits:,.0f}" for load in loads]),
        ("batches, frames a second", [f"{load.batches:,.0f}, {load.frames:,.0f}" for load in loads]),
        ("cores busy", [f"{load.cpu_cores:.2f}" for load in loads]),
        ("… letters in", [f"{load.of_typing:.2f}" for load in loads]),
        ("… frames out", [f"{load.of_sending:.2f}" for load in loads]),
        ("… commits", [f"{load.of_saving:.2f}" for load in loads]),
        ("… cursors", [f"{load.of_presence:.2f}" for load in loads]),
        ("… opening", [f"{load.of_opening:.2f}" for load in loads]),
        ("busiest act, of one core", [f"{100 * load.hottest_core:.0f} %" for load in loads]),
        ("memory of the app nodes, GB", [f"{load.memory_gb:.1f}" for load in loads]),
        ("journal, GB a day", [f"{load.journal_gb_a_day:.2f}" for load in loads]),
        ("commits a second", [f"{load.commits:,.0f}" for load in loads]),
        ("of what one PostgreSQL takes", [f"{100 * plan.store_share:.0f} %" for plan in plans]),
        ("of what one Redis takes", [f"{100 * plan.redis_share:.1f} %" for plan in plans]),
        ("processes, half busy", [str(plan.processes) for plan in plans]),
        ("app machines of 16 cores, one to spare", [str(plan.machines) for plan in plans]),
        ("full first", [plan.first for plan in plans]),
    ]
    lines = ["| people | " + " | ".join(f"{users:,}" for users in sizes) + " |", "|---" + "|---:" * len(sizes) + "|"]
    return lines + [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale")
    parser.add_argument("--measured", action="store_true", help="take the costs of the last run of the comparison")
    options = parser.parse_args()
    costs = measured(Costs()) if options.measured else Costs()
    print("\n".join(tables(costs)))
    print()
    for people, letters in ((3, 3.0), (50, 100.0), (200, 200.0)):
        times = two_node_cost(people, letters, costs, 0.5)
        print(f"- {people} people, {letters:.0f} letters a second, on two nodes: {times:.2f} × the CPU of one")
    print(f"\n{costs}")


if __name__ == "__main__":
    main()
