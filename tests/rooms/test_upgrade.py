"""The short way to a WebSocket has the outcome of the way through uvicorn and ASGI, whatever a request says. Rules: docs/spec/sync.md."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import pytest
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import Scope

from server.http.middleware import ProxyChain, TrustedProxies, parse_networks
from server.rooms.lean import LeanWebSocket
from server.rooms.upgrade import Door, read_usual
from server.serve import BoundedHttpProtocol
from tests.rooms.hall import Hall, open_hall, wait_until
from tests.rooms.world import DOCUMENT
from tests.services import free_port

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
USUAL = {
    "Host": "zlahoda.example",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}
BROWSER = USUAL | {
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    "Origin": "http://zlahoda.example",
    "Sec-Fetch-Site": "same-origin",
    "Cookie": "zlahoda=zls_x; мова=uk",
    "User-Agent": "Mozilla/5.0",
}
CHAIN = ProxyChain(parse_networks("127.0.0.1"))


@dataclass(frozen=True)
class Case:
    """What is sent, and whether the short way is taken; the outcome is the long way's in any case."""

    target: str = "/sync"
    headers: Sequence[tuple[str, str]] = tuple(USUAL.items())
    method: str = "GET"
    is_short: bool = False
    version: str = "1.1"

    def request(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/{self.version}", *(f"{name}: {value}" for name, value in self.headers), "", ""]
        return "\r\n".join(lines).encode()


def said(headers: dict[str, str] = USUAL, /, **more: str | None) -> tuple[tuple[str, str], ...]:
    """The usual headers with others; None leaves one out."""
    changed: dict[str, str | None] = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
    return tuple((name, value) for name, value in changed.items() if value is not None)


CASES = {
    "many documents": Case(is_short=True),
    "one document": Case(f"/sync/{DOCUMENT}?token=zlt_abc", is_short=True),
    "a token by percent": Case("/sync?token=%D0%9E", is_short=True),
    "as a browser": Case(headers=said(BROWSER), is_short=True),
    "small letters": Case(headers=[(name.lower(), value if value == KEY else value.lower()) for name, value in said()], is_short=True),
    "by a proxy over TLS": Case(
        headers=said(BROWSER, Origin="https://zlahoda.example", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7"), is_short=True
    ),
    "an address that says less": Case(headers=said(X_Forwarded_For="таке, 192.0.2.7"), is_short=True),
    "a foreign page": Case(headers=said(BROWSER, Origin="http://evil.example")),
    "a foreign page says nothing": Case(headers=said(BROWSER, Origin="null")),
    "another scheme": Case(headers=said(BROWSER, Origin="https://zlahoda.example")),
    "another port": Case(headers=said(BROWSER, Origin="http://zlahoda.example:81")),
    "a frame of another site": Case(headers=said(BROWSER, Sec_Fetch_Site="cross-site")),
    "two origins": Case(headers=[*said(BROWSER), ("Origin", "http://evil.example")]),
    "two hosts": Case(headers=[*said(), ("Host", "evil.example")]),
    "no host": Case(headers=said(Host=None)),
    "no key": Case(headers=said(**{"Sec-WebSocket-Key": None})),
    "two keys": Case(headers=[*said(), ("Sec-WebSocket-Key", KEY)]),
    "a short key": Case(headers=said(**{"Sec-WebSocket-Key": "YWJj"})),
    "a key that is none": Case(headers=said(**{"Sec-WebSocket-Key": "ключ" * 6})),
    "an old version": Case(headers=said(**{"Sec-WebSocket-Version": "8"})),
    "another upgrade": Case(headers=said(Upgrade="h2c")),
    "two upgrades": Case(headers=said(Upgrade="websocket, h2c")),
    "not an upgrade": Case(headers=said(Connection="keep-alive")),
    "odd connection": Case(headers=said(Connection="Upgrade, close")),
    "a subprotocol": Case(headers=said(**{"Sec-WebSocket-Protocol": "yjs"})),
    "an unknown extension": Case(headers=said(**{"Sec-WebSocket-Extensions": "x-webkit-deflate-frame"})),
    "an extension that is none": Case(headers=said(**{"Sec-WebSocket-Extensions": "=;"})),
    "a post": Case(method="POST"),
    "an old protocol": Case(version="1.0"),
    "elsewhere": Case("/synchronous"),
    "below, of no document": Case("/sync/"),
    "a path by percent": Case("/sync/%D0%9E"),
    "a path with more parts": Case("/sync/a/b"),
    "a long path": Case("/sync/" + "a" * 300),
    "many headers": Case(headers=[*said(), *((f"X-{number}", "1") for number in range(100))]),
    "a long header": Case(headers=said(X_Long="ї" * 3000)),
}  # fmt: skip


class CountingDoor(Door):
    """Says whether the short way was taken."""

    opened = 0

    def open(self, asked: object) -> bool:
        taken = super().open(asked)  # type: ignore[arg-type]  # whatever uvicorn gives
        self.opened += taken
        return taken


@dataclass
class Server:
    """One hall behind two listening uvicorns: one with a door, one without."""

    hall: Hall
    door: CountingDoor
    short: int
    long: int
    seen: list[Scope]

    async def ask(self, port: int, request: bytes) -> tuple[bytes, dict[str, str], bytes]:
        """Status line, headers, and what comes first after them."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(request)
            status, *lines = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).split(b"\r\n")
            headers = dict(line.decode().lower().split(": ", 1) for line in lines if line)
            headers.pop("date", None)
            first = await asyncio.wait_for(reader.read(100), 30) if status.split()[1] == b"101" and b" /sync " in request else b""
        finally:
            writer.close()
            await writer.wait_closed()
        await wait_until(lambda: self.hall.registry.socket_count == 0)
        return status, headers, first


@asynccontextmanager
async def open_server(public_url: str = "") -> AsyncIterator[Server]:
    async with open_hall(public_url=public_url) as hall:
        seen: list[Scope] = []
        hall.app.user_middleware.append(Middleware(TrustedProxies, chain=CHAIN))
        _look(hall, seen.append)
        door = CountingDoor(hall.endpoint, CHAIN)
        short, long = free_port(), free_port()
        servers = [_server(hall, short, door), _server(hall, long, None)]
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(server.serve()) for server in servers]
            await wait_until(lambda: all(server.started for server in servers))
            yield Server(hall, door, short, long, seen)
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*running)


def _look(hall: Hall, see: Callable[[Scope], None]) -> None:
    """Note what the endpoint is told of each request it admits."""
    admit = hall.endpoint.admit

    def seeing(scope: Scope) -> object:
        see(dict(scope))
        return admit(scope)

    hall.endpoint.admit = seeing  # type: ignore[method-assign,assignment]


def _server(hall: Hall, port: int, door: Door | None) -> uvicorn.Server:
    config = uvicorn.Config(
        hall.app,
        host="127.0.0.1",
        port=port,
        http=partial(BoundedHttpProtocol, door),  # type: ignore[arg-type]  # a class, or what makes its objects
        ws=LeanWebSocket,
        ws_per_message_deflate=False,
        proxy_headers=False,
        server_header=False,
        log_config=None,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    return server


def told(scope: Scope) -> dict[str, object]:
    """What a socket may ever ask of its request, from either way."""
    request = HTTPConnection(scope)
    client = scope["client"][:1]
    return {
        "url": str(request.url), "headers": list(scope["headers"]), "cookies": request.cookies, "query": dict(request.query_params),
        "path": request.path_params, "client": client, "scheme": scope["scheme"],
    }  # fmt: skip


@pytest.mark.parametrize("name", [b"content-length", b"transfer-encoding", b"expect"])
def test_a_request_that_brings_more_than_a_head_is_not_usual(name: bytes) -> None:
    usual = [(name.lower().encode(), value.encode()) for name, value in said()]
    assert read_usual(b"/sync", usual) is not None
    assert read_usual(b"/sync", [*usual, (name, b"3")]) is None


async def test_both_ways_have_one_outcome() -> None:
    async with open_server() as server:
        for name, case in CASES.items():
            before = server.door.opened
            server.seen.clear()
            short = await server.ask(server.short, case.request())
            taken, admitted = server.door.opened - before, [told(scope) for scope in server.seen]
            server.seen.clear()
            long = await server.ask(server.long, case.request())
            assert short == long, name
            assert bool(taken) == case.is_short, name
            assert not taken or admitted == [told(scope) for scope in server.seen], name


@pytest.mark.parametrize("origin", ["https://zlahoda.gov.ua", "http://zlahoda.example"])
async def test_the_public_address_decides_where_it_is_set(origin: str) -> None:
    async with open_server("https://zlahoda.gov.ua") as server:
        request = Case(headers=said(BROWSER, Origin=origin)).request()
        short = await server.ask(server.short, request)
        assert short == await server.ask(server.long, request)
        assert (short[0].split()[1], server.door.opened) == ((b"101", 1) if "gov.ua" in origin else (b"403", 0))


async def test_a_server_that_stops_sends_everyone_to_another_by_its_status() -> None:
    async with open_server() as server:
        server.hall.registry.draining = True
        short = await server.ask(server.short, Case().request())
        assert short == await server.ask(server.long, Case().request())
        assert short[0].split()[1] == b"503"
        assert server.door.opened == 0


async def test_who_asks_and_goes_at_once_leaves_nothing_behind() -> None:
    async with open_server() as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.short)
        writer.write(Case().request())
        writer.transport.abort()
        await server.ask(server.short, Case().request())
        assert server.hall.registry.socket_count == 0
