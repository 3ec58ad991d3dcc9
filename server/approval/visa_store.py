"""The tables of visas and deputies."""

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.approval.model import Deputy, Order, Sheet, Visa, VisaResult
from server.db.tables import deputies, users, visa_sheets, visas
from server.errors import Conflict
from server.ids import ActId, BodyCode, UserId


def insert_sheet(connection: Connection, new: Sheet) -> None:
    """Whom a body asks; the caller holds the act."""
    row: dict[str, object] = {
        "act_id": new.act,
        "revision": new.revision,
        "body": new.body,
        "number": new.number,
        "order": new.order,
        "people": json.dumps(list(new.people)),
        "asked_by": new.asked_by,
        "at": new.at,
    }
    connection.execute(insert(visa_sheets).values(row))


def next_sheet(connection: Connection, act: ActId, revision: int, body: BodyCode) -> int:
    """The number of the body's next sheet on a revision; the caller holds the act."""
    sheets = visa_sheets.c
    query = select(func.max(sheets.number)).where(sheets.act_id == act, sheets.revision == revision, sheets.body == body)
    return (connection.execute(query).scalar() or 0) + 1


def insert_visa(connection: Connection, sheet: Sheet, visa: Visa) -> None:
    """What a person says. Raises Conflict when they have said it."""
    try:
        connection.execute(
            insert(visas).values(
                act_id=sheet.act,
                revision=sheet.revision,
                body=sheet.body,
                sheet=sheet.number,
                user_id=visa.user,
                result=visa.result,
                note=visa.note,
                at=visa.at,
            )
        )
    except IntegrityError as error:
        raise Conflict(uk="Ви вже завізували цю редакцію.", en="You have given your visa on this revision.") from error


def list_sheets(connection: Connection, act: ActId | None = None, among: Sequence[ActId] = ()) -> list[Sheet]:
    """Every sheet of an act, or of these acts, with what was said on it, in the order of asking."""
    given: dict[tuple[str, int, str, int], list[Visa]] = defaultdict(list)
    wanted = [act] if act is not None else list(among)
    for row in connection.execute(select(visas).where(visas.c.act_id.in_(wanted)).order_by(visas.c.at, visas.c.user_id)).mappings():
        visa = Visa(UserId(row["user_id"]), VisaResult(row["result"]), row["note"], row["at"])
        given[row["act_id"], row["revision"], row["body"], row["sheet"]].append(visa)
    query = select(visa_sheets).where(visa_sheets.c.act_id.in_(wanted)).order_by(visa_sheets.c.at, visa_sheets.c.body, visa_sheets.c.number)
    return [_sheet(row, given[row["act_id"], row["revision"], row["body"], row["number"]]) for row in connection.execute(query).mappings()]


def _sheet(row: RowMapping, given: Sequence[Visa]) -> Sheet:
    people = tuple(UserId(user) for user in json.loads(row["people"]))
    return Sheet(
        ActId(row["act_id"]),
        row["revision"],
        BodyCode(row["body"]),
        row["number"],
        Order(row["order"]),
        people,
        UserId(row["asked_by"]),
        row["at"],
        tuple(given),
    )


# -- deputies ---------------------------------------------------------------------------------------------------------


def insert_deputy(connection: Connection, new: Deputy) -> None:
    """Somebody signs for a signatory on these days."""
    connection.execute(
        insert(deputies).values(
            id=new.id,
            body=new.body,
            signatory=new.signatory,
            deputy=new.deputy,
            first_day=new.first_day,
            last_day=new.last_day,
            named_by=new.named_by,
            at=new.at,
        )
    )


def list_deputies(connection: Connection, body: BodyCode) -> list[Deputy]:
    """Every deputy a body has had, the newest first."""
    query = select(deputies).where(deputies.c.body == body).order_by(deputies.c.at.desc(), deputies.c.id.desc())
    return [_deputy(row) for row in connection.execute(query).mappings()]


def revoke_deputy(connection: Connection, body: BodyCode, deputy: str, at: int) -> bool:
    """From now on they sign for nobody; False when there was no such deputy."""
    where = (deputies.c.body == body, deputies.c.id == deputy, deputies.c.revoked_at.is_(None))
    return bool(connection.execute(update(deputies).where(*where).values(revoked_at=at)).rowcount)


def list_signed_for(connection: Connection, deputy: UserId, body: BodyCode, day: str) -> list[UserId]:
    """For whom somebody signs on a day (ISO date): signatories who still are in that body, where the deputy is."""
    query = (
        select(deputies.c.signatory)
        .join(users, users.c.id == deputies.c.signatory)
        .where(
            deputies.c.deputy == deputy,
            deputies.c.body == body,
            users.c.body == body,
            deputies.c.revoked_at.is_(None),
            deputies.c.first_day <= day,
            deputies.c.last_day >= day,
        )
    )
    return [UserId(user) for user in connection.execute(query).scalars()]


def _deputy(row: RowMapping) -> Deputy:
    return Deputy(
        row["id"],
        BodyCode(row["body"]),
        UserId(row["signatory"]),
        UserId(row["deputy"]),
        row["first_day"],
        row["last_day"],
        UserId(row["named_by"]),
        row["at"],
        row["revoked_at"],
    )
