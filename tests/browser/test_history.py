"""History in the browser: going back while a colleague writes, and playing the text from its first word on."""

import re

from playwright.sync_api import expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, wait_until_same
from tests.server_process import ServerProcess

LATER = " Уточнено після редакції ґ 😀."
OFFLINE = " Дописано в поїзді без зв'язку."


def restore(page: ActPage, number: int) -> None:
    """The draft reads as this revision again, through the panel beside the text."""
    page.page.goto(f"/acts/{page.act}?panel=history")
    page.page.get_by_role("button", name=f"Відновити редакцію № {number}").click()
    dialog = page.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("нічого з історії не зникне")
    dialog.get_by_role("button", name="Відновити", exact=True).click()
    expect(page.page.locator(".z-toast").filter(has_text=f"Чернетка тепер як у редакції № {number}")).to_be_visible()


def two_drafters(sit: Sit, server: ServerProcess) -> tuple[SharedAct, ActPage, ActPage]:
    """A revision was frozen, then one drafter wrote on and added an article; both drafters see that."""
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    act.lead.post(f"/acts/{act.id}/revisions", {"note": "Перша"})
    anna = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    borys = ActPage(sit("drafter-minjust"), act.id).open().wait_state("saved")
    anna.put_caret(act.articles[0]).type(LATER)
    anna.put_caret(act.articles[3]).press("Enter").type("Нова стаття.")
    wait_until_same(anna, borys, units=act.units)
    return act, anna, borys


def test_D8b_restoring_is_an_edit_and_what_a_colleague_writes_meanwhile_stays(sit: Sit, server: ServerProcess) -> None:
    act, anna, borys = two_drafters(sit, server)
    borys.person.go_offline()
    borys.put_caret(act.articles[1]).type(OFFLINE).wait_state("offline")
    restore(anna, 1)
    anna.wait_for_text(act.articles[0], ARTICLES[0])
    borys.person.come_back()
    borys.wait_for_text(act.articles[0], ARTICLES[0])
    shown = wait_until_same(anna, borys, units=act.units)
    assert [block.text for block in shown if block.bid in act.articles] == [ARTICLES[0], ARTICLES[1] + OFFLINE, *ARTICLES[2:]]
    assert not any("Нова стаття" in block.text for block in shown)


def test_P10_words_written_into_an_article_that_the_restore_takes_away_are_shown(sit: Sit, server: ServerProcess) -> None:
    act, anna, borys = two_drafters(sit, server)
    added = borys.bid_of("Нова стаття.")
    borys.person.go_offline()
    borys.put_caret(added).type(OFFLINE).wait_state("offline")
    restore(anna, 1)
    borys.person.come_back()
    wait_until_same(anna, borys, units=act.units)
    expect(borys.page.get_by_text(OFFLINE.strip()).first).to_be_visible()


def test_the_player_goes_from_the_last_word_to_the_first_and_plays_to_the_end(sit: Sit, server: ServerProcess) -> None:
    act, anna, _ = two_drafters(sit, server)
    page = anna.page
    page.goto(f"/acts/{act.id}?panel=history")
    page.get_by_role("link", name="Переглянути покроково").click()
    text = page.locator(".z-player-text")
    expect(text).to_contain_text("Нова стаття.")
    back = page.get_by_role("button", name="Крок назад")
    while back.is_enabled():
        back.click()
        expect(text).to_have_attribute("aria-busy", "false")
    expect(text).not_to_contain_text(LATER.strip())
    expect(text).to_contain_text(ARTICLES[0])
    page.get_by_role("button", name="Програти").click()
    expect(text).to_contain_text(LATER.strip(), timeout=30_000)
    expect(text).to_contain_text("Нова стаття.", timeout=30_000)
    expect(page.get_by_role("button", name="Програти")).to_be_visible(timeout=30_000)
    expect(page.locator(".z-slider-output")).to_have_text(re.compile(r"^(\d+) / \1$"))
