"""What surrounds every request: trusted proxies, a request id, one log line, security headers, and the cross-site check."""

import ipaddress
import time
from collections.abc import Sequence

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import ConfigurationError, CrossSite
from server.http.origin import is_same_origin
from server.ids import NewId
from server.observability.metrics import Metrics

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CSRF_HEADER = "x-zlahoda-csrf"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_log = structlog.get_logger("http")

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",  # positions of menus and of colleagues' cursors are style attributes
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000; includeSubDomains"


def parse_networks(setting: str, name: str = "ZLAHODA_TRUSTED_PROXIES") -> tuple[Network, ...]:
    """Addresses and networks, comma-separated, of the setting `name`. Raises ConfigurationError."""
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in setting.split(",") if part.strip())
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}") from None


class ProxyChain:
    """Takes client address and scheme from X-Forwarded-For and -Proto, but only as far as trusted proxies wrote them.

    The chain is read from the right: the first address that is not a trusted proxy is the client. Anything a client
    wrote further left is never looked at.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = networks

    def look_through(self, scope: Scope) -> None:
        """Put what a request's proxies say of it into its scope."""
        if scope.get("client") and self._is_trusted(scope["client"][0]):
            headers = Headers(scope=scope)
            self._take_scheme(scope, headers.get("x-forwarded-proto", ""))
            self._take_client(scope, ",".join(headers.getlist("x-forwarded-for")))

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    def _take_scheme(self, scope: Scope, value: str) -> None:
        scheme = value.rpartition(",")[2].strip().lower()
        if scheme in {"http", "https"}:
            scope["scheme"] = scheme if scope["type"] == "http" else {"http": "ws", "https": "wss"}[scheme]

    def _take_client(self, scope: Scope, value: str) -> None:
        for hop in reversed(value.split(",")):
            address = hop.strip()
            try:
                ipaddress.ip_address(address)
            except ValueError:
                return
            scope["client"] = (address, 0)
            if not self._is_trusted(address):
                return


class TrustedProxies:
    """Shows everything after it who really asks."""

    def __init__(self, app: ASGIApp, chain: ProxyChain) -> None:
        self._app = app
        self._chain = chain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            self._chain.look_through(scope)
        await self._app(scope, receive, send)


class RequestLog:
    """Gives every request an id and writes one line about it: route and status, never a query string or a body."""

    def __init__(self, app: ASGIApp, new_id: NewId, metrics: Metrics) -> None:
        self._app = app
        self._new_id = new_id
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = request_id = self._new_id()
        status, started = 500, time.perf_counter()

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, marked)
        finally:
            seconds = time.perf_counter() - started
            route = _route(scope)
            self._metrics.requests.labels(scope["method"] if scope["method"] in _METHODS else "other", route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            _log.info(
                "request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1), request_id=request_id
            )


_METHODS = _SAFE | {"POST", "PUT", "PATCH", "DELETE"}


def _route(scope: Scope) -> str:
    """The route's template, so that ids do not become metric labels."""
    route = scope.get("route")
    return getattr(route, "path", "") or "none"


class SecurityHeaders:
    """The same headers on every answer, errors and files too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def armed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", _HSTS)
            await send(message)

        await self._app(scope, receive, armed)


class CrossSiteCheck:
    """Refuses changes that another site's page asks for in somebody's name (CSRF).

    A request that brings its own credential (a bearer token) needs nothing more: no other site has it. Everything else that changes
    something must not come from a foreign page, and with a session cookie it must carry `X-Zlahoda-CSRF`, which no
    form can send and no foreign script may.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            self._check(HTTPConnection(scope))
        await self._app(scope, receive, send)

    def _check(self, connection: HTTPConnection) -> None:
        if connection.headers.get("authorization", "").lower().startswith("bearer "):
            return
        if not is_same_origin(connection, self._public_url):
            raise CrossSite
        if connection.cookies and CSRF_HEADER not in connection.headers and any("zlahoda" in name for name in connection.cookies):
            raise CrossSite(uk="Бракує заголовка X-Zlahoda-CSRF.", en="The header X-Zlahoda-CSRF is missing.")
