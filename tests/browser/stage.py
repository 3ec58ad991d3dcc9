"""The whole app in this process on a real port, with a clock of its own: browsers reach it as any server, a test its parts and its time."""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn

from server.app import build_app
from server.rooms.lean import LeanWebSocket
from server.serve import BoundedHttpProtocol
from server.settings import Settings
from tests.server_process import wait_for
from tests.site import ManualClock, Site, cheap_passwords

T = TypeVar("T")
TIMEOUT_S = 300


class Stage:
    """Serves in a thread while it is entered. `site` is what in-process tests have; what touches it goes through `do`."""

    def __init__(self, folder: Path, *, now: int) -> None:
        self._folder = folder
        self._now = now
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="stage")
        self._failure: BaseException | None = None
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop
        self.site: Site

    @property
    def url(self) -> str:
        """Where a browser reaches it, without a closing slash."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        wait_for("the server on its port", lambda: self._failure is not None or (self._server is not None and self._server.started), 60)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join(TIMEOUT_S)
        self._listener.close()
        if error is None and self._failure is not None:
            raise self._failure

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the server's own loop and return what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT_S)

    async def _serve(self) -> None:
        try:
            self._loop = asyncio.get_running_loop()
            clock = ManualClock(self._now)
            settings = Settings(data_dir=self._folder)
            app = build_app(settings, clock=clock, passwords=cheap_passwords())
            async with app.router.lifespan_context(app), AsyncExitStack() as stack:
                self.site = Site(app, clock, stack)
                config = uvicorn.Config(
                    app,
                    http=partial(BoundedHttpProtocol, app.state.door),  # type: ignore[arg-type]  # a class, or what makes its objects
                    ws=LeanWebSocket,
                    ws_max_size=settings.max_frame_bytes,
                    ws_per_message_deflate=False,
                    access_log=False,
                    log_config=None,
                    lifespan="off",
                    timeout_graceful_shutdown=5,
                )
                self._server = uvicorn.Server(config)
                await self._server.serve(sockets=[self._listener])
                await self.site.parts.drain()
        except BaseException as error:
            self._failure = error
            raise
