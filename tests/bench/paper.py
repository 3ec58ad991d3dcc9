"""Cold open of a document with a long history: the automerge paper, 259,778 recorded edits in one unit's text."""

import asyncio
import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pycrdt
from websockets.asyncio.client import connect

from server.clock import now_ms
from server.crdt.content import Element, Run
from server.crdt.document import build
from server.crdt.hocuspocus import decode, encode
from server.crdt.messages import SyncStep1, SyncStep2, Token, Update
from server.db.engine import open_database
from server.ids import ClientId, DocumentId, UserId
from server.journal.compaction import Compactor
from server.journal.journal import Append, Entry
from server.journal.sql import SqlJournal
from tests.conftest import SHARED
from tests.server_process import ServerProcess

EDITS_PER_UPDATE = 100
ROUNDS = 5
WHOLE_BYTES = 200_000
"""The document takes 247 kB from a checkpoint and 346 kB from its log."""


def updates_of_the_paper() -> Iterator[bytes]:
    """The trace as Yjs updates into the text of the one unit that `build` made."""
    trace = json.loads(gzip.decompress((SHARED / "data/traces/automerge-paper.json.gz").read_bytes()))
    seed = build((Element("unit", {"bid": "paper", "kind": "paragraph"}, (Run("P"),)),), ClientId(4712))
    document: pycrdt.Doc[Any] = pycrdt.Doc(client_id=4711)
    document.apply_update(seed)
    fragment = document.get("default", type=pycrdt.XmlFragment)
    text = fragment.children[0].children[0]
    assert isinstance(text, pycrdt.XmlText)
    patches = [patch for txn in trace["txns"] for patch in txn["patches"]]
    made: list[bytes] = []
    watching = document.observe(lambda event: made.append(event.update))  # what a browser would send: this transaction alone
    yield seed
    for start in range(0, len(patches), EDITS_PER_UPDATE):
        with document.transaction():
            for position, deleted, inserted in patches[start : start + EDITS_PER_UPDATE]:
                if deleted:
                    del text[position : position + deleted]
                if inserted:
                    text.insert(position, inserted)
        yield from made
        made.clear()
    document.unobserve(watching)


async def fill(data_dir: Path, document: DocumentId, compacted: bool) -> int:
    """Put the history into the act's journal as its drafter's; the number of updates."""
    database = open_database("", data_dir)
    journal = SqlJournal(database, now_ms)
    head = await journal.read_head(document)
    author = next(iter(head.bindings.values()), UserId("0" * 32))
    entries = [Entry(update, author) for update in list(updates_of_the_paper())]
    for start in range(0, len(entries), 128):
        await journal.append([Append(document, head.fence, tuple(entries[start : start + 128]))])
    if compacted:
        print("  compaction:", await Compactor(journal).compact(document))
    await database.close()
    return len(entries)


async def open_document(server: ServerProcess, document: str, token: str) -> float:
    """Seconds from the question to the answer with the whole document, over a socket of its own."""
    async with connect(server.sync_url, compression=None, max_size=None) as socket:
        await socket.send(encode(document, Token(json.dumps({"token": token, "epoch": "", "schema": 1}), "4.8.0")))
        begin, received = time.perf_counter(), 0
        await socket.send(encode(document, SyncStep1(b"\0")))
        async for frame in socket:
            assert isinstance(frame, bytes)
            match decode(frame)[1]:
                case SyncStep2(update) | Update(update):  # a log that is not compacted is sent as it is stored, in pieces
                    received += len(update)
                    if received > WHOLE_BYTES:
                        return time.perf_counter() - begin
                case _:
                    continue
    raise AssertionError("the socket closed before the document came")


async def measure() -> list[str]:
    """Lines of a Markdown table."""
    lines = [
        "| cold open of the automerge paper | first client, ms | server CPU, ms | 50 clients at once: last, ms | server CPU, ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for compacted in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            server = ServerProcess(Path(folder), environment={"ZLAHODA_MAX_CONNECTIONS_PER_USER": "200"})
            server.start()
            lead = server.sign_in("drafter-mvs")
            document = (
                lead.create_act("Папір") if hasattr(lead, "create_act") else lead.post("/acts", {"title": "Папір", "kind": "other"})["id"]
            )
            server.stop()
            await fill(Path(folder), DocumentId(document), compacted)
            first: list[float] = []
            first_cpu: list[float] = []
            many: list[float] = []
            many_cpu: list[float] = []
            for _ in range(ROUNDS):
                for clients, walls, cpus in ((1, first, first_cpu), (50, many, many_cpu)):
                    server.start()
                    token = server.sign_in("drafter-mvs").token
                    process = psutil.Process(server.pid)
                    before = sum(process.cpu_times()[:2])
                    seconds = await asyncio.gather(*(open_document(server, document, token) for _ in range(clients)))
                    cpus.append(sum(process.cpu_times()[:2]) - before)
                    walls.append(max(seconds))
                    server.stop()
            row = [1000 * statistics.median(values) for values in (first, first_cpu, many, many_cpu)]
            lines.append(
                f"| {'from a checkpoint' if compacted else 'from the log, not yet compacted'} | "
                + " | ".join(f"{value:.0f}" for value in row)
                + " |"
            )
    return lines


if __name__ == "__main__":
    print("\n".join(asyncio.run(measure())))
