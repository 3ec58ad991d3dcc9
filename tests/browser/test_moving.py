"""P10 in Chromium: words typed into what another moves, splits or joins at that moment are there once, between their neighbours."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, Block, wait_until_same
from tests.server_process import ServerProcess

WORDS = " (крім ґ 😀 її) "
AT = ARTICLES[1].index("повинні")
"""The words are typed here, in the second article; where it is split is before this place."""
SPLIT_AT = ARTICLES[1].index("нормативні")


def move(page: ActPage, act: SharedAct) -> None:
    """The second article changes places with the first."""
    page.put_caret(act.articles[1], 0).press("Alt+ArrowUp")


def split(page: ActPage, act: SharedAct) -> None:
    """The end of the second article becomes one of its own."""
    page.put_caret(act.articles[1], SPLIT_AT).press("Enter")


def join(page: ActPage, act: SharedAct) -> None:
    """The second article is appended to the first; the first Backspace takes its number off."""
    page.put_caret(act.articles[1], 0).press("Backspace").press("Backspace")


@contextlib.contextmanager
def without(*pages: ActPage) -> Iterator[None]:
    """These have no network until the end."""
    for page in pages:
        page.person.go_offline()
    yield
    for page in pages:
        page.person.come_back()


def holder(act: SharedAct, blocks: list[Block], change: Callable[[ActPage, SharedAct], None]) -> tuple[Block, int]:
    """The unit in which the words belong after the change, and their place in it."""
    bids = [block.bid for block in blocks]
    if change is join:
        return blocks[bids.index(act.articles[0])], len(ARTICLES[0]) + AT
    if change is split:
        return blocks[bids.index(act.articles[1]) + 1], AT - SPLIT_AT
    return blocks[bids.index(act.articles[1])], AT


@pytest.mark.parametrize("away", ["neither", "who types", "who changes", "both"])
@pytest.mark.parametrize("change", [move, split, join])
def test_words_typed_into_a_changed_unit_stay_between_their_neighbours(
    sit: Sit, server: ServerProcess, change: Callable[[ActPage, SharedAct], None], away: str
) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    changes = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    types = ActPage(sit("drafter-minjust"), act.id).open().wait_state("saved")
    gone = {"neither": (), "who types": (types,), "who changes": (changes,), "both": (types, changes)}[away]

    types.put_caret(act.articles[1], AT).type(WORDS[:6])
    changes.wait_for_words(WORDS[:6])
    with without(*gone):
        types.type(WORDS[6:9])
        change(changes, act)
        types.type(WORDS[9:])

    blocks = wait_until_same(changes, types, units=act.units)
    unit, place = holder(act, blocks, change)
    assert unit.text[place : place + len(WORDS)] == WORDS
    expected = sorted("".join((*ARTICLES, WORDS)))
    assert sorted("".join(block.text for block in blocks if block.kind != "title")) == expected
    assert len({block.bid for block in blocks}) == len(blocks)
