"""A reviewer at the page of an act: what they see and do, and what the server and the disk hold of it."""

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any, Self

from playwright.sync_api import Locator, Page

from tests.browser.acts import SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.browser.people import Person
from tests.server_process import Client, ServerProcess, wait_for

_VIEW = """() => [...document.querySelectorAll(".ProseMirror .act-unit, .ProseMirror td, .ProseMirror th")]
  .filter((block) => block.dataset.bid)
  .map((block) => {
    const holder = block.querySelector(":scope > .act-text") ?? block;
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest(".act-caret, .ProseMirror-widget") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    let text = "", mark = "";
    const close = () => { text += mark === "+" ? "+}" : mark === "-" ? "-]" : ""; mark = ""; };
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const now = node.parentElement.closest(".sug-insertion") ? "+" : node.parentElement.closest(".sug-deletion") ? "-" : "";
      if (now !== mark) { close(); text += now === "+" ? "{+" : now === "-" ? "[-" : ""; mark = now; }
      text += node.data;
    }
    close();
    const around = (name) => block.closest(`.sug-own-${name}`) !== null;
    const flag = around("gone") ? "gone: " : around("joined") ? "joined: " : around("new") ? "new: " : "";
    return flag + text;
  })"""
_PASTE = """([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  document.querySelector(".ProseMirror").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""

_SELECT = """([from, start, to, end]) => {
  const place = (bid, offset) => {
    const unit = document.querySelector(`.ProseMirror [data-bid="${CSS.escape(bid)}"]`);
    const walker = document.createTreeWalker(unit.querySelector(":scope > .act-text") ?? unit, NodeFilter.SHOW_TEXT);
    let left = offset;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
  };
  document.querySelector(".ProseMirror").focus();
  getSelection().setBaseAndExtent(...place(from, start), ...place(to, end));
  document.dispatchEvent(new Event("selectionchange"));
}"""


class ReviewPage(ActPage):
    """The act as somebody sees it who proposes."""

    def view(self) -> list[str]:
        """Every unit and cell with `{+new+}` and `[-deleted-]` words; `new: `, `gone: ` and `joined: ` before whole ones."""
        shown: list[str] = self.page.evaluate(_VIEW)
        return shown

    def wait_view(self, *lines: str) -> Self:
        """Wait until each of these lines is there."""
        try:
            wait_for(" / ".join(lines), lambda: set(lines) <= set(self.view()), timeout_s=60)
        except AssertionError:
            raise AssertionError("\n".join(["not shown:", *lines, "but:", *self.view()])) from None
        return self

    def select(self, bid: str, start: int, to: str, end: int) -> Self:
        """Select from an offset of one block to an offset of another (UTF-16 units)."""
        self.page.evaluate(_SELECT, [bid, start, to, end])
        return self

    def paste(self, html: str, plain: str = "") -> Self:
        """Paste as from another program."""
        self.page.evaluate(_PASTE, [html, plain])
        return self

    def reload(self) -> Self:
        """Leave and come back."""
        self.page.reload()
        return self.wait_shown()

    def menu(self, name: str, item: str) -> Self:
        """Choose from a menu of the toolbar."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()
        self.page.wait_for_timeout(100)  # the menu gives the focus back before the command runs
        return self

    @property
    def lost(self) -> Locator:
        """Words that became no proposal."""
        return self.page.locator(".z-lost")


class Room:
    """An act with its drafter at work and a reviewer of another ministry beside."""

    def __init__(
        self,
        sit: Sit,
        server: ServerProcess,
        *others: tuple[str, str],
        phone: bool = False,
        before: Callable[[ReviewPage, str], None] | None = None,
    ) -> None:
        """`before`: what the drafter does first, given the page and the last article's id."""
        self.server = server
        self.sit = sit
        self.act = SharedAct.make(server, ("reviewer-minfin", "reviewer"), *others)
        if before is not None:
            drafter = ReviewPage(sit("drafter-mvs"), self.act.id).open().wait_state("saved")
            before(drafter, self.act.articles[-1])
            drafter.wait_state("saved").page.close()
        self.api: Client = server.sign_in("reviewer-minfin")
        self.person: Person = sit("reviewer-minfin", phone=phone)
        self.page = self.open(self.person)
        self.before = self.journal()

    def open(self, person: Person, page: Page | None = None) -> ReviewPage:
        """The act in a tab of somebody."""
        return ReviewPage(person, self.act.id, page).open().wait_state("saved")

    def drafter(self) -> ActPage:
        """The text itself, with somebody who may change it."""
        return ActPage(self.sit("drafter-mvs"), self.act.id).open().wait_state("saved")

    def journal(self) -> list[tuple[Any, ...]]:
        """Every byte that is on disk of the text."""
        path = self.server.data_dir / "zlahoda.sqlite3"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute("select * from journal_rows where document = ? order by seq", [self.act.id]).fetchall()

    def records(self, client: Client | None = None) -> list[dict[str, Any]]:
        """The open records as the server gives them, by kind."""
        found = (client or self.api).get(f"/acts/{self.act.id}/suggestions", status="open")["items"]
        return sorted(found, key=lambda record: str(record["kind"]))

    def kinds(self) -> list[str]:
        """Kinds of the open records, once the page says that all is saved."""
        self.page.wait_state("saved")
        return [str(record["kind"]) for record in self.records()]

    def check(self) -> list[str]:
        """Nothing of the text has changed, not one byte, and text and records give the same view again; returns it."""
        self.page.wait_state("saved")
        shown = self.page.view()
        assert self.journal() == self.before
        self.page.reload().wait_state("saved")
        self.page.wait_view(*shown)
        assert self.page.view() == shown
        return shown
