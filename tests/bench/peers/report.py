"""The results as Markdown: what was measured, what was to be reached, and what was reached."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.peers.plot import bars
from tests.bench.peers.scenarios import Values
from tests.server_process import ROOT

Results = Mapping[str, Mapping[str, Values]]
"""Scenario → server → medians."""

OURS = "Zlahoda"
_DOCUMENT = ROOT / "docs/benchmarks.md"
_PLOT = ROOT / "docs/benchmarks.svg"
_BEGIN, _END = "<!-- peers: written by python -m tests.bench.peers -->", "<!-- end of peers -->"

_TITLES = {
    "hot-50": "One act, 50 people, 10 of them type",
    "hot-200": "One act, 200 people, 20 of them type",
    "rooms-100": "100 acts, 3 people each, all of them type",
    "rooms-500": "500 acts, 3 people each, all of them type",
    "idle": "Open tabs in which nobody types, ten to an act",
    "open-1": "Cold open of the automerge paper (259,778 edits), one client",
    "open-50": "The same, 50 clients at once",
    "reconnect": "1,000 clients of 100 acts come back at once",
    "nodes": "One act on PostgreSQL and Redis: 50 people, 10 type 50 letters a second each",
}
_COLUMNS = {
    "cpu": "CPU, % of a core",
    "p50": "p50, ms",
    "p99": "p99, ms",
    "rss": "memory, MB",
    "max": "most edits/s",
    "max_p50": "p50 there, ms",
    "max_cpu": "CPU there, %",
    "max_per_core": "edits per CPU second there",
    "kb_500": "KB a tab, 500",
    "idle_cpu_500": "CPU, %, 500",
    "kb_2000": "KB a tab, 2,000",
    "idle_cpu_2000": "CPU, %, 2,000",
    "kb_5000": "KB a tab, 5,000",
    "idle_cpu_5000": "CPU, %, 5,000",
    "open": "the last has it, ms",
    "open_cpu": "CPU, ms",
    "back_median": "median, ms",
    "back_all": "the last, ms",
    "back_cpu": "CPU, ms",
    "cpu_us": "CPU per edit, µs",
    "generator": "generator, %",
    "max_generator": "generator there, %",
    "lost": "edits lost",
}
_STORING = ("Hocuspocus + SQLite", "y-websocket + LevelDB", "pycrdt-websocket + SQLite")
_IN_MEMORY = ("Hocuspocus", "y-websocket", "pycrdt-websocket")


@dataclass(frozen=True, slots=True)
class Goal:
    """`value` of ours over the best of `against` is to be at most (`most`) or at least (`least`) this."""

    what: str
    scenario: str
    value: str
    against: Sequence[str]
    most: float = math.inf
    least: float = 0.0

    def ratio(self, results: Results) -> float | None:
        """None where one of the figures is missing."""
        servers = results.get(self.scenario, {})
        peers = [servers[name][self.value] for name in self.against if self.value in servers.get(name, {})]
        ours = servers.get(OURS, {}).get(self.value)
        best = (max if self.least else min)((peer for peer in peers if not math.isnan(peer)), default=0.0)
        return ours / best if ours is not None and best else None


_TYPING = ("hot-50", "hot-200", "rooms-100", "rooms-500")
GOALS = (
    *(
        Goal(f"maximum in one act, {people} people, against {peer}", f"hot-{people}", value, [peer], least=times)
        for people in (50, 200)
        for value in ("max", "max_per_core")
        for peer, times in (("Hocuspocus", 3), ("y-websocket", 15), ("pycrdt-websocket", 50))
    ),
    *(Goal("maximum over 100 acts, against the best", "rooms-100", value, _IN_MEMORY, least=3) for value in ("max", "max_per_core")),
    *(Goal(f"CPU at equal load, {name}, against the best", name, "cpu", (*_IN_MEMORY, *_STORING), most=0.85) for name in _TYPING),
    *(Goal(f"p99 at equal load, {name}, against the best that stores", name, "p99", _STORING, most=1) for name in _TYPING),
    *(
        Goal(f"memory of an idle tab at {size}, against {peer}", "idle", f"kb_{size}", [peer], most=most)
        for size in (2000, 5000)
        for peer, most in (("Hocuspocus", 0.6), ("y-websocket", 1.1))
    ),
    *(Goal(f"cold open, {n} at once, against Hocuspocus + SQLite", f"open-{n}", "open", _STORING[:1], most=0.15) for n in (1, 50)),
    Goal("1,000 reconnects, the last, against Hocuspocus", "reconnect", "back_all", ["Hocuspocus"], most=0.6),
    Goal("1,000 reconnects, CPU, against Hocuspocus", "reconnect", "back_cpu", ["Hocuspocus"], most=0.6),
)
_PER_CORE = {"max_per_core": " (per CPU second)"}


def tables(results: Results, commit_ms: float | None = None) -> list[str]:
    """A table for each scenario, then what was to be reached; `commit_ms` is what one commit takes here, where it was measured."""
    lines: list[str] = []
    for scenario, servers in results.items():
        columns = [name for name in _COLUMNS if any(name in values for values in servers.values())]
        lines += [f"**{_TITLES[scenario]}**", ""]
        lines += ["| | " + " | ".join(_COLUMNS[name] for name in columns) + " |", "|---" + "|---:" * len(columns) + "|"]
        lines += [f"| {server} | " + " | ".join(_cell(values.get(name)) for name in columns) + " |" for server, values in servers.items()]
        lines.append("")
    return lines + _reached(results) + _later_by_a_commit(results, commit_ms)


def _reached(results: Results) -> list[str]:
    lines = ["| ours over theirs | ratio | to reach | |", "|---|---:|---:|---|"]
    for goal in GOALS:
        ratio = goal.ratio(results)
        if ratio is not None:
            bound = f"≥ {goal.least:g}" if goal.least else f"≤ {goal.most:g}"
            verdict = "reached" if goal.least <= ratio <= goal.most else "**missed**"
            lines.append(f"| {goal.what}{_PER_CORE.get(goal.value, '')} | {ratio:.2f} | {bound} | {verdict} |")
    nodes = results.get("nodes", {})
    if all("cpu_us" in nodes.get(name, {}) for name in ("1 node", "2 nodes")):
        ratio = nodes["2 nodes"]["cpu_us"] / nodes["1 node"]["cpu_us"]
        lines.append(f"| two nodes over one: CPU per edit | {ratio:.2f} | ≤ 1.25 | {'reached' if ratio <= 1.25 else '**missed**'} |")
    return lines


def _later_by_a_commit(results: Results, commit_ms: float | None) -> list[str]:
    """Ours waits for the disk before anybody sees a letter, and for the commit under way when it came."""
    lines: list[str] = []
    for name in _TYPING:
        servers = results.get(name, {})
        peers = [servers[peer]["p50"] for peer in _IN_MEMORY if "p50" in servers.get(peer, {})]
        if commit_ms is None or not peers or "p50" not in servers.get(OURS, {}):
            continue
        later = servers[OURS]["p50"] - min(peers)
        verdict = "reached" if later <= commit_ms else "**missed**"
        what = f"p50 at equal load, {name}, behind the best that stores nothing"
        lines.append(f"| {what} | {later:.2f} ms | ≤ {commit_ms:.2f} ms, one commit | {verdict} |")
    return lines


def _cell(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}"


def write(results: Results, facts: Mapping[str, str]) -> None:
    """Put the tables in their place in docs/benchmarks.md, and draw the plot."""
    text = _DOCUMENT.read_text(encoding="utf-8")
    before, found, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2] if found else "\n"
    head = (
        f"{facts['day']}, revision {facts['revision']}: {facts['cpu']}, {facts['cores']} cores, {facts['memory']}, "
        f"Python {facts['python']}, {facts['peers']}. "
        f"One commit of our journal on this disk: {facts['commit']} ms, which the peers do not wait for. "
        f"Load of the machine while it ran (1 minute, before and after): {facts['load']}."
    )
    lines = [_BEGIN, "", head, "", "![Edits a second in one act](benchmarks.svg)", "", *tables(results, float(facts["commit"])), "", _END]
    _DOCUMENT.write_text(before.rstrip("\n") + "\n\n" + "\n".join(lines) + after, encoding="utf-8")
    _draw(results, _PLOT)


def _draw(results: Results, place: Path) -> None:
    """Edits a second that each server takes, and what each needs of a core at equal load."""
    charts = []
    for scenario, value, title in (
        ("hot-50", "max", "Most edits a second in one act, 50 people"),
        ("hot-200", "max", "Most edits a second in one act, 200 people"),
        ("rooms-100", "max", "Most edits a second over 100 acts"),
        ("rooms-500", "cpu", "CPU for 500 acts at equal load, % of a core"),
    ):
        servers = results.get(scenario, {})
        charts.append((title, [(name, values[value]) for name, values in servers.items() if value in values]))
    place.write_text(bars(charts), encoding="utf-8")
