"""The tables of suggestions and their decisions."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, String, and_, bindparam, func, insert, literal_column, or_, select, update

from server.db.prepared import Prepared, among
from server.db.tables import documents, suggestion_decisions, suggestions, users
from server.errors import NotFound
from server.events.store import record
from server.ids import ActId, BodyCode, DocumentId, UserId, act_of
from server.journal.journal import Decided
from server.suggestions.model import Audience, Claim, Decision, Proposal, Status, Suggestion, What

_OUTCOMES = (What.ACCEPTED, What.REJECTED, What.REOPENED, What.WITHDRAWN)
_AFTER = {What.ACCEPTED: Status.ACCEPTED, What.REJECTED: Status.REJECTED, What.REOPENED: Status.OPEN, What.WITHDRAWN: Status.WITHDRAWN}
"""The status a decision leads to."""


Key = tuple[ActId, str]
"""A record: its act and its id."""

_COLUMNS = suggestions.c.keys()
_DECISION_COLUMNS = suggestion_decisions.c.keys()
_WANTED = select(suggestions).where(among(suggestions.c.act_id, "acts"), among(suggestions.c.id, "ids"))
_FIND = Prepared(_WANTED)
_LOCK = Prepared(_WANTED.order_by(suggestions.c.act_id, suggestions.c.id).with_for_update())
_HISTORIES = Prepared(
    select(suggestion_decisions)
    .where(among(suggestion_decisions.c.act_id, "acts"), among(suggestion_decisions.c.suggestion_id, "ids"))
    .order_by(suggestion_decisions.c.number)
)
_CHANGE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_PROPOSED = ("kind", "change", "group_id", "version", "stamp", "updated_at")
_INSERT = Prepared(insert(suggestions))
_SAVE = Prepared(
    update(suggestions)
    .where(suggestions.c.act_id == bindparam("of_act"), suggestions.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _PROPOSED})
)
_OF_RECORD = and_(suggestion_decisions.c.act_id == bindparam("of_act"), suggestion_decisions.c.suggestion_id == bindparam("of_id"))
_SAID = ("at", "who", "body", "what", "reason", "version")
_APPEND = Prepared(
    insert(suggestion_decisions).from_select(
        ["act_id", "suggestion_id", "number", *_SAID],
        select(
            bindparam("of_act", type_=String),
            bindparam("of_id", type_=String),
            func.coalesce(func.max(suggestion_decisions.c.number), literal_column("0")) + literal_column("1"),
            *[bindparam(name, type_=suggestion_decisions.c[name].type) for name in _SAID],
        ).where(_OF_RECORD),
    )
)


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
    return _CHANGE.encode(change)


def require_document(connection: Connection, act: ActId, document: DocumentId) -> None:
    """Raises NotFound for a document that is none of the act's."""
    if connection.execute(select(documents.c.document).where(documents.c.document == document, documents.c.act_id == act)).first() is None:
        raise NotFound(f"no document {document} in {act}")


def find(connection: Connection, act: ActId, suggestion: str, *, lock: bool = False) -> Suggestion | None:
    """One record; `lock` makes other changes of it wait."""
    found = find_all(connection, {(act, suggestion)}, lock=lock)
    return found[act, suggestion][0] if found else None


def find_all(connection: Connection, keys: Set[Key], *, lock: bool = False) -> dict[Key, tuple[Suggestion, Sequence[Decision]]]:
    """Records with their histories; `lock` makes other changes of them wait, and is taken in their order."""
    wanted: dict[str, object] = {"acts": sorted({act for act, _ in keys}), "ids": sorted({name for _, name in keys})}
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in (_LOCK if lock else _FIND).rows(connection, wanted)]
    held = {(one.act, one.id): one for one in map(_suggestion, rows) if (one.act, one.id) in keys}
    if not held:
        return {}
    histories: dict[Key, list[Decision]] = {key: [] for key in held}
    for row in _HISTORIES.rows(connection, wanted):
        entry = dict(zip(_DECISION_COLUMNS, row, strict=True))
        if (key := (entry["act_id"], entry["suggestion_id"])) in histories:
            histories[key].append(_decision(entry))
    return {key: (_with_last(one, histories[key]), histories[key]) for key, one in held.items()}


def list_visible(connection: Connection, act: ActId, wanted: Wanted) -> list[Suggestion]:
    """What somebody of `wanted.body` sees, by id; one more than `wanted.limit` when there is more."""
    query = select(suggestions).where(suggestions.c.act_id == act, suggestions.c.id > wanted.after)
    query = query.where(or_(suggestions.c.audience == Audience.ACT, suggestions.c.body == wanted.body))
    for name in ("document", "status", "author"):
        if value := getattr(wanted, name):
            query = query.where(suggestions.c[name] == value)
    rows = connection.execute(query.order_by(suggestions.c.id).limit(wanted.limit + 1)).mappings()
    return _with_decisions(connection, act, [_suggestion(row) for row in rows])


def insert_suggestions(connection: Connection, new: Sequence[Suggestion]) -> None:
    """Records nobody has seen before, in the order of documents and ids: two who insert the same do not wait for each other."""
    rows = [
        {
            **dict.fromkeys(_COLUMNS),
            "act_id": one.act,
            "id": one.id,
            "document": one.document,
            "author": one.author,
            "body": one.body,
            "created_at": one.created_at,
            "status": one.status.value,
            "audience": one.audience.value,
            "remarked": one.remarked,
            **_proposed(one),
        }
        for one in sorted(new, key=lambda one: (one.document, one.id))
    ]
    _INSERT.run_many(connection, rows)


def save_proposals(connection: Connection, changed: Sequence[Suggestion]) -> None:
    """What their authors say now; the caller holds the rows."""
    rows = [{"of_act": one.act, "of_id": one.id, **{f"new_{name}": value for name, value in _proposed(one).items()}} for one in changed]
    _SAVE.run_many(connection, rows)


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
    append_decisions(connection, [(of, made)])


def append_decisions(connection: Connection, made: Sequence[tuple[Suggestion, Decision]]) -> None:
    """As `append_decision`, of several records; the caller holds their rows."""
    rows: list[dict[str, object]] = [
        {
            "of_act": of.act,
            "of_id": of.id,
            "at": one.at,
            "who": one.who,
            "body": one.body,
            "what": one.what.value,
            "reason": one.reason,
            "version": one.version,
        }
        for of, one in made
    ]
    _APPEND.run_many(connection, rows)


def list_decisions(connection: Connection, act: ActId, suggestion: str) -> Sequence[Decision]:
    """The whole history of a record, the first decision first; nothing for a record that does not exist."""
    found = find_all(connection, {(act, suggestion)})
    return found[act, suggestion][1] if found else []


# -- claims ----------------------------------------------------------------------------------------------------------


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


def _with_last(one: Suggestion, history: Sequence[Decision]) -> Suggestion:
    last = _last_outcome(history)
    return one if last is None else replace(one, decided=last)


def _last_outcome(history: Sequence[Decision]) -> Decision | None:
    return next((one for one in reversed(history) if one.what in _OUTCOMES), None)


def _suggestion(row: RowMapping | dict[str, Any]) -> Suggestion:
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


def _decision(row: RowMapping | dict[str, Any]) -> Decision:  # Any: columns
    return Decision(row["number"], row["at"], UserId(row["who"]), BodyCode(row["body"]), What(row["what"]), row["reason"], row["version"])
