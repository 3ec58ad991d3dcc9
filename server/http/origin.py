"""Where a browser's request comes from: the pages of this server, or somebody else's."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser came over TLS, to us or to a proxy we trust."""
    return connection.url.scheme in {"https", "wss"}


def is_same_origin(connection: HTTPConnection, public_url: str = "") -> bool:
    """Whether a request may act with the cookie it carries (used for HTTP that changes something and for WebSockets).

    A browser says where the page is from in `Origin`, and newer ones in `Sec-Fetch-Site`; what neither says comes from
    no browser's page. `public_url` is what browsers see; empty means the Host header.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    expected = public_url or f"{connection.url.scheme}://{connection.headers.get('host', '')}"
    return _place(origin) is not None and _place(origin) == _place(expected)


def is_loopback_host(host_header: str) -> bool:
    """Whether a Host header names this machine itself."""
    try:
        return urlsplit(f"//{host_header}").hostname in LOOPBACK
    except ValueError:
        return False


def _place(url: str) -> tuple[bool, str, int] | None:
    """Secure or not, host and port; None for `null` and for what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    return parts.scheme in {"https", "wss"}, parts.hostname, port
