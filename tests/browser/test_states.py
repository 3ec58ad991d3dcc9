"""What goes wrong around a text that is being written: the disk, the device, the session, the history, the program. No word is lost."""

import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, wait_until_same
from tests.browser.people import Person
from tests.server_process import ServerProcess, wait_for

WORDS = " Ґрунтовне слово 🧱"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server this test may stop and whose disk it may fill."""
    with ServerProcess(tmp_path / "data") as running:
        yield running


def change_document(server: ServerProcess, act: str, column: str, value: object) -> None:
    """What an operator's restore or a newer program does to a document, while the server is stopped."""
    (file,) = server.data_dir.glob("*.sqlite3")
    with sqlite3.connect(file) as database:
        changed = database.execute(f"UPDATE documents SET {column} = ? WHERE document = ?", (value, act))
    assert changed.rowcount == 1
    database.close()


def stored(act: SharedAct, at: int = 0) -> str:
    """The text of one article on disk."""
    return next(unit["text"] for unit in act.units() if unit["bid"] == act.articles[at])


def test_D8b_when_the_history_was_replaced_unsent_words_are_set_aside_and_shown(sit: Sit, own_server: ServerProcess) -> None:
    act = SharedAct.make(own_server)
    page = ActPage(sit("drafter-mvs", at=own_server), act.id).open().wait_state("saved")
    own_server.stop()
    page.put_caret(act.articles[0]).type(WORDS)
    page.wait_state("offline")
    change_document(own_server, act.id, "epoch", "0123456789abcdef")
    own_server.start()

    aside = page.page.get_by_role("button", name="відкладена правка")
    expect(aside).to_be_visible()
    page.wait_state("saved")
    assert page.block(act.articles[0]).text == ARTICLES[0] == stored(act)
    aside.click()
    expect(page.page.get_by_role("dialog").locator("ins").first).to_have_text(WORDS)
    page.page.keyboard.press("Escape")
    page.put_caret(act.articles[1]).type(" далі")
    page.wait_state("saved")
    page.page.reload()
    page.wait_shown().wait_state("saved")
    expect(aside).to_be_visible()
    assert stored(act, 1) == ARTICLES[1] + " далі"


def test_S1_a_full_disk_of_the_server_is_told_and_what_was_typed_is_saved_when_there_is_room(sit: Sit, own_server: ServerProcess) -> None:
    act = SharedAct.make(own_server, ("drafter-minjust", "drafter"))
    here, there = (ActPage(sit(demo, at=own_server), act.id).open().wait_state("saved") for demo in ("drafter-mvs", "drafter-minjust"))
    before = resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE, (1024, before[1]))
    here.put_caret(act.articles[0]).type(WORDS)
    here.wait_state("saving_stopped")
    expect(here.status).to_contain_text("Сервер зараз не зберігає")
    there.wait_state("saving_stopped")
    assert there.block(act.articles[0]).text == ARTICLES[0], "nobody sees what is not on disk"

    resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE, before)
    wait_until_same(here, there, units=act.units)
    assert stored(act) == ARTICLES[0] + WORDS


def test_D10_a_page_older_than_the_text_must_reload_and_its_unsent_words_wait(sit: Sit, own_server: ServerProcess) -> None:
    act = SharedAct.make(own_server)
    page = ActPage(sit("drafter-mvs", at=own_server), act.id).open().wait_state("saved")
    own_server.stop()
    page.put_caret(act.articles[0]).type(WORDS)
    page.wait_state("offline")
    change_document(own_server, act.id, "schema_version", 99)
    own_server.start()
    page.wait_state("reload_needed")
    page.put_caret(act.articles[0]).type("не пишеться")
    assert page.block(act.articles[0]).text == ARTICLES[0] + WORDS
    assert stored(act) == ARTICLES[0]

    own_server.stop()
    change_document(own_server, act.id, "schema_version", 1)  # this page is as new as the text again: as if it had been updated
    own_server.start()
    page.page.get_by_role("button", name="Оновити", exact=True).click()
    page.wait_for_text(act.articles[0], ARTICLES[0] + WORDS).wait_state("saved")
    assert stored(act) == ARTICLES[0] + WORDS


def test_an_ended_session_is_renewed_over_the_text_and_unsent_words_arrive(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    page = ActPage(person, act.id).open().wait_state("saved")
    person.go_offline()
    page.put_caret(act.articles[0]).type(WORDS)
    page.wait_state("offline")
    end_session(server, person)
    person.come_back()
    page.wait_state("signed_out")
    dialog = page.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Розробниця МВС")
    page.page.evaluate("dispatchEvent(new Event('visibilitychange')); dispatchEvent(new Event('focus'))")
    assert page.block(act.articles[0]).text == ARTICLES[0] + WORDS, "the text stays on the page"
    dialog.get_by_role("button", name="Увійти").first.click()
    expect(dialog).to_be_hidden()
    page.wait_state("saved")
    assert stored(act) == ARTICLES[0] + WORDS


def test_a_device_without_room_says_that_unsent_words_are_on_this_page_only(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    page = ActPage(person, act.id)
    person.context.new_cdp_session(page.page).send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 1})
    page.open().wait_state("saved")
    person.go_offline()
    page.put_caret(act.articles[0]).type(WORDS)
    page.wait_state("offline")
    expect(page.status).to_contain_text("Не закривайте")
    person.come_back()
    page.wait_state("saved")
    assert stored(act) == ARTICLES[0] + WORDS


def test_a_browser_that_forbids_storage_still_edits(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    person.context.add_init_script(
        "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page = ActPage(person, act.id).open().wait_state("saved")
    page.put_caret(act.articles[0]).type(WORDS)
    page.wait_state("saved")
    assert stored(act) == ARTICLES[0] + WORDS


def test_two_tabs_without_a_network_both_keep_their_words(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    first, second = (ActPage(person, act.id).open().wait_state("saved") for _ in range(2))
    person.go_offline()
    first.put_caret(act.articles[0], 0).type("Перша. ")
    second.put_caret(act.articles[0]).type(" Друга.")
    wait_for("the words of both are kept on the device", lambda: unsent_rows(first.page) == 14)
    for page in (first, second):
        page.wait_state("offline").page.close()
    person.come_back()
    again = ActPage(person, act.id).open()
    again.wait_for_text(act.articles[0], f"Перша. {ARTICLES[0]} Друга.").wait_state("saved")
    assert stored(act) == f"Перша. {ARTICLES[0]} Друга."


def test_words_composed_with_an_input_method_are_whole_while_a_colleague_types(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    here, there = (ActPage(sit(demo), act.id).open().wait_state("saved") for demo in ("drafter-mvs", "drafter-minjust"))
    keys = here.person.context.new_cdp_session(here.page)
    here.put_caret(act.articles[0])
    for part in (" я", " яг", " яґд", " яґди"):
        keys.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
        there.put_caret(act.articles[0], 0).type("·")
    there.wait_state("saved")
    keys.send("Input.insertText", {"text": " ягоди 🫐"})
    here.type("!")
    wait_until_same(here, there, units=act.units)
    assert stored(act) == "····" + ARTICLES[0] + " ягоди 🫐!"


def end_session(server: ServerProcess, person: Person) -> None:
    """The session of this browser ends elsewhere: another program with its cookie signs out."""
    session = next(cookie for cookie in person.context.cookies() if cookie["name"] == "zlahoda")
    server.end_session(session["name"], session["value"])


def unsent_rows(page: Page) -> int:
    """How many unsent changes the device keeps."""
    return int(
        page.evaluate(
            """async () => new Promise((done) => {
              const open = indexedDB.open("zlahoda");
              open.onsuccess = () => {
                const all = open.result.transaction("unsent").objectStore("unsent").count();
                all.onsuccess = () => { open.result.close(); done(all.result); };
              };
            })"""
        )
    )
