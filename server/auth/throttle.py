"""Brakes on guessing passwords: failures are counted per account and address, per account, and per address.

The counts are rows of `throttles`, so that they hold over restarts and nodes; old ones go with every new count.
"""

import hashlib
import ipaddress
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.db.tables import throttles
from server.errors import TooManyRequests

WINDOW_MS = 15 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Brake:
    """At most `limit` failures under `key` in one window."""

    key: str
    limit: int


def brakes_of(email: str, address: str) -> tuple[Brake, ...]:
    """The brakes of one attempt. A whole ministry may stand behind one address, so that limit is wide."""
    account = hashlib.sha256(email.encode()).hexdigest()[:32]
    place = network_of(address)
    return Brake(f"both/{account}/{place}", 10), Brake(f"account/{account}", 50), Brake(f"address/{place}", 200)


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 one: who has one of its addresses has them all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def count_attempt(connection: Connection, brakes: tuple[Brake, ...], now: int) -> None:
    """Count an attempt before it is judged, so that many at once cannot slip through. Raises TooManyRequests."""
    connection.execute(delete(throttles).where(throttles.c.window_start <= now - WINDOW_MS))
    for brake in sorted(brakes, key=lambda each: each.key):
        _start(connection, brake, now)
        row = connection.execute(select(throttles).where(throttles.c.key == brake.key).with_for_update()).mappings().one()
        if row["count"] >= brake.limit:
            raise TooManyRequests(retry_after_s=max(1, (row["window_start"] + WINDOW_MS - now + 999) // 1000))
        connection.execute(update(throttles).where(throttles.c.key == brake.key).values(count=throttles.c.count + 1))


def _start(connection: Connection, brake: Brake, now: int) -> None:
    row = {"key": brake.key, "window_start": now, "count": 0}
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(throttles).values(row).on_conflict_do_nothing())
    else:
        connection.execute(sqlite.insert(throttles).values(row).on_conflict_do_nothing())


def forgive(connection: Connection, brakes: tuple[Brake, ...]) -> None:
    """Take the attempt back: it was the right password. The pair of account and address starts anew."""
    both, *others = brakes
    connection.execute(delete(throttles).where(throttles.c.key == both.key))
    for brake in others:
        connection.execute(update(throttles).where(throttles.c.key == brake.key, throttles.c.count > 0).values(count=throttles.c.count - 1))
