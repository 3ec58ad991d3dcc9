"""What the policy needs to know of acts, as it is stored now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, literal_column, select, union_all

from server.access.actor import ActAccess
from server.access.roles import Part, Role
from server.db.prepared import Prepared, among
from server.db.tables import act_bodies, act_members, act_releasers, acts, documents, users
from server.errors import NotFound
from server.ids import ActId, BodyCode, UserId

_NOTHING: ColumnElement[str] = literal_column("''")


def read_access(connection: Connection, act: ActId) -> ActAccess:
    """What the policy needs. Raises NotFound."""
    found = read_accesses(connection, [act]).get(act)
    if found is None:
        raise NotFound(f"no act {act}")
    return found


def read_accesses(connection: Connection, ids: Sequence[ActId], of: Sequence[UserId] | None = None) -> dict[ActId, ActAccess]:
    """What the policy needs of several acts, in one query; those that do not exist are left out. `of`: to judge these people only."""
    if of is None:
        rows = _ACCESSES.rows(connection, {"acts": list(ids)})
    else:
        rows = _ACCESSES_OF.rows(connection, {"acts": list(ids), "people": list(of)})
    leads: dict[ActId, BodyCode] = {}
    parts: dict[ActId, dict[BodyCode, Part]] = defaultdict(dict)
    roles: dict[ActId, dict[UserId, set[Role]]] = defaultdict(lambda: defaultdict(set))
    releasers: dict[ActId, set[UserId]] = defaultdict(set)
    sealed: set[ActId] = set()
    for about, act, key, value in rows:
        match about:
            case "lead":
                leads[act] = BodyCode(key)
            case "part":
                parts[act][BodyCode(key)] = Part(value)
            case "role":
                roles[act][UserId(key)].add(Role(value))
            case "releaser":
                releasers[act].add(UserId(key))
            case _:
                sealed.add(act)
    return {
        act: ActAccess(
            act, lead, parts[act], {user: frozenset(held) for user, held in roles[act].items()}, act in sealed, frozenset(releasers[act])
        )
        for act, lead in leads.items()
    }


def releases_today() -> ColumnElement[bool]:
    """Whoever was named spoke for the body they were in then: they must be in it still."""
    return select(users.c.id).where(users.c.id == act_releasers.c.user_id, users.c.body == act_releasers.c.body).exists()


def _accesses(*, of: bool) -> Prepared:
    """Rows of what they are about, act, key and value; with `of`, only roles and rights of `people`."""

    def rows(about: str, act: Column[str], key: ColumnElement[str], value: ColumnElement[str] = _NOTHING) -> Select[Any]:  # Any: texts
        columns: list[ColumnElement[Any]] = [literal_column(f"'{about}'"), act, key, value]
        return select(*columns).where(among(act, "acts"))

    roles = rows("role", act_members.c.act_id, act_members.c.user_id, act_members.c.role)
    releasers = rows("releaser", act_releasers.c.act_id, act_releasers.c.user_id).where(releases_today())
    if of:
        roles = roles.where(among(act_members.c.user_id, "people"))
        releasers = releasers.where(among(act_releasers.c.user_id, "people"))
    return Prepared(
        union_all(
            rows("lead", acts.c.id, acts.c.lead_body),
            rows("part", act_bodies.c.act_id, act_bodies.c.body, act_bodies.c.part),
            rows("sealed", documents.c.act_id, _NOTHING).where(documents.c.sealed),
            roles,
            releasers,
        )
    )


_ACCESSES, _ACCESSES_OF = _accesses(of=False), _accesses(of=True)
