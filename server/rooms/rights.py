"""What a person may do in a document now: their present account, the act's members and bodies, and the one policy."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from server.access.actor import ActAccess, Actor
from server.access.policy import scope_of
from server.access.roles import Scope
from server.accounts.model import Body, Person
from server.db.together import Together
from server.errors import NotFound, NotSignedIn
from server.ids import ActId, BodyCode, DocumentId, UserId, act_of
from server.rooms.connection import Grant


class People(Protocol):
    """Accounts and bodies; `accounts/service.py` is the real one."""

    async def people(self, users: Sequence[UserId]) -> Mapping[UserId, Person]:
        """Several people at once; those that do not exist are left out."""
        ...

    async def bodies(self) -> Sequence[Body]:
        """Every body."""
        ...


class Rights:
    """Fulfils the registry's Authorize: reads everything anew, so that a moved or disabled person is seen as they are."""

    def __init__(self, read_accesses: Callable[[Sequence[ActId]], Awaitable[Mapping[ActId, ActAccess]]], people: People) -> None:
        self._accesses = Together(read_accesses)
        self._persons = Together(people.people)
        self._people = people
        self._bodies: dict[BodyCode, Body] = {}

    async def __call__(self, actor: Actor, document: DocumentId) -> Grant:
        """Raises NotFound where the person may not even read, NotSignedIn when they are disabled."""
        act = act_of(document)
        access = await self._accesses.find(act)
        if access is None:
            raise NotFound(f"no act {act}")
        person = await self._persons.find(actor.id)
        if person is None:
            raise NotFound
        if person.disabled_at is not None:
            raise NotSignedIn
        actor = replace(actor, name=person.name, body=person.body, role=person.role)
        scope = scope_of(actor, access)
        if scope is Scope.NONE:
            raise NotFound
        body = await self._body(person.body)
        return Grant(actor, scope, body.short_uk if body else person.body, body.hue if body else 0)

    async def _body(self, code: BodyCode) -> Body | None:
        """Bodies change once in years: they are read again only for one not seen before."""
        if code not in self._bodies:
            self._bodies = {body.code: body for body in await self._people.bodies()}
        return self._bodies.get(code)
