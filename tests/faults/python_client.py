"""A client in Python that types, reconnects by itself, and knows what it was told is saved. It has a thread of its own."""

import threading
import time
from typing import Any

import pycrdt
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from server.crdt import hocuspocus
from server.crdt.messages import Message, SyncStatus, SyncStep1, SyncStep2, Token, Update

LISTEN_S = 0.02
AGAIN_S = 0.1
OPEN_TIMEOUT_S = 10


class PythonClient:
    """Types `⟦name-1⟧`, `⟦name-2⟧` … into the first unit. `saved`: up to which of them the server has acknowledged everything."""

    def __init__(self, name: str, url: str, act: str, token: str, every_s: float) -> None:
        self.name = name
        self.typed = self.saved = 0
        self.text = ""
        self._url, self._act, self._token, self._every_s = url, act, token, every_s
        self._unanswered = 0
        self._is_synced = False
        self._typing = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Connect and type."""
        self._typing.set()
        self._thread.start()

    def rest(self) -> None:
        """Type no more, and stay connected; `text` follows."""
        self._typing.clear()

    def close(self) -> None:
        """Leave."""
        self._ending.set()
        self._thread.join(OPEN_TIMEOUT_S * 2)

    def _run(self) -> None:
        document: pycrdt.Doc[Any] = pycrdt.Doc()  # lives and ends in this thread
        while not self._ending.is_set():
            try:
                with connect(self._url, max_size=None, compression=None, legacy=True, open_timeout=OPEN_TIMEOUT_S) as socket:
                    self._talk(socket, document)
            except (OSError, TimeoutError, WebSocketException):
                self._ending.wait(AGAIN_S)

    def _talk(self, socket: ClientConnection, document: "pycrdt.Doc[Any]") -> None:
        self._unanswered, self._is_synced = 0, False
        self._say(socket, Token(self._token))
        self._say(socket, SyncStep1(document.get_state()))
        due = time.monotonic()
        while not self._ending.is_set():
            self._hear(socket, document)
            if self._is_synced and self._typing.is_set() and time.monotonic() >= due:
                due = time.monotonic() + self._every_s
                self._type(socket, document)

    def _hear(self, socket: ClientConnection, document: "pycrdt.Doc[Any]") -> None:
        """Take one frame, if one comes."""
        try:
            frame = socket.recv(timeout=LISTEN_S)
        except TimeoutError:
            return
        assert isinstance(frame, bytes)
        match hocuspocus.decode(frame)[1]:
            case SyncStep2(update) | Update(update):
                document.apply_update(update)
                self._show(document)
            case SyncStep1(state):
                self._unanswered += 1
                self._is_synced = True
                self._say(socket, SyncStep2(document.get_update(state)))
            case SyncStatus(saved=True):
                self._unanswered = max(0, self._unanswered - 1)
                if not self._unanswered:
                    self.saved = self.typed
            case _:
                pass

    def _show(self, document: "pycrdt.Doc[Any]") -> None:
        """`text` as it is; an update of a colleague may come before the document itself."""
        units = document.get("default", type=pycrdt.XmlFragment).children
        self.text = str(_text_of(document)) if len(units) else ""

    def _type(self, socket: ClientConnection, document: "pycrdt.Doc[Any]") -> None:
        before = document.get_state()
        self.typed += 1
        _text_of(document).insert(0, f"⟦{self.name}-{self.typed}⟧")
        self._show(document)
        self._unanswered += 1
        self._say(socket, Update(document.get_update(before)))

    def _say(self, socket: ClientConnection, message: Message) -> None:
        socket.send(hocuspocus.encode(self._act, message))


def _text_of(document: "pycrdt.Doc[Any]") -> pycrdt.XmlText:
    text = document.get("default", type=pycrdt.XmlFragment).children[0].children[0]
    assert isinstance(text, pycrdt.XmlText)
    return text
