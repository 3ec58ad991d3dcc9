"""A WebSocket to the app without a network: ASGI events in and out, awaited one by one."""

import asyncio
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp

from server.crdt import hocuspocus, ywebsocket
from server.crdt.messages import Message, Token
from server.rooms.clients import PING

TIMEOUT_S = 20


class Closed(Exception):
    """The server closed the socket, or refused it before it was open."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Wire:
    """One browser's socket. `frame` raises Closed once everything sent before the close was read, or when it was refused."""

    def __init__(self, app: ASGIApp, path: str = "/sync", *, token: str = "", headers: dict[str, str] | None = None) -> None:
        given = {"host": "localhost:8000", **(headers or {})}
        self._app = app
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "scheme": "ws",
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": f"token={token}".encode() if token else b"",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 40000),
            "server": ("localhost", 8000),
            "subprotocols": [],
            "extensions": {},
            "state": {},
        }
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._to_client: asyncio.Queue[Any] = asyncio.Queue()
        self._reads = asyncio.Event()
        self._reads.set()
        self._tasks = asyncio.TaskGroup()
        self.greeted = False
        """The Ping that opens a Hocuspocus socket has come; what else comes is kept for `frame`."""

    async def __aenter__(self) -> Self:
        self._to_server.put_nowait({"type": "websocket.connect"})
        await self._tasks.__aenter__()
        self._tasks.create_task(self._app(self._scope, self._to_server.get, self._take))  # type: ignore[arg-type]
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._reads.set()
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(TIMEOUT_S):
            await self._tasks.__aexit__(None, None, None)

    async def _take(self, event: Any) -> None:
        await self._reads.wait()
        if not self.greeted and event.get("bytes") == PING:
            self.greeted = True
            return
        if event["type"] != "websocket.accept":
            self._to_client.put_nowait(event)

    def stop_reading(self) -> None:
        """From now on nothing is taken off the wire."""
        self._reads.clear()

    def read_on(self) -> None:
        """Take what waits."""
        self._reads.set()

    def send(self, frame: bytes) -> None:
        """One binary frame, taken by the server when it wants it."""
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": frame, "text": None})

    @property
    def untaken(self) -> int:
        """Frames the server has not read yet."""
        return self._to_server.qsize()

    @property
    def has_more(self) -> bool:
        """Something has come that was not read yet."""
        return not self._to_client.empty()

    async def frame(self) -> bytes:
        """The next frame. Raises Closed."""
        event = await asyncio.wait_for(self._to_client.get(), TIMEOUT_S)
        if event["type"] == "websocket.close":
            raise Closed(event["code"], event.get("reason", ""))
        frame: bytes = event["bytes"]
        return frame

    async def until_closed(self) -> None:
        """Read everything that still comes. Raises Closed."""
        while True:
            await self.frame()

    async def message(self) -> Message:
        """The next message of a y-websocket client. Raises Closed."""
        return ywebsocket.decode(await self.frame())

    async def message_for(self, address: str) -> Message:
        """The next message of a Hocuspocus client, which is for `address`. Raises Closed."""
        found, message = hocuspocus.decode(await self.frame())
        assert found == address
        return message

    def say(self, address: str, message: Message) -> None:
        """A message of a Hocuspocus client."""
        self.send(hocuspocus.encode(address, message))

    async def sign_in(self, address: str, token: str) -> Message:
        """Hocuspocus: the answer to a token."""
        self.say(address, Token(token, "4.3.0"))
        return await self.message_for(address)
