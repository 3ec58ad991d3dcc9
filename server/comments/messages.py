"""What requests and answers about comments and remarks are made of."""

from typing import Annotated, Any, Literal

from pydantic import Field

from server.comments.model import Mentions, Reaction, Result
from server.comments.service import Draft
from server.http.routing import Items, Model
from server.ids import BodyCode, UserId
from server.suggestions.model import Audience

Text = Annotated[str, Field(max_length=20_000)]
Id = Annotated[str, Field(max_length=32)]
Document = Annotated[str, Field(max_length=80)]


class MentionsIn(Model):
    """People by id, bodies by code."""

    people: Annotated[list[Id], Field(max_length=50, default_factory=list)]
    bodies: Annotated[list[Id], Field(max_length=50, default_factory=list)]


class WordsIn(Model):
    """Markdown, and whom it calls."""

    text: Text
    mentions: Annotated[MentionsIn, Field(default_factory=MentionsIn)]


class ReplyIn(WordsIn):
    """`id` is made by the client, so that sending again changes nothing; `release`: shown to everyone in the act at once."""

    id: Id = ""
    release: bool = False


class CommentIn(ReplyIn):
    """A new thread at `anchor` (`schema/suggestion.json`), or about a suggestion."""

    document: Document
    anchor: dict[str, Any]  # Any: JSON, suggestions/shape.py
    suggestion: Id = ""


class ReactionIn(Model):
    """`given` false takes it back."""

    kind: Reaction
    given: bool = True


class ReactionOut(Model):
    """One kind of reaction and who gave it."""

    kind: Reaction
    people: list[str]


class MentionsOut(Model):
    """People by id, bodies by code."""

    people: list[str]
    bodies: list[str]


class CommentOut(Model):
    """One comment; `html` is safe to show. A deleted one has no text any more."""

    id: str
    author: str
    body: str
    audience: Audience
    text: str
    html: str
    mentions: MentionsOut
    created_at: int
    edited_at: int | None
    deleted_at: int | None
    remarked: bool
    reactions: list[ReactionOut]


class ThreadOut(Model):
    """A thread with the comments the caller sees; of two with the same id the one with the higher `stamp` is the newer."""

    id: str
    document: str
    anchor: dict[str, Any]  # Any: JSON, schema/suggestion.json
    suggestion: str
    author: str
    body: str
    audience: Audience
    status: Literal["open", "resolved"]
    resolved_by: str | None
    resolved_at: int | None
    created_at: int
    updated_at: int
    stamp: int
    comments: list[CommentOut]


class ThreadPage(Items[ThreadOut]):
    """By id; `next` goes into `after` for the next page, null on the last."""

    next: str | None


class ThreadSearch(Model):
    """Empty asks for nothing."""

    document: Document = ""
    suggestion: Id = ""
    after: Id = ""
    limit: Annotated[int, Field(ge=1, le=2000)] = 500


class RemarkIn(Model):
    """The provision (that of the target when empty), why, and what should stand there."""

    text: Text = ""
    proposed: Text = ""
    bid: Annotated[str, Field(max_length=64)] = ""


class AnswerIn(Model):
    """Враховано, враховано частково, не враховано; and why."""

    result: Result
    reason: Text


class AnswerOut(Model):
    """One answer of the lead."""

    result: Result
    reason: str
    who: str
    body: str
    at: int


class RemarkOut(Model):
    """A formal remark; `change` is the suggestion as it was when the remark was sent. The last answer holds."""

    id: str
    number: int
    document: str
    bid: str
    suggestion: str
    comment: str
    change: dict[str, Any] | None  # Any: JSON
    text: str
    proposed: str
    author: str
    body: str
    at: int
    answers: list[AnswerOut]


def draft_of(given: WordsIn) -> Draft:
    """What somebody writes, as the service takes it."""
    mentions = Mentions(
        tuple(UserId(one) for one in dict.fromkeys(given.mentions.people)),
        tuple(BodyCode(one) for one in dict.fromkeys(given.mentions.bodies)),
    )
    if isinstance(given, ReplyIn):
        return Draft(given.text, mentions, given.id, given.release)
    return Draft(given.text, mentions)
