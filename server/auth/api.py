"""Routes of signing in: sessions, tokens, tickets, one's own password."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from server.auth.authenticator import Authenticator, cookie_name, cookie_of
from server.auth.model import Origin, origin_of
from server.auth.service import AuthService, ReadAccess, SignedIn
from server.auth.store import Session, Token
from server.errors import InvalidInput
from server.http.routing import Access, Call, Endpoint, Items, Model, NoInput
from server.ids import ActId


class SignIn(Model):
    """E-mail and password; or `demo`, the key of a demo account (`GET /demo`)."""

    email: Annotated[str, Field(max_length=254)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    demo: Annotated[str, Field(max_length=254)] | None = None
    shared_computer: bool = False
    """Nothing stays on this computer, and the session ends after half an hour of rest."""
    token: bool = False
    """Also give the session's secret, for a client that keeps no cookies."""


class SessionStarted(Model):
    """`token` only when it was asked for."""

    user: str
    expires_at: int
    must_change_password: bool
    token: str | None


class SessionView(Model):
    """A signed-in device; times in milliseconds UTC."""

    id: str
    created_at: int
    last_seen_at: int
    expires_at: int
    user_agent: str
    address: str
    shared_computer: bool
    current: bool


class Revoked(Model):
    """How many sessions have ended."""

    revoked: int


class NewToken(Model):
    """What the token is for, and for how many days; without days it stays until it is revoked."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class TokenView(Model):
    """An API token without its secret; times in milliseconds UTC."""

    id: str
    name: str
    created_at: int
    last_used_at: int | None
    expires_at: int | None


class TokenCreated(TokenView):
    """The only time the secret is told."""

    token: str


class TicketView(Model):
    """A secret that opens one act for 60 seconds; time in milliseconds UTC."""

    ticket: str
    expires_at: int


class NewPassword(Model):
    """The present password and the one to have from now on."""

    current: Annotated[str, Field(max_length=1000)]
    new: Annotated[str, Field(max_length=1000)]


class AuthApi:
    """The handlers; every rule is in the service."""

    def __init__(self, service: AuthService, authenticator: Authenticator, read_access: ReadAccess) -> None:
        self._service = service
        self._authenticator = authenticator
        self._read_access = read_access

    async def sign_in(self, call: Call[SignIn]) -> Response:
        given, origin, replaces = call.input, origin_of(call.request), cookie_of(call.request)
        if given.demo is not None:
            signed_in = await self._service.sign_in_demo(given.demo, origin, replaces=replaces)
        else:
            _require_filled(given)
            signed_in = await self._service.sign_in(
                given.email, given.password, origin, shared_computer=given.shared_computer, replaces=replaces
            )
        return _started(signed_in, origin, with_token=given.token)

    async def sign_out(self, call: Call[NoInput]) -> Response:
        await self._service.sign_out(_presented(call.request))
        response = Response(status_code=204)
        secure = origin_of(call.request).secure
        response.delete_cookie(cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="lax")
        # a sign-out on a shared computer leaves nothing of ours in the browser's caches (not its storage: unsent work is asked about)
        response.headers["clear-site-data"] = '"cache"'
        return response

    async def sessions(self, call: Call[NoInput]) -> Items[SessionView]:
        found = await self._service.sessions(call.actor)
        return Items(items=[_session_view(each, call.actor.session) for each in found])

    async def revoke_session(self, call: Call[NoInput]) -> None:
        await self._service.revoke_session(call.actor, call.path("session_id"))

    async def revoke_other_sessions(self, call: Call[NoInput]) -> Revoked:
        return Revoked(revoked=await self._service.revoke_other_sessions(call.actor))

    async def tokens(self, call: Call[NoInput]) -> Items[TokenView]:
        return Items(items=[_token_view(each) for each in await self._service.tokens(call.actor)])

    async def create_token(self, call: Call[NewToken]) -> TokenCreated:
        token, secret = await self._service.create_token(call.actor.id, call.input.name, days=call.input.days, by=call.actor.id)
        return TokenCreated(**dict(_token_view(token)), token=secret)

    async def revoke_token(self, call: Call[NoInput]) -> None:
        await self._service.revoke_token(call.actor, call.path("token_id"))

    async def create_ticket(self, call: Call[NoInput]) -> TicketView:
        bearer = await self._authenticator.bearer_of(call.request)
        ticket, expires_at = await self._service.create_ticket(bearer, ActId(call.path("act_id")), self._read_access)
        return TicketView(ticket=ticket, expires_at=expires_at)

    async def change_password(self, call: Call[NewPassword]) -> None:
        bearer = await self._authenticator.bearer_of(call.request)
        await self._service.change_password(bearer, call.input.current, call.input.new)

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        return [
            Endpoint(
                method="POST", path="/api/v1/session", name="sign_in", summary="Sign in",
                access=Access.PUBLIC, handler=self.sign_in, input=SignIn, response=SessionStarted,
            ),
            Endpoint(
                method="DELETE", path="/api/v1/session", name="sign_out", summary="Sign out",
                access=Access.PUBLIC, handler=self.sign_out, input=NoInput,
            ),
            Endpoint(
                method="GET", path="/api/v1/sessions", name="list_sessions", summary="The devices I am signed in on",
                access=Access.SIGNED_IN, handler=self.sessions, input=NoInput, response=Items[SessionView],
            ),
            Endpoint(
                method="DELETE", path="/api/v1/sessions", name="revoke_other_sessions", summary="Sign out everywhere else",
                access=Access.SIGNED_IN, handler=self.revoke_other_sessions, input=NoInput, response=Revoked,
            ),
            Endpoint(
                method="DELETE", path="/api/v1/sessions/{session_id}", name="revoke_session", summary="Sign out one device",
                access=Access.SIGNED_IN, handler=self.revoke_session, input=NoInput,
            ),
            Endpoint(
                method="GET", path="/api/v1/tokens", name="list_tokens", summary="My API tokens",
                access=Access.SIGNED_IN, handler=self.tokens, input=NoInput, response=Items[TokenView],
            ),
            Endpoint(
                method="POST", path="/api/v1/tokens", name="create_token", summary="A new API token",
                access=Access.SIGNED_IN, handler=self.create_token, input=NewToken, response=TokenCreated, status=201,
            ),
            Endpoint(
                method="DELETE", path="/api/v1/tokens/{token_id}", name="revoke_token", summary="Revoke an API token",
                access=Access.SIGNED_IN, handler=self.revoke_token, input=NoInput,
            ),
            Endpoint(
                method="POST", path="/api/v1/acts/{act_id}/ticket", name="create_ticket", summary="A ticket for one act",
                access=Access.SIGNED_IN, handler=self.create_ticket, input=NoInput, response=TicketView, status=201,
            ),
            Endpoint(
                method="POST", path="/api/v1/me/password", name="change_password", summary="Change my password",
                access=Access.PASSWORD_DUE, handler=self.change_password, input=NewPassword,
            ),
        ]  # fmt: skip


def _require_filled(given: SignIn) -> None:
    missing = ("Потрібно заповнити.", "This is required.")
    fields = {name: missing for name in ("email", "password") if not getattr(given, name).strip()}
    if fields:
        raise InvalidInput(fields=fields)


def _presented(request: Request) -> str:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else cookie_of(request)


def _started(signed_in: SignedIn, origin: Origin, *, with_token: bool) -> Response:
    session = signed_in.session
    view = SessionStarted(
        user=signed_in.account.id,
        expires_at=session.expires_at,
        must_change_password=signed_in.account.must_change_password,
        token=signed_in.secret if with_token else None,
    )
    response = Response(json.dumps(view.model_dump()), 200, {"cache-control": "no-store"}, "application/json")
    response.set_cookie(
        cookie_name(secure=origin.secure),
        signed_in.secret,
        max_age=None if session.shared_computer else (session.expires_at - session.created_at) // 1000,
        path="/",
        secure=origin.secure,
        httponly=True,
        samesite="lax",
    )
    return response


def _session_view(session: Session, current: str) -> SessionView:
    return SessionView(
        id=session.id,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        user_agent=session.user_agent,
        address=session.address,
        shared_computer=session.shared_computer,
        current=session.id == current,
    )


def _token_view(token: Token) -> TokenView:
    return TokenView(
        id=token.id, name=token.name, created_at=token.created_at, last_used_at=token.last_used_at, expires_at=token.expires_at
    )
