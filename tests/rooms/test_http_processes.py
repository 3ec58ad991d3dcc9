"""The HTTP transport against real processes: kill -9, and a balancer that sends every request elsewhere. Rules: docs/spec/sync.md."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pycrdt
import pytest

from server.crdt import hocuspocus
from server.crdt.messages import Message, SyncStatus, SyncStep1, SyncStep2, Token, Update
from tests.rooms.desks import frames_in, listed
from tests.rooms.world import text_of, unit_text
from tests.server_process import Client, ServerProcess, wait_for
from tests.services import RedisService, redis


class Typist:
    """A drafter over HTTP against real processes; each request goes to the next of them."""

    def __init__(self, nodes: list[ServerProcess], act: str, token: str) -> None:
        self.act = act
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.saved = 0
        self._nodes = nodes
        self._session = secrets.token_hex(16)
        self._turn = self._number = 0
        self._epoch = ""
        self._http = httpx2.Client(headers={"authorization": f"Bearer {token}"}, timeout=60)
        self.say(self._token(), SyncStep1(self.doc.get_state()))
        wait_for("the text", lambda: self.hear() and self.text != "")

    def _token(self) -> Token:
        return Token(f'{{"token": "cookie", "epoch": "{self._epoch}", "schema": 99}}')

    def _post(self, path: str, body: bytes) -> None:
        node = self._nodes[self._turn % len(self._nodes)]
        self._turn += 1
        answer = self._http.post(f"{node.url}/sync/http/{self._session}{path}", content=body)
        assert answer.status_code in {200, 204}, answer.text
        for frame in frames_in(answer.content):
            self._take(frame)

    def close(self) -> None:
        self._http.close()

    def say(self, *messages: Message) -> None:
        self._number += 1
        tokens = [] if isinstance(messages[0], Token) else [hocuspocus.encode(self.act, self._token())]
        frames = [hocuspocus.encode(self.act, message) for message in messages]
        self._post(f"?n={self._number}", listed(*tokens) + listed(*frames))

    def hear(self) -> bool:
        """One poll."""
        body = b"\x00"
        if self._epoch:
            parts = (self.act.encode(), hocuspocus.encode(self.act, self._token()), self.doc.get_state(), b"")
            body = b"\x01" + b"".join(listed(part)[1:] for part in parts)
        self._post("/poll?wait=1", body)
        return True

    def _take(self, frame: bytes) -> None:
        _, message = hocuspocus.decode(frame)
        match message:
            case SyncStep2(update) | Update(update):
                self.doc.apply_update(update)
            case SyncStep1(state_vector):
                self.say(SyncStep2(self.doc.get_update(state_vector)))
            case SyncStatus(saved):
                assert saved
                self.saved += 1
            case _:
                self._note_epoch(message)

    def _note_epoch(self, message: Message) -> None:
        payload = getattr(message, "payload", "")
        if '"welcome"' in payload:
            self._epoch = payload.partition('"epoch":"')[2].partition('"')[0]

    def types(self, words: str) -> None:
        before = self.doc.get_state()
        unit_text(self.doc).insert(0, words)
        self.say(Update(self.doc.get_update(before)))

    @property
    def text(self) -> str:
        return text_of(self.doc)


def make_act(server: ServerProcess) -> tuple[Client, str]:
    lead = server.sign_in("drafter-mvs")
    return lead, lead.import_act("akt.md", "# Про Ґанок 🏡\n\nСтаття 1. Слова.".encode(), title="Про Ґанок", kind="postanova")


def test_P1_what_was_acknowledged_over_http_survives_kill_9(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        lead, act = make_act(server)
        olena = Typist([server], act, lead.token)
        for number in range(10):
            before = olena.saved
            olena.types(f"⟦{number}⟧")
            assert olena.saved == before + 1
        server.kill()
        server.start()
        stored = lead.text(act)[0]["text"]
        assert [f"⟦{number}⟧" in stored for number in range(10)] == [True] * 10
        olena.types("⟦після⟧")
        assert "⟦після⟧" in lead.text(act)[0]["text"]
        olena.close()
        assert "Traceback" not in server.read_log()


@pytest.fixture
def own_redis() -> Iterator[RedisService]:
    with redis() as server:
        yield server


@pytest.mark.services
def test_S29_every_request_may_reach_another_process(request: pytest.FixtureRequest, own_redis: RedisService, tmp_path: Path) -> None:
    database = request.getfixturevalue("postgres_server").new_database()
    with ExitStack() as stack:
        nodes = [stack.enter_context(ServerProcess(tmp_path / name, database=database, redis=own_redis.url)) for name in ("один", "два")]
        lead, act = make_act(nodes[0])
        colleague = nodes[1].sign_in("drafter-minjust")
        lead.grant(act, colleague.me(), "drafter")
        olena = Typist(nodes, act, lead.token)
        petro = Typist(nodes[1:], act, colleague.token)
        for number in range(6):
            saved = olena.saved
            olena.types(f"О{number} ")
            petro.types(f"П{number} ")
            assert olena.saved == saved + 1
        wait_for("one text", lambda: olena.hear() and petro.hear() and olena.text == petro.text)
        own_redis.kill()
        olena.types("Без Redis. ")
        wait_for("one text by the journal", lambda: olena.hear() and petro.hear() and olena.text == petro.text, timeout_s=90)
        stored = lead.text(act)[0]["text"]
        assert all(f"{name}{number} " in stored for name in "ОП" for number in range(6))
        assert stored == olena.text
        olena.close()
        petro.close()
        assert all("Traceback" not in node.read_log() for node in nodes)
