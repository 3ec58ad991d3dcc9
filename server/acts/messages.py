"""What requests and answers about acts are made of."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from server.access.policy import Action
from server.access.roles import Part, Role, Scope
from server.acts.model import Card
from server.acts.service import ActView
from server.http.routing import Items, Model

Title = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(max_length=32)]


class ActSearch(Model):
    """`q`: words of the title. `mine`: only acts on which I hold a role. `after`: `next` of the page before."""

    q: Annotated[str, Field(max_length=200)] = ""
    kind: Name = ""
    stage: Name = ""
    body: Name = ""
    mine: bool = False
    after: Annotated[str, Field(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ActBody(Model):
    """A body and the part it takes."""

    body: str
    part: Part


class ActCard(Model):
    """An act in a list; times in milliseconds UTC, `updated_at` is the last edit of the text or change of the card."""

    id: str
    title: str
    kind: str
    stage: str
    lead_body: str
    created_by: str
    created_at: int
    updated_at: int
    bodies: list[ActBody]


class ActPage(Items[ActCard]):
    """`next` is null on the last page."""

    next: str | None


class MemberOut(Model):
    """A person with roles; `disabled`: they cannot sign in any more; `releases`: named to speak for their body in this act."""

    user: str
    name: str
    position: str
    body: str
    disabled: bool
    roles: list[Role]
    releases: bool


class DocumentOut(Model):
    """A document to connect to; `part` is empty for the main text."""

    id: str
    part: str
    epoch: str
    schema_version: int
    last_seq: int
    sealed: bool


class SchemeOut(Model):
    """The numbering scheme of the act, pinned by hash; `data` is what the editor numbers with."""

    id: str
    hash: str
    data: dict[str, Any]  # Any: schema/numbering/*.json


class ActOut(ActCard):
    """An act as the caller sees it: `abilities` and `scope` are the caller's."""

    abilities: list[Action]
    scope: Scope
    documents: list[DocumentOut]
    members: list[MemberOut]
    scheme: SchemeOut


class ActNew(Model):
    """A new act; without `skeleton` it begins as a title and an empty paragraph."""

    title: Title
    kind: Name
    skeleton: bool = True


class ActImport(Model):
    """What the file itself would otherwise say."""

    title: Title = ""
    kind: Name = ""
    numbering: Literal["keep", "automatic"] = "keep"


class ImportNotice(Model):
    """Something to look at; `line` counts from 1 in the file, 0 is the whole file."""

    code: str
    line: int
    text: str


class ActImported(Model):
    """The new act."""

    id: str
    warnings: list[ImportNotice]


class ActPatch(Model):
    """The new title."""

    title: Title


class MemberIn(Model):
    """`role` adds one role; `roles` sets them all."""

    role: Role | None = None
    roles: list[Role] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.role is None) == (self.roles is None):
            raise ValueError("either role or roles")
        return self


class BodyIn(Model):
    """The part the body takes from now on."""

    part: Part


class DocumentNew(Model):
    """A part named in `schema/act.json`."""

    part: Name


class WhichPart(Model):
    """Empty for the main text."""

    part: Name = ""


class ExportWanted(WhichPart):
    """`format`: md, txt, html or json."""

    format: Annotated[str, Field(max_length=16)]


class UnitOut(Model):
    """One unit; table rows are of kind `row`, their cells joined by a tab."""

    bid: str
    kind: str
    label: str
    text: str


class TextOut(Model):
    """The saved text; `hash` is the content hash."""

    seq: int
    hash: str
    units: list[UnitOut]


def card_fields(card: Card) -> dict[str, Any]:  # Any: the fields of ActCard
    """The fields that a card in a list and a whole act share."""
    return {
        "id": card.id,
        "title": card.title,
        "kind": card.kind,
        "stage": card.stage,
        "lead_body": card.lead_body,
        "created_by": card.created_by,
        "created_at": card.created_at,
        "updated_at": card.active_at,
        "bodies": [ActBody(body=body, part=part) for body, part in card.bodies.items()],
    }


def act_out(view: ActView) -> ActOut:
    """The answer that shows an act."""
    card = view.card
    return ActOut(
        **card_fields(card),
        abilities=list(view.abilities),
        scope=view.scope,
        documents=[
            DocumentOut(
                id=info.id, part=info.part, epoch=info.epoch, schema_version=info.schema_version, last_seq=info.last_seq, sealed=info.sealed
            )
            for info in view.documents
        ],
        members=[
            MemberOut(
                user=m.user, name=m.name, position=m.position, body=m.body, disabled=m.disabled, roles=list(m.roles), releases=m.releases
            )
            for m in view.members
        ],
        scheme=SchemeOut(id=card.scheme_id, hash=card.scheme_hash, data=view.scheme),
    )
