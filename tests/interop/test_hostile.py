"""A drafter's connection that sends 20,000 mutated updates and frames: its own trouble, nobody else's (P8)."""

import os
import random
import sys
from collections.abc import Callable
from typing import Any

import pycrdt
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.crdt import hocuspocus
from server.crdt.messages import Message, SyncStep1, SyncStep2, Token, Update
from tests.interop.conftest import Site
from tests.interop.node import Browsers
from tests.server_process import wait_for

UPDATES = 18_000
FRAMES = 2_000
STANDSTILL_S = 60
EMPTY_DOCUMENT = b"\x00"


def test_P8_twenty_thousand_mutated_updates_and_frames_disturb_nobody(site: Site, browsers: Browsers) -> None:
    seed = int(os.environ.get("ZLAHODA_HOSTILE_SEED", random.randrange(1_000_000)))  # noqa: TID251 - to repeat a run
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")  # shown by pytest when it fails
    browsers.open("Олена", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    browsers.open("Петро", "y-websocket", site.server.sync_url, site.act, site.lead.token)
    villain = Villain(site, chance)
    for count in range(UPDATES):
        villain.send(villain.mutate(villain.honest_update()), as_answer=chance.random() < 0.2)
        if count % 600 == 0:
            browsers.ask("insert", name="Олена", at=0, text=f"слово{count} ")
    for _ in range(FRAMES):
        villain.send_raw(villain.mutate(villain.frame(Update(villain.honest_update()))))
    browsers.ask("insert", name="Петро", at=0, text="кінець ")
    villain.close()

    def texts() -> list[str]:
        return [browsers.text("Олена"), browsers.text("Петро"), site.text()]

    def is_whole() -> bool:
        found = texts()
        return len(set(found)) == 1 and "кінець" in found[0] and browsers.look("Олена")["unsynced"] is False

    wait_while_moving(is_whole, lambda: [*texts(), browsers.look("Олена")["unsynced"]])
    assert len(set(texts())) == 1, texts()
    assert browsers.look("Олена")["stateless"][1:] == [], "the honest client was told something"
    assert site.server.is_running
    assert site.lead.get(f"/acts/{site.act}")["id"] == site.act
    assert "Traceback" not in site.server.read_log()


def wait_while_moving(is_true: Callable[[], bool], state: Callable[[], object]) -> None:
    """Poll until `is_true()`, however slow the machine is, as long as `state()` goes on changing; the caller then looks what is wrong."""
    before = state()
    while not is_true():
        if not has_moved(state, before):
            return
        before = state()


def has_moved(state: Callable[[], object], before: object) -> bool:
    """Whether `state()` changes before nothing has for a while."""
    try:
        wait_for("anything to move", lambda: state() != before, timeout_s=STANDSTILL_S)
    except AssertionError:
        return False
    return True


class Villain:
    """A signed-in drafter whose client sends rubbish. It reconnects when it is put out, as long as it takes."""

    def __init__(self, site: Site, chance: random.Random) -> None:
        self._site = site
        self._chance = chance
        self._socket: ClientConnection | None = None
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=chance.randrange(2**31))
        self._honest: list[bytes] = []
        self._update = b""
        self._doc.observe(lambda event: self._keep(event.update))
        self._connect()

    def _keep(self, update: bytes) -> None:
        self._update = update

    def _connect(self) -> ClientConnection:
        socket = connect(self._site.server.sync_url, max_size=None, compression=None, legacy=True)
        self._socket = socket
        socket.send(hocuspocus.encode(self._site.act, Token(self._site.drafter.token)))
        socket.send(self.frame(SyncStep1(EMPTY_DOCUMENT)))
        while True:
            _, message = hocuspocus.decode(_bytes(socket.recv()))
            if isinstance(message, SyncStep2):
                self._doc.apply_update(message.update)
                return socket

    def frame(self, message: Message) -> bytes:
        return hocuspocus.encode(self._site.act, message)

    def honest_update(self) -> bytes:
        """What an honest editor would send: typing and deleting in the first unit; some of it made once and sent again."""
        if len(self._honest) > 200:
            return self._chance.choice(self._honest)
        text = self._doc.get("default", type=pycrdt.XmlFragment).children[0].children[0]
        assert isinstance(text, pycrdt.XmlText)
        size = len(str(text).encode())
        if size > 40 and self._chance.random() < 0.3:
            del text[: len(str(text)[0].encode())]
        else:
            text.insert(0, self._chance.choice(["ж", "Закон ", "x" * 50]))
        self._honest.append(self._update)
        return self._update

    def mutate(self, data: bytes) -> bytes:
        """Flip, cut, repeat, splice or invent bytes."""
        changed = bytearray(data)
        match self._chance.randrange(6):
            case 0:
                for _ in range(self._chance.randrange(1, 4)):
                    changed[self._chance.randrange(len(changed))] ^= 1 << self._chance.randrange(8)
            case 1:
                del changed[self._chance.randrange(len(changed)) :]
            case 2:
                at = self._chance.randrange(len(changed))
                changed[at:at] = changed[: self._chance.randrange(len(changed))]
            case 3:
                changed[self._chance.randrange(len(changed))] = self._chance.choice([0, 0x7F, 0x80, 0xFF])
            case 4:
                changed += self._chance.randbytes(self._chance.randrange(1, 20))
            case _:
                changed = bytearray(self._chance.randbytes(self._chance.randrange(0, 60)))
        return bytes(changed)

    def send(self, update: bytes, *, as_answer: bool) -> None:
        self.send_raw(self.frame(SyncStep2(update) if as_answer else Update(update)))

    def send_raw(self, frame: bytes) -> None:
        try:
            socket = self._socket or self._connect()
            socket.send(frame)
            while True:  # read what came, so that nothing piles up
                socket.recv(timeout=0)
        except TimeoutError:
            pass
        except ConnectionClosed:
            self._socket = None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def _bytes(frame: str | bytes) -> bytes:
    assert isinstance(frame, bytes)
    return frame
