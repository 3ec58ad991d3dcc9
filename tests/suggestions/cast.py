"""An act of МВС with everyone who takes part: their browsers over HTTP, and their desks in the act's room."""

import itertools
import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx2
import pycrdt

from server.access.roles import GlobalRole
from server.crdt.messages import Authenticated, Message, Stateless, SyncStatus, SyncStep1, SyncStep2, Update
from tests.rooms.wire import Wire
from tests.site import CSRF, PASSWORD, Site

_clients = itertools.count(5001)
_ids = itertools.count(1)

PEOPLE: dict[str, tuple[str, str, GlobalRole]] = {
    # who: body, role on the act, global role
    "drafter": ("mvs", "drafter", GlobalRole.NONE),
    "second": ("mvs", "drafter", GlobalRole.NONE),
    "reviewer": ("minfin", "reviewer", GlobalRole.NONE),
    "colleague": ("minfin", "reviewer", GlobalRole.NONE),
    "reader": ("minfin", "reader", GlobalRole.NONE),
    "admin": ("minfin", "", GlobalRole.BODY_ADMIN),
    "signatory": ("minfin", "signatory", GlobalRole.NONE),
    "stranger": ("minjust", "reviewer", GlobalRole.NONE),
    "outsider": ("mindigital", "", GlobalRole.NONE),
}


def new_id() -> str:
    """A record's id as a client makes it."""
    return f"{next(_ids):032x}"


@dataclass
class Someone:
    """A signed-in person: a browser and a token."""

    id: str
    body: str
    client: httpx2.AsyncClient
    token: str


@dataclass
class Cast:
    """The act and its people; `text` is the CRDT state that every desk starts from."""

    site: Site
    act: str
    people: dict[str, Someone] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Someone:
        return self.people[who]

    async def call(self, who: str, method: str, path: str, body: Any = None) -> httpx2.Response:
        """A request to the act, as this person."""
        return await self[who].client.request(method, f"/api/v1/acts/{self.act}{path}", **({} if body is None else {"json": body}))

    async def get(self, who: str, path: str) -> Any:
        answer = await self.call(who, "GET", path)
        return answer.json() if answer.status_code == 200 else answer.status_code

    async def post(self, who: str, path: str, body: Any) -> Any:
        """What a successful request answers."""
        answer = await self.call(who, "POST", path, body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def refused(self, who: str, path: str, body: Any, method: str = "POST") -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = await self.call(who, method, path, body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"]

    def proposal(self, words: str = "будівлею", **more: Any) -> dict[str, Any]:
        """A text suggestion about the act's first words."""
        change = {
            "bid": "u1", "text": [1, 4], "anchor": None, "delete": [[1, 5, 2]], "quote": "Пр", "before": "", "after": "о дорожній",
            "at": 0, "insert": [{"t": words, "m": {}}],
        }  # fmt: skip
        return {"id": new_id(), "document": self.act, "kind": "text", "change": change, "version": 0, **more}

    async def propose(self, who: str = "reviewer", words: str = "будівлею", *, released: bool = False) -> Any:
        """A new record, perhaps released by the author's body."""
        made = await self.post(who, "/suggestions", self.proposal(words))
        if released:
            speaker = {"minfin": "signatory", "mvs": "lead"}[self[who].body]
            return await self.post(speaker, f"/suggestions/{made['id']}/release", {"version": 1})
        return made

    def desk(self, who: str) -> "Desk":
        """This person's place in the act's room."""
        return Desk(self, who)

    async def state(self) -> tuple[int, str, str]:
        """What the disk holds: the last seq, the hash of the content, and the epoch."""
        text = await self.get("lead", "/text")
        card = await self.get("lead", "")
        return text["seq"], text["hash"], card["documents"][0]["epoch"]


async def gather(site: Site) -> Cast:
    """Everyone signed in, with the roles of `PEOPLE`, given by those who may give them."""
    lead = await _sign_in(site, "lead@mvs.gov.ua", "mvs", GlobalRole.NONE)
    made = await lead.client.post("/api/v1/acts", json={"title": "Про дорожній рух", "kind": "postanova"})
    cast = Cast(site, made.json()["id"], {"lead": lead})
    for who, (body, _, role) in PEOPLE.items():
        cast.people[who] = await _sign_in(site, f"{who}@{body}.gov.ua", body, role)
    for who, (body, part, _) in PEOPLE.items():
        if part:
            giver = "admin" if part == "signatory" and body == "minfin" else "lead"
            answer = await cast.call(giver, "PUT", f"/members/{cast[who].id}", {"role": part})
            assert answer.status_code == 200, answer.text
    return cast


async def _sign_in(site: Site, email: str, body: str, role: GlobalRole) -> Someone:
    person = await site.add_person(email, body=body, role=role, name=f"Людина {email}")
    client = await site.client(headers=CSRF)
    answer = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD, "token": True})
    assert answer.status_code == 200, answer.text
    return Someone(person.id, body, client, answer.json()["token"])


class Desk:
    """A Hocuspocus client in the act's room: a document, and what it was told beside it."""

    def __init__(self, cast: Cast, who: str) -> None:
        self.cast = cast
        self.who = who
        self.address = cast.act
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=next(_clients))
        self.told: list[dict[str, Any]] = []
        self.statuses: list[bool] = []
        self._wire = Wire(cast.site.app)

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        answer = await self._wire.sign_in(self.address, self.cast[self.who].token)
        assert isinstance(answer, Authenticated), answer
        await self._ask()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._wire.__aexit__(kind, error, trace)

    def say(self, message: Message) -> None:
        self._wire.say(self.address, message)

    async def hear(self) -> Message:
        """The next message, taken as a provider takes it."""
        message = await self._wire.message_for(self.address)
        match message:
            case SyncStep1(state_vector):
                self.say(SyncStep2(self.doc.get_update(state_vector)))
            case SyncStep2(update) | Update(update):
                self.doc.apply_update(update)
            case SyncStatus(saved):
                self.statuses.append(saved)
            case Stateless(payload):
                self.told.append(json.loads(payload))
            case _:
                pass
        return message

    async def until(self, wanted: Any) -> Message:
        """Listen until a message is as wanted."""
        while not wanted(message := await self.hear()):
            pass
        return message

    async def told_of(self, kind: str) -> dict[str, Any]:
        """The next stateless message of a kind."""
        while True:
            message = await self.hear()
            if isinstance(message, Stateless) and self.told[-1]["type"] == kind:
                return self.told[-1]

    async def saved(self) -> bool:
        """Whether the last edit was saved."""
        message = await self.until(lambda message: isinstance(message, SyncStatus))
        assert isinstance(message, SyncStatus)
        return message.saved

    async def everything_heard(self) -> list[dict[str, Any]]:
        """What was told until now: a question of ours comes back only after it."""
        await self._ask()
        return self.told

    async def _ask(self) -> None:
        """In step with the room, our answer to its question acknowledged."""
        self.say(SyncStep1(self.doc.get_state()))
        await self.until(lambda message: isinstance(message, SyncStep1))
        await self.saved()

    def edit(self, change: Any) -> bytes:
        """What `change(doc)` does in one transaction, as an update; not sent."""
        before = self.doc.get_state()
        with self.doc.transaction():
            change(self.doc)
        return self.doc.get_update(before)

    def decide(self, suggestion: str, version: int, what: str = "accept", words: str = "") -> bytes:
        """One update that writes words into the first unit and the decision beside it, as the drafter's editor does."""

        def change(doc: "pycrdt.Doc[Any]") -> None:
            if words:
                first_text(doc).insert(0, words)
            resolutions: pycrdt.Map[Any] = doc.get("resolutions", type=pycrdt.Map)
            resolutions[suggestion] = {"v": version, "a": what}

        return self.edit(change)

    @property
    def text(self) -> str:
        return str(first_text(self.doc))


def first_text(doc: "pycrdt.Doc[Any]") -> "pycrdt.XmlText":
    """The text of the first unit that has one."""
    for element in doc.get("default", type=pycrdt.XmlFragment).children:
        assert isinstance(element, pycrdt.XmlElement)
        for child in element.children:
            if isinstance(child, pycrdt.XmlText) and str(child):
                return child
    raise AssertionError("the act is empty")
