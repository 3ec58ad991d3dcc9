"""Signing in and out, sessions, API tokens, tickets, one's own password."""

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.change import AccessChange
from server.access.policy import Action, require
from server.auth import store
from server.auth.authenticator import Authenticator
from server.auth.credentials import Credential, kind_of, new_secret
from server.auth.model import Origin
from server.auth.passwords import Passwords, require_strong
from server.auth.store import Account, Bearer, Session, Token
from server.auth.throttle import Brake, brakes_of, count_attempt, forgive
from server.clock import Clock
from server.db.engine import Database
from server.errors import Forbidden, InvalidInput, NotFound, NotSignedIn, ZlahodaError
from server.events.store import SYSTEM, record
from server.ids import ActId, NewId, UserId

__all__ = ["AuthService", "Authenticator", "SignedIn"]

DAY_MS = 24 * 3600 * 1000
SHARED_SESSION_MS = 12 * 3600 * 1000
TICKET_MS = 60_000
MAX_TOKENS = 50
DEMO_DOMAIN = "demo.example"
"""Of the demo accounts' e-mails; reserved by RFC 2606, no mail can reach it."""

OnAccessChanged = Callable[[AccessChange], None]
OnSignIn = Callable[[str], None]
"""Hears how each attempt to sign in ended: "signed-in", or the code of what it was refused with."""
ReadAccess = Callable[[ActId], Awaitable[ActAccess]]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and its secret, which is never to be seen again."""

    account: Account
    session: Session
    secret: str


class AuthService:
    """The verbs. Whoever loses a session or token is told to `on_access_changed` as soon as that is on disk."""

    def __init__(  # noqa: PLR0913 - everything it stands on, given by app.py
        self,
        database: Database,
        passwords: Passwords,
        clock: Clock,
        new_id: NewId,
        *,
        on_access_changed: OnAccessChanged,
        on_sign_in: OnSignIn = lambda _: None,
        session_days: int = 14,
        demo: bool = False,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock
        self._new_id = new_id
        self._changed = on_access_changed
        self._tried = on_sign_in
        self._session_ms = session_days * DAY_MS
        self._demo = demo

    async def sign_in(self, email: str, password: str, origin: Origin, *, shared_computer: bool = False, replaces: str = "") -> SignedIn:
        """A new session; the one whose secret is `replaces` ends, so that no session outlives who sits at the screen.

        Raises NotSignedIn with one sentence for a wrong e-mail, a wrong password and an account without one, after the
        same work; Forbidden for a disabled account (only to who knows its password); TooManyRequests.
        """
        return await self._told(self._sign_in(email, password, origin, shared_computer, replaces))

    async def _told(self, attempt: Awaitable[SignedIn]) -> SignedIn:
        try:
            signed_in = await attempt
        except ZlahodaError as refusal:
            self._tried(refusal.code)
            raise
        self._tried("signed-in")
        return signed_in

    async def _sign_in(self, email: str, password: str, origin: Origin, shared_computer: bool, replaces: str) -> SignedIn:
        address = normal_email(email)
        brakes = brakes_of(address, origin.address)
        now = self._clock()
        await self._database.write(lambda connection: count_attempt(connection, brakes, now))
        account = await self._database.read(lambda connection: store.find_account(connection, email=address))
        right = await self._passwords.is_right(account.password_hash if account else "", password)
        if account is None or not right or account.demo:
            raise NotSignedIn(uk="Неправильна пошта або пароль.", en="Wrong e-mail or password.")
        if account.disabled:
            raise Forbidden(
                uk="Цей обліковий запис вимкнено. Зверніться до адміністратора.", en="This account is disabled. Ask your administrator."
            )
        renewed = await self._passwords.make_hash(password) if self._passwords.is_outdated(account.password_hash) else ""
        return await self._open(account, origin, shared_computer=shared_computer, replaces=replaces, brakes=brakes, renewed=renewed)

    async def sign_in_demo(self, key: str, origin: Origin, *, replaces: str = "") -> SignedIn:
        """A session of a demo account, without a password. Raises NotFound unless the server is a demo, seen from its own machine."""
        return await self._told(self._sign_in_demo(key, origin, replaces))

    async def _sign_in_demo(self, key: str, origin: Origin, replaces: str) -> SignedIn:
        if not self._demo or not origin.local:
            raise NotFound(uk="Демонстраційний вхід вимкнено.", en="Demo sign-in is off.")
        account = await self._database.read(lambda connection: store.find_account(connection, email=f"{key}@{DEMO_DOMAIN}"))
        if account is None or not account.demo or account.disabled:
            raise NotFound
        return await self._open(account, origin, shared_computer=False, replaces=replaces)

    async def sign_out(self, secret: str) -> None:
        """End the session of this secret, if it is one."""
        if kind_of(secret) is not Credential.SESSION:
            return
        now = self._clock()

        def end(connection: Connection) -> str | None:
            bearer = store.find_bearer(connection, Credential.SESSION, secret, now)
            if bearer is None:
                return None
            store.revoke_sessions(connection, bearer.account.id, now, only=bearer.session)
            record(connection, SYSTEM, bearer.account.id, "session.ended", {"session": bearer.session}, now)
            return bearer.session

        if ended := await self._database.write(end):
            self._changed(AccessChange(session=ended))

    async def sessions(self, actor: Actor) -> list[Session]:
        """The actor's signed-in devices, the one used last first."""
        now = self._clock()
        return await self._database.read(lambda connection: store.list_sessions(connection, actor.id, now))

    async def revoke_session(self, actor: Actor, session: str) -> None:
        """End one of the actor's own sessions. Raises NotFound."""
        if not await self._revoke_sessions(actor, only=session):
            raise NotFound

    async def revoke_other_sessions(self, actor: Actor) -> int:
        """End every session of the actor but the one they are asking by; says how many."""
        return len(await self._revoke_sessions(actor, but=actor.session))

    async def tokens(self, actor: Actor) -> list[Token]:
        now = self._clock()
        return await self._database.read(lambda connection: store.list_tokens(connection, actor.id, now))

    async def create_token(self, user: UserId, name: str, *, days: int | None, by: UserId) -> tuple[Token, str]:
        """A new API token of a person and its secret, shown once. Raises InvalidInput beyond 50 of them."""
        now, secret = self._clock(), new_secret(Credential.TOKEN)
        token = Token(self._new_id(), name, now, None, None if days is None else now + days * DAY_MS)

        def add(connection: Connection) -> None:
            if len(store.list_tokens(connection, user, now)) >= MAX_TOKENS:
                raise InvalidInput(uk="Забагато токенів. Відкличте непотрібні.", en="Too many tokens. Revoke those you do not need.")
            store.add_token(connection, user, token, secret)
            record(connection, SYSTEM, by, "token.created", {"token": token.id, "user": user}, now)

        await self._database.write(add)
        return token, secret

    async def revoke_token(self, actor: Actor, token: str) -> None:
        """End one of the actor's own API tokens. Raises NotFound."""
        now = self._clock()

        def end(connection: Connection) -> bool:
            if not store.revoke_tokens(connection, actor.id, now, only=token):
                return False
            record(connection, SYSTEM, actor.id, "token.revoked", {"token": token}, now)
            return True

        if not await self._database.write(end):
            raise NotFound
        self._changed(AccessChange(session=token))

    async def create_ticket(self, bearer: Bearer, act: ActId, access: ReadAccess) -> tuple[str, int]:
        """A secret for one act and when it expires, for clients that can only put it into an address (D14)."""
        account = bearer.account
        actor = Actor(account.id, account.name, account.body, account.role, bearer.session, bearer.only_act)
        if bearer.only_act is not None:
            raise Forbidden(uk="Квиток не видає квитків.", en="A ticket cannot issue tickets.")
        require(actor, Action.READ, await access(act))
        secret, expires_at = new_secret(Credential.TICKET), self._clock() + TICKET_MS
        await self._database.write(lambda connection: store.add_ticket(connection, secret, bearer, act, expires_at))
        return secret, expires_at

    async def change_password(self, bearer: Bearer, current: str, new: str) -> None:
        """Choose a new password; every other session and every API token ends. Raises NotSignedIn, InvalidInput, TooManyRequests."""
        account, now = bearer.account, self._clock()
        if account.demo:
            raise Forbidden(uk="Демонстраційний запис не має пароля.", en="A demo account has no password.")
        brakes = brakes_of(account.email, "password")
        await self._database.write(lambda connection: count_attempt(connection, brakes, now))
        if not await self._passwords.is_right(account.password_hash, current):
            reason = ("Неправильний пароль.", "Wrong password.")
            raise InvalidInput(uk=reason[0], en=reason[1], fields={"current": reason})
        require_strong(new, account.email, account.name, field="new")
        if new == current:
            raise InvalidInput(fields={"new": ("Новий пароль має відрізнятися.", "The new password must differ.")})
        hashed = await self._passwords.make_hash(new)

        def change(connection: Connection) -> list[str]:
            store.set_password(connection, account.id, hashed, temporary=False)
            forgive(connection, brakes)
            record(connection, SYSTEM, account.id, "password.changed", {"user": account.id}, now)
            ended = store.revoke_sessions(connection, account.id, now, but=bearer.session)
            return ended + store.revoke_tokens(connection, account.id, now)

        for ended in await self._database.write(change):
            self._changed(AccessChange(session=ended))

    async def _revoke_sessions(self, actor: Actor, *, only: str = "", but: str = "") -> list[str]:
        now = self._clock()

        def end(connection: Connection) -> list[str]:
            ended = store.revoke_sessions(connection, actor.id, now, only=only, but=but)
            for session in ended:
                record(connection, SYSTEM, actor.id, "session.revoked", {"session": session}, now)
            return ended

        ended = await self._database.write(end)
        for session in ended:
            self._changed(AccessChange(session=session))
        return ended

    async def _open(  # noqa: PLR0913 - one way for both kinds of signing in
        self, account: Account, origin: Origin, *, shared_computer: bool, replaces: str, brakes: tuple[Brake, ...] = (), renewed: str = ""
    ) -> SignedIn:
        await self.sign_out(replaces)
        now, secret = self._clock(), new_secret(Credential.SESSION)
        session = Session(
            id=self._new_id(),
            user=account.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + (SHARED_SESSION_MS if shared_computer else self._session_ms),
            user_agent=origin.user_agent,
            address=origin.address,
            shared_computer=shared_computer,
        )

        def add(connection: Connection) -> None:
            if brakes:
                forgive(connection, brakes)
            if renewed:
                store.set_password(connection, account.id, renewed, temporary=account.must_change_password)
            store.add_session(connection, session, secret)
            record(connection, SYSTEM, account.id, "session.started", {"session": session.id, "shared_computer": shared_computer}, now)

        await self._database.write(add)
        return SignedIn(account, session, secret)


def normal_email(email: str) -> str:
    """NFC, lower case, no spaces around. Raises InvalidInput for what cannot be an address."""
    address = unicodedata.normalize("NFC", email).strip().lower()
    local, at, domain = address.rpartition("@")
    if (
        not at
        or not local
        or "." not in domain.strip(".")
        or len(address) > 254
        or any(character.isspace() or not character.isprintable() for character in address)
    ):
        reason = ("Це не схоже на адресу пошти.", "This does not look like an e-mail address.")
        raise InvalidInput(uk=reason[0], en=reason[1], fields={"email": reason})
    return address
