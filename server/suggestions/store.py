"""The tables of suggestions and their decisions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, or_, select, update

from server.db.tables import documents, suggestion_decisions, suggestions, users
from server.errors import NotFound
from server.events.store import record
from server.ids import ActId, BodyCode, DocumentId, UserId, act_of
from server.journal.journal import Decided
from server.suggestions.model import Audience, Claim, Decision, Proposal, Status, Suggestion, What

_OUTCOMES = (What.ACCEPTED, What.REJECTED, What.REOPENED, What.WITHDRAWN)
_AFTER = {What.ACCEPTED: Status.ACCEPTED, What.REJECTED: Status.REJECTED, What.REOPENED: Status.OPEN, What.WITHDRAWN: Status.WITHDRAWN}
"""The status a decision leads to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records a list shows; empty fields ask for nothing. `after` is the id at which the page before ended."""

    body: BodyCode
    """The caller's, for the audience."""
    document: str = ""
    status: str = ""
    author: str = ""
    after: str = ""
    limit: int = 500


def write_change(change: Mapping[str, Any]) -> str:  # Any: JSON
    """A change as it is stored."""
    return json.dumps(change, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def require_document(connection: Connection, act: ActId, document: DocumentId) -> None:
    """Raises NotFound for a document that is none of the act's."""
    if connection.execute(select(documents.c.document).where(documents.c.document == document, documents.c.act_id == act)).first() is None:
        raise NotFound(f"no document {document} in {act}")


def find(connection: Connection, act: ActId, suggestion: str, *, lock: bool = False) -> Suggestion | None:
    """One record; `lock` makes other changes of it wait."""
    query = select(suggestions).where(suggestions.c.act_id == act, suggestions.c.id == suggestion)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else _with_decisions(connection, act, [_suggestion(row)])[0]


def list_visible(connection: Connection, act: ActId, wanted: Wanted) -> list[Suggestion]:
    """What somebody of `wanted.body` sees, by id; one more than `wanted.limit` when there is more."""
    query = select(suggestions).where(suggestions.c.act_id == act, suggestions.c.id > wanted.after)
    query = query.where(or_(suggestions.c.audience == Audience.ACT, suggestions.c.body == wanted.body))
    for name in ("document", "status", "author"):
        if value := getattr(wanted, name):
            query = query.where(suggestions.c[name] == value)
    rows = connection.execute(query.order_by(suggestions.c.id).limit(wanted.limit + 1)).mappings()
    return _with_decisions(connection, act, [_suggestion(row) for row in rows])


def insert_suggestion(connection: Connection, new: Suggestion) -> None:
    """A record nobody has seen before."""
    connection.execute(
        insert(suggestions).values(
            act_id=new.act,
            id=new.id,
            document=new.document,
            author=new.author,
            body=new.body,
            created_at=new.created_at,
            status=new.status,
            audience=new.audience,
            remarked=new.remarked,
            **_proposed(new),
        )
    )


def save_proposal(connection: Connection, changed: Suggestion) -> None:
    """What its author says now; the caller holds the row."""
    _update(connection, changed, **_proposed(changed))


def save_claim(connection: Connection, changed: Suggestion, claim: Claim) -> Suggestion:
    """Somebody may write this decision into the text; the caller holds the row."""
    changed = replace(changed, claim=claim, stamp=changed.stamp + 1)
    _update(
        connection,
        changed,
        stamp=changed.stamp,
        claim_by=claim.by,
        claim_until=claim.until,
        claim_version=claim.version,
        claim_what=claim.what,
    )
    return changed


def release(connection: Connection, changed: Suggestion) -> Suggestion:
    """Everyone in the act sees it from now on."""
    changed = replace(changed, audience=Audience.ACT, stamp=changed.stamp + 1)
    _update(connection, changed, audience=changed.audience, stamp=changed.stamp)
    return changed


def mark_remarked(connection: Connection, changed: Suggestion) -> Suggestion:
    """A formal remark rests on it."""
    changed = replace(changed, remarked=True, stamp=changed.stamp + 1)
    _update(connection, changed, remarked=True, stamp=changed.stamp)
    return changed


def decide(connection: Connection, changed: Suggestion, made: Decision) -> Suggestion:
    """The decision and the status it leads to; any claim has served. The caller holds the row."""
    append_decision(connection, changed, made)
    changed = replace(changed, status=_AFTER[made.what], claim=None, updated_at=made.at, stamp=changed.stamp + 1, decided=made)
    _update(connection, changed, status=changed.status, claim_by=None, claim_until=None, updated_at=made.at, stamp=changed.stamp)
    return changed


# -- decisions --------------------------------------------------------------------------------------------------------


def append_decision(connection: Connection, of: Suggestion, made: Decision) -> None:
    """One more entry of the history; its `number` is given here."""
    last = connection.execute(
        select(func.max(suggestion_decisions.c.number)).where(
            suggestion_decisions.c.act_id == of.act, suggestion_decisions.c.suggestion_id == of.id
        )
    ).scalar()
    connection.execute(
        insert(suggestion_decisions).values(
            act_id=of.act,
            suggestion_id=of.id,
            number=(last or 0) + 1,
            at=made.at,
            who=made.who,
            body=made.body,
            what=made.what,
            reason=made.reason,
            version=made.version,
        )
    )


def list_decisions(connection: Connection, act: ActId, suggestion: str) -> list[Decision]:
    """The whole history of a record, the first decision first."""
    query = select(suggestion_decisions).where(suggestion_decisions.c.act_id == act, suggestion_decisions.c.suggestion_id == suggestion)
    return [_decision(row) for row in connection.execute(query.order_by(suggestion_decisions.c.number)).mappings()]


# -- counts and claims ------------------------------------------------------------------------------------------------


def count_of_author(connection: Connection, act: ActId, author: UserId) -> tuple[int, int]:
    """The author's open records in an act, and all of them."""
    query = select(suggestions.c.status, func.count()).where(suggestions.c.act_id == act, suggestions.c.author == author)
    counts = {row[0]: int(row[1]) for row in connection.execute(query.group_by(suggestions.c.status))}
    return counts.get(Status.OPEN, 0), sum(counts.values())


def count_open(connection: Connection, document: DocumentId) -> int:
    """The open records of a document."""
    query = select(func.count()).where(suggestions.c.document == document, suggestions.c.status == Status.OPEN)
    return connection.execute(query).scalar() or 0


def list_claims(connection: Connection, document: DocumentId, user: UserId, now: int) -> dict[str, Claim]:
    """What a person may write into the document's text now, by record."""
    query = select(suggestions).where(suggestions.c.document == document, suggestions.c.claim_by == user, suggestions.c.claim_until > now)
    found = [_suggestion(row) for row in connection.execute(query).mappings()]
    return {one.id: one.claim for one in found if one.claim is not None and one.claim.version == one.version}


def decide_in(connection: Connection, document: DocumentId, decided: Sequence[Decided], at: int) -> bool:
    """The decisions that enter a text with this transaction's updates become the records' own.

    False, and nothing written, when a claim behind one of them no longer stands. Again after an unseen commit: True.
    """
    act = act_of(document)
    todo: list[tuple[Suggestion, Decision]] = []
    for one in sorted(decided, key=lambda one: one.suggestion):
        found, what = find(connection, act, one.suggestion, lock=True), What(one.what)
        if found is None or found.document != document:
            return False
        if _is_done(found, one, what):
            continue
        claim = found.claim
        if claim is None or (claim.by, claim.what) != (one.user, what) or not one.version == claim.version == found.version:
            return False
        if found.status is not (Status.OPEN if what is What.ACCEPTED else Status.ACCEPTED):
            return False
        body = connection.execute(select(users.c.body).where(users.c.id == one.user)).scalar_one()
        todo.append((found, Decision(0, at, one.user, BodyCode(body), what, "", one.version)))
    for found, made in todo:
        decide(connection, found, made)
        record(connection, act, made.who, f"suggestion.{made.what}", {"suggestion": found.id, "version": made.version}, at)
    return True


def _is_done(found: Suggestion, one: Decided, what: What) -> bool:
    """The same decision of the same person is the last one already."""
    last = found.decided
    return last is not None and (last.what, last.who, last.version) == (what, one.user, one.version) and found.status is _AFTER[what]


# -- rows -------------------------------------------------------------------------------------------------------------


def _update(connection: Connection, of: Suggestion, **values: object) -> None:
    connection.execute(update(suggestions).where(suggestions.c.act_id == of.act, suggestions.c.id == of.id).values(**values))


def _proposed(of: Suggestion) -> dict[str, object]:
    proposal = of.proposal
    return {
        "kind": proposal.kind,
        "change": write_change(proposal.change),
        "group_id": proposal.group,
        "version": of.version,
        "stamp": of.stamp,
        "updated_at": of.updated_at,
    }


def _suggestion(row: RowMapping) -> Suggestion:
    claim = None
    if row["claim_by"] is not None:
        claim = Claim(UserId(row["claim_by"]), row["claim_until"], row["claim_version"], What(row["claim_what"]))
    return Suggestion(
        act=ActId(row["act_id"]),
        proposal=Proposal(row["id"], DocumentId(row["document"]), row["kind"], json.loads(row["change"]), row["group_id"]),
        author=UserId(row["author"]),
        body=BodyCode(row["body"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        stamp=row["stamp"],
        status=Status(row["status"]),
        audience=Audience(row["audience"]),
        claim=claim,
        remarked=bool(row["remarked"]),
    )


def _with_decisions(connection: Connection, act: ActId, found: Iterable[Suggestion]) -> list[Suggestion]:
    """The records with the last decision about each."""
    listed = list(found)
    query = select(suggestion_decisions).where(
        suggestion_decisions.c.act_id == act,
        suggestion_decisions.c.suggestion_id.in_([one.id for one in listed]),
        suggestion_decisions.c.what.in_(_OUTCOMES),
    )
    rows = connection.execute(query.order_by(suggestion_decisions.c.number)).mappings()
    last = {row["suggestion_id"]: _decision(row) for row in rows}
    return [replace(one, decided=last.get(one.id)) for one in listed]


def _decision(row: RowMapping) -> Decision:
    return Decision(row["number"], row["at"], UserId(row["who"]), BodyCode(row["body"]), What(row["what"]), row["reason"], row["version"])
