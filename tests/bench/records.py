"""What a proposal costs where it is made and where it is kept: read from an edit in the browser, checked and stored at the server."""

import asyncio
import contextlib
import io
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from server.access.actor import Actor
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.suggestions.model import Proposal
from server.suggestions.shape import check_change
from tests.server_process import ROOT
from tests.site import open_site
from tests.suggestions.cast import Cast, gather

RECORDS = 500
EDITS = 400

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
    """The service on SQLite: every put is a transaction that is on disk when it answers."""
    async with open_site(folder) as site:
        cast = await gather(site)
        reviewer = Actor(UserId(cast["reviewer"].id), "Рецензентка", BodyCode("minfin"))
        proposals = [_proposal(cast) for _ in range(RECORDS)]
        checked = [_check(one) for one in proposals]
        put = site.parts.suggestions.put
        made = [await _lap(put(reviewer, ActId(cast.act), one, 0)) for one in proposals]
        edited, version = [], 1
        for _ in range(EDITS):
            words = _proposal(cast, words=f"будівлею {version}")
            again = Proposal(proposals[0].id, words.document, words.kind, words.change)
            edited.append(await _lap(put(reviewer, ActId(cast.act), again, version)))
            version += 1
    return [
        "| a proposal at the server, SQLite, ms | median | p95 | of it processor, median |",
        "|---|---:|---:|---:|",
        _row("check everything it says", checked),
        _row("put a new one: rights, limits, record, event, on disk", made),
        _row("put a new wording, typed on", edited),
    ]


def _proposal(cast: Cast, words: str = "будівлею 😀") -> Proposal:
    said: dict[str, Any] = cast.proposal(words)
    return Proposal(said["id"], DocumentId(said["document"]), said["kind"], said["change"])


def _check(proposal: Proposal) -> Lap:
    begin, busy = time.perf_counter(), time.process_time()
    check_change(proposal.kind, proposal.change)
    return 1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - busy)


async def _lap(work: Any) -> Lap:  # Any: the coroutine of whichever verb
    begin, busy = time.perf_counter(), time.process_time()
    await work
    return 1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - busy)


def _row(what: str, laps: list[Lap]) -> str:
    values, busy = [wall for wall, _ in laps], [processor for _, processor in laps]
    return f"| {what} | {statistics.median(values):.3f} | {statistics.quantiles(values, n=20)[-1]:.3f} | {statistics.median(busy):.3f} |"


if __name__ == "__main__":
    print("\n".join(measure()))
