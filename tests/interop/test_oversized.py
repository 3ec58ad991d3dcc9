"""A frame of 100 MB against the real server: refused at its size, not after it was read (P8)."""

from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.crdt import hocuspocus
from server.crdt.messages import Authenticated, Token
from server.rooms.clients import PING
from tests.interop.conftest import Site

SIZE = 100 * 1024 * 1024
TOO_BIG = 1009
"""RFC 6455 §7.4.1; the frame is refused by the WebSocket library, below our own 4413."""


def resident_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def sign_in(site: Site) -> ClientConnection:
    socket = connect(site.server.sync_url, max_size=None, compression=None, legacy=True)
    socket.send(hocuspocus.encode(site.act, Token(site.lead.token)))
    assert socket.recv() == PING
    answer = socket.recv()
    assert isinstance(answer, bytes)
    assert hocuspocus.decode(answer) == (site.act, Authenticated("read-write"))
    return socket


def send_in_pieces(socket: ClientConnection) -> None:
    """One message of 100 MB in fragments. Raises ConnectionClosed, while sending or after."""
    socket.send(bytes(256 * 1024) for _ in range(SIZE // (256 * 1024)))
    listen(socket)


def listen(socket: ClientConnection) -> None:
    """Raises ConnectionClosed."""
    while True:
        socket.recv()


def test_P8_a_frame_that_says_it_has_100_mb_is_refused_before_it_is_read(site: Site) -> None:
    socket = sign_in(site)
    socket.socket.sendall(b"\x82\xff" + SIZE.to_bytes(8) + bytes(4))  # RFC 6455 5.2: binary, masked, the length, the mask
    with pytest.raises(ConnectionClosed) as closed:
        listen(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == TOO_BIG


def test_P8_100_mb_in_pieces_cost_their_sender_the_socket_and_the_server_no_memory(site: Site) -> None:
    before = resident_bytes(site.server.pid)
    with pytest.raises(ConnectionClosed):
        send_in_pieces(sign_in(site))
    assert resident_bytes(site.server.pid) - before < SIZE // 4
    sign_in(site).close()
