"""Our WebSocket class under a real uvicorn, spoken to by raw sockets and by the `websockets` library. Rules: docs/spec/sync.md."""

import asyncio
import base64
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pycrdt
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from server.crdt import hocuspocus, ywebsocket
from server.crdt.messages import Authenticated, Message, Ping, SyncStep1, SyncStep2, Token, Update
from server.rooms.clients import PING
from server.rooms.lean import LeanWebSocket
from tests.rooms.hall import Hall, open_hall, wait_until
from tests.rooms.test_frames import ILL, SAID, masked
from tests.rooms.world import DOCUMENT
from tests.services import free_port

NOTHING_HELD = b"\x00"
MAX_FRAME_BYTES = 100_000


@dataclass
class House:
    """A hall behind a listening uvicorn."""

    hall: Hall
    server: uvicorn.Server
    port: int
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self) -> ClientConnection:
        return await connect(f"ws://127.0.0.1:{self.port}/sync", compression=None, max_size=None, max_queue=None)

    async def raw(self) -> "Raw":
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /sync HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.writers.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        assert await reader.readexactly(3) == b"\x82\x01" + PING
        return Raw(reader, writer)


@dataclass
class Raw:
    """A client that may say anything."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, data: bytes) -> None:
        self.writer.write(data)

    async def frame(self) -> tuple[int, bytes]:
        """Opcode and payload of what the server says next."""
        first, size = await self.reader.readexactly(2)
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 0x0F, await self.reader.readexactly(size)

    async def closed_with(self) -> int:
        """The code of the server's close frame; the connection ends after it."""
        while True:
            opcode, payload = await self.frame()
            if opcode == 8:
                return int.from_bytes(payload[:2], "big")

    async def ends(self) -> bool:
        return await self.reader.read(1) == b""


class Typist:
    """A document one types into, and what somebody else has seen of it."""

    def __init__(self, update: bytes) -> None:
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=77)
        self._doc.apply_update(update)
        self._other: pycrdt.Doc[Any] = pycrdt.Doc(client_id=78)

    def typed(self, words: str) -> bytes:
        """The update of typing at the beginning of the first unit."""
        before = self._doc.get_state()
        _first_text(self._doc).insert(0, words)
        return self._doc.get_update(before)

    def show(self, update: bytes) -> None:
        self._other.apply_update(update)

    def is_shown(self) -> bool:
        return self._other.get_state() == self._doc.get_state()


def _first_text(doc: "pycrdt.Doc[Any]") -> pycrdt.XmlText:
    text = doc.get("default", type=pycrdt.XmlFragment).children[0].children[0]
    assert isinstance(text, pycrdt.XmlText)
    return text


@asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    async with open_hall(max_frame_bytes=MAX_FRAME_BYTES, max_outbox_bytes=64 * 1024) as hall:
        port = free_port()
        config = uvicorn.Config(
            hall.app,
            host="127.0.0.1",
            port=port,
            ws=LeanWebSocket,
            ws_max_size=MAX_FRAME_BYTES,
            ws_per_message_deflate=False,
            log_config=None,
        )
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(server.serve())
            await wait_until(lambda: server.started)
            house = House(hall, server, port)
            yield house
            for writer in house.writers:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
            server.should_exit = True
            await running


def said(message: Message) -> bytes:
    return hocuspocus.encode(DOCUMENT, message)


async def heard(socket: ClientConnection) -> Message:
    return hocuspocus.decode(bytes(await asyncio.wait_for(socket.recv(decode=False), 30)))[1]


async def signed_in(house: House, name: str) -> ClientConnection:
    socket = await house.connect()
    assert isinstance(await heard(socket), Ping)
    await socket.send(said(Token(name)))
    assert isinstance(await heard(socket), Authenticated)
    await heard(socket)  # welcome
    return socket


async def test_a_client_signs_in_asks_and_is_answered_and_the_asgi_call_has_ended() -> None:
    async with open_house() as house:
        socket = await signed_in(house, "Олена")
        await socket.send(said(SyncStep1(NOTHING_HELD)))
        assert isinstance(await heard(socket), SyncStep2)
        assert isinstance(await heard(socket), SyncStep1)
        assert house.server.server_state.tasks == set()
        assert house.hall.registry.socket_count == 1
        await socket.close()
        await wait_until(lambda: house.hall.registry.socket_count == 0)


async def test_messages_said_while_a_token_is_looked_at_wait_for_it_in_their_order() -> None:
    async with open_house() as house:
        house.hall.people.open.clear()
        client = await house.raw()
        client.say(masked(2, said(Token("Олена"))) + masked(2, said(SyncStep1(NOTHING_HELD))) + masked(9, SAID))
        await wait_until(lambda: house.hall.registry.socket_count == 1)
        house.hall.people.open.set()
        kinds: list[str] = []
        while len(kinds) < 5:
            opcode, payload = await client.frame()
            kinds.append("pong" if opcode == 10 else type(hocuspocus.decode(payload)[1]).__name__)
        assert kinds == ["Authenticated", "Stateless", "SyncStep2", "SyncStep1", "pong"]
        client.writer.close()


@pytest.mark.parametrize("name", ILL)
async def test_a_violation_ends_with_its_code_and_others_go_on(name: str) -> None:
    data, code = ILL[name]
    async with open_house() as house:
        other = await signed_in(house, "Петро")
        client = await house.raw()
        client.say(data)
        assert await client.closed_with() == code
        assert await client.ends()
        await other.send(said(SyncStep1(NOTHING_HELD)))
        assert isinstance(await heard(other), SyncStep2)
        await other.close()


@pytest.mark.parametrize(
    ("payload", "code"), [(b"", 1000), (b"\x03\xe9" + SAID, 1001), (b"\x0b\xb8", 3000), (b"\x03\xed", 1002), (b"\x03", 1002)]
)
async def test_a_close_is_answered_and_the_server_ends_the_connection(payload: bytes, code: int) -> None:
    async with open_house() as house:
        client = await house.raw()
        client.say(masked(8, payload))
        assert await client.closed_with() == code
        assert await client.ends()
        await wait_until(lambda: house.hall.registry.socket_count == 0)


async def test_text_is_refused_and_a_ping_is_answered_with_its_own_bytes() -> None:
    async with open_house() as house:
        client = await house.raw()
        client.say(masked(9, SAID) + masked(1, SAID))
        assert await client.frame() == (10, SAID)
        assert await client.closed_with() == 4400


async def test_a_client_that_never_answers_a_close_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.rooms.lean.CLOSE_TIMEOUT_S", 0.05)
    async with open_house() as house:
        client = await house.raw()
        client.say(masked(2, b"\xff\xff"))
        assert await client.closed_with() == 4400
        assert await client.ends()
        await wait_until(lambda: house.hall.registry.socket_count == 0)


async def test_a_client_that_vanishes_gives_its_place_back() -> None:
    async with open_house() as house:
        client = await house.raw()
        client.say(masked(2, said(Token("Олена"))))
        await client.frame()
        client.writer.transport.abort()
        await wait_until(lambda: house.hall.registry.socket_count == 0)


async def test_who_reads_slowly_is_caught_up_by_difference_and_holds_little() -> None:
    async with open_house() as house:
        writer = await signed_in(house, "Олена")
        await writer.send(said(SyncStep1(NOTHING_HELD)))
        first = await heard(writer)
        assert isinstance(first, SyncStep2)
        doc = Typist(first.update)
        slow = await house.raw()
        slow.say(masked(2, said(Token("Петро"))) + masked(2, said(SyncStep1(NOTHING_HELD))))
        await wait_until(lambda: len(house.hall.registry.seats) == 2)
        for _ in range(200):
            await writer.send(said(Update(doc.typed("ж" * 4000))))
        await wait_until(lambda: house.hall.registry.homes.unsaved() == [])
        seats = [seat for seat in house.hall.registry.seats if seat.connection.user == "Петро"]
        await wait_until(lambda: seats[0].connection.behind is not None or seats[0].connection.transport.buffered_bytes == 0)
        assert seats[0].connection.transport.buffered_bytes < 400_000
        while True:
            opcode, payload = await slow.frame()
            if opcode == 2:
                message = hocuspocus.decode(payload)[1]
                if isinstance(message, Update | SyncStep2):
                    doc.show(message.update)
            if doc.is_shown():
                break
        slow.writer.close()
        await writer.close()


async def test_draining_sends_everyone_away_with_a_code_that_brings_them_back() -> None:
    async with open_house() as house:
        socket = await signed_in(house, "Олена")
        house.hall.registry.pause = _no_time
        await house.hall.registry.drain()
        await asyncio.wait_for(socket.wait_closed(), 30)
        assert socket.close_code == 1012
        with pytest.raises(InvalidStatus, match="503"):  # a balancer takes it to another process
            await house.connect()


async def _no_time(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_stock_y_websocket_client_is_served_by_the_same_class() -> None:
    async with open_house() as house, connect(f"ws://127.0.0.1:{house.port}/sync/{DOCUMENT}?token=Олена", compression=None) as socket:
        await socket.send(ywebsocket.encode(SyncStep1(NOTHING_HELD)))
        assert isinstance(ywebsocket.decode(bytes(await socket.recv(decode=False))), SyncStep2)
