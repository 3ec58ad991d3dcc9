"""A drafter decides about proposals of two ministries: what enters the text enters once, and nothing happens in silence (D5, P3, P10)."""

import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.browser.proposals import Cards, Reviewers
from tests.browser.reviewing import ReviewPage
from tests.server_process import ServerProcess, wait_for

FIRST = ("єдиний", "загальний 😀")
SECOND = ("повинні", "мають")
THIRD = ("залізницею", "річками, м’яко й e\u0301")


@dataclass
class Desk:
    """An act with three proposals of two ministries, and a drafter at their cards."""

    act: SharedAct
    reviewers: Reviewers
    page: ActPage
    cards: Cards

    def saved(self, start: str) -> str:
        """The text on disk of the unit that begins so."""
        self.page.wait_state("saved")
        (text,) = [unit["text"] for unit in self.act.units() if unit["text"].startswith(start)]
        return text

    def statuses(self) -> list[str]:
        """Of all records, once every claim has gone."""
        return [str(record["status"]) for record in self.reviewers.records()]


@pytest.fixture
def desk(sit: Sit, server: ServerProcess) -> Desk:
    """Three proposals: two of Мінфін, one of Мінекономіки."""
    act = SharedAct.make(server, ("drafter2-mvs", "drafter"))
    reviewers = Reviewers(server, act)
    reviewers.replace(*FIRST)
    reviewers.replace(*SECOND, who="reviewer-mineconomy")
    reviewers.replace(*THIRD)
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    return Desk(act, reviewers, page, Cards(page).open().count(3))


def test_R19_an_accepted_proposal_enters_the_text_and_is_taken_out_again_by_one_key(desk: Desk) -> None:
    desk.cards.accept(FIRST[1]).count(2)
    expected = ARTICLES[0].replace(*FIRST)
    desk.page.wait_for_text(desk.act.articles[0], expected)
    assert desk.saved("Ці Правила") == expected
    wait_for("the record is accepted", lambda: desk.statuses().count("accepted") == 1)
    (record,) = desk.reviewers.records("accepted")
    assert record["decided"]["who"] == desk.act.lead.me()

    desk.page.editor.focus()
    desk.page.press("Control+z")
    desk.cards.count(3)
    desk.page.wait_for_text(desk.act.articles[0], ARTICLES[0])
    assert desk.saved("Ці Правила") == ARTICLES[0]
    wait_for("the record is open again", lambda: desk.statuses() == ["open"] * 3)


def test_R23_after_typing_the_key_takes_back_the_typed_words_first_and_then_the_acceptance(desk: Desk) -> None:
    desk.cards.accept(SECOND[1]).count(2)
    desk.page.put_caret(desk.act.articles[3]).type(" Ґ.")
    desk.page.wait_for_text(desk.act.articles[3], ARTICLES[3] + " Ґ.").press("Control+z")
    desk.page.wait_for_text(desk.act.articles[3], ARTICLES[3])
    assert desk.page.block(desk.act.articles[1]).text == ARTICLES[1].replace(*SECOND)
    desk.page.press("Control+z")
    desk.page.wait_for_text(desk.act.articles[1], ARTICLES[1])
    desk.cards.count(3)


def test_R23_an_acceptance_of_another_window_is_taken_back_by_what_its_record_says(desk: Desk) -> None:
    desk.cards.accept(FIRST[1]).count(2)
    desk.page.wait_for_text(desk.act.articles[0], ARTICLES[0].replace(*FIRST)).wait_state("saved")
    wait_for("accepted at the server", lambda: desk.statuses().count("accepted") == 1)
    desk.page.page.reload()
    desk.page.wait_shown().wait_state("saved")
    desk.cards.open().view("Вирішені").count(1)
    desk.cards.of(FIRST[1]).get_by_role("button", name="Скасувати прийняття").click()
    desk.page.wait_for_text(desk.act.articles[0], ARTICLES[0]).wait_state("saved")
    desk.cards.view("У тексті").count(3)
    assert desk.saved("Ці Правила") == ARTICLES[0]


def test_P10_all_are_accepted_with_a_preview_of_each_and_undone_in_one_go(desk: Desk) -> None:
    page = desk.page.page
    page.get_by_role("button", name="Інші дії з пропозиціями").click()
    page.get_by_role("menuitem", name="Прийняти всі показані").click()
    dialog = page.get_by_role("dialog", name="Прийняти кілька пропозицій")
    expect(dialog.get_by_text("Буде внесено як запропоновано")).to_have_count(3)
    dialog.get_by_role("button", name="Прийняти (3)").click()
    expect(dialog.get_by_text("Внесено 3 з 3")).to_be_visible()
    dialog.get_by_role("button", name="Готово").click()
    desk.cards.count(0)
    changed = [ARTICLES[0].replace(*FIRST), ARTICLES[1].replace(*SECOND), ARTICLES[2].replace(*THIRD), ARTICLES[3]]
    assert [desk.page.block(bid).text for bid in desk.act.articles] == changed
    wait_for("all are accepted", lambda: desk.statuses() == ["accepted"] * 3)

    page.get_by_role("button", name="Скасувати прийняття").click()
    desk.cards.count(3)
    assert [desk.page.block(bid).text for bid in desk.act.articles] == list(ARTICLES)
    wait_for("all are open again", lambda: desk.statuses() == ["open"] * 3)
    desk.page.wait_state("saved")
    assert [unit["text"] for unit in desk.act.units()][-4:] == list(ARTICLES)


def test_P10_all_of_one_ministry_enter_and_those_of_the_other_stay(desk: Desk) -> None:
    page = desk.page.page
    page.get_by_role("button", name="Інші дії з пропозиціями").click()
    page.get_by_role("menuitem", name="Прийняти всі від органу: Мінфін").click()
    page.get_by_role("button", name="Прийняти (2)").click()
    page.get_by_role("button", name="Готово").click()
    desk.cards.count(1)
    assert desk.page.block(desk.act.articles[1]).text == ARTICLES[1]
    assert desk.page.block(desk.act.articles[2]).text == ARTICLES[2].replace(*THIRD)


def test_P10_proposals_for_the_same_words_are_shown_as_a_conflict_and_only_the_first_enters_unasked(desk: Desk) -> None:
    desk.reviewers.replace("ґрунтуватися на вимогах", "відповідати вимогам")
    desk.reviewers.replace("на вимогах цих", "на засадах цих", "reviewer-mineconomy")
    desk.cards.count(5)
    expect(desk.cards.all.filter(has_text="Суперечить ще 1 пропозиції")).to_have_count(2)
    page = desk.page.page
    page.get_by_role("button", name="Інші дії з пропозиціями").click()
    page.get_by_role("menuitem", name="Прийняти всі показані").click()
    dialog = page.get_by_role("dialog", name="Прийняти кілька пропозицій")
    expect(dialog.get_by_text("Текст змінився або суперечить іншій")).to_have_count(1)
    dialog.get_by_role("button", name="Прийняти (4)").click()
    expect(dialog.get_by_text("Внесено 4 з 5")).to_be_visible()
    dialog.get_by_role("button", name="Готово").click()
    desk.cards.count(0).view("Без місця 1").count(1)
    expect(desk.cards.all).to_contain_text("на засадах цих")
    assert desk.page.block(desk.act.articles[1]).text == ARTICLES[1].replace(*SECOND).replace(
        "ґрунтуватися на вимогах", "відповідати вимогам"
    )


def test_R6_a_rejected_proposal_keeps_the_reason_and_can_be_reopened(desk: Desk) -> None:
    desk.cards.reject(FIRST[1], "Суперечить статті 5 😀").count(2).view("Вирішені").count(1)
    card = desk.cards.of(FIRST[1])
    expect(card).to_contain_text("Суперечить статті 5 😀")
    expect(card).to_contain_text("Відхилено: Розробниця МВС")
    card.get_by_role("button", name="Рішення").click()
    expect(card.locator(".sug-history li")).to_have_count(2)  # shown to everyone, rejected
    card.get_by_role("button", name="Повернути на розгляд").click()
    desk.cards.view("У тексті").count(3)
    assert desk.page.block(desk.act.articles[0]).text == ARTICLES[0]


def test_R21_two_drafters_who_accept_at_once_insert_the_words_once(desk: Desk, sit: Sit) -> None:
    other = ActPage(sit("drafter2-mvs"), desk.act.id).open().wait_state("saved")
    cards = Cards(other).open().count(3)
    press = "[...document.querySelectorAll('.sug-card button')].find((one) => one.ariaLabel?.includes('загальний')).click()"
    at_ms = 1000 * time.time() + 2000  # both are told before either presses
    for tab in (desk.page.page, other.page):
        tab.evaluate(f"() => {{ setTimeout(() => {press}, {at_ms} - Date.now()) }}")
    desk.cards.count(2)
    cards.count(2)
    expected = ARTICLES[0].replace(*FIRST)
    for page in (desk.page, other):
        page.wait_for_text(desk.act.articles[0], expected).wait_state("saved")
    assert desk.saved("Ці Правила") == expected
    wait_for("accepted once", lambda: desk.statuses().count("accepted") == 1)
    (record,) = desk.reviewers.records("accepted")
    decisions = desk.act.lead.get(f"/acts/{desk.act.id}/suggestions/{record['id']}/decisions")["items"]
    assert [one["what"] for one in decisions] == ["released", "accepted"]


def test_P10_an_acceptance_and_a_rejection_without_a_network_wait_and_say_so(desk: Desk) -> None:
    desk.page.person.go_offline()
    desk.page.wait_state("offline")
    desk.cards.accept(FIRST[1]).told("Немає зв'язку: прийняття зачекає")
    expect(desk.cards.of(FIRST[1]).get_by_text("Чекає на зв'язок")).to_be_visible()
    desk.cards.reject(SECOND[1], "Суперечить статті 5 😀").told("Немає зв'язку: відхилення зачекає")
    expect(desk.cards.of(SECOND[1]).get_by_text("Чекає на зв'язок")).to_be_visible()
    expect(desk.cards.of(SECOND[1]).get_by_role("button", name="Не відхиляти")).to_be_visible()
    assert desk.page.block(desk.act.articles[0]).text == ARTICLES[0]
    desk.page.person.come_back()
    desk.cards.count(1)
    desk.page.wait_for_text(desk.act.articles[0], ARTICLES[0].replace(*FIRST)).wait_state("saved", 40_000)
    assert desk.saved("Ці Правила") == ARTICLES[0].replace(*FIRST)
    (rejected,) = desk.reviewers.records("rejected")
    assert rejected["decided"]["reason"] == "Суперечить статті 5 😀"


def test_P10_of_an_acceptance_that_waited_the_drafter_is_told_when_somebody_else_was_first(desk: Desk, sit: Sit) -> None:
    desk.page.person.go_offline()
    desk.page.wait_state("offline")
    desk.cards.accept(SECOND[1])
    other = ActPage(sit("drafter2-mvs"), desk.act.id).open().wait_state("saved")
    Cards(other).open().accept(SECOND[1]).count(2)
    other.wait_for_text(desk.act.articles[1], ARTICLES[1].replace(*SECOND)).wait_state("saved")
    desk.page.person.come_back()
    desk.cards.told("вже вирішено").count(2)
    desk.page.wait_for_text(desk.act.articles[1], ARTICLES[1].replace(*SECOND))


def test_P10_a_proposal_whose_words_are_gone_is_listed_with_them_and_comes_back_with_them(desk: Desk) -> None:
    bid = desk.act.articles[2]
    desk.page.put_caret(bid, 0).press("Shift+End")
    for _ in range(3):
        desk.page.press("Shift+ArrowDown")
    desk.page.put_caret(bid, 0)
    desk.page.page.evaluate('([bid]) => getSelection().selectAllChildren(document.querySelector(`[data-bid="${bid}"] > .act-text`))', [bid])
    desk.page.press("Delete")
    desk.cards.count(2).view("Без місця").count(1)
    card = desk.cards.of(THIRD[0])
    expect(card).to_contain_text(THIRD[1])
    expect(card.get_by_role("button", name="Прийняти")).to_have_count(0)
    expect(card.get_by_role("button", name="Відхилити")).to_be_visible()
    desk.page.editor.focus()
    desk.page.press("Control+z").wait_for_text(bid, ARTICLES[2])
    desk.cards.view("У тексті").count(3)


def test_P10_of_one_whose_words_are_partly_gone_the_drafter_is_asked(desk: Desk, sit: Sit) -> None:
    """Typed by the reviewer in a browser of their own, so that it names the characters themselves."""
    bid, words = desk.act.articles[3], "транспортних засобів"
    reviewer = ReviewPage(sit("reviewer-minfin"), desk.act.id).open().wait_state("saved")
    at = ARTICLES[3].index(words)
    reviewer.put_caret(bid, at)
    for _ in words:
        reviewer.press("Shift+ArrowRight")
    reviewer.type("машин").wait_view(ARTICLES[3].replace(words, f"[-{words}-]{{+машин+}}")).wait_state("saved")
    desk.reviewers.release()
    desk.cards.count(4)
    desk.page.put_caret(bid, at + 3)
    for _ in range(3):
        desk.page.press("Delete")
    card = desk.cards.of("машин")
    expect(card).to_contain_text("Текст тут уже змінився")
    card.get_by_role("button", name="Прийняти").click()
    dialog = desk.page.page.get_by_role("dialog", name="Текст тут змінився")
    dialog.get_by_role("button", name="Скасувати").click()
    assert desk.page.block(bid).text == ARTICLES[3][: at + 3] + ARTICLES[3][at + 6 :]
    card.get_by_role("button", name="Прийняти").click()
    dialog.get_by_role("button", name="Внести, що лишилося").click()
    desk.cards.count(3)
    desk.page.wait_for_text(bid, ARTICLES[3].replace(words, "машин"))


def test_the_keys_go_through_the_proposals_and_decide(desk: Desk) -> None:
    page = desk.page.page
    status = page.get_by_role("status").filter(has_text="Пропозиція")
    desk.page.put_caret(desk.act.articles[0], 0).press("Control+Alt+j")
    expect(status).to_contain_text("Пропозиція 1 з 3. Мінфін. Замінити: «єдиний» → «загальний 😀»")
    desk.page.press("Control+Alt+j")
    expect(status).to_contain_text("Пропозиція 2 з 3. Мінекономіки.")
    expect(page.locator(".sug-line path")).to_be_visible()
    desk.page.press("Control+Alt+k").press("Control+Alt+c")
    expect(page.locator(".sug-card:focus")).to_contain_text(FIRST[1])
    desk.page.press("ArrowDown")
    expect(page.locator(".sug-card:focus")).to_contain_text(SECOND[1])
    desk.page.press("x")
    expect(page.get_by_role("dialog", name="Відхилити пропозицію")).to_be_visible()
    desk.page.press("Escape")
    page.locator(".sug-card", has_text=SECOND[1]).focus()
    desk.page.press("a")
    desk.cards.count(2)
    desk.page.wait_for_text(desk.act.articles[1], ARTICLES[1].replace(*SECOND))
    expect(page.locator(".sug-card:focus")).to_contain_text(THIRD[1])


def test_filters_leave_what_was_asked_for(desk: Desk) -> None:
    page = desk.page.page
    page.get_by_role("button", name="Умови показу").click()
    page.get_by_role("button", name="Усі органи").click()
    page.get_by_role("option", name="Мінекономіки").click()
    desk.cards.count(1)
    expect(desk.cards.all).to_contain_text(SECOND[1])
    page.get_by_role("button", name="Скинути умови").click()
    desk.cards.count(3)


def test_on_a_phone_the_card_comes_from_below_and_the_text_stays_in_sight(desk: Desk, sit: Sit) -> None:
    page = ActPage(sit("drafter2-mvs", phone=True), desk.act.id).open()
    page.page.locator("ins", has_text=FIRST[1]).tap()
    sheet = page.page.locator(".sug-sheet")
    expect(sheet).to_contain_text("Пропозиція 1 з 3")
    sheet.get_by_role("button", name="Наступна пропозиція").tap()
    expect(sheet).to_contain_text(SECOND[1])
    sheet.get_by_role("button", name="Прийняти").tap()
    page.wait_for_text(desk.act.articles[1], ARTICLES[1].replace(*SECOND))
    desk.page.wait_for_text(desk.act.articles[1], ARTICLES[1].replace(*SECOND))
    desk.cards.count(2)


def test_on_a_phone_what_came_of_a_decision_is_said_over_the_panel(desk: Desk, sit: Sit) -> None:
    page = ActPage(sit("drafter2-mvs", phone=True), desk.act.id).open()
    cards = Cards(page).open().count(3).accept(FIRST[1])
    message = page.page.locator(".z-toast", has_text="Прийнято 1 пропозицію")
    message.get_by_role("button", name="Закрити").tap()  # in sight, above what lies over the page, and not inert
    expect(message).to_have_count(0)
    cards.count(2)
    expect(page.page.get_by_role("dialog")).to_be_visible()


def test_the_card_of_a_new_unit_stands_where_the_unit_would(sit: Sit, server: ServerProcess) -> None:
    """Not at the head of the long paragraph that it follows."""
    act = SharedAct.make(server, ("reviewer-minfin", "reviewer"), articles=(" ".join([ARTICLES[0]] * 12), *ARTICLES[1:]))
    reviewer = ReviewPage(sit("reviewer-minfin"), act.id).open().wait_state("saved")
    reviewer.put_caret(act.articles[0]).press("Enter").type("Новий пункт про ґанки")
    reviewer.wait_state("saved")
    Reviewers(server, act).release()
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    card = Cards(page).open().count(1).of("про ґанки")
    new = page.editor.get_by_text("Новий пункт про ґанки")
    for shown_card, shown_unit in ((card, new), (Cards(reviewer).of("про ґанки"), reviewer.editor.get_by_text("Новий пункт"))):
        shown_unit.scroll_into_view_if_needed()
        wait_for("the card beside the new unit", lambda: abs(_top(shown_card) - _top(shown_unit)) < 80)  # noqa: B023 - waited for at once


def _top(shown: Locator) -> float:
    box = shown.bounding_box()
    assert box is not None
    return box["y"]
