"""Comments and their threads, formal remarks and the answers to them. Pure rules, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.errors import Conflict, InvalidInput
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.suggestions.model import Audience, visible
from server.text.unseen import find_unseen

MAX_TEXT = 10_000
MAX_MENTIONS = 50
MAX_PER_AUTHOR = 20_000
"""Comments of one person in one act."""
MAX_PER_THREAD = 1_000


class Reaction(StrEnum):
    """What one can say without words."""

    AGREE = "agree"
    DISAGREE = "disagree"
    THANKS = "thanks"
    QUESTION = "question"


class Result(StrEnum):
    """How the lead answers a remark: враховано, враховано частково, не враховано."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    DECLINED = "declined"


class CommentLimit(Conflict):
    """There are as many comments as one person, or one thread, may have."""

    code = "limit-reached"
    uk, en = "Досягнуто межі кількості коментарів.", "The limit on the number of comments has been reached."


class RemarkSent(Conflict):
    """A formal remark rests on the comment: it stays as it was sent."""

    code = "remarked"
    uk, en = "За цим коментарем надіслано зауваження, його більше не змінюють.", "A formal remark rests on this; it no longer changes."


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a comment calls: people by id, bodies by code."""

    people: tuple[UserId, ...] = ()
    bodies: tuple[BodyCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """One message. `text` is Markdown as written, empty once deleted; the first one of a thread has the thread's id."""

    id: str
    thread: str
    author: UserId
    body: BodyCode
    audience: Audience
    text: str
    mentions: Mentions
    created_at: int
    edited_at: int | None = None
    deleted_at: int | None = None
    remarked: bool = False
    reactions: tuple[tuple[Reaction, UserId], ...] = ()

    def is_visible_to(self, body: BodyCode) -> bool:
        """Whether somebody of this body, who may read the act, sees it."""
        return visible(self.audience, self.body, body)


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation at one place of a document, or about a suggestion. `stamp` grows with every change of it or of a comment."""

    act: ActId
    id: str
    document: DocumentId
    anchor: Mapping[str, Any]  # Any: JSON, checked by suggestions/shape.py
    suggestion: str
    updated_at: int
    stamp: int = 1
    resolved_by: UserId | None = None
    resolved_at: int | None = None
    comments: Sequence[Comment] = ()

    @property
    def first(self) -> Comment:
        """The comment it began with."""
        return next(comment for comment in self.comments if comment.id == self.id)

    def is_visible_to(self, body: BodyCode) -> bool:
        """A thread is seen by whoever sees its first comment."""
        return self.first.is_visible_to(body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the lead answers to a remark; a later answer replaces an earlier one, which stays in the history."""

    result: Result
    reason: str
    who: UserId
    body: BodyCode
    at: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A formal remark (зауваження) of a body: it never changes and never goes. `change` is the suggestion as it was then."""

    act: ActId
    id: str
    number: int
    document: DocumentId
    bid: str
    suggestion: str
    comment: str
    change: Mapping[str, Any] | None  # Any: JSON
    text: str
    proposed: str
    author: UserId
    body: BodyCode
    at: int
    answers: Sequence[Answer] = ()


def clean_text(text: str, field: str = "text", *, needed: bool = True) -> str:
    """Several lines people typed. Raises InvalidInput for an empty or long one and for what nobody would see."""
    text = text.replace("\r\n", "\n").strip()
    if needed and not text:
        raise InvalidInput(fields={field: ("Потрібно заповнити.", "This is required.")})
    if len(text) > MAX_TEXT:
        raise InvalidInput(fields={field: (f"Не більше {MAX_TEXT} знаків.", f"At most {MAX_TEXT} characters.")})
    if unseen := find_unseen(text, allowed="\t\n"):
        raise InvalidInput(fields={field: (f"Невидимий або керівний знак {unseen}.", f"An invisible or control character {unseen}.")})
    return text
