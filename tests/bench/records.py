"""What a proposal costs where it is made and where it is kept: read from an edit in the browser, checked and stored at the server."""

import asyncio
import contextlib
import io
import json
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection

from server.access.actor import Actor
from server.ids import ActId, DocumentId
from server.suggestions.model import Proposal
from server.suggestions.shape import check_change
from tests.server_process import ROOT
from tests.site import open_site
from tests.suggestions.cast import Cast, gather

ALONE = 300
TOGETHER = 40
REVIEWERS = 20

Lap = tuple[float, float]
"""Milliseconds by the clock, and of the processor."""


def measure() -> list[str]:
    """Lines of Markdown tables."""
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):  # the app's log
            stored = asyncio.run(_store(Path(folder)))
        return [*_browser(Path(folder)), "", *stored]


def _browser(folder: Path) -> list[str]:
    """The benchmark of the front end, without a screen."""
    out = folder / "speed.json"
    command = ["npx", "vitest", "bench", "--run", "--outputJson", str(out), "src/suggestions/core/speed"]
    subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True)
    groups = json.loads(out.read_text())["files"][0]["groups"]
    return [
        "| a reviewer's browser, 3,000 units and 500 proposals, without a screen, ms | median | p99 |",
        "|---|---:|---:|",
        *(f"| {one['name']} | {one['median']:.3f} | {one['p99']:.3f} |" for group in groups for one in group["benchmarks"]),
    ]


async def _store(folder: Path) -> list[str]:
    """The service on SQLite: every put is a transaction, or shares one, that is on disk when it answers."""
    async with open_site(folder) as site:
        bench = await _Bench.on(await gather(site))
        for _ in range(ALONE):
            await bench.one_alone()
        for _ in range(TOGETHER):
            await bench.many_at_once()
    return [
        "| a proposal at the server, SQLite, ms | median | p95 | of it processor, median |",
        "|---|---:|---:|---:|",
        *(_row(what, laps) for what, laps in bench.laps.items()),
    ]


class _Bench:
    """An act whose reviewers put; what is compared takes turns, because the machine's speed changes within minutes."""

    def __init__(self, cast: Cast, reviewers: Sequence[Actor]) -> None:
        self._cast = cast
        self._reviewers = reviewers
        self._held: dict[str, tuple[Proposal, int]] = {}
        self.laps: dict[str, list[Lap]] = defaultdict(list)

    @classmethod
    async def on(cls, cast: Cast) -> Self:
        """With so many more reviewers than the cast has."""
        people = [await cast.site.add_person(f"reviewer-{number}@minfin.gov.ua", body="minfin") for number in range(REVIEWERS)]
        for person in people:
            await cast.call("lead", "PUT", f"/members/{person.id}", {"role": "reviewer"})
        return cls(cast, [Actor(person.id, person.name, person.body) for person in people])

    async def one_alone(self) -> None:
        reviewer = self._reviewers[0]
        self._note("nothing but a commit of one row: what the disk takes", await _lap(self._touch()))
        proposal = _proposal(self._cast)
        self._note("check everything it says", _check(proposal))
        self._note("put a new one: rights, limits, record, event, on disk", await _lap(self._put(reviewer, proposal)))
        self._note("put a new wording, typed on", await _lap(self._put_on(reviewer)))

    async def many_at_once(self) -> None:
        each = f"{REVIEWERS} reviewers at once, for each"
        self._note("nothing but a commit of one row: what the disk takes", await _lap(self._touch()))
        new = [self._put(one, _proposal(self._cast)) for one in self._reviewers]
        self._note(f"{each}: a new one", await _lap(asyncio.gather(*new)), REVIEWERS)
        edits = [self._put_on(one) for one in self._reviewers]
        self._note(f"{each}: a new wording", await _lap(asyncio.gather(*edits)), REVIEWERS)

    async def _put(self, reviewer: Actor, proposal: Proposal, replaces: int = 0) -> None:
        await self._cast.site.parts.suggestions.put(reviewer, ActId(self._cast.act), proposal, replaces)
        self._held[reviewer.id] = (proposal, replaces + 1)

    def _put_on(self, reviewer: Actor) -> Coroutine[None, None, None]:
        """Other words in the reviewer's last record."""
        last, version = self._held[reviewer.id]
        words = _proposal(self._cast, words=f"будівлею {version}")
        return self._put(reviewer, Proposal(last.id, words.document, words.kind, words.change), version)

    async def _touch(self) -> None:
        await self._cast.site.parts.database.write(_touch)

    def _note(self, what: str, lap: Lap, shared_by: int = 1) -> None:
        self.laps[what].append((lap[0] / shared_by, lap[1] / shared_by))


def _touch(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE instance SET value = value || '.' WHERE key = 'bench'")
    connection.exec_driver_sql("INSERT INTO instance VALUES ('bench', '') ON CONFLICT DO NOTHING")


def _proposal(cast: Cast, words: str = "будівлею 😀") -> Proposal:
    said: dict[str, Any] = cast.proposal(words)
    return Proposal(said["id"], DocumentId(said["document"]), said["kind"], said["change"])


def _check(proposal: Proposal) -> Lap:
    begin, busy = time.perf_counter(), time.process_time()
    check_change(proposal.kind, proposal.change)
    return 1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - busy)


async def _lap(work: Awaitable[object]) -> Lap:
    begin, busy = time.perf_counter(), time.process_time()
    await work
    return 1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - busy)


def _row(what: str, laps: list[Lap]) -> str:
    values, busy = [wall for wall, _ in laps], [processor for _, processor in laps]
    return f"| {what} | {statistics.median(values):.3f} | {statistics.quantiles(values, n=20)[-1]:.3f} | {statistics.median(busy):.3f} |"


if __name__ == "__main__":
    print("\n".join(measure()))
