"""A long act is laid out in stretches (ADR 0021): whoever types, selects, or moves through it must not notice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, wait_until_same
from tests.server_process import Client, ServerProcess, wait_for

UNITS = 160
_IN_ORDER = """() => {
  const text = document.querySelector(".ProseMirror");
  const shown = [...text.shadowRoot.querySelectorAll("slot")].flatMap((slot) => slot.assignedNodes());
  return shown.length === text.childNodes.length && shown.every((node, index) => node === text.childNodes[index]);
}"""
_WHERE = """() => {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  const bid = (node) => node?.parentElement?.closest("[data-bid]")?.dataset.bid ?? null;
  return [bid(anchorNode), anchorOffset, bid(focusNode), focusOffset];
}"""
_IS_SEEN = """() => {
  const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect();
  return top > 0 && bottom > top && bottom < innerHeight;
}"""


def words(number: int) -> str:
    """What the unit says at first."""
    return f"Орган виконує завдання номер {number} 😀 у порядку, їй установленому ґрунтовно."


class LongAct:
    """An act of many stretches and its drafters."""

    def __init__(self, server: ServerProcess) -> None:
        self.lead: Client = server.sign_in("drafter-mvs")
        lines = ["# Про довгий акт", *(f"{number}. {words(number)}" for number in range(1, UNITS + 1))]
        self.id = self.lead.import_act(
            "довгий.md", "\n\n".join(lines).encode(), title="Довгий акт", kind="postanova", numbering="automatic"
        )
        self.lead.grant(self.id, server.sign_in("drafter-minjust").me(), "drafter")
        by_text = {unit["text"]: unit["bid"] for unit in self.units()}
        self.bids = [by_text[words(number)] for number in range(1, UNITS + 1)]

    def units(self) -> list[dict[str, str]]:
        """What is on disk."""
        return self.lead.text(self.id)


@pytest.fixture
def act(server: ServerProcess) -> LongAct:
    """A new one for each test."""
    return LongAct(server)


@pytest.fixture
def page(sit: Sit, act: LongAct) -> Iterator[ActPage]:
    """A drafter who has it open; at the end every block stands once, in its order, and what is shown is what is on disk."""
    opened = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    assert opened.page.evaluate("document.querySelector('.ProseMirror').shadowRoot.querySelectorAll('slot').length") > 1
    yield opened
    wait_until_same(opened, units=act.units)
    assert opened.page.evaluate(_IN_ORDER)


def where(page: ActPage) -> list[Any]:
    """Anchor and head: block id, offset."""
    found: list[Any] = page.page.evaluate(_WHERE)
    return found


def wait_where(page: ActPage, anchor: str, head: str) -> None:
    """Wait until the selection stands after the fifth character of both blocks."""
    wait_for("the selection to stand there", lambda: where(page) == [anchor, 5, head, 5])


def wait_seen(page: ActPage) -> None:
    """Wait until the caret stands in the window."""
    wait_for("the caret in sight", lambda: bool(page.page.evaluate(_IS_SEEN)))


def test_splitting_and_joining_at_the_edges_of_stretches(page: ActPage, act: LongAct) -> None:
    for number in (48, 49, 50, 51):
        page.put_caret(act.bids[number], 5).press("Enter").type("Ґ")
    page.put_caret(act.bids[100], 0).press("Backspace").press("Backspace").type("є")
    assert page.block(act.bids[99]).text == f"{words(100)}є{words(101)}"
    assert [block.text for block in page.blocks()].count("Ґ" + words(50)[5:]) == 1


def test_moving_and_deleting_over_the_edges_of_stretches(page: ActPage, act: LongAct) -> None:
    page.put_caret(act.bids[47], 3)
    for _ in range(6):
        page.press("Alt+ArrowDown")
    order = [block.bid for block in page.blocks()]
    assert order.index(act.bids[47]) == order.index(act.bids[53]) + 1
    page.put_caret(act.bids[40], 5)
    for _ in range(80):
        page.press("Shift+ArrowDown")
    page.press("Delete").type("ї")
    assert page.block(act.bids[40]).text.startswith(words(41)[:5] + "ї")
    page.press("Control+z").press("Control+z")
    assert len(page.blocks()) == UNITS + 1


def test_a_hundred_pasted_blocks_take_their_places(page: ActPage, act: LongAct) -> None:
    page.put_caret(act.bids[20])
    page.page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector(".ProseMirror").dispatchEvent(paste);
        }""",
        "\n\n".join(f"Вставлене речення {number} ґ." for number in range(120)),
    )
    assert len(page.blocks()) >= UNITS + 119


def test_keys_reach_the_ends_of_the_act_from_anywhere(page: ActPage, act: LongAct) -> None:
    page.put_caret(act.bids[3], 4).press("Control+End")
    assert where(page)[2:] == [act.bids[-1], len(words(UNITS)) + 1]
    wait_seen(page)
    page.press("Control+Shift+Home")
    assert where(page)[0] == act.bids[-1]
    page.press("ArrowLeft")
    wait_seen(page)
    page.type("Ї")
    assert page.blocks()[0].text == "ЇПро довгий акт"
    page.press("Control+a").press("ArrowRight").type("!")
    assert page.block(act.bids[-1]).text == words(UNITS) + "!"
    wait_seen(page)


@pytest.mark.parametrize(("start", "end"), [(30, 70), (70, 30), (10, 150), (150, 10)])
def test_a_selection_over_stretches_is_left_at_the_end_that_an_arrow_points_to(page: ActPage, act: LongAct, start: int, end: int) -> None:
    for key, at in (("ArrowLeft", min(start, end)), ("ArrowRight", max(start, end))):
        page.put_caret(act.bids[start], 5)
        page.page.evaluate(
            """([bid, offset]) => {
              const text = document.querySelector(`[data-bid="${bid}"] > .act-text`).firstChild;
              getSelection().extend(text, offset);
              document.dispatchEvent(new Event("selectionchange"));
            }""",
            [act.bids[end], 5],
        )
        wait_where(page, act.bids[start], act.bids[end])
        page.press(key)
        wait_where(page, act.bids[at], act.bids[at])
        wait_seen(page)


def test_an_input_method_composes_at_the_first_block_of_a_stretch(page: ActPage, act: LongAct) -> None:
    first = page.page.evaluate(
        "document.querySelector('.ProseMirror').shadowRoot.querySelectorAll('slot')[1].assignedElements()[0].dataset.bid"
    )
    before = page.block(first).text
    page.put_caret(first, 0)
    session = page.page.context.new_cdp_session(page.page)
    for text in ("к", "ки", "київ"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    session.send("Input.insertText", {"text": "Київ 😀 "})
    page.wait_for_text(first, "Київ 😀 " + before)
    page.press("Control+Backspace")
    page.wait_state("saved")


def test_a_replacement_of_the_spelling_checker_and_a_deleted_word(page: ActPage, act: LongAct) -> None:
    page.put_caret(act.bids[75], len("Орган")).press("Control+Backspace")
    page.wait_for_text(act.bids[75], words(76).removeprefix("Орган"))
    page.page.evaluate("document.execCommand('insertText', false, 'Установа')")
    page.wait_for_text(act.bids[75], words(76).replace("Орган", "Установа"))


def test_what_a_colleague_writes_far_away_is_there_and_nothing_moves_here(sit: Sit, page: ActPage, act: LongAct) -> None:
    colleague = ActPage(sit("drafter-minjust"), act.id).open().wait_state("saved")
    page.put_caret(act.bids[60], 5)
    before = where(page)
    colleague.put_caret(act.bids[140], 5).press("Enter").type("Нові слова ґ")
    page.wait_for_words("Нові слова ґ")
    assert where(page) == before
    page.type("!")
    wait_until_same(page, colleague, units=act.units)


def test_assistive_technology_finds_what_is_not_laid_out(page: ActPage, act: LongAct) -> None:
    session = page.page.context.new_cdp_session(page.page)

    def heard() -> str:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        return "\n".join(str(node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored"))

    # the browser builds this tree beside its other work: on a busy machine the first answer may be half of it
    wait_for(
        "the first, a middle and the last unit are read aloud", lambda: all(words(number) in heard() for number in (1, UNITS // 2, UNITS))
    )
