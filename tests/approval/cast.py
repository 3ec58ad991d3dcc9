"""An act of МВС with the bodies of a round: everyone over HTTP, real bodies and roles."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
import pycrdt

from server.access.roles import GlobalRole
from server.approval.engine import DeadlineEngine
from server.crdt.messages import Update
from tests.site import CSRF, PASSWORD, Site
from tests.suggestions.cast import Desk, Someone

PEOPLE: dict[str, tuple[str, str, str, GlobalRole]] = {
    # who: body, its part, role on the act, global role
    "drafter": ("mvs", "lead", "drafter", GlobalRole.NONE),
    "jurist": ("mvs", "lead", "legal", GlobalRole.NONE),
    "mvs_signatory": ("mvs", "lead", "signatory", GlobalRole.NONE),
    "minfin": ("minfin", "interested", "signatory", GlobalRole.NONE),
    "minfin_admin": ("minfin", "interested", "", GlobalRole.BODY_ADMIN),
    "minfin_reviewer": ("minfin", "interested", "reviewer", GlobalRole.NONE),
    "minfin_expert": ("minfin", "interested", "reviewer", GlobalRole.NONE),
    "infra": ("minrozvytku", "interested", "signatory", GlobalRole.NONE),
    "infra_admin": ("minrozvytku", "interested", "", GlobalRole.BODY_ADMIN),
    "infra_reviewer": ("minrozvytku", "interested", "reviewer", GlobalRole.NONE),
    "economy": ("mineconomy", "interested", "signatory", GlobalRole.NONE),
    "economy_admin": ("mineconomy", "interested", "", GlobalRole.BODY_ADMIN),
    "digital": ("mindigital", "interested", "signatory", GlobalRole.NONE),
    "digital_admin": ("mindigital", "interested", "", GlobalRole.BODY_ADMIN),
    "minjust": ("minjust", "interested", "legal", GlobalRole.NONE),
    "minjust_admin": ("minjust", "interested", "", GlobalRole.BODY_ADMIN),
    "secretariat": ("skmu", "interested", "signatory", GlobalRole.NONE),
    "skmu_admin": ("skmu", "interested", "", GlobalRole.BODY_ADMIN),
    "outsider": ("moz", "", "", GlobalRole.NONE),
}
_ADMINS = {"minfin": "minfin_admin", "minrozvytku": "infra_admin", "mineconomy": "economy_admin", "mindigital": "digital_admin",
           "minjust": "minjust_admin", "skmu": "skmu_admin"}  # fmt: skip
BODIES = ("minfin", "minrozvytku", "mineconomy", "mindigital")


@dataclass
class Person(Someone):
    """Somebody who can sign in again."""

    email: str


@dataclass
class Cast:
    """The act and its people."""

    site: Site
    act: str
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Person:
        return self.people[who]

    async def call(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        """A request to the act, as this person."""
        given = more if body is None else {"json": body, **more}
        return await self[who].client.request(method, f"/api/v1/acts/{self.act}{path}", **given)

    async def get(self, who: str, path: str) -> Any:
        answer = await self.call(who, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, who: str, path: str, body: Any, method: str = "POST") -> Any:
        """What a successful request answers."""
        answer = await self.call(who, method, path, body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def refused(self, who: str, path: str, body: Any, method: str = "POST") -> tuple[int, str]:
        """Status and code of a refusal; it always says why in words."""
        answer = await self.call(who, method, path, body)
        assert answer.status_code >= 400, answer.text
        told = answer.json()
        assert told["detail"].strip()
        return answer.status_code, told["code"]

    async def approval(self, who: str = "lead") -> Any:
        return await self.get(who, "/approval")

    async def row(self, body: str, kind: str = "approval") -> Any:
        """The row of a body on the approval page."""
        return next(row for row in (await self.approval())["bodies"] if (row["body"], row["kind"]) == (body, kind))

    async def inbox(self, who: str) -> list[tuple[str, int]]:
        """What waits for somebody, and how many."""
        answer = await self[who].client.get("/api/v1/inbox")
        return [(item["what"], item["count"]) for item in answer.json()["items"]]

    async def at(self, now: int) -> None:
        """It is later, or earlier; everyone signs in again."""
        self.site.clock.now = now
        for someone in self.people.values():
            given = {"email": someone.email, "password": PASSWORD, "token": True}
            answer = await someone.client.post("/api/v1/session", json=given)
            assert answer.status_code == 200, answer.text
            someone.token = answer.json()["token"]

    def engine(self) -> DeadlineEngine:
        """The deadline engine of another node, whose two clocks agree."""
        clock = self.site.clock
        return DeadlineEngine(self.site.parts.deadlines._positions, clock, lambda: clock.now / 1000)

    async def freeze(self, note: str = "") -> Any:
        return await self.post("lead", "/revisions", {"note": note})

    async def write(self, words: str, who: str = "drafter", part: str = "", *, bid: str = "", at: int = 0, delete: int = 0) -> None:
        """Words into a unit of the text (the first one with text), saved."""
        async with self.desk(who, part) as desk:
            change = edit(desk, words, bid, at, delete)
            desk.say(Update(change))
            assert await desk.saved()

    def desk(self, who: str, part: str = "") -> Desk:
        """This person's place in the room of one part."""
        desk = Desk(self, who)  # type: ignore[arg-type]  # it asks for site, act and people, which both casts have
        desk.address = f"{self.act}.{part}" if part else self.act
        return desk

    async def add_note(self, words: str = "Обґрунтування необхідності прийняття акта. ") -> None:
        """The explanatory note, with words in it."""
        await self.post("lead", "/documents", {"part": "note"})
        async with self.desk("drafter", "note") as desk:
            desk.say(Update(desk.edit(lambda doc: _new_unit(doc, "noteunit1", words))))
            assert await desk.saved()

    async def open(self, revision: Any, requests: list[Any] | None = None, **more: Any) -> Any:
        """A round on a revision, to the four bodies unless others are named."""
        asked = requests if requests is not None else [{"body": body} for body in BODIES]
        given = {"revision": revision["number"], "revision_hash": revision["hash"], "requests": asked, **more}
        return await self.post("lead", "/rounds", given)

    async def state(self, who: str, number: int, revision: Any, outcome: str = "AGREED", **more: Any) -> Any:
        given = {"body": self[who].body, "outcome": outcome, "revision_hash": revision["hash"], **more}
        return await self.post(who, f"/rounds/{number}/positions", given)

    async def text(self, part: str = "") -> list[Any]:
        units: list[Any] = (await self.get("lead", f"/text?part={part}"))["units"]
        return units


def edit(desk: Desk, words: str, bid: str = "", at: int = 0, delete: int = 0) -> bytes:
    """An update that deletes and inserts in one unit; `at` and `delete` count bytes of UTF-8 (pycrdt's way)."""

    def change(doc: "pycrdt.Doc[Any]") -> None:
        text = text_of(doc, bid)
        if delete:
            del text[at : at + delete]
        if words:
            text.insert(at, words)

    return desk.edit(change)


def text_of(doc: "pycrdt.Doc[Any]", bid: str = "") -> "pycrdt.XmlText":
    """The text of a unit: of the named one, else of the first that has words."""
    for element in doc.get("default", type=pycrdt.XmlFragment).children:
        assert isinstance(element, pycrdt.XmlElement)
        for child in element.children:
            if isinstance(child, pycrdt.XmlText) and (element.attributes.get("bid") == bid if bid else str(child)):
                return child
    raise AssertionError(f"no unit {bid}")


def _new_unit(doc: "pycrdt.Doc[Any]", bid: str, words: str) -> None:
    attributes = {"bid": bid, "kind": "paragraph", "level": "1", "label": "", "quoted": "", "scope": ""}
    unit = pycrdt.XmlElement("unit", attributes, [pycrdt.XmlText(words)])
    doc.get("default", type=pycrdt.XmlFragment).children.append(unit)


async def gather(site: Site, act: str = "", lead: Person | None = None) -> Cast:
    """Everyone signed in with their roles, given by those who may give them; a new act unless one is given."""
    lead = lead or await sign_in(site, "lead@mvs.gov.ua", "mvs", GlobalRole.NONE)
    if not act:
        made = await lead.client.post("/api/v1/acts", json={"title": "Про внесення змін до Правил", "kind": "postanova"})
        act = made.json()["id"]
    cast = Cast(site, act, {"lead": lead})
    for who, (body, part, _, everywhere) in PEOPLE.items():
        cast.people[who] = await sign_in(site, f"{who}@{body}.gov.ua", body, everywhere)
        if part == "interested" and everywhere is GlobalRole.BODY_ADMIN:
            await cast.post("lead", f"/bodies/{body}", {"part": "interested"}, "PUT")
    for who, (body, _, role, _) in PEOPLE.items():
        if role:
            await cast.post(_ADMINS.get(body, "lead"), f"/members/{cast[who].id}", {"role": role}, "PUT")
    return cast


async def sign_in(site: Site, email: str, body: str, role: GlobalRole) -> Person:
    person = await site.add_person(email, body=body, role=role, name=f"Людина {email}")
    client = await site.client(headers=CSRF)
    answer = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD, "token": True})
    assert answer.status_code == 200, answer.text
    return Person(person.id, body, client, answer.json()["token"], email)
