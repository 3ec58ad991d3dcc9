"""The whole app in this process, with its own database, clock and cheap passwords; clients speak HTTP to it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from argon2 import PasswordHasher
from starlette.applications import Starlette

from server.access.change import AccessChange
from server.access.roles import GlobalRole
from server.accounts.model import NewPerson, Person
from server.app import Parts, build_app
from server.auth.passwords import Passwords
from server.ids import BodyCode
from server.settings import Settings

PASSWORD = "сім синіх слонів спали"
CSRF = {"x-zlahoda-csrf": "1"}


@dataclass
class ManualClock:
    """Milliseconds that pass only when a test says so."""

    now: int = 1_760_000_000_000

    def __call__(self) -> int:
        return self.now

    def advance(self, *, seconds: float) -> None:
        self.now += int(seconds * 1000)


@dataclass
class Site:
    """One running app. `changes` holds what listeners were told."""

    app: Starlette
    clock: ManualClock
    stack: AsyncExitStack
    address: str = "http://localhost:8000"
    changes: list[AccessChange] = field(default_factory=list)

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    async def client(self, *, peer: str = "127.0.0.1", address: str = "", headers: dict[str, str] | None = None) -> httpx2.AsyncClient:
        """A browser or script with a cookie jar of its own; `peer` is where its connection comes from."""
        transport = httpx2.ASGITransport(app=self.app, client=(peer, 40000), raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url=address or self.address, headers=headers or {})
        return await self.stack.enter_async_context(client)

    async def add_person(self, email: str, *, name: str = "Оксана Коваль", body: str = "mvs", role: GlobalRole = GlobalRole.NONE) -> Person:
        return await self.parts.accounts.create(NewPerson(email=email, name=name, body=BodyCode(body), role=role, password=PASSWORD))

    async def browser(self, email: str, **more: Any) -> httpx2.AsyncClient:
        """A client signed in by cookie that sends what our pages send."""
        client = await self.client(headers=CSRF)
        answer = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD, **more})
        assert answer.status_code == 200, answer.text
        return client

    async def new_browser(self, email: str, **more: Any) -> httpx2.AsyncClient:
        """A new person's signed-in browser."""
        await self.add_person(email, **more)
        return await self.browser(email)


def cheap_passwords() -> Passwords:
    """argon2 with the least work it takes: tests count hashings, they do not time them."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@asynccontextmanager
async def open_site(folder: Path, *, now: int | None = None, **settings: Any) -> AsyncIterator[Site]:
    """The app, started as uvicorn would start it, at `now` (milliseconds since 1970)."""
    clock = ManualClock() if now is None else ManualClock(now)
    app = build_app(Settings(data_dir=folder, **settings), clock=clock, passwords=cheap_passwords(), static=folder / "static")
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        site = Site(app, clock, stack)
        site.parts.listeners.append(site.changes.append)
        yield site
