"""What administrators do with people, and what people do with their own account."""

import difflib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from server.access.actor import Actor
from server.access.change import AccessChange
from server.access.policy import Action, can, require
from server.access.roles import GlobalRole
from server.accounts import store
from server.accounts.model import Body, NewPerson, Person, PersonChange
from server.auth.passwords import Passwords, require_strong, temporary_password
from server.auth.service import OnAccessChanged, normal_email
from server.auth.store import revoke_sessions, revoke_tokens, set_password
from server.clock import Clock
from server.db.engine import Database
from server.errors import Conflict, Forbidden, InvalidInput, NotFound
from server.events.store import SYSTEM, Value, record
from server.http.fields import clean_line
from server.ids import BodyCode, NewId, UserId

SYSTEM_USER = UserId("system")
"""Who acts when the command line or the start-up does."""


def seed_list() -> list[Body]:
    """The bodies that come with the program (`bodies.json`)."""
    rows = json.loads((Path(__file__).parent / "bodies.json").read_bytes())
    return [Body(**{**row, "code": BodyCode(row["code"])}) for row in rows]


class AccountService:
    """The verbs. An administrator of a body has them for its people only, and gives no global roles."""

    def __init__(
        self, database: Database, passwords: Passwords, clock: Clock, new_id: NewId, *, on_access_changed: OnAccessChanged
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock
        self._new_id = new_id
        self._changed = on_access_changed

    async def bodies(self) -> list[Body]:
        return await self._database.read(store.list_bodies)

    async def person(self, user: UserId) -> Person:
        """Raises NotFound."""
        person = await self._database.read(lambda connection: store.find_person(connection, user=user))
        if person is None:
            raise NotFound
        return person

    async def people(self, users: Sequence[UserId]) -> dict[UserId, Person]:
        """Several people at once; those that do not exist are left out."""
        return await self._database.read(lambda connection: store.find_people(connection, users))

    async def search(self, text: str, *, body: str = "", limit: int = 20) -> list[Person]:
        """People who can be invited: whose name, position or e-mail holds every word."""
        return await self._database.read(lambda connection: store.search_people(connection, text, body=body, limit=limit))

    async def administered(self, actor: Actor, text: str, *, body: str = "", limit: int = 200) -> list[Person]:
        """The people this administrator looks after, disabled ones too. Raises Forbidden."""
        require(actor, Action.ADMINISTER_BODY)
        wanted = body if can(actor, Action.ADMINISTER) else actor.body
        return await self._database.read(partial(store.search_people, text=text, body=wanted, disabled=True, limit=limit))

    async def create(self, new: NewPerson, by: Actor | None = None) -> Person:
        """A new account; `by` None is the command line. Raises Forbidden, InvalidInput, Conflict (e-mail taken)."""
        if by is not None:
            self._require_over(by, new.body)
            self._require_role_right(by, new.role)
        person = Person(
            id=UserId(self._new_id()),
            email=normal_email(new.email),
            name=_fitting("name", new.name),
            position=_fitting("position", new.position) if new.position.strip() else "",
            body=new.body,
            role=new.role,
            locale="uk",
            demo=new.demo,
            must_change_password=new.temporary,
            disabled_at=None,
        )
        if not new.demo and not new.temporary:
            require_strong(new.password, person.email, person.name)
        hashed = await self._passwords.make_hash(new.password) if new.password else ""
        now, author = self._clock(), by.id if by else SYSTEM_USER

        def add(connection: Connection) -> None:
            _require_body(connection, person.body)
            store.add_person(connection, person, hashed, now)
            record(connection, SYSTEM, author, "user.created", {"user": person.id, "body": person.body, "role": person.role.value}, now)

        try:
            await self._database.write(add)
        except IntegrityError:
            reason = ("Обліковий запис із цією поштою вже є.", "There is an account with this e-mail already.")
            raise Conflict(uk=reason[0], en=reason[1], fields={"email": reason}) from None
        return person

    async def change(self, actor: Actor, user: UserId, change: PersonChange) -> Person:
        """Rename, move to another body, give a global role, disable or enable.

        A move ends the roles on acts that the old body gave. Raises Forbidden, NotFound, InvalidInput, Conflict.
        """
        now = self._clock()

        def apply(connection: Connection, change: PersonChange = change) -> tuple[Person, bool]:
            before = _require_person(connection, user)
            self._require_may_change(actor, before, change)
            moved = change.body is not None and change.body != before.body
            if moved and before.role is GlobalRole.BODY_ADMIN and change.role is None:
                change = replace(change, role=GlobalRole.NONE)  # the old body's people are no longer theirs
            values = _values(change, now)
            if change.body is not None and moved:
                _require_body(connection, change.body)
                store.end_roles(connection, user, actor.id, now)
            elif change.disabled and before.disabled_at is None:
                store.fence_off(connection, user)
            store.change_person(connection, user, values)
            if change.disabled:
                revoke_sessions(connection, user, now)
                revoke_tokens(connection, user, now)
            if store.count_active_admins(connection) == 0 and before.role is GlobalRole.ADMIN and not before.demo:
                raise Conflict(uk="Має лишитися хоча б один адміністратор.", en="At least one administrator must remain.")
            return _require_person(connection, user), _record_change(connection, actor.id, before, change, now)

        person, rights_moved = await self._database.write(apply)
        if rights_moved:
            self._changed(AccessChange(user=user))
        return person

    async def reset_password(self, actor: Actor, user: UserId) -> str:
        """A temporary password, shown once; every session and token of the person ends. Raises Forbidden, NotFound."""
        now, temporary = self._clock(), temporary_password()
        before = await self.person(user)
        self._require_may_change(actor, before, PersonChange())
        if before.demo:
            raise Forbidden(uk="Демонстраційний запис не має пароля.", en="A demo account has no password.")
        hashed = await self._passwords.make_hash(temporary)

        def reset(connection: Connection) -> None:
            self._require_may_change(actor, _require_person(connection, user), PersonChange())
            set_password(connection, user, hashed, temporary=True)
            revoke_sessions(connection, user, now)
            revoke_tokens(connection, user, now)
            record(connection, SYSTEM, actor.id, "user.password_reset", {"user": user}, now)

        await self._database.write(reset)
        self._changed(AccessChange(user=user))
        return temporary

    async def set_locale(self, actor: Actor, locale: str) -> None:
        """The language of the person's own pages and mail."""
        await self._database.write(lambda connection: store.change_person(connection, actor.id, {"locale": locale}))

    async def seed(self, demo: Sequence[NewPerson] = ()) -> None:
        """Add the bodies and the demo people that are missing. Safe to repeat, and for several processes at once."""
        await self._database.write(lambda connection: store.seed_bodies(connection, seed_list()))
        for person in demo:
            known = await self._database.read(partial(store.find_person, email=person.email))
            if known is None:
                with suppress(Conflict):  # another process that starts was first
                    await self.create(person)

    async def find_by_email(self, email: str) -> Person | None:
        return await self._database.read(partial(store.find_person, email=normal_email(email)))

    def _require_may_change(self, actor: Actor, person: Person, change: PersonChange) -> None:
        self._require_over(actor, person.body)
        if can(actor, Action.ADMINISTER):
            return
        if person.role is not GlobalRole.NONE and person.id != actor.id:
            raise Forbidden(uk="Це може лише адміністратор системи.", en="Only an administrator of the system can do this.")
        if change.role is not None and change.role is not person.role:
            self._require_role_right(actor, change.role)
        if change.body is not None and change.body != actor.body:
            raise Forbidden(
                uk="Перевести до іншого органу може адміністратор системи.",
                en="Only an administrator of the system can move people to another body.",
            )

    def _require_over(self, actor: Actor, body: BodyCode) -> None:
        require(actor, Action.ADMINISTER_BODY)
        if not can(actor, Action.ADMINISTER) and body != actor.body:
            raise NotFound

    def _require_role_right(self, actor: Actor, role: GlobalRole) -> None:
        if role is not GlobalRole.NONE and not can(actor, Action.ADMINISTER):
            raise Forbidden(uk="Загальні ролі надає адміністратор системи.", en="Global roles are given by an administrator of the system.")


def _values(change: PersonChange, now: int) -> dict[str, object]:
    values: dict[str, object] = {}
    if change.name is not None:
        values["name"] = _fitting("name", change.name)
    if change.position is not None:
        values["position"] = _fitting("position", change.position) if change.position.strip() else ""
    if change.body is not None:
        values["body"] = change.body
    if change.role is not None:
        values["role"] = change.role.value
    if change.disabled is not None:
        values["disabled_at"] = now if change.disabled else None
    return values


def _record_change(connection: Connection, by: UserId, before: Person, change: PersonChange, now: int) -> bool:
    """One event per kind of change, without names (D17). Says whether rights have moved."""
    found: list[tuple[str, dict[str, Value]]] = []
    if change.body is not None and change.body != before.body:
        found.append(("user.moved", {"from": before.body, "to": change.body}))
    if change.role is not None and change.role is not before.role:
        found.append(("user.role_changed", {"from": before.role.value, "to": change.role.value}))
    if change.disabled is not None and change.disabled != (before.disabled_at is not None):
        found.append(("user.disabled" if change.disabled else "user.enabled", {}))
    if (change.name or before.name) != before.name or (change.position is not None and change.position != before.position):
        record(connection, SYSTEM, by, "user.described", {"user": before.id}, now)
    for kind, payload in found:
        record(connection, SYSTEM, by, kind, {"user": before.id, **payload}, now)
    return bool(found)


def _fitting(field: str, text: str) -> str:
    """A line of at most 200 characters. Raises InvalidInput that names the field."""
    try:
        line = clean_line(text)
    except InvalidInput as refused:
        reason = (refused.sentence("uk"), refused.sentence("en"))
        raise InvalidInput(uk=reason[0], en=reason[1], fields={field: reason}) from None
    if len(line) > 200:
        raise InvalidInput(fields={field: ("Задовго.", "This is too long.")})
    return line


def _require_person(connection: Connection, user: UserId) -> Person:
    person = store.find_person(connection, user=user, lock=True)
    if person is None:
        raise NotFound
    return person


def _require_body(connection: Connection, code: BodyCode) -> None:
    """Raises InvalidInput for an unknown body, with the nearest codes, and for one that is no more."""
    body = store.find_body(connection, code)
    if body is None:
        near = difflib.get_close_matches(code, [each.code for each in store.list_bodies(connection)], n=3)
        hint = (f" Можливо: {', '.join(near)}.", f" Did you mean {' or '.join(near)}?") if near else ("", "")
        reason = (f"Немає органу з кодом {code!r}.{hint[0]}", f"There is no body with the code {code!r}.{hint[1]}")
    elif not body.active:
        reason = (f"Орган {body.short_uk} реорганізовано.", f"The body {body.short_en} has been reorganised.")
    else:
        return
    raise InvalidInput(uk=reason[0], en=reason[1], fields={"body": reason})
