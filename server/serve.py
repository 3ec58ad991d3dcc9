"""Running the app: one socket, uvicorn, and an orderly end."""

import asyncio
import contextlib
import faulthandler
import gc
import signal
import socket
import sys
from functools import partial
from types import FrameType
from typing import Any  # uvicorn's own untyped places

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.accounts import demo
from server.app import Parts, build_app, prepare
from server.broker.examine import examine
from server.db.explain import explain
from server.errors import ConfigurationError, Unavailable
from server.http.origin import LOOPBACK
from server.observability.logs import set_up_logging
from server.rooms.lean import LeanWebSocket
from server.rooms.upgrade import Door
from server.settings import Settings

_BACKLOG = 2048
_MAX_HEAD_BYTES = 64 * 1024
_HEAD_TIMEOUT_S = 20
_GRACE_S = 10
HANG_S = 120
"""A process whose event loop did not turn for so long ends. Frozen or without a processor for a minute it only goes on."""
_GARBAGE_OBJECTS = 20_000
_SWITCH_S = 0.0005


def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT. Raises ConfigurationError and whatever keeps the server from starting."""
    if settings.demo and settings.host not in LOOPBACK:
        raise ConfigurationError(f"--demo works on a loopback address only, not on {settings.host}")
    set_up_logging(settings.log_level)
    listener = _listen(settings.host, settings.port)
    try:
        asyncio.run(_check(settings))
        app = build_app(settings)
        config = uvicorn.Config(
            app,
            loop="auto",
            http=partial(BoundedHttpProtocol, None if settings.plain_websockets else app.state.door),  # type: ignore[arg-type]  # a class, or what makes its objects
            ws="websockets-sansio" if settings.plain_websockets else LeanWebSocket,
            ws_max_size=settings.max_frame_bytes,
            ws_per_message_deflate=False,
            backlog=_BACKLOG,
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=_GRACE_S,
        )
        server = DrainingServer(config, app)
        _tune()
        server.run(sockets=[listener])
    finally:
        listener.close()
    return 0 if server.started and not server.has_failed else 1


def _tune() -> None:
    """The interpreter's own habits, for one busy event loop beside a thread that writes to the disk.

    What exists now stays for good and is never searched for garbage; an edit leaves no cycles, so the rest is searched seldom. The
    writing thread comes back from the disk several times a commit: it waits for the loop 0.5 ms then, not the usual 5.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_OBJECTS, 20, 50)
    sys.setswitchinterval(_SWITCH_S)
    structlog.configure(cache_logger_on_first_use=True)  # a line that the level leaves out, as each batch's, costs next to nothing then


class DrainingServer(uvicorn.Server):
    """Says where it listens once it does; saves and tells everyone before it closes their connections.

    When a part of it fails for good (`has_failed`) it ends, for its supervisor to start another: nothing would be saved any more. The
    same when its loop hangs (`HANG_S`): without memory, CPython waits for ever for a thread that could not begin.
    """

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self.has_failed = False
        self._parts: Parts = app.state.parts

    async def on_tick(self, counter: int) -> bool:
        if counter % HANG_S == 0:  # ten times within it
            faulthandler.dump_traceback_later(HANG_S, exit=True)
        self.has_failed = self._parts.have_ended
        return await super().on_tick(counter) or self.has_failed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A first signal drains, a second SIGINT does not wait; unlike uvicorn's own, no signal is raised again at the end."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(_welcome(self._parts.settings, sockets[0]), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if not self.has_failed:
            await self._parts.drain()
        await super().shutdown(sockets)
        faulthandler.cancel_dump_traceback_later()


class BoundedHttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose head (request line and headers) is bounded in size and time (P8); WebSockets go by the door, where there is one."""

    def __init__(self, door: Door | None, **given: Any) -> None:
        super().__init__(**given)
        self._door = door

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._head_bytes = 0
        self._in_body = False
        self._deadline = self.loop.call_later(_HEAD_TIMEOUT_S, self._give_up)

    def on_message_begin(self) -> None:
        self._deadline.cancel()
        self._deadline = self.loop.call_later(_HEAD_TIMEOUT_S, self._give_up)
        super().on_message_begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._in_body:
            self._head_bytes += len(data)
        super().data_received(data)
        if not self._in_body and self._head_bytes > _MAX_HEAD_BYTES:
            self._give_up()

    def on_headers_complete(self) -> None:
        self._in_body = True
        self._deadline.cancel()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._head_bytes = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        if self._door is None or not self._door.open(self):
            super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # it and this object hold each other, and another has the connection now

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise ConfigurationError(f"--port: expected a number from 0 to 65535, found {port}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with contextlib.ExitStack() as unless_it_works:
            listener = unless_it_works.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            unless_it_works.pop_all()
    except OSError as error:
        raise ConfigurationError(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return listener


async def _check(settings: Settings) -> None:
    """Migrate and seed before anything listens, so that what is wrong with the data is told in one line."""
    parts: Parts = build_app(settings).state.parts
    try:
        await _prepare(parts)
        for warning in await examine(settings.redis_url) if settings.redis_url else ():
            print(f"zlahoda: {warning}", file=sys.stderr)
        if not settings.demo and not await parts.accounts.search("", limit=1):
            print(
                "There are no accounts yet: zlahoda user add EMAIL --name NAME --body CODE --role admin --password-stdin", file=sys.stderr
            )
    finally:
        parts.passwords.close()
        await parts.database.close()


async def _prepare(parts: Parts) -> None:
    """As `prepare`. What keeps PostgreSQL from being used is said with what to do about it."""
    url = parts.settings.database_url
    try:
        await prepare(parts)
    except (Unavailable, SQLAlchemyError) as error:
        if not url:
            raise
        raise explain(url, error) from None


def _welcome(settings: Settings, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    lines = [f"Злагода: http://{shown}:{port}"]
    if settings.demo:
        lines += ["", "Демонстраційні записи (вхід без пароля зі сторінки входу):"]
        lines += [f"  {each.name:<26} {each.body:<11} {each.position}" for each in demo.PEOPLE]
    return "\n".join(lines)
