"""What requests and answers about revisions and the history are made of."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from server.acts.messages import UnitOut, WhichPart
from server.http.routing import Items, Model
from server.ids import UserId
from server.versions.activity import Session
from server.versions.history import Entry, Who
from server.versions.model import Revision, RevisionKind
from server.versions.points import Point, Reason


class RevisionNew(Model):
    """`expected_hash`: the content hash of the main text as it was read; 409 when the text is another one by now."""

    note: Annotated[str, Field(max_length=8000)] = ""
    expected_hash: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""


class RevisionPartOut(Model):
    """One frozen document; `part` is empty for the main text, `seq` its place in the journal."""

    part: str
    document: str
    seq: int
    content_hash: str


class RevisionOut(Model):
    """A revision without its text; number 0 is the imported base. `created_at` in milliseconds UTC."""

    number: int
    hash: str
    previous_hash: str
    content_hash: str
    kind: RevisionKind
    title: str
    note: str
    created_by: str
    created_at: int
    parts: list[RevisionPartOut]


class RevisionPage(Items[RevisionOut]):
    """All revisions, the newest first."""


class RevisionTextOut(RevisionOut):
    """A revision with one part's text."""

    part: str
    units: list[UnitOut]


class RevisionExportWanted(WhichPart):
    """`format`: as for exports of the act."""

    format: Annotated[str, Field(max_length=16)]


class RestoredPart(Model):
    """One part of the act; `changed`: its text read otherwise before."""

    part: str
    document: str
    changed: bool


class RestoredOut(Model):
    """What restoring revision `number` changed."""

    number: int
    parts: list[RestoredPart]


class HistoryWanted(WhichPart):
    """`before`: `next` of the page before."""

    before: Annotated[int, Field(ge=1)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class HistoryEntry(Model):
    """One line of the timeline, ended at `seq`; `at` in milliseconds UTC.

    A `revision` has `number`, `note` and `hash`; a `point` its `reason` (daily, idle, restore); a `session` is one person's
    writing: from `first_seq` and `began` on, so many characters `inserted` and `deleted` in so many `updates`.
    """

    kind: Literal["revision", "point", "session"]
    seq: int
    at: int
    user: str | None = None
    number: int | None = None
    note: str | None = None
    hash: str | None = None
    reason: Reason | None = None
    first_seq: int | None = None
    began: int | None = None
    inserted: int | None = None
    deleted: int | None = None
    updates: int | None = None


class PersonOut(Model):
    """A person's name and body."""

    name: str
    body: str


class HistoryOut(Items[HistoryEntry]):
    """The timeline of a document, the newest first; `next` is null on the last page."""

    document: str
    last_seq: int
    people: dict[str, PersonOut]
    next: int | None


class AuthorsWanted(WhichPart):
    """The updates after `from` up to `to`."""

    after: Annotated[int, Field(alias="from", ge=0)] = 0
    up_to: Annotated[int, Field(alias="to", ge=0)] = 2**53


class AuthorOut(Model):
    """What one person wrote between two places; times in milliseconds UTC."""

    user: str
    first_seq: int
    seq: int
    began: int
    at: int
    inserted: int
    deleted: int
    updates: int


class AuthorsOut(Items[AuthorOut]):
    """Who wrote most comes first."""

    people: dict[str, PersonOut]


class PastWanted(WhichPart):
    """The place in the document's journal."""

    seq: Annotated[int, Field(ge=1, le=2**53)]


class PastOut(Model):
    """The text after update `seq`, stored `at` (milliseconds UTC); `hash` is the content hash."""

    seq: int
    at: int
    hash: str
    units: list[UnitOut]


def history_entry(seq: int, entry: Entry) -> HistoryEntry:
    """One line of the timeline."""
    match entry:
        case Revision():
            return HistoryEntry(
                kind="revision", seq=seq, at=entry.at, user=entry.created_by, number=entry.number, note=entry.note, hash=entry.hash
            )
        case Point():
            return HistoryEntry(kind="point", seq=seq, at=entry.at, reason=entry.reason)
        case Session():
            return HistoryEntry(kind="session", seq=seq, at=entry.ended, first_seq=entry.first, **_written(entry))


def author_out(session: Session) -> AuthorOut:
    """What one person wrote."""
    return AuthorOut(first_seq=session.first, seq=session.last, at=session.ended, **_written(session))


def people_out(people: Mapping[UserId, Who]) -> dict[str, PersonOut]:
    """Names by id."""
    return {user: PersonOut(name=who.name, body=who.body) for user, who in people.items()}


def _written(session: Session) -> dict[str, Any]:  # Any: fields of two models
    return {name: getattr(session, name) for name in ("user", "began", "inserted", "deleted", "updates")}


def revision_fields(revision: Revision) -> dict[str, object]:
    """The fields that every answer about a revision has."""
    parts = [
        RevisionPartOut(part=part.part, document=part.document, seq=part.seq, content_hash=part.content_hash) for part in revision.parts
    ]
    names = ("number", "hash", "previous_hash", "content_hash", "kind", "title", "note", "created_by", "created_at")
    return {**{name: getattr(revision, name) for name in names}, "parts": parts}


def revision_out(revision: Revision) -> RevisionOut:
    """The answer that shows a revision."""
    return RevisionOut.model_validate(revision_fields(revision))
