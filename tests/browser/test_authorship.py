"""Who wrote what, shown on the text. Rules: docs/spec/authorship.md, W1 to W6."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.browser.proposals import Cards, Reviewers
from tests.server_process import ServerProcess


@pytest.fixture
def act(server: ServerProcess) -> SharedAct:
    """A fresh act with a second drafter of Мін'юст."""
    return SharedAct.make(server, ("drafter-minjust", "drafter"), ("reviewer-minfin", "reviewer"))


class Authors:
    """The view of authors in one tab."""

    def __init__(self, page: ActPage) -> None:
        self.act = page
        self.page = page.page

    def show(self) -> None:
        """Through the header, or its menu on a phone."""
        button = self.page.get_by_role("button", name="Хто написав")
        if button.count() == 0:
            self.page.get_by_role("banner").get_by_role("button", name="Інші дії").first.click()
            self.page.get_by_role("menuitem", name="Хто написав").click()
        else:
            button.first.click()
        expect(self.said).to_be_visible()

    @property
    def said(self) -> Locator:
        return self.page.get_by_role("region", name="Хто написав")

    def words(self, text: str) -> Locator:
        """The coloured stretch that is exactly these words."""
        return self.page.locator(".ProseMirror .who").filter(has_text=re.compile(f"^{re.escape(text)}$")).first


def test_W1_words_of_two_people_have_the_colours_of_their_bodies_and_name_who_wrote_them(sit: Sit, act: SharedAct) -> None:
    ivan = ActPage(sit("drafter-minjust"), act.id).open().wait_state("saved")
    ivan.put_caret(act.articles[1], 4).type("нові Ґ😀 ").wait_state("saved")
    olena = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    olena.put_caret(act.articles[0], 0).type("Отже, ").wait_state("saved")
    authors = Authors(olena)
    authors.show()
    authors.words("нові Ґ😀 ").hover()
    expect(authors.said).to_contain_text("Мін'юст")
    authors.words("Отже, ").hover()
    expect(authors.said).to_contain_text("МВС")
    assert authors.words("Отже, ").get_attribute("data-hue") != authors.words("нові Ґ😀 ").get_attribute("data-hue")
    authors.words(ARTICLES[2]).hover()
    expect(authors.said).to_contain_text("Початковий текст")
    olena.put_caret(act.articles[1], 7)
    expect(authors.said).to_contain_text("Мін'юст")
    olena.put_caret(act.articles[0], 3).type("ЩОЙНО")
    expect(authors.words("ЩОЙНО")).to_have_count(0)
    olena.page.get_by_role("button", name="Не показувати авторів").first.click()
    expect(olena.page.locator(".ProseMirror .who")).to_have_count(0)


def test_W3_a_split_and_a_move_keep_the_author(sit: Sit, act: SharedAct) -> None:
    olena = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    olena.put_caret(act.articles[2], 12).press("Enter").press("Alt+ArrowUp").wait_state("saved")
    authors = Authors(olena)
    authors.show()
    authors.words(ARTICLES[2][12:]).hover()
    expect(authors.said).to_contain_text("Початковий текст")


def test_W4_an_accepted_proposal_names_who_proposed_and_who_accepted(sit: Sit, act: SharedAct, server: ServerProcess) -> None:
    Reviewers(server, act).replace("залізницею", "колією 🚆")
    olena = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    Cards(olena).open().accept("колією 🚆")
    olena.wait_for_words("колією 🚆").wait_state("saved")
    authors = Authors(olena)
    authors.show()
    authors.words("колією 🚆").hover()
    expect(authors.said).to_contain_text(re.compile("За пропозицією: .*Мінфін"))
    expect(authors.said).to_contain_text(re.compile("Прийнято: .*МВС"))


def test_W1_on_a_phone_words_are_tapped(sit: Sit, act: SharedAct) -> None:
    phone = ActPage(sit("reviewer-minfin", phone=True), act.id).open()
    authors = Authors(phone)
    authors.show()
    authors.words(ARTICLES[1]).tap()
    expect(authors.said).to_contain_text("Початковий текст")
