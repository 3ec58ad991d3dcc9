"""A TCP proxy on loopback between two parts of a topology: it cuts, stalls and slows the line, and heals it."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self

CHUNK = 64 * 1024
STARTED_S = 10


class WireCutter:
    """Listens on `port` and passes everything on to `target` (a loopback port). Every call may come from any thread.

    `cut` ends what is connected and refuses what comes; `stall` lets nothing through and tells nobody, as a pulled cable does;
    `abandon` tells the target nothing of the end of what is connected, as a machine that lost its power does; `delay_s` is waited
    before each piece in either direction.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.delay_s = 0.0
        self._is_cut = False
        self._flows: asyncio.Event
        self._ends_pass: asyncio.Event
        self._abandoned: list[asyncio.Event] = []
        self._loop: asyncio.AbstractEventLoop
        self._server: asyncio.Server
        self._lines: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire-cutter", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(STARTED_S), "the proxy did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(STARTED_S)

    def cut(self) -> None:
        """End every connection, and refuse new ones until `heal`."""
        self._do(self._cut())

    def stall(self) -> None:
        """Pass nothing on until `heal`; what was sent meanwhile then arrives."""
        self._do(self._stall())

    def abandon(self) -> None:
        """Whoever is connected may go: the target keeps its end until `heal`. New connections are as ever."""
        self._do(self._abandon())

    def heal(self) -> None:
        """Everything passes again, at once."""
        self._do(self._heal())

    def _do(self, what: Coroutine[Any, Any, None]) -> None:  # Any: what a coroutine sends and yields is its own
        asyncio.run_coroutine_threadsafe(what, self._loop).result(STARTED_S)

    async def _cut(self) -> None:
        self._is_cut = True
        for line in list(self._lines):
            line.transport.abort()

    async def _stall(self) -> None:
        self._flows.clear()

    async def _abandon(self) -> None:
        self._abandoned.append(self._ends_pass)
        self._ends_pass.clear()
        self._ends_pass = _set_event()

    async def _heal(self) -> None:
        self._is_cut = False
        self.delay_s = 0.0
        self._flows.set()
        for each in self._abandoned:
            each.set()
        self._abandoned.clear()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._flows, self._ends_pass, self._quiet = _set_event(), _set_event(), _set_event()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        self._server.close()
        await self._heal()
        await self._cut()
        await self._quiet.wait()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._lines |= {writer, far_writer}
        self._quiet.clear()
        ends_pass = self._ends_pass
        try:
            async with asyncio.TaskGroup() as directions:
                directions.create_task(self._pass_on(reader, far_writer, ends_pass))
                directions.create_task(self._pass_on(far_reader, writer, ends_pass))
        finally:
            self._lines -= {writer, far_writer}
            for line in (writer, far_writer):
                line.transport.abort()
            if not self._lines:
                self._quiet.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends_pass: asyncio.Event) -> None:
        """One direction of a line. One that breaks, as when a process is killed, breaks at both its ends."""
        try:
            while piece := await reader.read(CHUNK):
                await self._flows.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                writer.write(piece)
                await writer.drain()
            await ends_pass.wait()
            writer.write_eof()
        except OSError:
            await ends_pass.wait()
            writer.transport.abort()


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
