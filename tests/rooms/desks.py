"""A person at one document over either transport, so that one test asks the same of both."""

import asyncio
import itertools
import json
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx2
import pycrdt
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from server.crdt import hocuspocus
from server.crdt.lib0 import Decoder, Encoder
from server.crdt.messages import (
    Authenticated,
    Message,
    PermissionDenied,
    Ping,
    Stateless,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    Token,
    Update,
)
from server.http.errors import ErrorMiddleware
from server.ids import Seq
from server.journal.journal import Record
from server.rooms.http import http_routes
from server.rooms.reading import read_after
from server.rooms.socket import SyncEndpoint, sync_routes
from tests.rooms.hall import SCHEMA, Hall, turns
from tests.rooms.wire import Wire
from tests.rooms.world import DOCUMENT, text_of, unit_text

ADDRESS = DOCUMENT + "\0стіл"
_numbers = itertools.count(1)


def app_of(hall: Hall) -> ASGIApp:
    """A process of the hall's rooms: two of them know nothing of each other's HTTP sessions."""
    monotonic = hall.time.monotonic
    routes = [*http_routes(hall.registry, hall.people, monotonic), *sync_routes(SyncEndpoint(hall.registry, hall.people, monotonic))]
    return Starlette(routes=routes, middleware=[Middleware(ErrorMiddleware)])


def listed(*frames: bytes) -> bytes:
    """A list of frames, as the transport writes it."""
    encoder = Encoder()
    encoder.varuint(len(frames))
    for frame in frames:
        encoder.var_bytes(frame)
    return bytes(encoder.data)


def frames_in(body: bytes) -> list[bytes]:
    """The frames of an answer."""
    if not body:
        return []
    decoder = Decoder(body)
    found = [decoder.var_bytes() for _ in range(decoder.varuint())]
    decoder.finish()
    return found


class Desk(ABC):
    """What both transports have in common: a document, and what the person was told of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.epoch = ""
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=2000 + next(_numbers))
        self.heard: list[Message] = []

    @abstractmethod
    async def say(self, *messages: Message) -> None:
        """Send them, in order."""

    @abstractmethod
    async def hear(self) -> None:
        """Take what has come."""

    def token(self, epoch: str | None = None) -> Token:
        """As our own client signs in."""
        return Token(json.dumps({"token": "cookie", "epoch": self.epoch if epoch is None else epoch, "schema": SCHEMA}), "4.8.0")

    async def enter(self) -> Self:
        """Sign in and ask for the text; returns when the text is here and answered, or the person is turned away."""
        await self.say(self.token(), SyncStep1(self.doc.get_state()))
        for _ in range(200):
            await self.hear()
            if self.all(PermissionDenied) or (self.text and self.all(SyncStatus)):
                break
            await asyncio.sleep(0)
        self.heard = [message for message in self.heard if not isinstance(message, SyncStatus)]
        return self

    async def types(self, words: str) -> None:
        """Words at the beginning of the first unit."""
        await self.say(Update(self.write(words)))

    def write(self, words: str) -> bytes:
        before = self.doc.get_state()
        unit_text(self.doc).insert(0, words)
        return self.doc.get_update(before)

    async def settle(self) -> None:
        """Until nothing comes any more."""
        for _ in range(60):
            await asyncio.sleep(0)
            await self.hear()

    async def take(self, frame: bytes) -> None:
        address, message = hocuspocus.decode(frame)
        if isinstance(message, Ping):
            return
        assert address == ADDRESS
        self.heard.append(message)
        match message:
            case SyncStep2(update) | Update(update):
                self.doc.apply_update(update)
            case SyncStep1(state_vector):
                await self.say(SyncStep2(self.doc.get_update(state_vector)))
            case Stateless(payload) if '"welcome"' in payload:
                self.epoch = json.loads(payload)["epoch"]

    @property
    def text(self) -> str:
        return text_of(self.doc)

    def all(self, kind: type[Any]) -> list[Message]:
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def is_denied(self) -> bool:
        """The person was turned away; who was does not knock with every request."""
        return bool(self.all(PermissionDenied))

    def verdicts(self) -> list[str]:
        """What was said about rights and edits, in words, in the order it was said."""
        said = []
        for message in self.heard:
            match message:
                case Authenticated(scope):
                    said.append(scope)
                case PermissionDenied(reason):
                    said.append(f"denied {reason}")
                case SyncStatus(saved):
                    said.append("saved" if saved else "refused")
                case Stateless(payload) if '"rejected"' in payload:
                    said.append(f"rejected {json.loads(payload)['rule']}")
                case Stateless(payload) if '"rights"' in payload:
                    said.append(f"may {json.loads(payload)['scope']}")
        return said


class SocketDesk(Desk):
    """Over a WebSocket."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        super().__init__(name)
        self._wire = Wire(app, token=quote(name))

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._wire.__aexit__(kind, error, trace)

    async def say(self, *messages: Message) -> None:
        for message in messages:
            self._wire.say(ADDRESS, message)
        await turns(lambda: self._wire.untaken == 0)

    async def hear(self) -> None:
        while self._wire.has_more:
            await self.take(await self._wire.frame())


class HttpDesk(Desk):
    """Over HTTP; each request goes to the next of `apps`, as a balancer without affinity would send it."""

    def __init__(self, *apps: ASGIApp, name: str) -> None:
        super().__init__(name)
        self.session = f"session-of-a-test-{next(_numbers):04}"
        self.number = 0
        transports = [httpx2.ASGITransport(app=app, raise_app_exceptions=False) for app in apps]
        self._clients = itertools.cycle(
            [httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") for transport in transports]
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.post(f"{self.upload_path(self.number + 1)}", listed() + listed(), last="1")

    def upload_path(self, number: int) -> str:
        return f"/sync/http/{self.session}?n={number}"

    async def post(self, path: str, body: bytes, **query: str) -> httpx2.Response:
        """One request, whatever the answer."""
        bare, _, given = path.partition("?")
        params = dict(pair.split("=") for pair in given.split("&") if pair) | {"token": self.name} | query
        return await next(self._clients).post(bare, content=body, params=params)

    def greeting(self) -> bytes:
        return hocuspocus.encode(ADDRESS, self.token())

    async def upload(self, *messages: Message, number: int | None = None) -> httpx2.Response:
        """One upload; a number of an earlier one sends it again."""
        if number is None:
            number = self.number = self.number + 1
        tokens = [] if self.is_denied or any(isinstance(message, Token) for message in messages) else [self.greeting()]
        frames = [hocuspocus.encode(ADDRESS, message) for message in messages]
        return await self.post(self.upload_path(number), listed(*tokens) + listed(*frames))

    async def poll(self, *, wait: int = 0, anew: bool = False) -> httpx2.Response:
        """One poll, as it is answered."""
        encoder = Encoder()
        standpoints = 1 if self.epoch and not self.is_denied else 0
        encoder.varuint(standpoints)
        if standpoints:
            encoder.var_string(ADDRESS)
            for part in (self.greeting(), self.doc.get_state(), b""):
                encoder.var_bytes(part)
        query = {"wait": str(wait), **({"anew": "1"} if anew else {})}
        return await self.post(f"/sync/http/{self.session}/poll", bytes(encoder.data), **query)

    async def say(self, *messages: Message) -> None:
        await self.take_all(await self.upload(*messages))

    async def hear(self) -> None:
        await self.take_all(await self.poll())

    async def take_all(self, answer: httpx2.Response) -> None:
        assert answer.status_code in {200, 204}, answer.text
        for frame in frames_in(answer.content):
            await self.take(frame)


async def records(hall: Hall) -> list[Record]:
    """The journal of the one document."""
    return list(await read_after(hall.journal, DOCUMENT, Seq(0)))


async def stored_text(hall: Hall) -> str:
    """The first unit as the journal alone gives it."""
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    for record in await records(hall):
        doc.apply_update(record.update)
    return text_of(doc)
