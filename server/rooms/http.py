"""The HTTP transport, for networks that let no WebSocket through: uploads and polls of frames, each answered whole.

`POST /sync/http/{session}?n=7` carries frames up and brings their acknowledgements back; `POST /sync/http/{session}/poll?wait=20` brings
what others do. Any process may get any request. What a body is made of is in `requests.py`.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive

from server.auth.authenticator import cookie_of
from server.crdt.lib0 import DecodeError
from server.errors import (
    BadRequest,
    Conflict,
    EpochMismatch,
    Forbidden,
    NotFound,
    NotSignedIn,
    ReloadNeeded,
    TooLarge,
    TooManyRequests,
    Unavailable,
    ZlahodaError,
)
from server.http.body import read_bytes
from server.ids import UserId
from server.rooms.held import HeldSession
from server.rooms.limits import Monotonic
from server.rooms.registry import Registry
from server.rooms.requests import read_poll, read_upload, write_frames
from server.rooms.socket import Authenticator

T = TypeVar("T")

LONGEST_WAIT_S = 25.0
"""Below the 30 s after which the strictest proxies give up on an answer."""
_MARGIN_BYTES = 64 * 1024
_MAX_POLL_BYTES = 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_HEADERS = {"cache-control": "no-store, no-transform"}
_BY_CODE: dict[int, type[ZlahodaError]] = {
    error.close_code: error
    for error in (
        BadRequest,
        Conflict,
        EpochMismatch,
        Forbidden,
        NotFound,
        NotSignedIn,
        ReloadNeeded,
        TooLarge,
        TooManyRequests,
        ZlahodaError,
    )
}


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request came with: a session is nobody else's."""

    header: str
    token: str
    cookie: str

    @classmethod
    def of(cls, request: Request) -> "Credential":
        """As `auth/authenticator.py` looks for it."""
        return cls(request.headers.get("authorization", ""), request.query_params.get("token", ""), cookie_of(request))


def http_routes(registry: Registry, authenticator: Authenticator, monotonic: Monotonic = time.monotonic) -> list[BaseRoute]:
    """Beside those of `socket.py`."""
    endpoint = HttpSync(registry, authenticator, monotonic)
    return [
        Route("/sync/http/{session}", endpoint.upload, methods=["POST"]),
        Route("/sync/http/{session}/poll", endpoint.poll, methods=["POST"]),
    ]


class HttpSync:
    """The sessions this process knows. A client names its session itself, at random."""

    def __init__(self, registry: Registry, authenticator: Authenticator, monotonic: Monotonic) -> None:
        self._registry = registry
        self._authenticator = authenticator
        self._monotonic = monotonic
        self._sessions: dict[tuple[str, Credential], HeldSession] = {}
        self._per_user: Counter[UserId] = Counter()

    async def upload(self, request: Request) -> Response:
        """Frames up; answered when they are settled."""
        number = request.query_params.get("n", "")
        if _NUMBER.fullmatch(number) is None:
            raise BadRequest(uk="Бракує номера пакета (n).", en="The number of the upload (n) is missing.")
        said = _read(read_upload, await read_bytes(request, self._registry.settings.max_frame_bytes + _MARGIN_BYTES))
        key = self._key(request)
        found = self._sessions.get(key)
        if found is not None and found.is_superseded_by(int(number)):
            self._end(key, found)
        session = await self._session(key, request)
        frames = await session.upload(int(number), said)
        if "last" in request.query_params:
            self._end(key, session)
        elif not frames:
            self._refuse_closed(key, session)
        return _answer(frames)

    async def poll(self, request: Request) -> Response:
        """Frames down; answered as soon as there are some, or empty after `wait` seconds."""
        wait_s = _read_wait(request.query_params.get("wait", "0"))
        standpoints = _read(read_poll, await read_bytes(request, _MAX_POLL_BYTES))
        key = self._key(request)
        session = await self._session(key, request)
        frames: Sequence[bytes] = ()
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(request.receive, session))
            frames = await session.poll(standpoints, wait_s, anew="anew" in request.query_params)
            watch.cancel()
        if not frames:
            self._refuse_closed(key, session)
        return _answer(frames)

    def _key(self, request: Request) -> tuple[str, Credential]:
        name = request.path_params["session"]
        if _NAME.fullmatch(name) is None:
            raise NotFound
        return name, Credential.of(request)

    async def _session(self, key: tuple[str, Credential], request: Request) -> HeldSession:
        """The session, begun here when it is not known. Raises NotSignedIn, TooManyRequests, Unavailable."""
        found = self._sessions.get(key)
        if found is not None:
            return found
        if self._registry.draining:
            raise Unavailable("the server is restarting", close_code=1012)
        actor = await self._authenticator.from_request(request)
        if (found := self._sessions.get(key)) is not None:
            return found  # another request of it was faster
        if self._per_user[actor.id] >= self._registry.settings.max_connections_per_user:
            raise TooManyRequests("too many sessions of one person")
        session = self._sessions[key] = HeldSession(self._registry, self._authenticator, request, actor.id, self._monotonic)
        session.on_over = partial(self._end, key, session)
        self._per_user[actor.id] += 1
        self._registry.opened(session)
        return session

    def _refuse_closed(self, key: tuple[str, Credential], session: HeldSession) -> None:
        """Tell, once, why the session was closed. Raises the error of its close code."""
        if session.closed is None:
            return
        self._end(key, session)
        code, reason = session.closed
        raise _BY_CODE.get(code, Unavailable)(reason, close_code=code, reason=reason)

    def _end(self, key: tuple[str, Credential], session: HeldSession) -> None:
        if self._sessions.get(key) is session:
            del self._sessions[key]
            self._per_user[session.user] -= 1
            if not self._per_user[session.user]:
                del self._per_user[session.user]
        session.end()


async def _watch(receive: Receive, session: HeldSession) -> None:
    """A poll whose client went away takes nothing."""
    while True:
        if (await receive())["type"] == "http.disconnect":
            session.end_poll()
            return


def _read(read: Callable[[bytes], T], body: bytes) -> T:
    try:
        return read(body)
    except DecodeError as error:
        raise BadRequest(str(error)) from None


def _read_wait(given: str) -> float:
    if _NUMBER.fullmatch(given) is None:
        raise BadRequest(uk="Тривалість очікування (wait) має бути числом секунд.", en="How long to wait (wait) is a number of seconds.")
    return min(float(given), LONGEST_WAIT_S)


def _answer(frames: Sequence[bytes]) -> Response:
    """Whole and with its length, so that no proxy can hold back a part of it."""
    if not frames:
        return Response(status_code=204, headers=_HEADERS)
    return Response(write_frames(frames), headers=_HEADERS, media_type="application/octet-stream")
