"""The panel of comments as a person uses it."""

from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Locator, expect

from tests.browser.acts import SharedAct
from tests.browser.pages import ActPage
from tests.browser.proposals import change_words

_SELECT = """([bid, words]) => {
  const unit = document.querySelector(`.ProseMirror [data-bid="${CSS.escape(bid)}"]`);
  const holder = unit.querySelector(":scope > .act-text") ?? unit;
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let all = "", nodes = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) { nodes.push([all.length, node]); all += node.data; }
  const start = all.indexOf(words), end = start + words.length;
  for (const [at, node] of nodes) {
    if (start >= at && start <= at + node.length) range.setStart(node, start - at);
    if (end >= at && end <= at + node.length) { range.setEnd(node, end - at); break; }
  }
  document.querySelector(".ProseMirror").focus();
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.dispatchEvent(new Event("selectionchange"));  // the browser's own comes later than the next key
}"""

_SPOTS = """() => [...document.querySelectorAll(".track .cmt-card[data-thread]")].map((card) => {
  const mark = document.querySelector(`.ProseMirror [data-comment="${CSS.escape(card.dataset.thread)}"]`);
  const { top, bottom } = card.getBoundingClientRect();
  return { thread: card.dataset.thread, place: (mark ?? document.querySelector(".ProseMirror")).getClientRects()[0].top, top, bottom };
})"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A card beside the text, and how high its words stand; from the top of the window, in CSS pixels."""

    thread: str
    place: float
    top: float
    bottom: float


def put_thread(act: SharedAct, words: str, text: str) -> str:
    """A comment of the lead on the only unit that has these words; its id."""
    units = act.units()
    (at,) = [index for index, unit in enumerate(units) if words in unit["text"]]
    change = change_words(units, at, words, "")
    anchor = {name: change[name] for name in ("bid", "text", "quote", "before", "after", "at")}
    comment: dict[str, object] = {"document": act.id, "anchor": {"kind": "range", "ranges": change["delete"], **anchor}, "text": text}
    return str(act.lead.post(f"/acts/{act.id}/comments", comment)["id"])


class Threads:
    """The comments of an act in one tab."""

    def __init__(self, page: ActPage) -> None:
        self.act = page
        self.page = page.page
        expect(self.page.locator(".ProseMirror[data-comments]")).to_be_visible()

    def select(self, bid: str, words: str) -> Self:
        """Select words of a block."""
        self.page.evaluate(_SELECT, [bid, words])
        return self

    def select_from(self, bid: str, words: str, to: str, until: str) -> Self:
        """Select from the beginning of words of one block to the end of words of another."""
        self.select(bid, words)
        self.page.evaluate("window.begin = [getSelection().anchorNode, getSelection().anchorOffset]")
        self.select(to, until)
        self.page.evaluate("getSelection().setBaseAndExtent(...window.begin, getSelection().focusNode, getSelection().focusOffset)")
        return self

    def comment(self, bid: str, words: str, text: str, *, everyone: bool = False) -> Self:
        """Select, press the button beside the selection, write and send."""
        self.select(bid, words)
        self.page.locator(".cmt-float").get_by_role("button", name="Коментувати").click()
        self.write(text)
        if everyone:
            self.page.get_by_text("Показати всім учасникам акта").click()
        return self.send()

    @property
    def field(self) -> Locator:
        """Where one writes a new comment."""
        return self.page.get_by_role("textbox", name="Новий коментар")

    def write(self, text: str) -> Self:
        self.field.click()
        self.field.press_sequentially(text)
        return self

    def send(self) -> Self:
        self.page.locator(".cmt-composer").get_by_role("button", name="Надіслати").click()
        return self

    @property
    def cards(self) -> Locator:
        """The conversations that are shown."""
        return self.page.locator(".cmt-panel .cmt-card[data-thread]")

    def of(self, words: str) -> Locator:
        """The conversation with these words."""
        return self.cards.filter(has_text=words)

    @property
    def marks(self) -> Locator:
        """Highlights in the text."""
        return self.page.locator(".ProseMirror .cmt-mark")

    def spots(self) -> list[Spot]:
        """The cards beside the text that are there, in the order of the text, once none of them moves."""
        before: list[Spot] = []
        for _ in range(50):
            self.page.wait_for_timeout(150)
            now = [Spot(**one) for one in self.page.evaluate(_SPOTS)]
            if now and now == before:
                return now
            before = now
        raise AssertionError("the cards do not come to rest")

    def spot(self, thread: str) -> Spot:
        """Of one card."""
        return next(one for one in self.spots() if one.thread == thread)

    def open(self) -> Self:
        """Show the panel."""
        tab = self.page.get_by_role("tab", name="Коментарі")
        button = self.page.get_by_role("button", name="Показати бічну панель")
        expect(tab.or_(button).first).to_be_visible()
        if tab.count() == 0:
            button.click()
        tab.click()
        return self

    def choose(self, filter_name: str) -> Self:
        """Which conversations are shown."""
        self.page.get_by_role("button", name="Які розмови показати").click()
        self.page.get_by_role("option", name=filter_name).click()
        return self

    def act_on(self, words: str, action: str) -> Self:
        """Through the menu of the conversation's first comment."""
        self.of(words).get_by_role("button", name="Дії з коментарем").first.click()
        self.page.get_by_role("menuitem", name=action).click()
        return self

    def remarks(self) -> Self:
        """The other half of the panel."""
        self.page.get_by_role("radio", name="Зауваження").click()
        return self

    def said(self, words: str) -> Self:
        """Wait for a conversation."""
        expect(self.of(words)).to_be_visible()
        return self
