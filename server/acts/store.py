"""The tables of acts, their bodies and members."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Subquery, and_, case, delete, func, insert, or_, select, update

from server.access.actor import Actor
from server.access.roles import GlobalRole, Part, Role
from server.acts.access import releases_today
from server.acts.model import Card, Member, Page, Wanted, fold
from server.db.tables import (
    act_bodies,
    act_members,
    act_releasers,
    acts,
    approval_requests,
    bodies,
    checkpoints,
    journal_rows,
    users,
)
from server.errors import NotFound
from server.ids import ActId, BodyCode, UserId

ROLE_ORDER = tuple(Role)


def insert_act(connection: Connection, card: Card) -> None:
    """A new act with the bodies of its card."""
    connection.execute(
        insert(acts).values(
            id=card.id,
            title=card.title,
            title_folded=fold(card.title),
            kind=card.kind,
            stage=card.stage,
            lead_body=card.lead_body,
            scheme_id=card.scheme_id,
            scheme_hash=card.scheme_hash,
            created_by=card.created_by,
            created_at=card.created_at,
            updated_at=card.active_at,
        )
    )
    for body, part in card.bodies.items():
        set_part(connection, card.id, body, part, card.created_by, card.created_at)


def lock_act(connection: Connection, act: ActId) -> None:
    """Make other changes of this act's card wait. Raises NotFound."""
    if connection.execute(select(acts.c.id).where(acts.c.id == act).with_for_update()).first() is None:
        raise NotFound(f"no act {act}")


def read_card(connection: Connection, act: ActId) -> Card:
    """Raises NotFound."""
    row = connection.execute(_cards().where(acts.c.id == act)).mappings().first()
    if row is None:
        raise NotFound(f"no act {act}")
    return _card(row, _read_parts(connection, [act])[act])


def rename_act(connection: Connection, act: ActId, title: str, at: int) -> None:
    """The act's new title; the text is left as it is."""
    connection.execute(update(acts).where(acts.c.id == act).values(title=title, title_folded=fold(title), updated_at=at))


# -- lists ------------------------------------------------------------------------------------------------------------


def list_cards(connection: Connection, actor: Actor, wanted: Wanted) -> Page:
    """The acts the actor may know of (I12), the last active first."""
    listed = _cards().subquery()
    query = select(listed).where(_may_know(actor, listed.c.id), *_filters(actor, wanted, listed))
    query = query.order_by(listed.c.active_at.desc(), listed.c.id.desc()).limit(wanted.limit + 1)
    rows = connection.execute(query).mappings().all()
    shown = rows[: wanted.limit]
    parts = _read_parts(connection, [ActId(row["id"]) for row in shown])
    cards = [_card(row, parts[ActId(row["id"])]) for row in shown]
    return Page(cards, (cards[-1].active_at, cards[-1].id) if len(rows) > wanted.limit else None)


def _cards() -> Select[tuple[object, ...]]:
    edited = select(journal_rows.c.at).where(journal_rows.c.document == acts.c.id).order_by(journal_rows.c.seq.desc()).limit(1)
    compacted = select(checkpoints.c.at).where(checkpoints.c.document == acts.c.id)
    last_edit = func.coalesce(edited.scalar_subquery(), compacted.scalar_subquery(), acts.c.updated_at)
    return select(acts, case((last_edit > acts.c.updated_at, last_edit), else_=acts.c.updated_at).label("active_at"))


def _may_know(actor: Actor, act_id: ColumnElement[str]) -> ColumnElement[bool]:
    """As `policy.can(actor, SEE_CARD, …)`: the actor's body takes part, and the actor holds a role or administers the body."""
    body_takes_part = select(act_bodies.c.act_id).where(act_bodies.c.act_id == act_id, act_bodies.c.body == actor.body).exists()
    known: ColumnElement[bool] = body_takes_part
    if actor.role is not GlobalRole.BODY_ADMIN or actor.only_act is not None:
        known = and_(body_takes_part, _is_member(actor, act_id))
    return and_(known, act_id == actor.only_act) if actor.only_act is not None else known


def _is_member(actor: Actor, act_id: ColumnElement[str]) -> ColumnElement[bool]:
    return select(act_members.c.act_id).where(act_members.c.act_id == act_id, act_members.c.user_id == actor.id).exists()


def _filters(actor: Actor, wanted: Wanted, listed: Subquery) -> Iterable[ColumnElement[bool]]:
    columns = listed.c
    for word in wanted.words:
        yield columns.title_folded.contains(word, autoescape=True)
    for name, value in (("kind", wanted.kind), ("stage", wanted.stage), ("lead_body", wanted.lead_body)):
        if value:
            yield columns[name] == value
    if wanted.mine:
        yield _is_member(actor, columns.id)
    if wanted.after is not None:
        at, act = wanted.after
        yield or_(columns.active_at < at, and_(columns.active_at == at, columns.id < act))


def _card(row: RowMapping, parts: dict[BodyCode, Part]) -> Card:
    return Card(
        id=ActId(row["id"]),
        title=row["title"],
        kind=row["kind"],
        stage=row["stage"],
        lead_body=BodyCode(row["lead_body"]),
        bodies=parts,
        scheme_id=row["scheme_id"],
        scheme_hash=row["scheme_hash"],
        created_by=UserId(row["created_by"]),
        created_at=row["created_at"],
        active_at=row["active_at"],
    )


# -- who takes part ---------------------------------------------------------------------------------------------------


def _read_parts(connection: Connection, ids: list[ActId]) -> dict[ActId, dict[BodyCode, Part]]:
    found: dict[ActId, dict[BodyCode, Part]] = {act: {} for act in ids}
    query = select(act_bodies.c.act_id, act_bodies.c.body, act_bodies.c.part).where(act_bodies.c.act_id.in_(ids))
    for act, body, part in connection.execute(query.order_by(act_bodies.c.at, act_bodies.c.body)):
        found[ActId(act)][BodyCode(body)] = Part(part)
    return found


def read_members(connection: Connection, act: ActId) -> list[Member]:
    """Everyone with a role, by name; roles in the order of `Role`."""
    query = (
        select(act_members.c.role, users.c.id, users.c.name, users.c.position, users.c.body, users.c.disabled_at)
        .join(users, users.c.id == act_members.c.user_id)
        .where(act_members.c.act_id == act)
    )
    releasers = _releasers(connection, act)
    rows = connection.execute(query.order_by(users.c.name, users.c.id)).mappings().all()
    roles: dict[str, list[Role]] = defaultdict(list)
    for row in rows:
        roles[row["id"]].append(Role(row["role"]))
    people = {row["id"]: row for row in rows}
    return [
        Member(
            UserId(user),
            row["name"],
            row["position"],
            BodyCode(row["body"]),
            row["disabled_at"] is not None,
            tuple(sorted(roles[user], key=ROLE_ORDER.index)),
            user in releasers,
        )
        for user, row in people.items()
    ]


def find_person(connection: Connection, user: UserId) -> tuple[BodyCode, bool] | None:
    """A person's body, and whether they can sign in."""
    row = connection.execute(select(users.c.body, users.c.disabled_at).where(users.c.id == user)).first()
    return None if row is None else (BodyCode(row.body), row.disabled_at is None)


def is_active_body(connection: Connection, body: BodyCode) -> bool:
    """Whether there is such a body today."""
    return connection.execute(select(bodies.c.code).where(bodies.c.code == body, bodies.c.active)).first() is not None


def set_part(connection: Connection, act: ActId, body: BodyCode, part: Part, by: UserId, at: int) -> None:  # noqa: PLR0913 - a row
    """The part a body takes from now on."""
    where = and_(act_bodies.c.act_id == act, act_bodies.c.body == body)
    if not connection.execute(update(act_bodies).where(where).values(part=part)).rowcount:
        connection.execute(insert(act_bodies).values(act_id=act, body=body, part=part, added_by=by, at=at))


def remove_body(connection: Connection, act: ActId, body: BodyCode) -> None:
    """The body takes no part any more, and its people hold no roles."""
    its_people = select(users.c.id).where(users.c.body == body)
    connection.execute(delete(act_members).where(act_members.c.act_id == act, act_members.c.user_id.in_(its_people)))
    connection.execute(delete(act_releasers).where(act_releasers.c.act_id == act, act_releasers.c.user_id.in_(its_people)))
    connection.execute(delete(act_bodies).where(act_bodies.c.act_id == act, act_bodies.c.body == body))


def was_asked(connection: Connection, act: ActId, body: BodyCode) -> bool:
    """Whether the body has been asked for its position on the act, in any round."""
    asked = approval_requests.c
    return connection.execute(select(asked.body).where(asked.act_id == act, asked.body == body).limit(1)).first() is not None


def set_roles(connection: Connection, act: ActId, user: UserId, roles: frozenset[Role], by: UserId, at: int) -> None:  # noqa: PLR0913 - a row
    """The person's roles from now on; none removes the member. Roles that stay keep who granted them, and when."""
    held = set(connection.execute(select(act_members.c.role).where(act_members.c.act_id == act, act_members.c.user_id == user)).scalars())
    gone = [role for role in held if Role(role) not in roles]
    connection.execute(delete(act_members).where(act_members.c.act_id == act, act_members.c.user_id == user, act_members.c.role.in_(gone)))
    new = [role for role in ROLE_ORDER if role in roles and role.value not in held]
    if new:
        connection.execute(
            insert(act_members), [{"act_id": act, "user_id": user, "role": role.value, "granted_by": by, "at": at} for role in new]
        )


def set_releaser(connection: Connection, act: ActId, user: UserId, body: BodyCode, by: UserId, at: int) -> None:  # noqa: PLR0913 - a row
    """The person speaks for this body, which is theirs, from now on."""
    remove_releaser(connection, act, user)
    connection.execute(insert(act_releasers).values(act_id=act, user_id=user, body=body, named_by=by, at=at))


def remove_releaser(connection: Connection, act: ActId, user: UserId) -> None:
    """The person speaks for their body no more."""
    connection.execute(delete(act_releasers).where(act_releasers.c.act_id == act, act_releasers.c.user_id == user))


def _releasers(connection: Connection, act: ActId) -> set[UserId]:
    """Who was named to speak for the body they are in today."""
    found = connection.execute(select(act_releasers.c.user_id).where(act_releasers.c.act_id == act, releases_today()))
    return set(found.scalars())
