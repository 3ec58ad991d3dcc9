"""Sessions, tokens and tickets in the database, and what signing in needs to know of a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from server.access.roles import GlobalRole
from server.auth.credentials import Credential, secret_hash
from server.db.tables import api_tokens, sessions, tickets, users
from server.ids import ActId, BodyCode, UserId


@dataclass(frozen=True, slots=True)
class Account:
    """A person as sign-in sees them. `password_hash` is empty for somebody who has no password."""

    id: UserId
    email: str
    name: str
    body: BodyCode
    role: GlobalRole
    password_hash: str
    must_change_password: bool
    demo: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in device. Times in milliseconds UTC; `idle_ms` is how long it may rest."""

    id: str
    user: UserId
    created_at: int
    last_seen_at: int
    expires_at: int
    user_agent: str
    address: str
    shared_computer: bool


@dataclass(frozen=True, slots=True)
class Token:
    """An API token without its secret."""

    id: str
    name: str
    created_at: int
    last_used_at: int | None
    expires_at: int | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who came with a credential, and by which: the id of its session or token, and when that was last seen."""

    account: Account
    session: str
    last_seen_at: int
    only_act: ActId | None = None


SHARED_IDLE_MS = 30 * 60 * 1000
IDLE_MS = 3 * 24 * 3600 * 1000

# Asked every second for everybody who is here, or by everybody who comes: built once, so that SQLAlchemy has them compiled.
_NOW = bindparam("now", type_=BigInteger)
_IS_RESTED = or_(
    and_(sessions.c.shared_computer.is_(True), sessions.c.last_seen_at <= _NOW - SHARED_IDLE_MS),
    sessions.c.last_seen_at <= _NOW - IDLE_MS,
)
_SESSION_IS_VALID = and_(sessions.c.revoked_at.is_(None), sessions.c.expires_at > _NOW, ~_IS_RESTED)
_TOKEN_IS_VALID = and_(api_tokens.c.revoked_at.is_(None), or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at > _NOW))


def _standing_of(table: Table, valid: ColumnElement[bool]) -> Select[tuple[str, str, str]]:
    asked = table.c.id.in_(bindparam("ids", expanding=True))
    return select(table.c.id, users.c.body, users.c.role).join(users, users.c.id == table.c.user_id).where(asked, valid, _IS_ENABLED)


def _bearers_of(table: Table, seen: ColumnElement[int], valid: ColumnElement[bool]) -> Select[Any]:  # Any: every column of a person
    return (
        select(users, table.c.id.label("by"), seen.label("seen"), table.c.secret_hash.label("hash"))
        .join(table, table.c.user_id == users.c.id)
        .where(table.c.secret_hash.in_(bindparam("hashes", expanding=True)), valid, _IS_ENABLED)
    )


_IS_ENABLED = users.c.disabled_at.is_(None)
_STANDING = _standing_of(sessions, _SESSION_IS_VALID).union_all(_standing_of(api_tokens, _TOKEN_IS_VALID))
_BY_SESSION = _bearers_of(sessions, sessions.c.last_seen_at, _SESSION_IS_VALID)
_BY_TOKEN = _bearers_of(api_tokens, api_tokens.c.last_used_at, _TOKEN_IS_VALID)


def find_account(connection: Connection, *, email: str = "", user: str = "") -> Account | None:
    """By e-mail (lower case) or by id."""
    wanted = users.c.email == email if email else users.c.id == user
    row = connection.execute(select(users).where(wanted)).mappings().one_or_none()
    return None if row is None else _account(row)


def set_password(connection: Connection, user: UserId, password_hash: str, *, temporary: bool) -> None:
    """`temporary`: the person must choose another before anything else."""
    connection.execute(update(users).where(users.c.id == user).values(password_hash=password_hash, must_change_password=temporary))


def add_session(connection: Connection, session: Session, secret: str) -> None:
    connection.execute(
        insert(sessions).values(
            id=session.id,
            secret_hash=secret_hash(secret),
            user_id=session.user,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            user_agent=session.user_agent,
            address=session.address,
            shared_computer=session.shared_computer,
        )
    )
    connection.execute(delete(sessions).where(sessions.c.user_id == session.user, sessions.c.expires_at <= session.created_at))


def find_bearer(connection: Connection, kind: Credential, secret: str, now: int) -> Bearer | None:
    """Whose credential this is; None for one that is unknown, expired, revoked or of a disabled person."""
    return find_bearers(connection, kind, [secret], now).get(secret)


def find_bearers(connection: Connection, kind: Credential, secrets: Sequence[str], now: int) -> dict[str, Bearer]:
    """Whose credentials these are, by secret; those that do not hold are left out."""
    match kind:
        case Credential.SESSION:
            query = _BY_SESSION
        case Credential.TOKEN:
            query = _BY_TOKEN
        case Credential.TICKET:
            found = {secret: _find_ticket(connection, secret, now) for secret in secrets}
            return {secret: bearer for secret, bearer in found.items() if bearer is not None}
    secret_of = {secret_hash(secret): secret for secret in secrets}
    rows = connection.execute(query, {"hashes": list(secret_of), "now": now}).mappings()
    return {secret_of[row["hash"]]: Bearer(_account(row), row["by"], row["seen"] or 0) for row in rows}


def standing(connection: Connection, ids: Iterable[str], now: int) -> dict[str, str]:
    """Of these sessions and tokens, the ones that still let their person in, with the person's body and role."""
    rows = connection.execute(_STANDING, {"ids": list(ids), "now": now})
    return {row.id: f"{row.body} {row.role}" for row in rows}


def find_present(connection: Connection, user: UserId, session: str, now: int) -> Account | None:
    """A person as they are now, if the session or token they came by still holds."""
    account = find_account(connection, user=user)
    return account if account is not None and session in standing(connection, [session], now) else None


def touch(connection: Connection, ids: Iterable[str], now: int) -> None:
    """These sessions and tokens are in use."""
    wanted = list(ids)
    connection.execute(update(sessions).where(sessions.c.id.in_(wanted)).values(last_seen_at=now))
    connection.execute(update(api_tokens).where(api_tokens.c.id.in_(wanted)).values(last_used_at=now))


def list_sessions(connection: Connection, user: UserId, now: int) -> list[Session]:
    """The person's valid sessions, the one used last first."""
    query = select(sessions).where(sessions.c.user_id == user, _SESSION_IS_VALID).order_by(sessions.c.last_seen_at.desc(), sessions.c.id)
    return [
        Session(
            id=row.id,
            user=row.user_id,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            user_agent=row.user_agent,
            address=row.address,
            shared_computer=row.shared_computer,
        )
        for row in connection.execute(query, {"now": now})
    ]


def revoke_sessions(connection: Connection, user: UserId, now: int, *, only: str = "", but: str = "") -> list[str]:
    """End a person's sessions: all, `only` one, or all `but` one. Returns the ids of those that were open."""
    wanted = and_(sessions.c.user_id == user, sessions.c.revoked_at.is_(None))
    if only:
        wanted = and_(wanted, sessions.c.id == only)
    if but:
        wanted = and_(wanted, sessions.c.id != but)
    ended = list(connection.execute(select(sessions.c.id).where(wanted)).scalars())
    connection.execute(update(sessions).where(sessions.c.id.in_(ended)).values(revoked_at=now))
    connection.execute(delete(tickets).where(tickets.c.session_id.in_(ended)))
    return ended


def add_token(connection: Connection, user: UserId, token: Token, secret: str) -> None:
    connection.execute(
        insert(api_tokens).values(
            id=token.id,
            secret_hash=secret_hash(secret),
            user_id=user,
            name=token.name,
            created_at=token.created_at,
            expires_at=token.expires_at,
        )
    )


def list_tokens(connection: Connection, user: UserId, now: int) -> list[Token]:
    """The person's valid tokens, the newest first."""
    query = (
        select(api_tokens).where(api_tokens.c.user_id == user, _TOKEN_IS_VALID).order_by(api_tokens.c.created_at.desc(), api_tokens.c.id)
    )
    return [Token(row.id, row.name, row.created_at, row.last_used_at, row.expires_at) for row in connection.execute(query, {"now": now})]


def revoke_tokens(connection: Connection, user: UserId, now: int, *, only: str = "") -> list[str]:
    """End a person's API tokens: all, or `only` one. Returns the ids of those that were open."""
    wanted = and_(api_tokens.c.user_id == user, api_tokens.c.revoked_at.is_(None))
    if only:
        wanted = and_(wanted, api_tokens.c.id == only)
    ended = list(connection.execute(select(api_tokens.c.id).where(wanted)).scalars())
    connection.execute(update(api_tokens).where(api_tokens.c.id.in_(ended)).values(revoked_at=now))
    connection.execute(delete(tickets).where(tickets.c.session_id.in_(ended)))
    return ended


def add_ticket(connection: Connection, secret: str, bearer: Bearer, act: ActId, expires_at: int) -> None:
    """A ticket stands on the session or token it was asked with, and ends with it."""
    connection.execute(delete(tickets).where(tickets.c.expires_at <= expires_at - 3600_000))
    connection.execute(
        insert(tickets).values(
            secret_hash=secret_hash(secret), user_id=bearer.account.id, session_id=bearer.session, act_id=act, expires_at=expires_at
        )
    )


def _find_ticket(connection: Connection, secret: str, now: int) -> Bearer | None:
    query = (
        select(users, tickets.c.session_id, tickets.c.act_id)
        .join(tickets, tickets.c.user_id == users.c.id)
        .where(tickets.c.secret_hash == secret_hash(secret), tickets.c.expires_at > now, users.c.disabled_at.is_(None))
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not standing(connection, [row["session_id"]], now):
        return None
    return Bearer(_account(row), row["session_id"], now, ActId(row["act_id"]))


def _account(row: RowMapping) -> Account:
    return Account(
        id=UserId(row["id"]),
        email=row["email"],
        name=row["name"],
        body=BodyCode(row["body"]),
        role=GlobalRole(row["role"]),
        password_hash=row["password_hash"],
        must_change_password=row["must_change_password"],
        demo=row["demo"],
        disabled=row["disabled_at"] is not None,
    )
