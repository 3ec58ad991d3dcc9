"""Two people of different ministries in one act: every character typed is there once, in its unit, between its neighbours."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, Block, wait_until_same
from tests.server_process import ServerProcess


class Pair:
    """The same act open with a drafter of each body."""

    def __init__(self, sit: Sit, server: ServerProcess) -> None:
        self.act = SharedAct.make(server, ("drafter-minjust", "drafter"))
        self.first = ActPage(sit("drafter-mvs"), self.act.id).open().wait_state("saved")
        self.second = ActPage(sit("drafter-minjust"), self.act.id).open().wait_state("saved")

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """What is done inside is done at the same moment: neither hears of the other before the end."""
        self.first.person.go_offline()
        self.second.person.go_offline()
        yield
        self.first.person.come_back()
        self.second.person.come_back()

    def same(self) -> list[Block]:
        """What both show, and the disk holds, once everything has arrived."""
        return wait_until_same(self.first, self.second, units=self.act.units)


@pytest.fixture
def pair(sit: Sit, server: ServerProcess) -> Pair:
    """Two drafters of МВС and Мін'юст in a fresh act."""
    return Pair(sit, server)


def find(blocks: list[Block], bid: str) -> Block:
    """The only block with this id."""
    (found,) = [block for block in blocks if block.bid == bid]
    return found


def test_words_typed_into_one_paragraph_at_once_are_all_there_once_in_their_places(pair: Pair) -> None:
    bid = pair.act.articles[0]
    pair.first.put_caret(bid, 11)
    pair.second.put_caret(bid)
    mine, theirs = " (далі — «ПДР» 😀 ґ)", " Їх дотримуються всі 👩🏽‍⚖️."
    for number in range(max(len(mine), len(theirs))):
        pair.first.type(mine[number : number + 1])
        pair.second.type(theirs[number : number + 1])

    text = find(pair.same(), bid).text
    assert text == ARTICLES[0][:11] + mine + ARTICLES[0][11:] + theirs


def test_words_typed_at_one_place_at_the_same_moment_stay_whole(pair: Pair) -> None:
    bid = pair.act.articles[1]
    with pair.apart():
        pair.first.put_caret(bid, 4).type("перше ")
        pair.second.put_caret(bid, 4).type("друге 🏛 ")

    text = find(pair.same(), bid).text
    assert text in {ARTICLES[1][:4] + both + ARTICLES[1][4:] for both in ("перше друге 🏛 ", "друге 🏛 перше ")}


def test_a_kind_changed_while_another_types_keeps_the_words_and_renumbers(pair: Pair) -> None:
    bid = pair.act.articles[2]
    with pair.apart():
        pair.first.put_caret(bid, 0).press("Control+Alt+1")
        pair.second.put_caret(bid).type(" Доповнено 😀.")

    before = find(pair.first.blocks(), bid).kind
    block = find(pair.same(), bid)
    assert block.text == ARTICLES[2] + " Доповнено 😀."
    assert block.kind == before != "article"


def test_a_paragraph_split_while_another_types_in_its_tail_keeps_the_words_with_the_tail(pair: Pair) -> None:
    bid = pair.act.articles[0]
    at = ARTICLES[0].index("порядок")
    with pair.apart():
        pair.first.put_caret(bid, at).press("Enter")
        pair.second.put_caret(bid).type(" Кінець ґ.")

    blocks = pair.same()
    place = blocks.index(find(blocks, bid))
    assert blocks[place].text == ARTICLES[0][:at]
    assert blocks[place + 1].text == ARTICLES[0][at:] + " Кінець ґ."
    assert len({block.bid for block in blocks}) == len(blocks)


def test_a_unit_moved_while_another_types_in_it_takes_the_words_along(pair: Pair) -> None:
    bid, next_bid = pair.act.articles[1], pair.act.articles[2]
    with pair.apart():
        pair.first.put_caret(bid, 0).press("Alt+ArrowDown")
        pair.second.put_caret(bid).type(" Їхні слова.")

    blocks = pair.same()
    assert find(blocks, bid).text == ARTICLES[1] + " Їхні слова."
    order = [block.bid for block in blocks]
    assert order.index(next_bid) < order.index(bid)
    assert len(set(order)) == len(order)


def test_two_paragraphs_joined_while_another_types_in_the_second_keep_its_words(pair: Pair) -> None:
    first, second = pair.act.articles[2], pair.act.articles[3]
    with pair.apart():
        pair.first.put_caret(second, 0).press("Backspace")  # takes the number off
        pair.first.press("Backspace")
        pair.second.put_caret(second, 5).type("Ґ")

    text = find(pair.same(), first).text
    assert text.startswith(ARTICLES[2])
    assert text.endswith(ARTICLES[3][:5] + "Ґ" + ARTICLES[3][5:])


def test_undo_takes_back_only_ones_own_words(pair: Pair) -> None:
    bid = pair.act.articles[1]
    pair.first.put_caret(bid, 0).type("МОЄ ")
    pair.second.wait_for_text(bid, "МОЄ " + ARTICLES[1])
    pair.second.put_caret(bid).type(" ЇХНЄ")
    pair.first.wait_for_text(bid, "МОЄ " + ARTICLES[1] + " ЇХНЄ")
    pair.first.press("Control+z")

    assert find(pair.same(), bid).text == ARTICLES[1] + " ЇХНЄ"
    pair.first.press("Control+y")
    assert find(pair.same(), bid).text == "МОЄ " + ARTICLES[1] + " ЇХНЄ"


def test_the_others_caret_shows_name_and_body(pair: Pair) -> None:
    pair.first.put_caret(pair.act.articles[1], 3)
    flag = pair.second.page.locator(".act-caret-name")
    flag.wait_for(state="attached")
    assert pair.second.carets() == ["Розробниця МВС · МВС"]


def test_a_new_article_renumbers_the_following_on_both_pages(pair: Pair) -> None:
    assert [find(pair.first.blocks(), bid).label for bid in pair.act.articles] == [f"Стаття {number}." for number in (1, 2, 3, 4)]
    at = ARTICLES[0].index("порядок")
    pair.first.put_caret(pair.act.articles[0], at).press("Enter")
    pair.second.put_caret(pair.act.articles[3]).type(" Так.")
    blocks = pair.same()
    (new,) = [block for block in blocks if block.text == ARTICLES[0][at:]]
    assert [find(blocks, bid).label for bid in pair.act.articles] == [f"Стаття {number}." for number in (1, 3, 4, 5)]
    assert new.label == "Стаття 2."
