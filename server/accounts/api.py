"""Routes of bodies and people."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from server.access.policy import SYSTEM_ACTIONS, Action, can
from server.access.roles import GlobalRole
from server.accounts import demo
from server.accounts.model import Body, NewPerson, Person, PersonChange
from server.accounts.service import AccountService
from server.auth.authenticator import Authenticator
from server.auth.model import origin_of
from server.auth.passwords import temporary_password
from server.errors import NotFound
from server.http.fields import Line
from server.http.routing import Access, Call, Endpoint, Items, Model, NoInput
from server.ids import BodyCode, UserId


class BodyView(Model):
    """A body with its names and its colour (0..11)."""

    code: str
    name_uk: str
    name_en: str
    short_uk: str
    short_en: str
    hue: int
    active: bool


class UserView(Model):
    """What everybody may know of a person."""

    id: str
    name: str
    position: str
    body: str


class PersonView(UserView):
    """What an administrator sees of a person; `disabled_at` in milliseconds UTC."""

    email: str
    role: GlobalRole
    demo: bool
    must_change_password: bool
    disabled_at: int | None


class Me(UserView):
    """The caller; `abilities` are those of the whole system, an act lists its own."""

    email: str
    role: GlobalRole
    locale: str
    demo: bool
    must_change_password: bool
    session: str
    abilities: list[Action]


class MyChange(Model):
    """The language of my pages."""

    locale: Literal["uk", "en"]


class UserSearch(Model):
    """Words of a name, position or e-mail; people of one body only."""

    q: Annotated[str, Field(max_length=100)] = ""
    body: Annotated[str, Field(max_length=32)] = ""


class PersonCreate(Model):
    """A new account. Without a password a temporary one is made and shown once."""

    email: Annotated[str, Field(max_length=254)]
    name: Annotated[Line, Field(max_length=200)]
    body: Annotated[str, Field(max_length=32)]
    position: Annotated[str, Field(max_length=200)] = ""
    role: GlobalRole = GlobalRole.NONE


class PersonCreated(PersonView):
    """The only time the temporary password is told."""

    password: str


class PersonPatch(Model):
    """Fields that are left out stay as they are."""

    name: Annotated[Line, Field(max_length=200)] | None = None
    position: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=32)] | None = None
    role: GlobalRole | None = None
    disabled: bool | None = None


class TemporaryPassword(Model):
    """Shown once; the person must choose another at the next sign-in."""

    password: str


class DemoAccount(Model):
    """An account of the demonstration; `key` is what `POST /session {demo}` takes."""

    key: str
    name: str
    position: str
    body: str
    role: GlobalRole


class AccountsApi:
    """The handlers; every rule is in the service."""

    def __init__(self, service: AccountService, authenticator: Authenticator, *, demo_mode: bool) -> None:
        self._service = service
        self._authenticator = authenticator
        self._demo = demo_mode

    async def bodies(self, call: Call[NoInput]) -> Items[BodyView]:
        return Items(items=[_body_view(body) for body in await self._service.bodies()])

    async def me(self, call: Call[NoInput]) -> Me:
        actor = call.actor
        person = await self._service.person(actor.id)
        return Me(
            id=person.id,
            name=person.name,
            position=person.position,
            body=person.body,
            email=person.email,
            role=person.role,
            locale=person.locale,
            demo=person.demo,
            must_change_password=person.must_change_password,
            session=actor.session,
            abilities=[action for action in Action if action in SYSTEM_ACTIONS and can(actor, action)],
        )

    async def change_me(self, call: Call[MyChange]) -> Me:
        await self._service.set_locale(call.actor, call.input.locale)
        return await self.me(Call(call.request, NoInput(), call.locale, call.actor))

    async def users(self, call: Call[UserSearch]) -> Items[UserView]:
        found = await self._service.search(call.input.q, body=call.input.body)
        return Items(items=[UserView(id=each.id, name=each.name, position=each.position, body=each.body) for each in found])

    async def people(self, call: Call[UserSearch]) -> Items[PersonView]:
        found = await self._service.administered(call.actor, call.input.q, body=call.input.body)
        return Items(items=[_person_view(each) for each in found])

    async def create_person(self, call: Call[PersonCreate]) -> PersonCreated:
        given, password = call.input, temporary_password()
        new = NewPerson(
            email=given.email,
            name=given.name,
            body=BodyCode(given.body),
            position=given.position,
            role=given.role,
            password=password,
            temporary=True,
        )
        person = await self._service.create(new, call.actor)
        return PersonCreated(**dict(_person_view(person)), password=password)

    async def change_person(self, call: Call[PersonPatch]) -> PersonView:
        given = call.input
        change = PersonChange(
            name=given.name,
            position=given.position,
            body=None if given.body is None else BodyCode(given.body),
            role=given.role,
            disabled=given.disabled,
        )
        return _person_view(await self._service.change(call.actor, UserId(call.path("user_id")), change))

    async def reset_password(self, call: Call[NoInput]) -> TemporaryPassword:
        return TemporaryPassword(password=await self._service.reset_password(call.actor, UserId(call.path("user_id"))))

    async def demo_accounts(self, call: Call[NoInput]) -> Items[DemoAccount]:
        if not self._demo or not origin_of(call.request).local:
            raise NotFound
        return Items(
            items=[
                DemoAccount(key=demo.key_of(each.email), name=each.name, position=each.position, body=each.body, role=each.role)
                for each in demo.PEOPLE
            ]
        )

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        return [
            Endpoint(
                method="GET", path="/api/v1/bodies", name="list_bodies", summary="Ministries and other bodies",
                access=Access.SIGNED_IN, handler=self.bodies, input=NoInput, response=Items[BodyView],
            ),
            Endpoint(
                method="GET", path="/api/v1/me", name="read_me", summary="Who I am",
                access=Access.PASSWORD_DUE, handler=self.me, input=NoInput, response=Me,
            ),
            Endpoint(
                method="PATCH", path="/api/v1/me", name="change_me", summary="Change my language",
                access=Access.SIGNED_IN, handler=self.change_me, input=MyChange, response=Me,
            ),
            Endpoint(
                method="GET", path="/api/v1/users", name="search_users", summary="Find people to invite",
                access=Access.SIGNED_IN, handler=self.users, input=UserSearch, response=Items[UserView],
            ),
            Endpoint(
                method="GET", path="/api/v1/people", name="list_people", summary="The people I administer",
                access=Access.BODY_ADMIN, handler=self.people, input=UserSearch, response=Items[PersonView],
            ),
            Endpoint(
                method="POST", path="/api/v1/people", name="create_person", summary="A new account with a temporary password",
                access=Access.BODY_ADMIN, handler=self.create_person, input=PersonCreate, response=PersonCreated, status=201,
            ),
            Endpoint(
                method="PATCH", path="/api/v1/people/{user_id}", name="change_person", summary="Rename, move, disable, give a role",
                access=Access.BODY_ADMIN, handler=self.change_person, input=PersonPatch, response=PersonView,
            ),
            Endpoint(
                method="POST", path="/api/v1/people/{user_id}/password", name="reset_password", summary="A temporary password",
                access=Access.BODY_ADMIN, handler=self.reset_password, input=NoInput, response=TemporaryPassword,
            ),
            Endpoint(
                method="GET", path="/api/v1/demo", name="list_demo_accounts", summary="The demo accounts, when there are any",
                access=Access.PUBLIC, handler=self.demo_accounts, input=NoInput, response=Items[DemoAccount],
            ),
        ]  # fmt: skip


def _body_view(body: Body) -> BodyView:
    return BodyView(
        code=body.code,
        name_uk=body.name_uk,
        name_en=body.name_en,
        short_uk=body.short_uk,
        short_en=body.short_en,
        hue=body.hue,
        active=body.active,
    )


def _person_view(person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        name=person.name,
        position=person.position,
        body=person.body,
        email=person.email,
        role=person.role,
        demo=person.demo,
        must_change_password=person.must_change_password,
        disabled_at=person.disabled_at,
    )
