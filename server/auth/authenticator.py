"""From a request or a token to an Actor: the only place where one is made for a client."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection
from starlette.requests import HTTPConnection

from server.access.actor import Actor
from server.auth import store
from server.auth.credentials import Credential, kind_of
from server.auth.model import is_local
from server.auth.store import Bearer
from server.clock import Clock
from server.db.engine import Database
from server.db.together import Together
from server.errors import NotSignedIn, PasswordChangeNeeded
from server.http.origin import is_secure

_TOUCH_MS = 60_000
"""How often a session's "last seen" is written: often enough for idle expiry, seldom enough to cost nothing."""


def cookie_name(*, secure: bool) -> str:
    """`__Host-` binds the cookie to this host and to TLS (RFC 6265bis §4.1.3.2); plain HTTP on a loopback cannot have it."""
    return "__Host-zlahoda" if secure else "zlahoda"


def cookie_of(connection: HTTPConnection) -> str:
    """The session's secret from the cookie, or empty."""
    return connection.cookies.get(cookie_name(secure=is_secure(connection)), "")


class Authenticator:
    """Finds out who is asking. One query a request; a disabled person or an ended session is refused at once."""

    def __init__(self, database: Database, clock: Clock, *, demo: bool = False) -> None:
        self._database = database
        self._clock = clock
        self._demo = demo
        self._bearers = Together(self._find_bearers)

    async def from_request(self, connection: HTTPConnection, *, password_may_be_due: bool = False) -> Actor:
        """By `Authorization: Bearer`, else `?token=`, else the cookie. Raises NotSignedIn, PasswordChangeNeeded."""
        bearer = await self.bearer_of(connection)
        return _actor(bearer, password_may_be_due=password_may_be_due)

    async def from_token(self, token: str, connection: HTTPConnection) -> Actor:
        """By a session's secret, an API token or a ticket said inside a connection, which bounds demo accounts as in
        `from_request` (D16). Raises NotSignedIn, PasswordChangeNeeded.
        """
        return _actor(await self.bearer_of(connection, token), password_may_be_due=False)

    async def bearer_of(self, connection: HTTPConnection, secret: str | None = None) -> Bearer:
        """Who is asking, with the session behind it; by `secret` when it did not come with the request. Raises NotSignedIn."""
        bearer = await self.bearer_of_secret(_secret_of(connection) if secret is None else secret)
        if bearer.account.demo and not is_local(connection):
            raise NotSignedIn
        return bearer

    async def present(self, actor: Actor) -> Actor:
        """The actor with today's name, body and role, for a connection that lasts. Raises NotSignedIn, PasswordChangeNeeded."""
        now = self._clock()
        account = await self._database.read(lambda connection: store.find_present(connection, actor.id, actor.session, now))
        if account is None or (account.demo and not self._demo):
            raise NotSignedIn
        return _actor(Bearer(account, actor.session, now, actor.only_act), password_may_be_due=False)

    async def standing(self, sessions: Iterable[str]) -> dict[str, str]:
        """Of these `Actor.session`s, the ones that still let their person in, with their body and role; made for asking every second."""
        ids, now = list(sessions), self._clock()
        if not ids:
            return {}
        return await self._database.read(lambda connection: store.standing(connection, ids, now))

    async def touch(self, sessions: Iterable[str]) -> None:
        """Their people are at work: idle expiry starts anew."""
        ids, now = list(sessions), self._clock()
        if ids:
            await self._database.write(lambda connection: store.touch(connection, ids, now))

    async def bearer_of_secret(self, secret: str) -> Bearer:
        """Whose session, token or ticket this is. Raises NotSignedIn."""
        kind = kind_of(secret)
        if kind is None:
            raise NotSignedIn
        bearer = await self._bearers.find((kind, secret))
        now = self._clock()
        if bearer is None or (bearer.account.demo and not self._demo):
            raise NotSignedIn
        if now - bearer.last_seen_at > _TOUCH_MS and kind is not Credential.TICKET:
            await self.touch([bearer.session])
        return bearer

    async def _find_bearers(self, asked: Sequence[tuple[Credential, str]]) -> dict[tuple[Credential, str], Bearer]:
        """Those of the credentials that hold; one query for each kind."""
        now = self._clock()
        secrets: dict[Credential, list[str]] = {}
        for kind, secret in asked:
            secrets.setdefault(kind, []).append(secret)

        def read(connection: Connection) -> dict[tuple[Credential, str], Bearer]:
            return {
                (kind, secret): bearer
                for kind, of_kind in secrets.items()
                for secret, bearer in store.find_bearers(connection, kind, of_kind, now).items()
            }

        return await self._database.read(read)


def _secret_of(connection: HTTPConnection) -> str:
    scheme, _, credentials = connection.headers.get("authorization", "").partition(" ")
    if scheme:
        return credentials.strip() if scheme.lower() == "bearer" else ""
    if "token" in connection.query_params:
        return connection.query_params["token"]
    return cookie_of(connection)


def _actor(bearer: Bearer, *, password_may_be_due: bool) -> Actor:
    account = bearer.account
    if account.must_change_password and not password_may_be_due:
        raise PasswordChangeNeeded
    return Actor(account.id, account.name, account.body, account.role, bearer.session, bearer.only_act)
