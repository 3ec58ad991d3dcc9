"""The stock providers of the Yjs world edit one act together through the real server."""

import hashlib
import sqlite3
from functools import partial

import pytest

from tests.conftest import needs_shared
from tests.interop.conftest import Site
from tests.interop.node import Browsers
from tests.server_process import wait_for

KINDS = ("y-websocket", "hocuspocus")


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("second", KINDS)
def test_two_stock_providers_edit_one_act_and_converge(site: Site, browsers: Browsers, first: str, second: str) -> None:
    browsers.open("Олена", first, site.server.sync_url, site.act, site.lead.token)
    browsers.open("Петро", second, site.server.sync_url, site.act, site.drafter.token)
    before = browsers.text("Олена")
    for count in range(20):
        browsers.ask("insert", name="Олена", at=0, text=f"ї{count}👩‍⚖️")
        browsers.ask("insert", name="Петро", text=f"є{count}")
    browsers.ask("delete", name="Петро", at=0, length=1)

    def is_same() -> bool:
        texts = {browsers.text("Олена"), browsers.text("Петро"), site.text()}
        return len(texts) == 1 and all(f"є{count}" in next(iter(texts)) for count in range(20))

    wait_for("both clients and the disk to hold one text", is_same)
    assert len(browsers.text("Олена")) > len(before) + 80


def test_S1_hocuspocus_has_unsynced_changes_until_the_bytes_are_on_disk(site: Site, browsers: Browsers) -> None:
    browsers.open("Олена", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    browsers.open("Петро", "y-websocket", site.server.sync_url, site.act, site.drafter.token)
    wait_for("everything to be saved", lambda: browsers.look("Олена")["unsynced"] is False)
    database = sqlite3.connect(site.server.data_dir / "zlahoda.sqlite3", isolation_level=None)
    try:
        database.execute("BEGIN IMMEDIATE")  # nobody else can write to the disk now
        assert browsers.ask("insert", name="Олена", at=0, text="ще ні ")["unsynced"] is True
        for beat in range(5):  # the server has taken what came before each of these
            browsers.ask("greet", name="Олена", state={"beat": beat})
            wait_for("presence to come", partial(is_shown, browsers, f"'beat': {beat}"))
            assert browsers.look("Олена")["unsynced"] is True
            assert not browsers.text("Петро").startswith("ще ні")
        database.execute("ROLLBACK")
    finally:
        database.close()
    wait_for("the edit to be saved", lambda: browsers.look("Олена")["unsynced"] is False)
    assert site.text().startswith("ще ні ")
    wait_for("the other to see it", lambda: browsers.text("Петро").startswith("ще ні "))


def is_shown(browsers: Browsers, words: str) -> bool:
    return words in str(browsers.look("Петро")["peers"])


def test_a_reader_reads_and_writes_nothing_with_both_providers(site: Site, browsers: Browsers) -> None:
    reviewer = site.server.sign_in("reviewer-minfin")
    site.lead.put(f"/acts/{site.act}/bodies/minfin", {"part": "interested"})
    site.lead.grant(site.act, reviewer.me(), "reviewer")
    before = site.text()
    for kind in KINDS:
        browsers.open(f"Р-{kind}", kind, site.server.sync_url, site.act, reviewer.token)
        browsers.ask("insert", name=f"Р-{kind}", at=0, text="рецензент пише ")
    browsers.open("Олена", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    wait_for("the refusal", lambda: any('"G1"' in told for told in browsers.look("Р-hocuspocus")["stateless"]))
    browsers.ask("insert", name="Олена", at=0, text="розробниця пише ")
    wait_for("the reviewers to see the text", lambda: all("розробниця пише" in browsers.text(f"Р-{kind}") for kind in KINDS))
    assert browsers.look("Р-hocuspocus")["unsynced"] is True
    assert site.text() == "розробниця пише " + before


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_token_is_denied_in_words_and_no_text_comes(site: Site, browsers: Browsers, kind: str) -> None:
    browsers.open_unsynced("Ніхто", kind, site.server.sync_url, site.act, "не той ключ")
    wait_for("the denial", lambda: bool(browsers.look("Ніхто")["denied"]))
    assert browsers.look("Ніхто")["denied"][0] in {"not-signed-in", 4401}
    assert browsers.look("Ніхто")["units"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_rights_that_are_taken_away_close_the_text_within_a_second(site: Site, browsers: Browsers, kind: str) -> None:
    browsers.open("Петро", kind, site.server.sync_url, site.act, site.drafter.token)
    site.lead.delete(f"/acts/{site.act}/members/{site.drafter.me()}")
    wait_for("the denial", lambda: bool(browsers.look("Петро")["denied"]), timeout_s=5)
    browsers.open("Олена", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    browsers.ask("insert", name="Олена", at=0, text="таємне ")
    wait_for("the edit to be saved", lambda: browsers.look("Олена")["unsynced"] is False)
    assert "таємне" not in browsers.text("Петро")


def test_the_friendsforever_session_through_two_providers_ends_in_the_known_text(site: Site, browsers: Browsers) -> None:
    trace = needs_shared("data/traces/friendsforever.concurrent.json.gz")
    browsers.open("перша", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    browsers.open("друга", "y-websocket", site.server.sync_url, site.act, site.drafter.token)
    length = len(browsers.text("перша"))
    if length:
        browsers.ask("delete", name="перша", at=0, length=length)
    wait_for("an empty unit at both", lambda: not browsers.look("перша")["text"] and not browsers.look("друга")["text"])
    browsers.ask("replay", agents=["перша", "друга"], unit=0, trace=str(trace))

    def is_done() -> bool:
        return all(len(browsers.text(name)) == 21_362 for name in ("перша", "друга")) and browsers.look("перша")["unsynced"] is False

    wait_for("the last edits to reach both", is_done, timeout_s=60)
    for text in (browsers.text("перша"), browsers.text("друга"), site.text()):
        assert len(text) == 21_362
        assert hashlib.sha256(text.encode()).hexdigest().startswith("4720ec330c91e288")


def test_S7_letters_deleted_around_a_reconnect_are_saved_and_said_to_be(site: Site, browsers: Browsers) -> None:
    """The first is queued until the socket is open and not counted by the provider, the others are sent and counted at once."""
    browsers.open("Олена", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    browsers.ask("insert", name="Олена", at=0, text="абвгґдеєжзиіїйклмнопрст")
    wait_for("the words to be saved", lambda: browsers.look("Олена")["unsynced"] is False)
    for _ in range(5):
        browsers.ask("reconnect", name="Олена")
        wait_for("the deletes to be said to be saved", lambda: browsers.look("Олена")["unsynced"] is False)
        assert site.text() == browsers.text("Олена")
    assert site.text().startswith("лмнопрст")
