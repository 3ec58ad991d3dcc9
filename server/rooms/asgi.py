"""The plain ASGI path of a WebSocket: works under any server; one pump per socket writes what rooms queue."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from itertools import repeat

from starlette.types import Send

from server.rooms.limits import Monotonic


class AsgiTransport:
    """Fulfils Transport over ASGI `send`. `pump` writes until the socket is closed by either side."""

    def __init__(self, send: Send, monotonic: Monotonic = time.monotonic) -> None:
        self._send = send
        self.on_drained: Callable[[], None] = lambda: None
        """Called when everything queued has left."""
        self._monotonic = monotonic
        self._queue: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closing: tuple[int, str] | None = None
        self._gone = False
        self.buffered_bytes = 0
        self._wrote_at = self._monotonic()

    @property
    def is_closing(self) -> bool:
        """True after `close`."""
        return self._closing is not None

    @property
    def idle_s(self) -> float:
        """How long ago the last frame left."""
        return self._monotonic() - self._wrote_at

    def send(self, frame: bytes, times: int = 1) -> None:
        if self._closing is None:
            self._queue.extend(repeat(frame, times))
            self.buffered_bytes += len(frame) * times
            self._wake.set()

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = (code, reason)
            self._wake.set()

    def abandon(self) -> None:
        """The client is gone: nothing more is written."""
        self._closing = self._closing or (1006, "")
        self._gone = True
        self._queue.clear()
        self.buffered_bytes = 0
        self._room.set()
        self._wake.set()

    async def pump(self) -> None:
        """Write what is queued, then the close frame."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._write_queue()
            if self._gone:
                return
            if self._closing is not None:
                code, reason = self._closing
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
                return
            self._room.set()
            self.on_drained()

    async def _write_queue(self) -> None:
        while self._queue:
            frame = self._queue.popleft()
            await self._send({"type": "websocket.send", "bytes": frame})
            if not self._gone:
                self.buffered_bytes -= len(frame)
            self._wrote_at = self._monotonic()

    async def until_drained(self) -> None:
        """Wait until everything queued has left. The reader does so when too much waits: who reads slowly is read slowly."""
        self._room.clear()
        self._wake.set()
        await self._room.wait()
