"""The HTTP transport against WebSockets in one run: how long one edit takes to be saved and to be seen, and what it costs the server."""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pycrdt
from websockets.asyncio.client import ClientConnection, connect

from server.crdt import hocuspocus
from server.crdt.messages import Ping, SyncStatus, SyncStep1, SyncStep2, Token, Update
from tests.rooms.desks import frames_in, listed
from tests.server_process import ServerProcess

EDITS = 60
ROUNDS = 3
PAUSE_S = 0.02
READERS = 4

Send = Callable[[list[bytes]], Awaitable[None]]


class Client:
    """A drafter or reader; `send` is the transport's."""

    def __init__(self, act: str) -> None:
        self.act = act
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.send: Send
        self.saved = asyncio.Event()
        self.seen = asyncio.Event()
        self.entered = asyncio.Event()

    async def greet(self, token: str) -> None:
        await self.send([self._frame(Token(token)), self._frame(SyncStep1(self.doc.get_state()))])

    async def write(self, letter: str) -> None:
        """One letter; returns when it is on disk."""
        self.saved.clear()
        before = self.doc.get_state()
        unit = self.doc.get("default", type=pycrdt.XmlFragment).children[0].children[0]
        assert isinstance(unit, pycrdt.XmlText)
        unit.insert(0, letter)
        await self.send([self._frame(Update(self.doc.get_update(before)))])
        await self.saved.wait()

    async def take(self, frame: bytes) -> None:
        match hocuspocus.decode(frame)[1]:
            case SyncStep2(update):
                self.doc.apply_update(update)
                self.entered.set()
            case Update(update):
                self.doc.apply_update(update)
                self.seen.set()
            case SyncStep1(state):
                await self.send([self._frame(SyncStep2(self.doc.get_update(state)))])
            case SyncStatus():
                self.saved.set()
            case Ping():
                pass

    def _frame(self, message: Any) -> bytes:  # Any: one of the protocol's messages
        return hocuspocus.encode(self.act, message)


async def by_socket(
    client: Client, server: ServerProcess, token: str, tasks: asyncio.TaskGroup, stack: AsyncExitStack
) -> asyncio.Task[None]:
    """Give a client a WebSocket."""
    socket: ClientConnection = await stack.enter_async_context(connect(server.sync_url, compression=None, max_size=None))

    async def send(frames: list[bytes]) -> None:
        for frame in frames:
            await socket.send(frame)

    async def listen() -> None:
        async for frame in socket:
            assert isinstance(frame, bytes)
            await client.take(frame)

    client.send = send
    listening = tasks.create_task(listen())
    await client.greet(token)
    return listening


async def by_requests(
    client: Client, server: ServerProcess, token: str, tasks: asyncio.TaskGroup, stack: AsyncExitStack
) -> asyncio.Task[None]:
    """Give a client uploads and polls."""
    http = await stack.enter_async_context(httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60))
    address = f"{server.url}/sync/http/{secrets.token_hex(16)}"
    number = 0

    async def post(path: str, body: bytes) -> None:
        answer = await http.post(f"{address}{path}", content=body)
        assert answer.status_code in {200, 204}, answer.text
        for frame in frames_in(answer.content):
            await client.take(frame)

    async def send(frames: list[bytes]) -> None:
        nonlocal number
        number += 1
        await post(f"?n={number}", listed() + listed(*frames))

    async def listen() -> None:
        while True:
            await post("/poll?wait=20", b"\x00")

    client.send = send
    await client.greet("cookie")
    return tasks.create_task(listen())


WAYS = {"WebSocket": by_socket, "HTTP": by_requests}


async def one_round(server: ServerProcess, act: str, token: str, way: str) -> tuple[float, float, float]:
    """Milliseconds until an edit is saved and until a reader has it (medians), and the server's processor ms per edit."""
    process = psutil.Process(server.pid)
    saved: list[float] = []
    seen: list[float] = []
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        author, *readers = [Client(act) for _ in range(READERS + 1)]
        listening = [await WAYS[way](client, server, token, tasks, stack) for client in (author, *readers)]
        for client in (author, *readers):
            await client.entered.wait()
        before = sum(process.cpu_times()[:2])
        for _ in range(EDITS):
            readers[0].seen.clear()
            began = time.perf_counter()
            watching = tasks.create_task(_since(began, readers[0].seen))
            await author.write("ґ")
            saved.append(1000 * (time.perf_counter() - began))
            seen.append(await watching)
            await asyncio.sleep(PAUSE_S)
        cost = 1000 * (sum(process.cpu_times()[:2]) - before) / EDITS
        for task in listening:
            task.cancel()
    return statistics.median(saved), statistics.median(seen), cost


async def _since(began: float, event: asyncio.Event) -> float:
    await event.wait()
    return 1000 * (time.perf_counter() - began)


async def measure() -> list[str]:
    """Lines of a Markdown table; rounds of both transports take turns on one server."""
    found: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder)) as server:
        lead = server.sign_in("drafter-mvs")
        act = lead.import_act("акт.md", "# Про ґрунт\n\nСтаття 1. Слова.".encode(), title="Про ґрунт", kind="other")
        for _ in range(ROUNDS):
            for way, rounds in found.items():
                rounds.append(await one_round(server, act, lead.token, way))
    medians = {way: [statistics.median(column) for column in zip(*rounds, strict=True)] for way, rounds in found.items()}
    lines = [
        f"| one edit, {READERS} others reading over the same transport (medians of {ROUNDS} rounds) | WebSocket | HTTP | ratio |",
        "|---|---:|---:|---:|",
    ]
    rows = ("until its author is told that it is saved, ms", "until another has it, ms", "processor time of the server, ms")
    for row, socket, requests in zip(rows, medians["WebSocket"], medians["HTTP"], strict=True):
        lines.append(f"| {row} | {socket:.2f} | {requests:.2f} | {requests / socket:.1f} |")
    return lines


if __name__ == "__main__":
    print("\n".join(asyncio.run(measure())))
