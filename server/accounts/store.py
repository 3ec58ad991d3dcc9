"""Bodies and people in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.access.roles import GlobalRole
from server.accounts.model import Body, Person
from server.db.tables import act_members, bodies, users
from server.events.store import record
from server.ids import ActId, BodyCode, UserId
from server.journal.store import roles_changed_in

_PEOPLE = select(users).where(users.c.id.in_(bindparam("ids", expanding=True)))
"""Asked for everybody who opens an act; built once, so that SQLAlchemy has it compiled."""


def seed_bodies(connection: Connection, seeded: Sequence[Body]) -> int:
    """Add the bodies that are missing and leave the others as an administrator made them. Says how many were added."""
    present = set(connection.execute(select(bodies.c.code)).scalars())
    missing = [asdict(body) for body in seeded if body.code not in present]
    if not missing:
        return 0
    return connection.execute(_insert_new(connection, bodies).values(missing)).rowcount


def _insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that leaves out the rows that are there, those of a process that starts at the same time too."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def list_bodies(connection: Connection) -> list[Body]:
    """Every body in the order of codes."""
    return [_body(row) for row in connection.execute(select(bodies).order_by(bodies.c.code)).mappings()]


def find_body(connection: Connection, code: str) -> Body | None:
    row = connection.execute(select(bodies).where(bodies.c.code == code)).mappings().one_or_none()
    return None if row is None else _body(row)


def find_person(connection: Connection, *, user: str = "", email: str = "", lock: bool = False) -> Person | None:
    """By id or by e-mail (lower case)."""
    query = select(users).where(users.c.email == email if email else users.c.id == user)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else _person(row)


def find_people(connection: Connection, ids: Sequence[UserId]) -> dict[UserId, Person]:
    """By id; those that do not exist are left out."""
    rows = connection.execute(_PEOPLE, {"ids": ids}).mappings()
    return {person.id: person for person in map(_person, rows)}


def search_people(connection: Connection, text: str, *, body: str = "", disabled: bool = False, limit: int = 20) -> list[Person]:
    """People whose name, position or e-mail holds every word of `text`, in any case; ordered by name.

    SQLite's own `lower` knows Latin letters only, so the words are compared here: thousands of people, not millions.
    """
    query = select(users).order_by(users.c.name, users.c.id)
    if body:
        query = query.where(users.c.body == body)
    if not disabled:
        query = query.where(users.c.disabled_at.is_(None))
    words = fold(text).split()
    found: list[Person] = []
    for row in connection.execute(query).mappings():
        if all(word in fold(f"{row['name']} {row['position']} {row['email']}") for word in words):
            found.append(_person(row))
            if len(found) == limit:
                break
    return found


def fold(text: str) -> str:
    """For comparing: no case, one kind of apostrophe."""
    return text.casefold().replace("\u2019", "'").replace("\u02bc", "'")


def add_person(connection: Connection, person: Person, password_hash: str, at: int) -> None:
    """Raises sqlalchemy's IntegrityError when the e-mail or the id is taken."""
    connection.execute(
        insert(users).values(
            id=person.id,
            email=person.email,
            name=person.name,
            position=person.position,
            body=person.body,
            role=person.role.value,
            password_hash=password_hash,
            must_change_password=person.must_change_password,
            demo=person.demo,
            locale=person.locale,
            disabled_at=person.disabled_at,
            created_at=at,
        )
    )


def change_person(connection: Connection, user: UserId, values: Mapping[str, object]) -> None:
    """Set columns of one person."""
    if values:
        connection.execute(update(users).where(users.c.id == user).values(**values))


def count_active_admins(connection: Connection) -> int:
    query = (
        select(func.count())
        .select_from(users)
        .where(users.c.role == GlobalRole.ADMIN.value, users.c.disabled_at.is_(None), users.c.demo.is_(False))
    )
    return connection.execute(query).scalar_one()


def list_acts_of(connection: Connection, user: UserId) -> list[ActId]:
    """The acts on which somebody has a role, in the order in which locks are taken."""
    query = select(act_members.c.act_id).where(act_members.c.user_id == user).distinct().order_by(act_members.c.act_id)
    return [ActId(act) for act in connection.execute(query).scalars()]


def end_roles(connection: Connection, user: UserId, by: UserId, at: int) -> list[ActId]:
    """Take every role on acts that the old body gave; each act's own chain tells of it. Returns the acts."""
    acts = list_acts_of(connection, user)
    for act in acts:
        connection.execute(delete(act_members).where(act_members.c.act_id == act, act_members.c.user_id == user))
        record(connection, act, by, "member.left_body", {"user": user}, at)
        roles_changed_in(connection, act)
    return acts


def fence_off(connection: Connection, user: UserId) -> list[ActId]:
    """Move the fences of the person's acts (D8a): no node appends anything under the rights they had. Returns the acts."""
    acts = list_acts_of(connection, user)
    for act in acts:
        roles_changed_in(connection, act)
    return acts


def _body(row: RowMapping) -> Body:
    return Body(**{**row, "code": BodyCode(row["code"])})


def _person(row: RowMapping) -> Person:
    return Person(
        id=UserId(row["id"]),
        email=row["email"],
        name=row["name"],
        position=row["position"],
        body=BodyCode(row["body"]),
        role=GlobalRole(row["role"]),
        locale=row["locale"],
        demo=row["demo"],
        must_change_password=row["must_change_password"],
        disabled_at=row["disabled_at"],
    )
