"""The WebSocket endpoint `/sync`: who may open it, which protocol it speaks, how fast, and with which code it ends."""

import asyncio
import time
from collections.abc import Awaitable
from functools import partial
from typing import Protocol

import structlog
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import Receive, Scope, Send

from server.access.actor import Actor
from server.crdt.lib0 import DecodeError
from server.errors import BadRequest, NotSignedIn, TooLarge, ZlahodaError
from server.http.origin import is_same_origin
from server.rooms.asgi import AsgiTransport
from server.rooms.clients import PING, Client, HocuspocusClient, YWebsocketClient, document_in, is_ywebsocket
from server.rooms.connection import Connection, Transport
from server.rooms.handover import TAKE_OVER, Admitted, Outgoing, Sink
from server.rooms.limits import Monotonic, TokenBucket
from server.rooms.registry import Registry

SIGN_IN_S = 15.0
"""A socket that has said nothing by then is closed."""
EMPTY_S = 120.0
"""A socket that is in no document for so long is closed."""
KEEPALIVE_S = 12.0
"""A socket on which nothing was written for so long gets a frame that says nothing."""
STUCK_S = 60.0
"""A client that takes nothing for so long, with something waiting for it, is closed; it may come back."""
BURST = 10
"""How many seconds of its rate a connection may send at once."""

_log = structlog.get_logger(__name__)


class Authenticator(Protocol):
    """Finds out who is asking; `auth/authenticator.py` is the real one."""

    async def from_request(self, connection: HTTPConnection) -> Actor:
        """Raises NotSignedIn."""
        ...

    async def from_token(self, token: str, connection: HTTPConnection) -> Actor:
        """By a token said inside the connection. Raises NotSignedIn."""
        ...


def sync_routes(endpoint: "SyncEndpoint") -> list[BaseRoute]:
    """`/sync` for Hocuspocus, `/sync/{document}` for y-websocket; the first frame decides on the second, too."""
    return [WebSocketRoute("/sync", endpoint), WebSocketRoute("/sync/{document:path}", endpoint)]


class SyncEndpoint:
    """A plain ASGI application for one route. Under our own protocol class a call ends as soon as the socket is open."""

    def __init__(self, registry: Registry, authenticator: Authenticator, monotonic: Monotonic = time.monotonic) -> None:
        self._registry = registry
        self._authenticator = authenticator
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if self._registry.draining:
            await _refuse_for_now(scope, send)
            return
        admitted = self.admit(scope)
        if admitted is None:
            await send({"type": "websocket.close", "code": 4403})
            return
        await send({"type": "websocket.accept"})
        take_over = scope.get("extensions", {}).get(TAKE_OVER)
        if take_over is None:
            await self._by_asgi(admitted, receive, send)
        else:
            take_over(admitted)

    def admit(self, scope: Scope) -> Admitted | None:
        """Whether this socket may be opened at all; who it is for is asked later. None for a foreign page, and while the server stops."""
        registry = self._registry
        request = HTTPConnection(scope)
        if registry.draining or not is_same_origin(request, registry.settings.public_url):
            return None
        return Admitted(partial(self._open, request), registry.spawn, registry.pause, registry.settings.max_outbox_bytes)

    async def _by_asgi(self, admitted: Admitted, receive: Receive, send: Send) -> None:
        transport = AsgiTransport(send, self._monotonic)
        socket = admitted.connect(transport)
        transport.on_drained = socket.drained
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_write(transport))
                await self._read(socket, transport, receive)
        finally:
            socket.lost()

    async def _read(self, socket: Sink, transport: AsgiTransport, receive: Receive) -> None:
        """Take messages until the client goes or is put out."""
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                transport.abandon()
                return
            if transport.is_closing:
                continue  # what comes after we closed is read and dropped until the client answers
            frame = event.get("bytes")
            if frame is None:
                socket.take_text()
                continue
            rest = socket.take(frame)
            wait_s = rest if isinstance(rest, float) else await rest
            if wait_s > 0:
                await self._registry.pause(wait_s)
            if transport.buffered_bytes > self._registry.settings.max_outbox_bytes:
                await transport.until_drained()

    def _open(self, request: HTTPConnection, transport: Outgoing) -> "SyncSocket":
        socket = SyncSocket(self._registry, self._authenticator, request, transport, self._monotonic)
        self._registry.opened(socket)
        if not request.path_params.get("document"):
            transport.send(PING)  # a Hocuspocus provider sends what it had queued before it answers this
        return socket


async def _refuse_for_now(scope: Scope, send: Send) -> None:
    """Before the socket is open: by a status that makes a balancer try another process, where the server can send one."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013})
        return
    await send({"type": "websocket.http.response.start", "status": 503, "headers": [(b"retry-after", b"1"), (b"content-length", b"0")]})
    await send({"type": "websocket.http.response.body", "body": b""})


async def _write(transport: AsgiTransport) -> None:
    """Pump until closed. A socket that breaks while written to ends like one that was closed by the client."""
    try:
        await transport.pump()
    except OSError:
        transport.abandon()


class SyncSocket:
    """One WebSocket, whatever carries it: what a client says goes to its rooms, and every failure ends as a close code."""

    def __init__(
        self, registry: Registry, authenticator: Authenticator, request: HTTPConnection, transport: Outgoing, monotonic: Monotonic
    ) -> None:
        settings = registry.settings
        self._transport = transport
        self._registry = registry
        self._monotonic = monotonic
        self._authenticator = authenticator
        self._request = request
        self._client: Client | None = None
        self._empty_since = self._monotonic()
        self._rate = TokenBucket(settings.max_updates_per_second, settings.max_updates_per_second * BURST, monotonic)
        self._max_frame_bytes = settings.max_frame_bytes

    @property
    def transport(self) -> Transport:
        """Its outgoing side."""
        return self._transport

    @property
    def connections(self) -> list[Connection]:
        """The documents joined."""
        return [] if self._client is None else self._client.connections

    def take(self, frame: bytes) -> float | Awaitable[float]:
        """One binary message; the seconds its sender has to rest, at once or when somebody had to be asked. Never raises."""
        try:
            if len(frame) > self._max_frame_bytes:
                raise TooLarge
            cost = (self._client or self._choose(frame)).receive(frame)
            return self._rate.take(cost) if isinstance(cost, float) else self._after(cost, frame)
        except Exception as error:  # noqa: BLE001 - the edge of a socket
            self._failed(error, frame)
            return 0.0

    async def _after(self, cost: Awaitable[float], frame: bytes) -> float:
        try:
            return self._rate.take(await cost)
        except Exception as error:  # noqa: BLE001 - the edge of a socket
            self._failed(error, frame)
            return 0.0

    def take_text(self) -> None:
        """Nobody here sends text."""
        self._transport.close(BadRequest.close_code, "binary frames only")

    def _failed(self, error: Exception, frame: bytes) -> None:
        """Every failure ends as a close code, and only here."""
        match error:
            case DecodeError():
                _log.info("malformed frame", detail=str(error), bytes=len(frame))
                self._refuse(BadRequest(str(error)))
            case ZlahodaError():
                self._refuse(error)
            case _:
                _log.error("socket failed", exc_info=error)
                self._transport.close(1011, "internal")

    def _choose(self, frame: bytes) -> Client:
        """The protocol of the socket, from its first frame. Raises BadRequest, NotFound."""
        if not is_ywebsocket(frame):
            self._client = HocuspocusClient(self._transport, self._registry, self._authenticate)
            return self._client
        name = self._request.path_params.get("document", "")
        if not name:
            raise BadRequest("this address speaks Hocuspocus; the document is missing from the path")
        self._client = YWebsocketClient(self._transport, self._registry, document_in(name), self._sign_in)
        return self._client

    def _refuse(self, error: ZlahodaError) -> None:
        if isinstance(self._client, YWebsocketClient):
            self._client.refuse(error)
        else:
            self._transport.close(error.close_code, error.code)

    async def _sign_in(self) -> Actor:
        return await self._authenticator.from_request(self._request)

    async def _authenticate(self, token: str) -> Actor:
        if token in {"", "cookie"}:
            return await self._authenticator.from_request(self._request)
        return await self._authenticator.from_token(token, self._request)

    def drained(self) -> None:
        """What was queued has left: clients that fell behind are caught up."""
        if self._client is not None:
            self._client.drained()

    @property
    def has_unanswered(self) -> bool:
        """True while something the client sent waits for the disk, or something it asked for its answer."""
        return self._client is not None and self._client.has_unanswered

    def resume(self, address: str, state_vector: bytes) -> None:
        """Catch a Hocuspocus client up by difference from what it says it holds. Never raises."""
        try:
            if isinstance(self._client, HocuspocusClient):
                self._client.resume(address, state_vector)
        except Exception as error:  # noqa: BLE001 - the edge of a socket
            self._failed(error, state_vector)

    def tend(self, now: int) -> None:
        """Called every few seconds. A silent socket gets a keepalive, a stuck one or one that never joined is closed."""
        waited = self._transport.idle_s
        if self._transport.buffered_bytes:
            if waited > STUCK_S:
                _log.info("client is stuck", bytes=self._transport.buffered_bytes)
                self._transport.close(1013, "too slow")
        elif self._client is not None and waited > KEEPALIVE_S:
            self._transport.send(self._client.keepalive)
        if self.connections:
            self._empty_since = self._monotonic()
        elif self._monotonic() - self._empty_since > (SIGN_IN_S if self._client is None else EMPTY_S):
            self._transport.close(NotSignedIn.close_code, "nothing joined")

    def lost(self) -> None:
        """The connection is gone: give back every place."""
        if self._client is not None:
            self._client.leave()
        self._registry.closed(self)
