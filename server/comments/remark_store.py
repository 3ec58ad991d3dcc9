"""The tables of formal remarks and their answers: rows are added, never changed, never removed."""

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, insert, select

from server.comments.model import Answer, Remark, Result
from server.db.tables import remark_answers, remarks
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.suggestions.store import write_change


def next_number(connection: Connection, act: ActId) -> int:
    """The number of the act's next remark; the caller holds the act."""
    return (connection.execute(select(func.max(remarks.c.number)).where(remarks.c.act_id == act)).scalar() or 0) + 1


def insert_remark(connection: Connection, remark: Remark) -> None:
    """A remark that is sent now."""
    connection.execute(
        insert(remarks).values(
            act_id=remark.act,
            id=remark.id,
            number=remark.number,
            document=remark.document,
            bid=remark.bid,
            suggestion_id=remark.suggestion or None,
            comment_id=remark.comment or None,
            change=None if remark.change is None else write_change(remark.change),
            text=remark.text,
            proposed=remark.proposed,
            author=remark.author,
            body=remark.body,
            at=remark.at,
        )
    )


def insert_answer(connection: Connection, remark: Remark, answer: Answer) -> None:
    """One more answer; it holds from now on."""
    connection.execute(
        insert(remark_answers).values(
            act_id=remark.act,
            remark_id=remark.id,
            number=len(remark.answers) + 1,
            result=answer.result,
            reason=answer.reason,
            who=answer.who,
            body=answer.body,
            at=answer.at,
        )
    )


def find(connection: Connection, act: ActId, remark: str) -> Remark | None:
    """One remark with its answers."""
    row = connection.execute(select(remarks).where(remarks.c.act_id == act, remarks.c.id == remark)).mappings().first()
    return None if row is None else _with_answers(connection, act, [row])[0]


def list_all(connection: Connection, act: ActId) -> list[Remark]:
    """Every remark of an act, by number."""
    rows = connection.execute(select(remarks).where(remarks.c.act_id == act).order_by(remarks.c.number)).mappings().all()
    return _with_answers(connection, act, rows)


def _with_answers(connection: Connection, act: ActId, rows: Sequence[RowMapping]) -> list[Remark]:
    query = select(remark_answers).where(remark_answers.c.act_id == act, remark_answers.c.remark_id.in_([row["id"] for row in rows]))
    answers: dict[str, list[Answer]] = defaultdict(list)
    for row in connection.execute(query.order_by(remark_answers.c.number)).mappings():
        answer = Answer(Result(row["result"]), row["reason"], UserId(row["who"]), BodyCode(row["body"]), row["at"])
        answers[row["remark_id"]].append(answer)
    return [_remark(row, answers[row["id"]]) for row in rows]


def _remark(row: RowMapping, answers: Sequence[Answer]) -> Remark:
    return Remark(
        act=ActId(row["act_id"]),
        id=row["id"],
        number=row["number"],
        document=DocumentId(row["document"]),
        bid=row["bid"],
        suggestion=row["suggestion_id"] or "",
        comment=row["comment_id"] or "",
        change=None if row["change"] is None else json.loads(row["change"]),
        text=row["text"],
        proposed=row["proposed"],
        author=UserId(row["author"]),
        body=BodyCode(row["body"]),
        at=row["at"],
        answers=tuple(answers),
    )
