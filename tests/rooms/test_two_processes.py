"""Two server processes on one PostgreSQL and one Redis: one room, whoever sits where; and Redis may go (P7)."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pycrdt
import pytest
from websockets.sync.client import ClientConnection, connect

from server.crdt import hocuspocus
from server.crdt.messages import Message, Stateless, SyncStep1, SyncStep2, Token, Update
from tests.rooms.world import text_of, unit_text
from tests.server_process import Client, ServerProcess, wait_for
from tests.services import RedisService, redis

pytestmark = pytest.mark.services


@pytest.fixture
def own_redis() -> Iterator[RedisService]:
    with redis() as server:
        yield server


@pytest.fixture
def nodes(request: pytest.FixtureRequest, own_redis: RedisService, tmp_path: Path) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    database = request.getfixturevalue("postgres_server").new_database()
    with ExitStack() as stack:
        folders = [tmp_path / name for name in ("перший", "другий")]
        one, two = [stack.enter_context(ServerProcess(folder, database=database, redis=own_redis.url)) for folder in folders]
        yield one, two


class Typist:
    """A drafter's client without a browser."""

    def __init__(self, node: ServerProcess, act: str, token: str) -> None:
        self.act = act
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.told: list[str] = []
        self.socket: ClientConnection = connect(node.sync_url, max_size=None, compression=None, legacy=True)
        self.say(Token(token))
        self.say(SyncStep1(self.doc.get_state()))
        wait_for("the text", lambda: self.hear() and self.text != "")

    def say(self, message: Message) -> None:
        self.socket.send(hocuspocus.encode(self.act, message))

    def hear(self) -> bool:
        """Take what has come."""
        try:
            while True:
                frame = self.socket.recv(timeout=0.02)
                assert isinstance(frame, bytes)
                _, message = hocuspocus.decode(frame)
                match message:
                    case SyncStep2(update) | Update(update):
                        self.doc.apply_update(update)
                    case SyncStep1():
                        self.say(SyncStep2(self.doc.get_update()))
                    case Stateless(payload):
                        self.told.append(payload)
                    case _:
                        pass
        except TimeoutError:
            return True

    def type(self, words: str) -> None:
        before = self.doc.get_state()
        unit_text(self.doc).insert(0, words)
        self.say(Update(self.doc.get_update(before)))

    @property
    def text(self) -> str:
        return text_of(self.doc)

    def close(self) -> None:
        self.socket.close()


def people(nodes: tuple[ServerProcess, ServerProcess]) -> tuple[str, Client, Typist, Typist]:
    """An act, its lead, and two of its drafters on different nodes."""
    one, two = nodes
    lead = one.sign_in("drafter-mvs")
    act = lead.import_act("akt.md", "# Про Ґанок 🏡\n\nСтаття 1. Слова.".encode(), title="Про Ґанок", kind="postanova")
    colleague = two.sign_in("drafter-minjust")
    lead.grant(act, colleague.me(), "drafter")
    return act, lead, Typist(one, act, lead.token), Typist(two, act, colleague.token)


def test_what_is_typed_on_one_node_is_read_on_the_other_with_and_without_redis(
    nodes: tuple[ServerProcess, ServerProcess], own_redis: RedisService
) -> None:
    _, _, olena, petro = people(nodes)
    olena.type("Перше. ")
    wait_for("the word on the other node", lambda: petro.hear() and petro.text.startswith("Перше. "))
    petro.type("Друге. ")
    wait_for("the word back", lambda: olena.hear() and olena.text.startswith("Друге. Перше. "))
    own_redis.kill()
    olena.type("Без Redis. ")
    petro.type("І це. ")
    wait_for("one text by the journal", lambda: olena.hear() and petro.hear() and olena.text == petro.text, timeout_s=90)
    assert "Без Redis. " in petro.text
    assert "І це. " in olena.text
    own_redis.start()
    olena.type("Знову. ")
    wait_for("the word at once", lambda: petro.hear() and petro.text.startswith("Знову. "), timeout_s=90)
    olena.close()
    petro.close()
    assert all("Traceback" not in node.read_log() for node in nodes)


def test_a_right_taken_away_on_one_node_is_gone_on_the_other_within_a_second_or_so(nodes: tuple[ServerProcess, ServerProcess]) -> None:
    act, lead, olena, petro = people(nodes)
    lead.set_roles(act, nodes[1].sign_in("drafter-minjust").me(), "reader")
    petro.type("НЕ МОЖНА ")
    wait_for("the refusal", lambda: petro.hear() and any('"rejected"' in each for each in petro.told))
    olena.hear()
    assert "НЕ МОЖНА" not in olena.text
    olena.close()
    petro.close()


def test_a_comment_written_on_one_node_is_announced_on_the_other(nodes: tuple[ServerProcess, ServerProcess]) -> None:
    act, lead, olena, petro = people(nodes)
    lead.post(f"/acts/{act}/comments", {"document": act, "anchor": {"kind": "act"}, "text": "Уточнити ґ 😀", "release": True})
    wait_for("the announcement", lambda: petro.hear() and any('"records"' in each for each in petro.told))
    olena.close()
    petro.close()
