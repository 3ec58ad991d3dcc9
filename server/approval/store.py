"""The tables of approval: rows are added, not changed; the database refuses anything else."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.approval.deadlines import Due
from server.approval.model import (
    AlreadyStated,
    Late,
    Matter,
    Outcome,
    Position,
    Request,
    Round,
    RoundKind,
    Seal,
    Signature,
)
from server.approval.staleness import Scope
from server.approval.visa_store import list_sheets
from server.comments import remark_store
from server.db.tables import (
    act_procedures,
    act_seals,
    acts,
    approval_requests,
    approval_round_ends,
    approval_rounds,
    late_positions,
    position_remarks,
    positions,
    signatures,
    users,
)
from server.ids import ActId, BodyCode, UserId

# -- where an act stands ----------------------------------------------------------------------------------------------


def read_matter(connection: Connection, act: ActId, ordinary: str) -> Matter:
    """Everything; `ordinary` is the procedure of an act of which nothing else was said."""
    linked = connection.execute(select(position_remarks).where(position_remarks.c.act_id == act)).mappings()
    return Matter(
        act=act,
        state=str(connection.execute(select(acts.c.stage).where(acts.c.id == act)).scalar()),
        procedure=find_procedure(connection, act) or ordinary,
        rounds=list_rounds(connection, act),
        remarks=remark_store.list_all(connection, act),
        remark_of={row["remark_id"]: (row["round"], BodyCode(row["body"])) for row in linked},
        late=_list_late(connection, act),
        sheets=list_sheets(connection, act),
        signatures=_list_signatures(connection, act),
        seal=find_seal(connection, act),
    )


def find_procedure(connection: Connection, act: ActId) -> str | None:
    """The procedure an act is under, once it has left the ordinary one or begun."""
    found: str | None = connection.execute(select(act_procedures.c.procedure).where(act_procedures.c.act_id == act)).scalar()
    return found


def save_stand(connection: Connection, act: ActId, state: str, procedure: str, policy: str, at: int) -> None:  # noqa: PLR0913 - two rows
    """Where the act stands from now on; the caller holds the act."""
    connection.execute(update(acts).where(acts.c.id == act).values(stage=state, updated_at=at))
    values = {"policy": policy, "procedure": procedure}
    if not connection.execute(update(act_procedures).where(act_procedures.c.act_id == act).values(values)).rowcount:
        connection.execute(insert(act_procedures).values(act_id=act, **values))


def insert_seal(connection: Connection, act: ActId, seal: Seal) -> None:
    """The seal; from now on the database refuses every change of the act's documents."""
    connection.execute(
        insert(act_seals).values(act_id=act, revision=seal.revision, revision_hash=seal.revision_hash, sealed_by=seal.sealed_by, at=seal.at)
    )


def find_seal(connection: Connection, act: ActId) -> Seal | None:
    """The act's seal, if it has one."""
    row = connection.execute(select(act_seals).where(act_seals.c.act_id == act)).mappings().first()
    return None if row is None else Seal(row["revision"], row["revision_hash"], UserId(row["sealed_by"]), row["at"])


# -- rounds -----------------------------------------------------------------------------------------------------------


def insert_round(connection: Connection, new: Round) -> None:
    """A round with its requests; the caller holds the act."""
    connection.execute(
        insert(approval_rounds).values(
            act_id=new.act,
            number=new.number,
            kind=new.kind,
            revision=new.revision,
            revision_hash=new.revision_hash,
            note=new.note,
            opened_by=new.opened_by,
            opened_at=new.opened_at,
        )
    )
    for request in new.requests.values():
        row: dict[str, object] = {
            "act_id": new.act,
            "round": new.number,
            "body": request.body,
            "class": request.deadline,
            "due_at": request.due_at,
            "silent": request.silent,
            "scope": json.dumps(sorted(request.scope.bids)),
        }
        connection.execute(insert(approval_requests).values(row))


def end_round(connection: Connection, act: ActId, number: int, reason: str, by: UserId, at: int) -> None:  # noqa: PLR0913 - a row
    """The round is over."""
    connection.execute(insert(approval_round_ends).values(act_id=act, round=number, reason=reason, ended_by=by, at=at))


def list_rounds(connection: Connection, act: ActId) -> list[Round]:
    """Every round of an act with its requests and positions, by number."""
    requests: dict[int, dict[BodyCode, Request]] = defaultdict(dict)
    for row in connection.execute(select(approval_requests).where(approval_requests.c.act_id == act)).mappings():
        requests[row["round"]][BodyCode(row["body"])] = _request(row)
    stated: dict[int, dict[BodyCode, Position]] = defaultdict(dict)
    for row in connection.execute(select(positions).where(positions.c.act_id == act)).mappings():
        stated[row["round"]][BodyCode(row["body"])] = _position(row)
    ends = {
        row["round"]: row for row in connection.execute(select(approval_round_ends).where(approval_round_ends.c.act_id == act)).mappings()
    }
    query = select(approval_rounds).where(approval_rounds.c.act_id == act).order_by(approval_rounds.c.number)
    return [
        _round(row, requests[row["number"]], stated[row["number"]], ends.get(row["number"])) for row in connection.execute(query).mappings()
    ]


def list_due(connection: Connection, now: int, *, act: ActId | None = None, limit: int = 1000) -> list[Due]:
    """Requests of open rounds whose silence is a position since before `now`, and that have none; the earliest first."""
    r = approval_requests
    same = and_(positions.c.act_id == r.c.act_id, positions.c.round == r.c.round, positions.c.body == r.c.body)
    over = and_(approval_round_ends.c.act_id == r.c.act_id, approval_round_ends.c.round == r.c.round)
    query = select(r.c.act_id, r.c.round, r.c.body, r.c.due_at).where(
        r.c.silent,
        r.c.due_at < now,
        ~select(positions.c.act_id).where(same).exists(),
        ~select(approval_round_ends.c.act_id).where(over).exists(),
    )
    if act is not None:
        query = query.where(r.c.act_id == act)
    rows = connection.execute(query.order_by(r.c.due_at, r.c.act_id, r.c.round, r.c.body).limit(limit))
    return [Due(ActId(row.act_id), row.round, BodyCode(row.body), row.due_at) for row in rows]


# -- positions --------------------------------------------------------------------------------------------------------


def insert_position(connection: Connection, new: Position) -> None:
    """The body's one position in the round. Raises AlreadyStated when there is one: whoever comes second, on whichever node, loses."""
    try:
        connection.execute(
            insert(positions).values(
                act_id=new.act,
                round=new.round,
                body=new.body,
                outcome=new.outcome,
                revision_hash=new.revision_hash,
                note=new.note,
                signatory=new.signatory,
                deputy_for=new.deputy_for,
                at=new.at,
            )
        )
    except IntegrityError as error:
        raise AlreadyStated(f"{new.body} has a position in round {new.round} of {new.act}") from error


def link_remark(connection: Connection, act: ActId, remark: str, round_: int, body: BodyCode) -> None:
    """The remark came with this position."""
    connection.execute(insert(position_remarks).values(act_id=act, remark_id=remark, round=round_, body=body))


def insert_late(connection: Connection, act: ActId, late: Late) -> None:
    """What came after the deadline."""
    connection.execute(
        insert(late_positions).values(
            act_id=act,
            id=late.id,
            round=late.round,
            body=late.body,
            outcome=late.outcome,
            note=late.note,
            signatory=late.signatory,
            at=late.at,
        )
    )


def insert_signature(connection: Connection, act: ActId, given: Signature, content: bytes) -> None:
    """The file as it came."""
    connection.execute(
        insert(signatures).values(
            act_id=act,
            id=given.id,
            round=given.round,
            body=given.body,
            revision_hash=given.revision_hash,
            file_name=given.file_name,
            sha256=given.sha256,
            content=content,
            verification=given.verification,
            added_by=given.added_by,
            at=given.at,
        )
    )


def read_signature_file(connection: Connection, act: ActId, signature: str) -> tuple[str, bytes] | None:
    """Name and bytes of a signature's file."""
    found = connection.execute(
        select(signatures.c.file_name, signatures.c.content).where(signatures.c.act_id == act, signatures.c.id == signature)
    ).first()
    return None if found is None else (found.file_name, bytes(found.content))


def _list_signatures(connection: Connection, act: ActId) -> list[Signature]:
    columns = [column for column in signatures.c if column.name not in {"content", "act_id"}]
    rows = connection.execute(select(*columns).where(signatures.c.act_id == act).order_by(signatures.c.at, signatures.c.id)).mappings()
    return [Signature(**{**row, "body": BodyCode(row["body"]), "added_by": UserId(row["added_by"])}) for row in rows]


def _list_late(connection: Connection, act: ActId) -> list[Late]:
    query = select(late_positions).where(late_positions.c.act_id == act).order_by(late_positions.c.at, late_positions.c.id)
    return [
        Late(
            row["id"], row["round"], BodyCode(row["body"]), Outcome(row["outcome"]), row["note"], UserId(row["signatory"]), row["at"]
        )
        for row in connection.execute(query).mappings()
    ]  # fmt: skip


def _round(row: RowMapping, requests: Mapping[BodyCode, Request], stated: Mapping[BodyCode, Position], end: RowMapping | None) -> Round:
    return Round(
        act=ActId(row["act_id"]),
        number=row["number"],
        kind=RoundKind(row["kind"]),
        revision=row["revision"],
        revision_hash=row["revision_hash"],
        note=row["note"],
        opened_by=UserId(row["opened_by"]),
        opened_at=row["opened_at"],
        requests=dict(sorted(requests.items(), key=lambda pair: (pair[1].due_at, pair[0]))),
        positions=stated,
        ended=end["reason"] if end else "",
        ended_at=end["at"] if end else 0,
    )


def _request(row: RowMapping) -> Request:
    return Request(BodyCode(row["body"]), row["class"], row["due_at"], bool(row["silent"]), Scope(frozenset(json.loads(row["scope"]))))


def _position(row: RowMapping) -> Position:
    return Position(
        act=ActId(row["act_id"]),
        round=row["round"],
        body=BodyCode(row["body"]),
        outcome=Outcome(row["outcome"]),
        revision_hash=row["revision_hash"],
        note=row["note"],
        signatory=UserId(row["signatory"]),
        deputy_for=row["deputy_for"],
        at=row["at"],
    )


# -- what waits -------------------------------------------------------------------------------------------------------


def list_waiting(connection: Connection, among: Sequence[ActId]) -> list[tuple[ActId, int, RoundKind, Request]]:
    """Requests of open rounds of these acts that have no position yet, the earliest deadline first."""
    r, o = approval_requests, approval_rounds
    same = and_(positions.c.act_id == r.c.act_id, positions.c.round == r.c.round, positions.c.body == r.c.body)
    over = and_(approval_round_ends.c.act_id == r.c.act_id, approval_round_ends.c.round == r.c.round)
    joined: ColumnElement[bool] = and_(o.c.act_id == r.c.act_id, o.c.number == r.c.round)
    query = (
        select(r, o.c.kind)
        .join(o, joined)
        .where(
            r.c.act_id.in_(among),
            ~select(positions.c.act_id).where(same).exists(),
            ~select(approval_round_ends.c.act_id).where(over).exists(),
        )
        .order_by(r.c.due_at, r.c.act_id)
    )
    return [(ActId(row["act_id"]), row["round"], RoundKind(row["kind"]), _request(row)) for row in connection.execute(query).mappings()]


def list_asked(connection: Connection, body: BodyCode, limit: int) -> list[ActId]:
    """Acts about which a body was ever asked."""
    query = select(approval_requests.c.act_id).where(approval_requests.c.body == body).distinct().limit(limit)
    return [ActId(act) for act in connection.execute(query).scalars()]


def list_people_of(connection: Connection, body: BodyCode, among: Sequence[UserId]) -> list[UserId]:
    """Those of these people who belong to a body and may sign in."""
    query = select(users.c.id).where(users.c.id.in_(among), users.c.body == body, users.c.disabled_at.is_(None))
    return [UserId(user) for user in connection.execute(query).scalars()]


def list_sent(connection: Connection, among: Sequence[ActId]) -> set[ActId]:
    """Those of these acts that ever had a round."""
    query = select(approval_rounds.c.act_id).where(approval_rounds.c.act_id.in_(among)).distinct()
    return {ActId(act) for act in connection.execute(query).scalars()}


def next_round(connection: Connection, act: ActId) -> int:
    """The number of the act's next round; the caller holds the act."""
    return (connection.execute(select(func.max(approval_rounds.c.number)).where(approval_rounds.c.act_id == act)).scalar() or 0) + 1
