"""An endpoint is declared once; its route and its OpenAPI entry (`http/openapi.py`) are made from the declaration."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from server.access.actor import Actor
from server.access.policy import Action, require
from server.errors import Forbidden, NotSignedIn
from server.http.body import MAX_JSON_BYTES, Upload, read_json, read_query, read_upload
from server.http.locale import Locale, locale_of

T = TypeVar("T")


class Model(BaseModel):
    """What every request and response is made of: fields that are not named are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoInput(Model):
    """For an endpoint that is told nothing but its address."""


class Items(Model, Generic[T]):
    """A list as an answer; an object, so that more can be said later."""

    items: Sequence[T]


I = TypeVar("I", bound=BaseModel)  # noqa: E741 - the input of an endpoint


class Access(StrEnum):
    """Who may call an endpoint at all. Rights on an act are for the service to ask the policy."""

    PUBLIC = "public"
    PASSWORD_DUE = "password_due"  # noqa: S105 - not a password
    """Signed in, even while a temporary password waits to be changed."""
    SIGNED_IN = "signed_in"
    BODY_ADMIN = "body_admin"
    ADMIN = "admin"
    AUDITOR = "auditor"


_NEEDS = {Access.BODY_ADMIN: Action.ADMINISTER_BODY, Access.ADMIN: Action.ADMINISTER, Access.AUDITOR: Action.READ_SYSTEM_AUDIT}


class Authenticate(Protocol):
    """Who is calling; `auth/service.py` is the real one."""

    async def from_request(self, connection: HTTPConnection, *, password_may_be_due: bool = False) -> Actor:
        """Raises NotSignedIn, PasswordChangeNeeded."""
        ...


@dataclass(frozen=True, slots=True)
class Call(Generic[I]):
    """One request, already read, checked and allowed to call the endpoint."""

    request: Request
    input: I
    locale: Locale
    caller: Actor | None = None
    file: Upload | None = None

    @property
    def actor(self) -> Actor:
        """Who is calling; raises NotSignedIn on a public endpoint."""
        if self.caller is None:
            raise NotSignedIn
        return self.caller

    @property
    def upload(self) -> Upload:
        """The file of an endpoint declared with `upload_bytes`."""
        if self.file is None:
            raise TypeError("the endpoint takes no file")
        return self.file

    def path(self, name: str) -> str:
        """A part of the address, such as `act_id`."""
        return str(self.request.path_params[name])


Handler = Callable[[Call[I]], Awaitable[BaseModel | Response | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Generic[I]):
    """One operation of the API. The input comes from the query string for GET and DELETE, else from the JSON body.

    The handler returns a `response`, None (204) or a Response of its own (`produces` names its types then).
    An act's address holds `{act_id}`: that is what tickets are checked against.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    name: str
    summary: str
    access: Access
    handler: Handler[I]
    input: type[I]
    response: type[BaseModel] | None = None
    status: int = 200
    produces: tuple[str, ...] = ()
    max_bytes: int = MAX_JSON_BYTES
    upload_bytes: int = 0
    """Above 0: the body is multipart, with one file of at most so many bytes in the field `file`."""

    @property
    def reads_query(self) -> bool:
        return self.method in {"GET", "DELETE"}


def build_routes(endpoints: Iterable[Endpoint[Any]], authenticate: Authenticate) -> list[Route]:  # Any: each its own input
    """The Starlette routes, in order."""
    return [Route(endpoint.path, _serve(endpoint, authenticate), methods=[endpoint.method], name=endpoint.name) for endpoint in endpoints]


def _serve(endpoint: Endpoint[I], authenticate: Authenticate) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        caller = await _admit(endpoint, request, authenticate)
        given, file = await _read(endpoint, request)
        result = await endpoint.handler(Call(request, given, locale_of(request.headers), caller, file))
        match result:
            case Response():
                return result
            case None:
                return Response(status_code=204)
            case _:
                return Response(result.model_dump_json().encode(), endpoint.status, {"cache-control": "no-store"}, "application/json")

    return serve


async def _admit(endpoint: Endpoint[I], request: Request, authenticate: Authenticate) -> Actor | None:
    if endpoint.access is Access.PUBLIC:
        return None
    actor = await authenticate.from_request(request, password_may_be_due=endpoint.access is Access.PASSWORD_DUE)
    if actor.only_act is not None and (request.path_params.get("act_id") != actor.only_act or request.method not in {"GET", "HEAD"}):
        raise Forbidden(uk="Квиток відкриває лише свій акт.", en="The ticket opens its own act only.")
    if endpoint.access in _NEEDS:
        require(actor, _NEEDS[endpoint.access])
    return actor


async def _read(endpoint: Endpoint[I], request: Request) -> tuple[I, Upload | None]:
    if endpoint.upload_bytes:
        return await read_upload(request, endpoint.input, endpoint.upload_bytes)
    if endpoint.reads_query:
        return read_query(request, endpoint.input), None
    if endpoint.input is NoInput and request.headers.get("content-length", "0") == "0":
        return endpoint.input(), None
    return await read_json(request, endpoint.input, endpoint.max_bytes), None
