"""An act as people speak of it: its card, who takes part, and the rules that need nobody's permission."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from server.access.roles import Part, Role
from server.crdt.content import Run
from server.errors import InvalidInput
from server.ids import ActId, BlockId, BodyCode, DocumentId, Epoch, NewId, Seq, UserId
from server.resources import read_schema
from server.text.tree import Tree, Unit

MAX_TITLE = 2000
MAIN = ""
"""The part that is the act's main text."""

_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘`´′", "'"))
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Member:
    """A person with roles on an act."""

    user: UserId
    name: str
    position: str
    body: BodyCode
    disabled: bool
    roles: tuple[Role, ...]
    releases: bool
    """The administrator of their body has named them to speak for it in this act."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One of an act's documents, as a client needs it to connect (`part` is empty for the main text)."""

    id: DocumentId
    part: str
    epoch: Epoch
    schema_version: int
    last_seq: Seq
    sealed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An act without its text. Times in milliseconds UTC; `active_at` is the last edit or change of the card."""

    id: ActId
    title: str
    kind: str
    stage: str
    lead_body: BodyCode
    bodies: Mapping[BodyCode, Part]
    scheme_id: str
    scheme_hash: str
    created_by: UserId
    created_at: int
    active_at: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; empty fields ask for nothing. `after` is the place a page ended at: time and id of its last act."""

    words: tuple[str, ...] = ()
    kind: str = ""
    stage: str = ""
    lead_body: str = ""
    mine: bool = False
    after: tuple[int, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some cards, the last active first, and where the next page begins."""

    cards: Sequence[Card]
    next: tuple[int, str] | None


def clean_title(title: str) -> str:
    """One line in normal form C without invisible characters. Raises InvalidInput for an empty or very long one."""
    clean = _SPACES.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", title))).strip()
    if not clean:
        raise InvalidInput(fields={"title": ("Назвіть акт.", "Give the act a title.")})
    if len(clean) > MAX_TITLE:
        raise InvalidInput(fields={"title": (f"Назва довша за {MAX_TITLE} знаків.", f"The title is longer than {MAX_TITLE} characters.")})
    return clean


def fold(text: str) -> str:
    """What search compares: case and the kind of apostrophe do not matter; ґ and г, є and е stay different letters."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_APOSTROPHES).casefold()).strip()


def check_kind(kind: str) -> str:
    """The kind itself. Raises InvalidInput for one that `schema/act.json` does not name."""
    if kind not in act_schema()["act_kinds"]:
        raise InvalidInput(fields={"kind": ("Такого виду акта немає.", "There is no such kind of act.")})
    return kind


def check_part(part: str) -> str:
    """The part itself. Raises InvalidInput for one that `schema/act.json` does not name."""
    if part not in act_schema()["parts"]:
        raise InvalidInput(fields={"part": ("Такої частини пакета немає.", "An act has no such part.")})
    return part


def scheme_of(kind: str) -> str:
    """The id of the numbering scheme that acts of this kind are made with."""
    scheme: str = act_schema()["act_kinds"][kind]["scheme"]
    return scheme


def part_for(role: Role, part: Part | None) -> Part:
    """The part a body has after one of its people was given a role by the lead (D13)."""
    if role is Role.DRAFTER and part is not Part.LEAD:
        return Part.CO_DEVELOPER
    if part is None:
        return Part.READER if role is Role.READER else Part.INTERESTED
    return Part.INTERESTED if part is Part.READER and role is not Role.READER else part


def skeleton(kind: str, title: str, new_id: NewId) -> Tree:
    """The text a new act of this kind begins with; a bill that amends laws has a form of its own."""
    amends = kind == "zakonoproiekt" and fold(title).startswith("про внесення змін")
    data = json.loads(files("server.acts").joinpath("skeletons", f"{kind}{'-zminy' if amends else ''}.json").read_bytes())
    return Tree(tuple(_unit(unit, title, new_id) for unit in data["units"]))


def blank(title: str, new_id: NewId) -> Tree:
    """A title and an empty paragraph to write in."""
    return Tree((Unit(BlockId(new_id()), "title", (Run(title),)), Unit(BlockId(new_id()), "paragraph")))


@cache
def act_schema() -> dict[str, Any]:  # Any: JSON
    """`schema/act.json`."""
    schema: dict[str, Any] = json.loads(read_schema("act.json"))
    return schema


def _unit(data: dict[str, str], title: str, new_id: NewId) -> Unit:
    text = title if data["text"] == "{title}" else data["text"]
    return Unit(BlockId(new_id()), data["kind"], (Run(text),) if text else (), data.get("label", ""))
