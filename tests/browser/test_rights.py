"""What a person may do holds in the browser at once: readers, reviewers, revoked people, ended sessions."""

from playwright.sync_api import expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.server_process import ServerProcess


def test_a_reader_reads_along_and_cannot_type(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("reviewer-minfin", "reader"))
    drafter = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    reader = ActPage(sit("reviewer-minfin"), act.id).open().wait_state("read_only")
    expect(reader.status).to_contain_text("Лише читання")
    reader.put_caret(act.articles[0]).type("НЕ МОЖНА")
    drafter.put_caret(act.articles[0], 0).type("Можна. ")
    reader.wait_for_text(act.articles[0], "Можна. " + ARTICLES[0])
    drafter.wait_state("saved")
    assert "НЕ МОЖНА" not in str(act.units())


def test_a_drafter_who_becomes_a_reader_stops_typing_at_once(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    page = ActPage(sit("drafter-minjust"), act.id).open().wait_state("saved")
    user = server.sign_in("drafter-minjust").me()
    act.lead.set_roles(act.id, user, "reader")
    page.wait_state("read_only")
    page.put_caret(act.articles[0]).type("пізно")
    assert page.block(act.articles[0]).text == ARTICLES[0]
    act.lead.set_roles(act.id, user, "drafter")
    page.wait_state("saved").put_caret(act.articles[0]).type(" вчасно")
    page.wait_state("saved")
    assert "вчасно" in str(act.units())


def test_words_typed_offline_by_somebody_who_lost_the_right_are_set_aside_and_shown(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    person = sit("drafter-minjust")
    page = ActPage(person, act.id).open().wait_state("saved")
    person.go_offline()
    page.put_caret(act.articles[0]).type(" Моє речення ґ 😀.")
    page.wait_state("offline")
    act.lead.set_roles(act.id, server.sign_in("drafter-minjust").me(), "reader")
    person.come_back()
    page.wait_state("read_only")
    page.wait_for_text(act.articles[0], ARTICLES[0])
    page.page.get_by_role("button", name="відкладена правка").click()
    expect(page.page.get_by_role("dialog").locator("ins").first).to_have_text(" Моє речення ґ 😀.")
    assert "Моє речення" not in str(act.units())


def test_a_person_removed_from_the_act_loses_it_and_keeps_their_own_words(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    person = sit("drafter-minjust")
    page = ActPage(person, act.id).open().wait_state("saved")
    act.lead.delete(f"/acts/{act.id}/members/{server.sign_in('drafter-minjust').me()}")
    expect(page.page.get_by_text("Сюди немає доступу").or_(page.page.get_by_text("Доступ закрито")).first).to_be_visible()
    stored = page.page.evaluate(
        """async () => new Promise((done) => {
          const open = indexedDB.open("zlahoda");
          open.onsuccess = () => {
            const all = open.result.transaction("copies").objectStore("copies").count();
            all.onsuccess = () => { open.result.close(); done(all.result); };
          };
        })"""
    )
    assert stored == 0


def test_an_ended_session_stops_typing_and_asks_to_sign_in(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    page = ActPage(person, act.id).open().wait_state("saved")
    answer = person.context.request.delete("/api/v1/session", headers={"x-zlahoda-csrf": "1"})
    assert answer.ok, answer.text()
    page.wait_state("signed_out")
    before = page.block(act.articles[0]).text
    page.put_caret(act.articles[0]).type("!")
    assert page.block(act.articles[0]).text == before
