"""Who takes part in an act: bodies and people, by the rules of D13. A change moves the fence of every document (D8a)."""

from collections.abc import Callable

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.change import AccessChange
from server.access.policy import Action, can, may_grant, may_name_releaser, part_of, require, roles_of
from server.access.roles import Part, Role
from server.acts import store
from server.acts.access import read_access
from server.acts.model import part_for
from server.clock import Clock
from server.db.engine import Database
from server.errors import Conflict, Forbidden, InvalidInput, NotFound
from server.events.store import record
from server.ids import ActId, BodyCode, UserId
from server.journal.store import roles_changed_in

OnAccessChanged = Callable[[AccessChange], None]


class ParticipantService:
    """The verbs on members and bodies. `on_access_changed` is called after the commit, for open connections."""

    def __init__(self, database: Database, clock: Clock, *, on_access_changed: OnAccessChanged) -> None:
        self._database = database
        self._clock = clock
        self._changed = on_access_changed

    async def add_role(self, actor: Actor, act: ActId, user: UserId, role: Role) -> None:
        """One more role for a person. Raises NotFound, Forbidden, InvalidInput."""
        await self._change_roles(actor, act, user, lambda held: held | {role})

    async def set_roles(self, actor: Actor, act: ActId, user: UserId, roles: frozenset[Role]) -> None:
        """Exactly these roles. Raises NotFound, Forbidden, InvalidInput, Conflict when no lead would be left."""
        if not roles:
            raise InvalidInput(fields={"roles": ("Оберіть принаймні одну роль.", "Choose at least one role.")})
        await self._change_roles(actor, act, user, lambda held: roles)

    async def remove_member(self, actor: Actor, act: ActId, user: UserId) -> None:
        """No roles any more; everyone may leave by themselves. Raises NotFound, Forbidden, Conflict when no lead would be left."""
        await self._change_roles(actor, act, user, lambda held: frozenset(), removing=True)

    async def name_releaser(self, actor: Actor, act: ActId, user: UserId, *, releases: bool) -> None:
        """Whether a member speaks for their body in this act: the body's administrator says so. Raises NotFound, Forbidden."""
        at = self._clock()

        def write(connection: Connection) -> bool:
            store.lock_act(connection, act)
            access = read_access(connection, act)
            require(actor, Action.SEE_CARD, access)
            person = store.find_person(connection, user)
            if person is None or user not in access.members:
                raise NotFound(f"{user} is no member of {act}")
            if not may_name_releaser(actor, access, person[0]):
                raise Forbidden(
                    uk="Хто говорить від імені органу, визначає його адміністратор.",
                    en="Who speaks for a body is for its administrator to say.",
                )
            if releases == (user in access.releasers):
                return False
            if releases:
                store.set_releaser(connection, act, user, person[0], actor.id, at)
            else:
                store.remove_releaser(connection, act, user)
            record(connection, act, actor.id, "act.releaser_named" if releases else "act.releaser_removed", {"user": user}, at)
            return True

        if await self._database.write(write):
            self._changed(AccessChange(act=act, user=user))

    async def set_body(self, actor: Actor, act: ActId, body: BodyCode, part: Part) -> None:
        """The part a body takes. Raises NotFound, Forbidden, InvalidInput; Conflict for the lead body, which stays."""
        at = self._clock()

        def write(connection: Connection) -> bool:
            access = self._invite(connection, actor, act, body)
            if part is Part.LEAD:
                raise InvalidInput(fields={"part": ("Головний розробник уже є.", "There is a lead body already.")})
            if not store.is_active_body(connection, body):
                raise InvalidInput(fields={"code": ("Такого органу немає.", "There is no such body.")})
            old = part_of(body, access)
            if old is part:
                return False
            if part is Part.READER:
                _check_not_asked(connection, act, body)
            store.set_part(connection, act, body, part, actor.id, at)
            roles_changed_in(connection, act)
            record(connection, act, actor.id, "act.body_set", {"body": body, "from": old, "part": part}, at)
            return True

        if await self._database.write(write):
            self._changed(AccessChange(act=act))

    async def remove_body(self, actor: Actor, act: ActId, body: BodyCode) -> None:
        """The body and its people take no part any more.

        Raises NotFound, Forbidden; Conflict for the lead body, and for one that was asked for its position.
        """
        at = self._clock()

        def write(connection: Connection) -> None:
            access = self._invite(connection, actor, act, body)
            if part_of(body, access) is None:
                raise NotFound(f"{body} takes no part in {act}")
            _check_not_asked(connection, act, body)
            store.remove_body(connection, act, body)
            roles_changed_in(connection, act)
            record(connection, act, actor.id, "act.body_removed", {"body": body}, at)

        await self._database.write(write)
        self._changed(AccessChange(act=act))

    def _invite(self, connection: Connection, actor: Actor, act: ActId, body: BodyCode) -> ActAccess:
        """The act, when the actor may change the part of this body."""
        store.lock_act(connection, act)
        access = read_access(connection, act)
        require(actor, Action.INVITE, access)
        if body == access.lead_body:
            raise Conflict(uk="Головний розробник акта не змінюється.", en="The lead body of an act does not change.")
        return access

    async def _change_roles(
        self, actor: Actor, act: ActId, user: UserId, change: Callable[[frozenset[Role]], frozenset[Role]], *, removing: bool = False
    ) -> None:
        at = self._clock()

        def write(connection: Connection) -> AccessChange | None:
            store.lock_act(connection, act)
            access = read_access(connection, act)
            if not can(actor, Action.SEE_CARD, access):
                raise NotFound
            held = access.members.get(user, frozenset())
            wanted = change(held)
            if removing and not held:
                raise NotFound(f"{user} is no member of {act}")
            if wanted == held:
                return None
            body = _body_of(connection, user, leaving=removing)
            _check(actor, access, user, body, held, wanted)
            part = _part_after(actor, access, body, wanted)
            if part is not None:
                store.set_part(connection, act, body, part, actor.id, at)
            store.set_roles(connection, act, user, wanted, actor.id, at)
            told = {"user": user, "body": body, "from": _names(held), "to": _names(wanted), "part": part}
            roles_changed_in(connection, act)
            record(connection, act, actor.id, "act.roles_set", told, at)
            return AccessChange(act=act, user=None if part is not None else user)

        changed = await self._database.write(write)
        if changed is not None:
            self._changed(changed)


def _check(actor: Actor, access: ActAccess, user: UserId, body: BodyCode, held: frozenset[Role], wanted: frozenset[Role]) -> None:  # noqa: PLR0913
    """Raises Forbidden when the actor may not make this change, Conflict when it would leave the act without a lead."""
    leaving = user == actor.id and not wanted
    if not leaving:
        for role in held ^ wanted:
            if not may_grant(actor, access, role, body):
                raise Forbidden(
                    uk="Цю роль надає головний розробник або адміністратор органу людини.",
                    en="This role is for the lead body or the administrator of the person's body to give.",
                )
    leads = {member for member, roles in access.members.items() if Role.LEAD in roles}
    if Role.LEAD in held - wanted and leads == {user}:
        raise Conflict(uk="Спершу призначте іншого головного розробника.", en="Name another lead first.")


def _part_after(actor: Actor, access: ActAccess, body: BodyCode, wanted: frozenset[Role]) -> Part | None:
    """The new part of the person's body when a lead's grant changes it (D13); a body's own administrator never changes it."""
    if Role.LEAD not in roles_of(actor, access) or not wanted:
        return None
    before = after = part_of(body, access)
    for role in wanted:
        after = part_for(role, after)
    return None if after is before else after


def _body_of(connection: Connection, user: UserId, *, leaving: bool) -> BodyCode:
    person = store.find_person(connection, user)
    if person is None or not (person[1] or leaving):
        raise InvalidInput(fields={"user": ("Такої людини немає.", "There is no such person.")})
    return person[0]


def _names(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _check_not_asked(connection: Connection, act: ActId, body: BodyCode) -> None:
    """Nobody can be shut out and then counted as agreed by silence. Raises Conflict."""
    if store.was_asked(connection, act, body):
        raise Conflict(
            uk="Цей орган запитано в раунді погодження: його участь уже не можна забрати.",
            en="This body was asked in an approval round: its part cannot be taken away any more.",
        )
