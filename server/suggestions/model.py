"""A suggestion as the server keeps it: who proposed what, who may see it, who decided. Pure rules, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.errors import Conflict, InvalidInput
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.suggestions.shape import limit
from server.text.unseen import find_unseen

FRESH_MS = 60_000
"""Edits of one record within this time are one entry of its history."""


class Status(StrEnum):
    """Where a record stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


class Audience(StrEnum):
    """Who sees a record: the author's body, or everyone in the act once the body has released it."""

    BODY = "body"
    ACT = "act"


class What(StrEnum):
    """What was decided about a record."""

    RELEASED = "released"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right, for a minute, to write one decision into the text. `what` is `accepted` or `reopened`."""

    by: UserId
    until: int
    version: int
    what: What

    def holds(self, now: int) -> bool:
        """Whether it still bars others."""
        return now < self.until


@dataclass(frozen=True, slots=True)
class Proposal:
    """What its author says: everything a client may choose."""

    id: str
    document: DocumentId
    kind: str
    change: Mapping[str, Any]  # Any: JSON, checked by shape.check_change
    group: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of a record's history, which is only ever appended to."""

    number: int
    at: int
    who: UserId
    body: BodyCode
    what: What
    reason: str
    version: int

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        """As people see it."""
        return {"at": self.at, "who": self.who, "body": self.body, "what": self.what, "reason": self.reason, "version": self.version}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record. `version` counts what the author said, `stamp` every change of any kind: the higher one is the newer."""

    act: ActId
    proposal: Proposal
    author: UserId
    body: BodyCode
    created_at: int
    updated_at: int
    version: int = 1
    stamp: int = 1
    status: Status = Status.OPEN
    audience: Audience = Audience.BODY
    claim: Claim | None = None
    remarked: bool = False
    """A formal remark rests on it: it stays as it was sent."""
    decided: Decision | None = None
    """The last decision about it, edits and releases not counted."""

    @property
    def id(self) -> str:
        """Chosen by the author's client."""
        return self.proposal.id

    @property
    def document(self) -> DocumentId:
        """Whose text it would change."""
        return self.proposal.document

    def is_visible_to(self, body: BodyCode) -> bool:
        """Whether somebody of this body, who may read the act, sees it (D5)."""
        return visible(self.audience, self.body, body)

    def as_json(self, now: int) -> dict[str, Any]:  # Any: JSON
        """As everyone who may see it sees it, over HTTP and live."""
        claim = self.claim if self.claim is not None and self.claim.holds(now) else None
        return {
            "id": self.id,
            "document": self.document,
            "kind": self.proposal.kind,
            "change": self.proposal.change,
            "group": self.proposal.group,
            "author": self.author,
            "body": self.body,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "version": self.version,
            "stamp": self.stamp,
            "status": self.status,
            "audience": self.audience,
            "claim": claim and {"by": claim.by, "until": claim.until, "version": claim.version, "what": claim.what},
            "remarked": self.remarked,
            "decided": self.decided and self.decided.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """How many records there may be."""

    open_per_author: int = limit("open_per_author")
    open_per_document: int = limit("open_per_document")
    all_per_author: int = limit("all_per_author")
    claim_ms: int = limit("claim_seconds") * 1000


class LimitReached(Conflict):
    """There are as many records as one person, or one document, may have."""

    code = "limit-reached"
    uk, en = "Досягнуто межі кількості пропозицій.", "The limit on the number of suggestions has been reached."


class VersionConflict(Conflict):
    """The record has changed since the caller looked; `extra["current"]` is how it is now."""

    code = "version-conflict"
    uk, en = "Пропозиція змінилася. Перегляньте її ще раз.", "The suggestion has changed. Look at it again."


class NotOpen(Conflict):
    """The record is in another state than the verb needs; `extra["current"]` is how it is now."""

    code = "not-open"
    uk, en = "Щодо цієї пропозиції вже є рішення.", "This suggestion has been decided already."


class Claimed(Conflict):
    """Somebody is writing a decision into the text right now; `extra["current"]` says who."""

    code = "claimed"
    uk, en = "Цю пропозицію саме приймає інша людина.", "Somebody else is accepting this suggestion right now."


class Remarked(Conflict):
    """A formal remark rests on the record."""

    code = "remarked"
    uk, en = "За цією пропозицією надіслано зауваження, її більше не змінюють.", "A formal remark rests on this; it no longer changes."


def visible(audience: Audience, body: BodyCode, to: BodyCode) -> bool:
    """The audience rule (D5)."""
    return audience is Audience.ACT or body == to


def check_open(held: Suggestion, version: int, at: int, *, by: UserId | None = None) -> None:
    """It is open, as the caller saw it, and claimed by nobody but `by`. Raises NotOpen, VersionConflict, Claimed."""
    check_undecided(held, version, at)
    check_claim(held, at, by)


def check_undecided(held: Suggestion, version: int, at: int) -> None:
    """It is open, as the caller saw it; claims do not matter. Raises NotOpen, VersionConflict."""
    if held.status is not Status.OPEN:
        raise NotOpen(current=held.as_json(at))
    check_version(held, version, at)


def check_version(held: Suggestion, version: int, at: int) -> None:
    """Raises VersionConflict when its author has said something else meanwhile."""
    if held.version != version:
        raise VersionConflict(current=held.as_json(at))


def check_claim(held: Suggestion, at: int, by: UserId | None) -> None:
    """Nobody but who claimed it changes it meanwhile. Raises Claimed."""
    if held.claim is not None and held.claim.holds(at) and held.claim.by != by:
        raise Claimed(current=held.as_json(at))


def clean_reason(reason: str) -> str:
    """Without spaces around. Raises InvalidInput for one that is too long or holds what nobody would see."""
    reason = reason.strip()
    if len(reason) > limit("reason"):
        raise InvalidInput(fields={"reason": (f"Не більше {limit('reason')} знаків.", f"At most {limit('reason')} characters.")})
    if unseen := find_unseen(reason, allowed="\t\n"):
        raise InvalidInput(fields={"reason": (f"Невидимий знак {unseen}.", f"An invisible character {unseen}.")})
    return reason
