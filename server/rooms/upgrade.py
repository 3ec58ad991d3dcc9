"""The usual WebSocket upgrade, answered from the head that was read: the checks of the ASGI way without its objects and tasks.

A thousand clients that come back at once spend more on the way through a second HTTP parser, the middlewares and the router than on
everything after it. Whatever is not the usual request, and whatever will be refused, goes that way; the outcome is the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.utils import accept_key

from server.http.middleware import ProxyChain
from server.rooms.lean import take_over
from server.rooms.socket import SyncEndpoint

Headers = Sequence[tuple[bytes, bytes]]
"""Names in small letters, in the order they came in."""

_TARGET = re.compile(rb"/sync(?:/([\w.~:-]{1,200}))?(?:\?([!-~]{0,2000}))?", re.ASCII)
_KEY = re.compile(rb"[A-Za-z0-9+/]{22}==")
_ONCE = {b"host", b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"}
_TWICE_IS_ODD = _ONCE | {b"origin", b"sec-websocket-extensions"}
_ODD = {b"content-length", b"transfer-encoding", b"expect", b"sec-websocket-protocol"}
_CONNECTION = {b"upgrade", b"keep-alive, upgrade"}
_EXTENSIONS = {b"permessage-deflate", b"permessage-deflate; client_max_window_bits"}
"""What browsers and libraries offer; we take none."""
_MAX_HEADERS = 64
_MAX_VALUE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Usual:
    """What is particular to one upgrade request that has nothing unusual in it."""

    key: str
    document: str
    """From the path; empty for the address of many documents."""
    query: bytes


def read_usual(target: bytes, headers: Headers) -> Usual | None:
    """None for anything that needs a closer look."""
    found = _TARGET.fullmatch(target)
    if found is None or len(headers) > _MAX_HEADERS:
        return None
    said: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _ODD or (name in said and name in _TWICE_IS_ODD) or len(value) > _MAX_VALUE_BYTES:
            return None
        said.setdefault(name, value)
    if not (said.keys() >= _ONCE and _is_websocket(said)):
        return None
    return Usual(said[b"sec-websocket-key"].decode(), (found[1] or b"").decode(), found[2] or b"")


def _is_websocket(said: dict[bytes, bytes]) -> bool:
    return (
        said[b"upgrade"].lower() == b"websocket"
        and said[b"connection"].lower() in _CONNECTION
        and said[b"sec-websocket-version"] == b"13"
        and _KEY.fullmatch(said[b"sec-websocket-key"]) is not None
        and said.get(b"sec-websocket-extensions", b"permessage-deflate") in _EXTENSIONS
    )


class Door:
    """Opens sockets for usual requests."""

    def __init__(self, endpoint: SyncEndpoint, chain: ProxyChain) -> None:
        self.endpoint = endpoint
        self.chain = chain

    def open(self, asked: HttpToolsProtocol) -> bool:
        """Take the connection of an upgrade request over; False when it has to go the long way. `asked` has read the whole head."""
        scope = asked.scope
        usual = read_usual(asked.url, asked.headers) if scope["method"] == "GET" and scope["http_version"] == "1.1" else None
        if usual is None:
            return False
        connection = {
            "type": "websocket",
            "scheme": "wss" if asked.scheme == "https" else "ws",
            "server": asked.server,
            "client": asked.client,
            "path": f"/sync/{usual.document}" if usual.document else "/sync",
            "query_string": usual.query,
            "headers": asked.headers,
            "path_params": {"document": usual.document} if usual.document else {},
        }
        self.chain.look_through(connection)
        admitted = self.endpoint.admit(connection)
        if admitted is None:
            return False
        asked.transport.write(_switching(usual.key, asked.server_state.default_headers))
        asked.connections.discard(asked)
        take_over(asked.transport, asked.server_state, asked.config.ws_max_size, admitted)
        return True


def _switching(key: str, more: Headers) -> bytes:
    head = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(key)}\r\n"
    return b"".join((head.encode(), *(name + b": " + value + b"\r\n" for name, value in more), b"\r\n"))
