"""The attacks of a reviewer over a real socket against a real server, in both protocols and in every framing (P3, P8)."""

import json
from collections.abc import Iterator
from typing import Any, Self

import httpx2
import pycrdt
import pytest
from websockets.sync.client import ClientConnection, connect

from server.crdt import hocuspocus, ywebsocket
from server.crdt.document import merge
from server.crdt.messages import Message, Stateless, SyncStatus, SyncStep1, SyncStep2, Token, Update
from tests.server_process import Client, ServerProcess, wait_for
from tests.suggestions.cast import first_text
from tests.suggestions.test_attacks import ATTACKS, RAW, update_of

FAST = {"ZLAHODA_MAX_UPDATES_PER_SECOND": "100000", "ZLAHODA_LOG_LEVEL": "info"}
EMPTY = b"\x00"
WORDS = "# Про дорожній рух у містах\n\nСтаття 1. Рух 🚦 правосторонній.".encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server"), environment=FAST) as running:
        yield running


class Place:
    """An act with a drafter, somebody who is or becomes a reviewer, and what the disk holds of it."""

    def __init__(self, server: ServerProcess, role: str = "reviewer") -> None:
        self.server = server
        self.lead, self.drafter, self.villain = (server.sign_in(who) for who in ("drafter-mvs", "drafter2-mvs", "reviewer-minfin"))
        self.act = self.lead.import_act("akt.md", WORDS, title="Акт", kind="postanova", numbering="automatic")
        self.lead.grant(self.act, self.drafter.me(), "drafter")
        self.lead.grant(self.act, self.villain.me(), role)

    def state(self) -> tuple[int, str]:
        text = self.lead.get(f"/acts/{self.act}/text")
        return text["seq"], text["hash"]

    def refusals(self) -> int:
        """Lines of the log that name a refused update of this act."""
        return sum("update refused" in line and self.act in line for line in self.server.read_log().splitlines())

    def wait_refusals(self, count: int) -> None:
        """Wait until so many are recorded; a fast client's answer may be there before the log."""
        wait_for(f"{count} refusals in the log", lambda: self.refusals() >= count)
        assert self.refusals() == count


class Line:
    """A connection in one of the two protocols; `doc` is what it was given."""

    def __init__(self, place: Place, who: Client, *, plain: bool = False) -> None:
        self.place, self.plain = place, plain
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.statuses: list[bool] = []
        self.told: list[str] = []
        address = f"{place.server.sync_url}/{place.act}?token={who.token}" if plain else place.server.sync_url
        self.socket: ClientConnection = connect(address, max_size=None, compression=None, legacy=True)
        if not plain:
            self.say(Token(who.token))
        self.ask()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def frame(self, message: Message) -> bytes:
        return ywebsocket.encode(message) if self.plain else hocuspocus.encode(self.place.act, message)

    def say(self, message: Message, pieces: int = 1) -> None:
        """One message, in one frame or in several fragments."""
        data = self.frame(message)
        step = max(1, -(-len(data) // pieces))
        parts = [data[at : at + step] for at in range(0, len(data), step)]
        self.socket.send(iter(parts) if pieces > 1 else data)

    def hear(self) -> Message:
        data = self.socket.recv(timeout=30)
        assert isinstance(data, bytes)
        message = ywebsocket.decode(data) if self.plain else hocuspocus.decode(data)[1]
        match message:
            case SyncStep2(update) | Update(update):
                self.doc.apply_update(update)
            case SyncStatus(saved):
                self.statuses.append(saved)
            case Stateless(payload):
                self.told.append(payload)
            case _:
                pass
        return message

    def ask(self) -> None:
        """Everything said before has been heard when this is answered."""
        self.say(SyncStep1(EMPTY))
        while not isinstance(self.hear(), SyncStep2):
            pass

    def edit(self, words: str) -> bytes:
        before = self.doc.get_state()
        first_text(self.doc).insert(0, words)
        return self.doc.get_update(before)


def works_on(place: Place, drafter: Line, before: tuple[int, str]) -> None:
    """The base is what it was, and the drafter beside goes on writing."""
    assert place.state() == before
    drafter.say(Update(drafter.edit("далі ")))
    wait_for("the drafter's words on disk", lambda: place.state()[0] == before[0] + 1)
    assert place.server.is_running
    assert "Traceback" not in place.server.read_log()


@pytest.mark.parametrize("plain", [False, True], ids=["hocuspocus", "y-websocket"])
@pytest.mark.parametrize("way", ["update", "answer", "fragments", "merged"])
def test_R27_none_of_the_attacks_touches_the_base(server: ServerProcess, way: str, *, plain: bool) -> None:
    place = Place(server)
    before = place.state()
    with Line(place, place.drafter) as drafter, Line(place, place.villain, plain=plain) as villain:
        updates = [update_of(name, villain.doc) for name in [*ATTACKS, *RAW]]
        if way == "merged":
            honest = [update_of(name, villain.doc) for name in ATTACKS]
            updates = [merge(honest), b"".join(updates)]
        for update in updates:
            villain.say(SyncStep2(update) if way == "answer" else Update(update), pieces=7 if way == "fragments" else 1)
        villain.ask()
        place.wait_refusals(len(updates))
        assert True not in villain.statuses[-len(updates) :]
        works_on(place, drafter, before)
        assert not any("rejected" in one for one in drafter.told)


def test_R27_two_messages_in_one_frame_of_y_websocket_are_both_refused(server: ServerProcess) -> None:
    place = Place(server)
    before = place.state()
    with Line(place, place.drafter) as drafter, Line(place, place.villain, plain=True) as villain:
        updates = [update_of(name, villain.doc) for name in ("02 insert with no mark", "08 delete a block")]
        villain.socket.send(b"".join(villain.frame(Update(update)) for update in updates))
        villain.ask()
        place.wait_refusals(2)
        works_on(place, drafter, before)


@pytest.mark.parametrize("plain", [False, True], ids=["hocuspocus", "y-websocket"])
def test_R28_whoever_becomes_a_reviewer_while_connected_sends_nothing_more(server: ServerProcess, *, plain: bool) -> None:
    place = Place(server, role="drafter")
    with Line(place, place.drafter) as drafter, Line(place, place.villain, plain=plain) as turned:
        turned.say(Update(turned.edit("ще можна ")))
        wait_for("words of one who still drafts", lambda: "ще можна" in str(place.lead.text(place.act)))
        place.lead.set_roles(place.act, place.villain.me(), "reviewer")
        before = place.state()
        refused = place.refusals()
        late = turned.edit("вже не можна ")
        for message in (Update(late), SyncStep2(turned.doc.get_update())):
            turned.say(message, pieces=3)
        turned.ask()
        place.wait_refusals(refused + 2)
        works_on(place, drafter, before)


PLACE: dict[str, Any] = {"kind": "range", "bid": "u1", "text": [1, 4], "ranges": [], "quote": "", "before": "", "after": "", "at": 0}
FORGED: dict[str, Any] = {
    "another's body": {"kind": "act", "body": "mvs"},
    "an unknown kind": {"kind": "page"},
    "no kind": {"bid": "u1"},
    "a list": ["act"],
    "markup for an id": {"kind": "unit", "bid": "<script>", "quote": ""},
    "a quote with a NUL": {"kind": "unit", "bid": "u1", "quote": "a\u0000b"},
    "a negative clock": PLACE | {"text": [1, -4]},
    "a clock that is text": PLACE | {"text": [1, "4"]},
    "a context too long": PLACE | {"before": "я" * 25},
    "half a character": PLACE | {"before": "\ud83d"},
    "ten thousand ranges": PLACE | {"ranges": [[1, 5, 1]] * 10_000},
}


@pytest.mark.parametrize(("name", "anchor"), FORGED.items(), ids=list(FORGED))
def test_C7_a_forged_anchor_is_refused_with_a_reason_and_stores_nothing(server: ServerProcess, name: str, anchor: Any) -> None:
    place = Place(server)
    body = {"document": place.act, "anchor": anchor, "text": name}
    answer = _post(place, place.villain, body)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert place.villain.get(f"/acts/{place.act}/comments")["items"] == []


def test_C7_an_anchor_whose_ids_nobody_has_is_taken_as_words_only(server: ServerProcess) -> None:
    """The server never resolves ids: a client that does not find them looks for the quote, else lists the comment without a place."""
    place = Place(server)
    anchor = PLACE | {"bid": "nobody", "text": [7, 7], "ranges": [[4_000_000_000, 9, 3]], "quote": "Про"}
    assert _post(place, place.villain, {"document": place.act, "anchor": anchor, "text": "ґ"}).status_code == 201
    assert _post(place, place.villain, {"document": f"{place.act}.zapyska", "anchor": {"kind": "act"}, "text": "ґ"}).status_code == 404
    assert _post(place, place.villain, {"document": place.act, "anchor": {"kind": "act"}, "text": "ґ", "author": "x"}).status_code == 422


def _post(place: Place, who: Client, body: dict[str, Any]) -> httpx2.Response:
    data = json.dumps(body)  # ASCII, so that half a character stays one
    headers = {"authorization": f"Bearer {who.token}", "content-type": "application/json"}
    return httpx2.post(f"{place.server.url}/api/v1/acts/{place.act}/comments", content=data, headers=headers, timeout=60)
