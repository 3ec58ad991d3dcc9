"""The words about saving tell the truth: offline, after kill -9, when the disk fails, and in the next session."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, SignInPage, wait_until_same
from tests.server_process import ServerProcess, wait_for

WORDS = " Слова, яких назбиралося більше, ніж кімната тримає незбереженими. Їх треба написати досить, щоб межу було перейдено 😀."


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server this test may kill."""
    with ServerProcess(tmp_path / "data") as running:
        yield running


def stored_text(act: SharedAct, bid: str) -> str:
    """The text of one unit on disk."""
    return next(unit["text"] for unit in act.units() if unit["bid"] == bid)


def test_words_typed_offline_are_counted_and_arrive_when_the_network_is_back(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    here, there = (ActPage(sit(demo), act.id).open().wait_state("saved") for demo in ("drafter-mvs", "drafter-minjust"))
    here.person.go_offline()
    here.put_caret(act.articles[0]).type(" Ґрунт")
    here.wait_state("offline")
    expect(here.status).to_contain_text("Без зв'язку, 6 змін не надіслано")
    there.put_caret(act.articles[0], 0).type("Тим часом. ")
    there.wait_state("saved")
    assert stored_text(act, act.articles[0]) == "Тим часом. " + ARTICLES[0]

    here.person.come_back()
    wait_until_same(here, there, units=act.units)
    expect(here.status).to_have_text("Збережено")
    assert stored_text(act, act.articles[0]) == "Тим часом. " + ARTICLES[0] + " Ґрунт"


def test_words_typed_without_a_server_survive_closing_the_page(sit: Sit, own_server: ServerProcess) -> None:
    act = SharedAct.make(own_server)
    person = sit("drafter-mvs", at=own_server)
    page = ActPage(person, act.id).open().wait_state("saved")
    own_server.kill()
    page.put_caret(act.articles[1]).type(" без сервера 🏔")
    page.wait_state("offline")
    wait_for("every change is kept on the device", lambda: page.page.evaluate(_UNSENT_ROWS) == 14)
    page.page.close()

    own_server.start()
    assert stored_text(act, act.articles[1]) == ARTICLES[1]
    again = ActPage(person, act.id).open().wait_state("saved")
    again.wait_for_text(act.articles[1], ARTICLES[1] + " без сервера 🏔")
    assert stored_text(act, act.articles[1]) == ARTICLES[1] + " без сервера 🏔"


def test_nothing_that_showed_as_saved_is_lost_when_the_server_is_killed(sit: Sit, own_server: ServerProcess) -> None:
    act = SharedAct.make(own_server, ("drafter-minjust", "drafter"))
    here, there = (ActPage(sit(demo, at=own_server), act.id).open().wait_state("saved") for demo in ("drafter-mvs", "drafter-minjust"))
    here.put_caret(act.articles[0])
    there.put_caret(act.articles[2], 0)
    typed, saved = "", ""
    for number in range(40):
        character = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"[number % 33]
        here.type(character)
        there.type("·")
        typed += character
        if number == 15:
            here.wait_state("saved")  # a short rest: the status says so once nothing changed for a moment
        if here.state == "saved" and here.status.get_attribute("data-unsent") == "0":
            saved = typed
        if number == 30:
            own_server.kill()
    assert saved, "nothing was saved before the kill: the test proves nothing"
    for page in (here, there):
        page.wait_state("offline")

    own_server.start()
    stored = stored_text(act, act.articles[0])
    assert stored.startswith(ARTICLES[0] + saved), "an edit that showed as saved is gone"
    wait_until_same(here, there, units=act.units)
    assert stored_text(act, act.articles[0]) == ARTICLES[0] + typed
    assert stored_text(act, act.articles[2]) == "·" * 40 + ARTICLES[2]


def test_S4_what_was_put_off_while_nothing_could_be_saved_is_saved_and_said_to_be(sit: Sit, tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", environment={"ZLAHODA_MAX_PENDING_BYTES": "1500"}) as server:
        act = SharedAct.make(server)
        page = ActPage(sit("drafter-mvs", at=server), act.id).open().wait_state("saved")
        page.put_caret(act.articles[0]).type(" Ґ").wait_state("saved")
        with contextlib.closing(sqlite3.connect(server.data_dir / "zlahoda.sqlite3", isolation_level=None)) as somebody:
            somebody.execute("BEGIN IMMEDIATE")  # nobody else can write
            page.type(WORDS)
            page.wait_state("saving_stopped")
            somebody.execute("ROLLBACK")
        page.wait_state("saved")
        assert page.status.get_attribute("data-unsent") == "0"
        assert stored_text(act, act.articles[0]) == ARTICLES[0] + " Ґ" + WORDS
        page.type(" І далі.").wait_state("saved")
        assert stored_text(act, act.articles[0]) == ARTICLES[0] + " Ґ" + WORDS + " І далі."


def test_two_tabs_of_one_person_are_two_pens_and_one_face(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    first = ActPage(person, act.id).open().wait_state("saved")
    second = ActPage(person, act.id).open().wait_state("saved")
    first.put_caret(act.articles[0], 0).type("перша вкладка ")
    second.put_caret(act.articles[0]).type(" друга вкладка")
    wait_until_same(first, second, units=act.units)
    assert stored_text(act, act.articles[0]) == "перша вкладка " + ARTICLES[0] + " друга вкладка"
    assert first.page.get_by_label("Розробниця МВС").count() <= 1


def test_a_shared_computer_keeps_nothing_and_warns_before_unsent_words_are_lost(sit: Sit, server: ServerProcess) -> None:
    password = "три великі білі хмари"
    server.add_user("olena@mvs.example", "Олена Коваль", "mvs", password)
    person = sit(None)
    door = SignInPage(person).open()
    door.sign_in("olena@mvs.example", password, is_shared=True)
    expect(door.page).to_have_url(f"{server.url}/")
    act = SharedAct.make(server)
    act.lead.grant(act.id, door.page.evaluate("async () => (await (await fetch('/api/v1/me')).json()).id"), "drafter")

    page = ActPage(person, act.id).open().wait_state("saved")
    person.go_offline()
    page.put_caret(act.articles[0]).type("!")
    page.wait_state("offline")
    expect(page.status).to_contain_text("Не закривайте")
    with page.page.expect_event("dialog") as warned:
        page.page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"
    assert "zlahoda" not in page.page.evaluate("async () => (await indexedDB.databases()).map((database) => database.name)")
    person.come_back()
    page.wait_state("saved")


def test_signing_out_takes_the_copies_from_this_device(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    page = ActPage(person, act.id).open().wait_state("saved")
    count = """async () => new Promise((done) => {
      const open = indexedDB.open("zlahoda");
      open.onsuccess = () => {
        const all = open.result.transaction("updates").objectStore("updates").count();
        all.onsuccess = () => { open.result.close(); done(all.result); };
      };
    })"""
    wait_for("a copy on the device", lambda: page.page.evaluate(count) > 0)
    page.page.get_by_role("button", name="Обліковий запис").click()
    page.page.get_by_role("menuitem", name="Вийти").click()
    expect(page.page).to_have_url(re.compile("/sign-in"))
    assert page.page.evaluate(count) == 0


_UNSENT_ROWS = """async () => new Promise((done) => {
  const open = indexedDB.open("zlahoda");
  open.onsuccess = () => {
    const all = open.result.transaction("unsent").objectStore("unsent").count();
    all.onsuccess = () => { open.result.close(); done(all.result); };
  };
})"""
