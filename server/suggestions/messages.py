"""What requests and answers about suggestions are made of."""

from typing import Annotated, Any

from pydantic import Field

from server.http.routing import Items, Model
from server.suggestions.model import Audience, Status, What

Id = Annotated[str, Field(min_length=32, max_length=32)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]


class SuggestionIn(Model):
    """What its author says; `change` by `kind` as in `schema/suggestion.json`. `version` is the one it replaces, 0 for a new record."""

    id: Id
    document: Annotated[str, Field(max_length=80)]
    kind: Annotated[str, Field(max_length=32)]
    change: dict[str, Any]  # Any: JSON, suggestions/shape.py
    group: Annotated[str, Field(max_length=32)] = ""
    version: Version = 0


class ClaimOut(Model):
    """Who may write which decision into the text, until when (milliseconds UTC)."""

    by: str
    until: int
    version: int
    what: What


class DecisionOut(Model):
    """One entry of a record's history; `at` in milliseconds UTC."""

    at: int
    who: str
    body: str
    what: What
    reason: str
    version: int


class SuggestionOut(Model):
    """A record; of two with the same id the one with the higher `stamp` is the newer. `decided` is the last decision about it."""

    id: str
    document: str
    kind: str
    change: dict[str, Any]  # Any: JSON, schema/suggestion.json
    group: str
    author: str
    body: str
    created_at: int
    updated_at: int
    version: int
    stamp: int
    status: Status
    audience: Audience
    claim: ClaimOut | None
    remarked: bool
    decided: DecisionOut | None


class SuggestionPage(Items[SuggestionOut]):
    """By id; `next` goes into `after` for the next page, null on the last."""

    next: str | None


class SuggestionSearch(Model):
    """Empty asks for nothing."""

    document: Annotated[str, Field(max_length=80)] = ""
    status: Status | None = None
    author: Annotated[str, Field(max_length=32)] = ""
    after: Annotated[str, Field(max_length=32)] = ""
    limit: Annotated[int, Field(ge=1, le=2000)] = 500


class VerbIn(Model):
    """The version that was looked at; another one now is a conflict."""

    version: Version
    reason: Annotated[str, Field(max_length=4000)] = ""
