"""Proposals of two ministries on one act, made through the API as their browsers make them, and the cards that show them."""

import itertools
from collections.abc import Mapping
from typing import Any, Self

from playwright.sync_api import Locator, expect

from tests.browser.acts import SharedAct
from tests.browser.pages import ActPage
from tests.server_process import Client, ServerProcess

PASSWORD = "довгий пароль для перевірки 😀"
_CONTEXT = 24
_NOBODY = 7
"""A client whose characters no text holds: the place is found by its words."""
_ids = itertools.count(1)


def new_id() -> str:
    """A record's id as a client makes it; later ones are greater."""
    return f"{next(_ids):032x}"


def change_words(units: list[dict[str, str]], at: int, old: str, new: str) -> dict[str, object]:
    """The change of a record that replaces words of the unit with this index."""
    text = units[at]["text"]
    start = text.index(old)
    return {
        "bid": units[at]["bid"], "text": [_NOBODY, 0], "anchor": [_NOBODY, 0], "delete": [[_NOBODY, 1, len(old)]] if old else [],
        "quote": old, "before": text[max(0, start - _CONTEXT) : start], "after": text[start + len(old) :][:_CONTEXT],
        "at": at, "insert": [{"t": new, "m": {}}] if new else [],
    }  # fmt: skip


class Reviewers:
    """Reviewers of Мінфін and Мінекономіки on an act, and those who show their proposals to everyone."""

    def __init__(self, server: ServerProcess, act: SharedAct) -> None:
        self.act = act
        self._authors = {demo: server.sign_in(demo) for demo in ("reviewer-minfin", "reviewer-mineconomy")}
        for client in self._authors.values():
            act.lead.grant(act.id, client.me(), "reviewer")
        self._speakers = {demo: _speaker(server, act, demo.removeprefix("reviewer-"), client) for demo, client in self._authors.items()}

    def put(self, kind: str, change: Mapping[str, object], who: str = "reviewer-minfin", group: str = "") -> str:
        """A record that everyone in the act sees; its id."""
        made = new_id()
        record = {"id": made, "document": self.act.id, "kind": kind, "change": change, "group": group, "version": 0}
        self._authors[who].post(f"/acts/{self.act.id}/suggestions", record)
        self._speakers[who].post(f"/acts/{self.act.id}/suggestions/{made}/release", {"version": 1})
        return made

    def replace(self, old: str, new: str, who: str = "reviewer-minfin") -> str:
        """Other words in the only unit that has the old ones."""
        return self.put("text", self.words(old, new), who)

    def words(self, old: str, new: str) -> dict[str, object]:
        """The change of a record that replaces words."""
        units = self.act.units()
        (at,) = [at for at, unit in enumerate(units) if old in unit["text"]]
        return change_words(units, at, old, new)

    def release(self) -> None:
        """Show everyone what the reviewers have proposed until now."""
        for client in self._speakers.values():
            for record in client.get(f"/acts/{self.act.id}/suggestions", status="open")["items"]:
                if record["audience"] == "body":
                    client.post(f"/acts/{self.act.id}/suggestions/{record['id']}/release", {"version": record["version"]})

    def records(self, status: str = "") -> list[dict[str, Any]]:
        """What the lead body sees of them."""
        query = {"status": status} if status else {}
        items: list[dict[str, Any]] = self.act.lead.get(f"/acts/{self.act.id}/suggestions", **query)["items"]
        return items


def _speaker(server: ServerProcess, act: SharedAct, body: str, author: Client) -> Client:
    """The author, named by the administrator of their body as one who shows its proposals to everyone."""
    email = f"admin-{body}-{new_id()[-6:]}@example.gov.ua"
    server.add_user(email, f"Адміністратор {body}", body, PASSWORD, "body_admin")
    admin = Client(server.url)
    admin.token = admin.post("/session", {"email": email, "password": PASSWORD, "token": True})["token"]
    admin.put(f"/acts/{act.id}/releasers/{author.me()}", {})
    return author


class Cards:
    """The cards beside the text of an act."""

    def __init__(self, page: ActPage) -> None:
        self.act = page
        self.page = page.page

    def open(self) -> Self:
        """Show the panel."""
        tab = self.page.get_by_role("tab", name="Пропозиції")
        if tab.count() == 0:
            self.page.get_by_role("button", name="Показати бічну панель").click()
        tab.click()
        return self

    @property
    def all(self) -> Locator:
        """Those that are shown."""
        return self.page.locator(".sug-panel .sug-card")

    def of(self, words: str) -> Locator:
        """The card that says these words."""
        return self.all.filter(has_text=words)

    def accept(self, words: str) -> Self:
        """Press its button."""
        self.of(words).get_by_role("button", name="Прийняти").click()
        return self

    def reject(self, words: str, reason: str) -> Self:
        """Press its button and say why."""
        self.of(words).get_by_role("button", name="Відхилити").click()
        self.page.get_by_label("Причина").fill(reason)
        self.page.get_by_role("dialog").get_by_role("button", name="Відхилити").click()
        return self

    def view(self, name: str) -> Self:
        """In the text, without a place, decided."""
        self.page.get_by_role("radio", name=name).click()
        return self

    def told(self, words: str) -> Self:
        """Wait for a message."""
        expect(self.page.locator(".z-toast").filter(has_text=words).last).to_be_visible()
        return self

    def count(self, number: int) -> Self:
        """Wait until so many are shown."""
        expect(self.all).to_have_count(number)
        return self
