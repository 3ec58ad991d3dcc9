"""Approval made ready through the API: bodies with people who may sign, rounds and positions, for walks in the browser."""

from dataclasses import dataclass, field
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import ARTICLES, TITLE, markdown_of
from tests.browser.people import Person
from tests.server_process import Client, ServerProcess

PASSWORD = "довгий пароль 5 слів і більше"
BODIES = ("minfin", "mineconomy")


@dataclass
class Procedure:
    """An act of МВС, and two bodies whose signatories are on it. Its kind needs no explanatory note."""

    server: ServerProcess
    act: str
    lead: Client
    articles: tuple[str, ...]
    signatories: dict[str, Client] = field(default_factory=dict)

    @classmethod
    def make(cls, server: ServerProcess) -> Self:
        """The act; the people of the bodies are made once for a server."""
        lead = server.sign_in("drafter-mvs")
        act = lead.import_act("akt.md", markdown_of(), title=TITLE, kind="other", numbering="automatic")
        articles = tuple(next(unit["bid"] for unit in lead.text(act) if words in unit["text"]) for words in ARTICLES)
        procedure = cls(server, act, lead, articles)
        for body in BODIES:
            lead.put(f"/acts/{act}/bodies/{body}", {"part": "interested"})
            signatory = sign_in_or_make(server, f"signs@{body}.gov.ua", f"Підписант {body}", body)
            sign_in_or_make(server, f"admin@{body}.gov.ua", f"Адміністратор {body}", body, "body_admin").grant(
                act, signatory.me(), "signatory"
            )
            procedure.signatories[body] = signatory
        return procedure

    @classmethod
    def asked_and_refused(cls, server: ServerProcess) -> Self:
        """A round that waits for Мінфін, whose signatory is a demo account; Мінекономіки has refused, with a remark."""
        procedure = cls.make(server)
        admin = sign_in_or_make(server, "admin@minfin.gov.ua", "", "minfin")
        admin.grant(procedure.act, server.sign_in("signatory-minfin").me(), "signatory")
        revision = procedure.freeze()
        procedure.state("mineconomy", procedure.send(revision), revision, "REFUSED", "Не враховано витрат бізнесу")
        return procedure

    def freeze(self) -> Any:  # Any: parsed JSON
        """The next revision."""
        return self.lead.post(f"/acts/{self.act}/revisions", {"note": "Для погодження"})

    def send(self, revision: Any, *bodies: str) -> int:
        """A round on a revision; its number."""
        asked = [{"body": body} for body in bodies or BODIES]
        given = {"revision": revision["number"], "revision_hash": revision["hash"], "requests": asked}
        return int(self.lead.post(f"/acts/{self.act}/rounds", given)["number"])

    def state(self, body: str, number: int, revision: Any, outcome: str = "AGREED", *remarks: str) -> None:
        """A body's position."""
        given = {"body": body, "outcome": outcome, "revision_hash": revision["hash"], "remarks": [{"text": words} for words in remarks]}
        self.signatories[body].post(f"/acts/{self.act}/rounds/{number}/positions", given)

    def step(self, verb: str, **more: object) -> None:
        """A step of the procedure, made by the lead."""
        self.lead.post(f"/acts/{self.act}/steps", {"verb": verb, **more})

    def seat(self, person: Person, body: str) -> Person:
        """Sign the signatory of a body in at a browser where nobody is signed in."""
        given = {"email": f"signs@{body}.gov.ua", "password": PASSWORD}
        answer = person.context.request.post("/api/v1/session", data=given, headers={"x-zlahoda-csrf": "1"})
        assert answer.ok, answer.text()
        return person


def sign_in_or_make(server: ServerProcess, email: str, name: str, body: str, role: str = "") -> Client:
    """The API as this person sees it."""
    client = Client(server.url)
    given: dict[str, object] = {"email": email, "password": PASSWORD, "token": True}
    try:
        client.token = client.post("/session", given)["token"]
    except AssertionError:
        server.add_user(email, name, body, PASSWORD, role)
        client.token = client.post("/session", given)["token"]
    return client


def open_panel(page: Page, act: str) -> None:
    """The panel of approval, with everything that takes a comparison."""
    page.goto(f"/acts/{act}?panel=approval")
    expect(page.get_by_role("list", name="Позиції органів")).to_be_visible()
    expect(page.get_by_text("Порівнюємо позиції")).to_have_count(0)


def begin_step(page: Page, act: str, step: str) -> tuple[Locator, Locator]:
    """The dialog of a step of the procedure, and its button, which waits for what the dialog asks for."""
    open_panel(page, act)
    page.get_by_role("button", name=step).click()
    dialog = page.get_by_role("alertdialog")
    button = dialog.get_by_role("button", name=step)
    expect(button).to_be_disabled()
    return dialog, button


def row_of(page: Page, body: str) -> Any:  # Any: a locator
    """The row of a body, by its short name."""
    return page.get_by_role("list", name="Позиції органів").locator(":scope > li").filter(has_text=body)


def go_on(page: Page, heading: str) -> None:
    """The next step of a position."""
    page.get_by_role("button", name="Далі").click()
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
