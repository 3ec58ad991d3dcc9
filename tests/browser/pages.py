"""Page objects: what a person sees and does on each page, so that tests read as sentences."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.browser.keyboard import Keyboard
from tests.browser.people import Person
from tests.server_process import wait_for

SAVED = "saved"
_TEXTS = """() => [...document.querySelectorAll(".ProseMirror [data-bid]")].flatMap((block) => {
  const text = block.matches(".act-unit") ? block.querySelector(":scope > .act-text") : block.matches("td, th") ? block : null;
  if (text === null) return [];
  const copy = text.cloneNode(true);
  for (const extra of copy.querySelectorAll(".act-caret, .ProseMirror-widget, .ProseMirror-trailingBreak")) extra.remove();
  const label = block.querySelector(":scope > .act-label");
  return [{ bid: block.dataset.bid, kind: block.dataset.kind ?? "cell", label: label?.textContent ?? "", text: copy.textContent }];
})"""
_PUT_CARET = """([bid, offset]) => {
  const unit = document.querySelector(`.ProseMirror [data-bid="${CSS.escape(bid)}"]`);
  const holder = unit.querySelector(":scope > .act-text") ?? unit;
  document.querySelector(".ProseMirror").focus();
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(".act-caret, .ProseMirror-widget") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  let left = offset < 0 ? Infinity : offset;
  let node = walker.nextNode(), last = null;
  while (node !== null && left > node.length) { left -= node.length; last = node; node = walker.nextNode(); }
  if (node === null && last === null) getSelection().collapse(holder, 0);
  else if (node === null) getSelection().collapse(last, last.length);
  else getSelection().collapse(node, left);
  document.dispatchEvent(new Event("selectionchange"));  // the browser's own comes later than the next key
}"""


@dataclass(frozen=True, slots=True)
class Block:
    """One unit or cell as it is shown."""

    bid: str
    kind: str
    label: str
    text: str


class ActPage:
    """The text of an act, open in one tab."""

    def __init__(self, person: Person, act: str, page: Page | None = None) -> None:
        self.person = person
        self.act = act
        self.page = page or person.new_page()
        self._keyboard = Keyboard(self.page)

    def open(self) -> Self:
        """Go there and wait until the text is shown and its state is known."""
        self.page.goto(f"/acts/{self.act}")
        return self.wait_shown()

    def wait_shown(self) -> Self:
        """Wait until the text is there."""
        expect(self.editor).to_be_visible()
        expect(self.page.locator(".ProseMirror [data-bid]").first).to_be_visible()
        return self

    @property
    def editor(self) -> Locator:
        """The text."""
        return self.page.locator(".ProseMirror")

    @property
    def status(self) -> Locator:
        """The words about saving."""
        return self.page.locator(".z-save-status").first

    @property
    def state(self) -> str:
        """What the words about saving stand for: saved, saving, offline …"""
        return self.status.get_attribute("data-state") or ""

    def wait_state(self, state: str, timeout_ms: float = 20_000) -> Self:
        """Wait for a state of saving."""
        expect(self.status).to_have_attribute("data-state", state, timeout=timeout_ms)
        return self

    def blocks(self) -> list[Block]:
        """Every unit and cell, in order, without the carets of others."""
        return [Block(**block) for block in self.page.evaluate(_TEXTS)]

    def texts(self) -> list[str]:
        """The texts alone."""
        return [block.text for block in self.blocks()]

    def block(self, bid: str) -> Block:
        """One block by its id; fails when there is none or more than one."""
        found = [block for block in self.blocks() if block.bid == bid]
        assert len(found) == 1, f"{bid} is shown {len(found)} times"
        return found[0]

    def bid_of(self, start: str) -> str:
        """The id of the only block whose text starts so."""
        found = [block.bid for block in self.blocks() if block.text.startswith(start)]
        assert len(found) == 1, f"{start!r} starts {len(found)} blocks of {self.texts()}"
        return found[0]

    def put_caret(self, bid: str, offset: int = -1) -> Self:
        """Put the caret at an offset (UTF-16 units) in a block; a negative one is its end."""
        self.page.evaluate(_PUT_CARET, [bid, offset])
        return self

    def type(self, text: str) -> Self:
        """Type, key by key; what is on no keyboard is put in as an input method would, and so is everything on a phone."""
        for character in text:
            if ord(character) > 0xFFFF or self.person.has_phone:
                self.page.keyboard.insert_text(character)
            elif character.isascii():
                self.page.keyboard.type(character)
            else:
                self._keyboard.press(character)
        return self

    def press(self, keys: str) -> Self:
        """Press a key or a combination."""
        self.page.keyboard.press(keys)
        return self

    def wait_for_text(self, bid: str, text: str) -> Self:
        """Wait until a block reads so."""
        self.page.wait_for_function(
            f"([bid, text]) => ({_TEXTS})().some((block) => block.bid === bid && block.text === text)", arg=[bid, text]
        )
        return self

    def wait_for_words(self, words: str) -> Self:
        """Wait until some block holds these words."""
        self.page.wait_for_function(f"(words) => ({_TEXTS})().some((block) => block.text.includes(words))", arg=words)
        return self

    def carets(self) -> list[str]:
        """The flags of others' carets."""
        return [text.strip() for text in self.page.locator(".act-caret-name").all_text_contents()]


def wait_until_same(*pages: ActPage, units: Callable[[], list[dict[str, str]]]) -> list[Block]:
    """Wait until every page says that all is saved and shows what is on disk (`units`), with the same numbers; returns it."""
    shown: list[list[Block]] = []

    def is_same() -> bool:
        if any(page.state not in {SAVED, "read_only"} for page in pages):
            return False
        shown[:] = [page.blocks() for page in pages]
        stored = [(unit["bid"], unit["label"], unit["text"]) for unit in units()]
        return all([(block.bid, block.label, block.text) for block in each if block.kind != "cell"] == stored for each in shown)

    try:
        wait_for("the same text everywhere", is_same, timeout_s=20)
    except AssertionError:
        raise AssertionError(
            "\n".join(["not the same:", *(f"{page.state}: {page.blocks()}" for page in pages), f"on disk: {units()}"])
        ) from None
    return shown[0]


class SignInPage:
    """The page of signing in."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.new_page()

    def open(self) -> Self:
        """Go there."""
        self.page.goto("/sign-in")
        return self

    def sign_in(self, email: str, password: str, *, is_shared: bool = False) -> None:
        """Fill in and send."""
        if is_shared:
            self.page.get_by_text("Це спільний комп'ютер").click()
        self.page.get_by_label("Електронна пошта").fill(email)
        self.page.get_by_label("Пароль", exact=True).fill(password)
        self.page.get_by_role("button", name="Увійти", exact=True).click()

    def sign_in_demo(self, name: str) -> None:
        """Press a demo account's button."""
        self.page.get_by_role("button", name=re.compile(re.escape(name))).click()
