"""Where a request comes from, as sign-in needs it."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from server.http.origin import is_loopback_host, is_secure

FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address (behind trusted proxies), its device, and whether demo accounts may be used from there."""

    address: str
    user_agent: str
    secure: bool
    local: bool
    """The request named a loopback host and no proxy stood between (D16)."""


def origin_of(connection: HTTPConnection) -> Origin:
    """What the request says of where it comes from; the trusted-proxy middleware has already been at work."""
    return Origin(
        address=connection.client.host if connection.client else "",
        user_agent=connection.headers.get("user-agent", "")[:300],
        secure=is_secure(connection),
        local=is_local(connection),
    )


def is_local(connection: HTTPConnection) -> bool:
    """Whether the request named a loopback host and no proxy stood between (D16)."""
    headers = connection.headers
    return is_loopback_host(headers.get("host", "")) and not any(name in headers for name in FORWARDING)
