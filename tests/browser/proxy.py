"""A proxy such as stands before a body's network: it can refuse WebSockets, or open them and carry nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Literal, Self

Mode = Literal["let", "refuse", "swallow"]
_CHUNK = 64 * 1024
_REFUSED = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Proxy:
    """Listens on a free loopback port. `mode` is for WebSockets opened from now on; other requests always pass."""

    def __init__(self, port: int) -> None:
        self.mode: Mode = "let"
        self.refused = 0
        """Upgrades that were refused or swallowed."""
        self._server = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._upgraded: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def url(self) -> str:
        """Where a browser reaches the server through it."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def web_sockets(self) -> int:
        """WebSockets open through it now."""
        with self._lock:
            return len(self._upgraded)

    def cut(self) -> None:
        """Break every WebSocket."""
        with self._lock:
            upgraded = list(self._upgraded)
        for one in upgraded:
            _shut(one)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        _shut(self._listener)
        self._listener.close()
        with self._lock:
            left = list(self._open)
        for one in left:
            _shut(one)
        self._thread.join(timeout=10)

    def _listen(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return  # closed: the test is over
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        """One connection. A browser opens a WebSocket on a connection of its own, so that its first request says which it is."""
        with browser, self._noted(browser), suppress(OSError):
            head = _read_head(browser)  # browsers open connections before they need them: the server's comes with the first request
            is_upgrade = b"upgrade: websocket" in head.lower()
            if is_upgrade and self.mode != "let":
                self.refused += 1
            if is_upgrade and self.mode == "refuse":
                browser.sendall(_REFUSED)
            elif head:
                with socket.create_connection(self._server) as server, self._noted(server):
                    self._carry(browser, server, head, is_upgrade)

    @contextmanager
    def _noted(self, one: socket.socket) -> Iterator[None]:
        """It is shut at the end of the test, if it is still open."""
        with self._lock:
            self._open.add(one)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(one)
                self._upgraded.discard(one)

    def _carry(self, browser: socket.socket, server: socket.socket, head: bytes, is_upgrade: bool) -> None:
        server.sendall(head)
        swallows = is_upgrade and self.mode == "swallow"
        if swallows:
            answer = _read_head(server)
            browser.sendall(answer[: answer.index(b"\r\n\r\n") + 4])
            while browser.recv(_CHUNK):
                pass
            return
        if is_upgrade:
            with self._lock:
                self._upgraded.add(browser)
        down = threading.Thread(target=_pipe, args=(server, browser), daemon=True)
        down.start()
        _pipe(browser, server)
        down.join()


def _read_head(source: socket.socket) -> bytes:
    """Everything up to the end of the first head, and what came with it."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = source.recv(_CHUNK)
        if not more:
            return head
        head += more
    return head


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    _shut(source)
    _shut(target)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
