"""The composition root: Settings in, Starlette app out. Every object is built here once, every route is listed here."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from server.access.actor import Actor
from server.access.change import AccessChange
from server.accounts import demo
from server.accounts.api import AccountsApi
from server.accounts.audit import AuditApi
from server.accounts.service import AccountService
from server.acts.api import ActsApi
from server.acts.demo_act import make_demo_act
from server.acts.model import Wanted
from server.acts.participants import ParticipantService
from server.acts.service import ActService
from server.acts.texts import TextService
from server.approval.api import ApprovalApi
from server.approval.assessing import Assessor
from server.approval.engine import DeadlineEngine
from server.approval.office import Office
from server.approval.policy_file import default_rules, load
from server.approval.positions import PositionService
from server.approval.sealing import SealService
from server.auth.api import AuthApi
from server.auth.authenticator import Authenticator
from server.auth.passwords import Passwords
from server.auth.service import AuthService
from server.authorship.api import AuthorshipApi
from server.authorship.service import AuthorshipService
from server.broker.broker import Broker
from server.broker.local import LocalBroker
from server.broker.redis import RedisBroker
from server.clock import Clock, now_ms
from server.comments.api import CommentsApi
from server.comments.remarks import RemarkService
from server.comments.service import CommentService
from server.compare.api import CompareApi
from server.compare.service import CompareService
from server.compare.sources import Sources
from server.db.engine import Database, open_database
from server.db.instance import cluster_in
from server.db.migrate import migrate
from server.http.errors import ErrorMiddleware, answer_http_exception
from server.http.frontend import FrontEnd
from server.http.health import Health
from server.http.middleware import CrossSiteCheck, ProxyChain, RequestLog, SecurityHeaders, TrustedProxies, parse_networks
from server.http.openapi import describe
from server.http.routing import Endpoint, build_routes
from server.ids import DocumentId, NewId, new_id
from server.journal.compaction import Compactor, prove_with
from server.journal.journal import Journal
from server.journal.sql import SqlJournal
from server.journal.writer import JournalWriter
from server.observability.loop import LoopWatch
from server.observability.metrics import Metrics
from server.operations.api import OperatorApi
from server.operations.metrics import MetricsEndpoint, ProcessMetrics
from server.operations.nodes import Nodes
from server.operations.service import OperatorService
from server.rooms.fanout import View
from server.rooms.http import http_routes
from server.rooms.inside import InsideWriter
from server.rooms.registry import Registry
from server.rooms.rights import Rights
from server.rooms.socket import SyncEndpoint, sync_routes
from server.rooms.surroundings import Surroundings
from server.rooms.upgrade import Door
from server.settings import Settings
from server.suggestions.api import SuggestionsApi
from server.suggestions.service import SuggestionService
from server.suggestions.store import decide_in
from server.versions.api import VersionsApi
from server.versions.freezing import freeze_base
from server.versions.history import HistoryService
from server.versions.history_api import HistoryApi
from server.versions.packaging import PackageService
from server.versions.playback import Playback
from server.versions.points import RestorePoints
from server.versions.restoring import RestoreService
from server.versions.service import VersionService
from server.workers.pool import Workers

STATIC = Path(__file__).parent / "static"


class Listeners(list[Callable[[AccessChange], None]]):
    """Who is told that rights changed; calling it tells them all."""

    def __call__(self, change: AccessChange) -> None:
        for listener in self:
            listener(change)


@dataclass(slots=True, kw_only=True)
class Parts:
    """What the app is made of, for the command line and for tests; `app.state.parts`."""

    settings: Settings
    clock: Clock
    make_id: NewId
    database: Database
    journal: Journal
    acts: ActService
    participants: ParticipantService
    suggestions: SuggestionService
    versions: VersionService
    packages: PackageService
    points: RestorePoints
    playback: Playback
    history: HistoryService
    comparisons: CompareService
    office: Office
    passwords: Passwords
    metrics: Metrics
    health: Health
    nodes: Nodes
    authenticator: Authenticator
    auth: AuthService
    accounts: AccountService
    writer: JournalWriter
    broker: Broker
    compactor: Compactor
    workers: Workers
    registry: Registry
    deadlines: DeadlineEngine
    listeners: Listeners
    loop_watch: LoopWatch = field(default_factory=LoopWatch)
    endpoints: Sequence[Endpoint[Any]] = ()  # Any: each its own input
    have_ended: bool = False
    """The parts that run beside the requests have; when one of them failed, all did."""

    async def drain(self) -> None:
        """Take no more work, and return when everything taken is on disk."""
        self.health.draining = True
        await self.registry.drain()


def build_app(
    settings: Settings, *, clock: Clock = now_ms, make_id: NewId = new_id, passwords: Passwords | None = None, static: Path = STATIC
) -> Starlette:
    """The whole server. Nothing is opened before the app's lifespan begins but the database's pool. Raises ConfigurationError."""
    parts = _build_parts(settings, clock, make_id, passwords or Passwords())
    door = Door(SyncEndpoint(parts.registry, parts.authenticator), ProxyChain(parse_networks(settings.trusted_proxies)))
    app = Starlette(
        routes=_routes(parts, door.endpoint, static),
        middleware=[
            Middleware(TrustedProxies, chain=door.chain),
            Middleware(RequestLog, new_id=make_id, metrics=parts.metrics),
            Middleware(SecurityHeaders),
            Middleware(ErrorMiddleware),
            Middleware(CrossSiteCheck, public_url=settings.public_url),
        ],
        exception_handlers={HTTPException: answer_http_exception},
        lifespan=_lifespan,
    )
    app.state.parts = parts
    app.state.door = door
    return app


def _build_parts(settings: Settings, clock: Clock, make_id: NewId, passwords: Passwords) -> Parts:
    tell = Listeners()

    def show(document: DocumentId, view: View) -> None:
        registry.tell(document, view)

    database = open_database(settings.database_url, settings.data_dir)
    authenticator = Authenticator(database, clock, demo=settings.demo)
    metrics = Metrics()
    auth = _auth(settings, database, clock, make_id, passwords, metrics, tell)
    accounts = AccountService(database, passwords, clock, make_id, on_access_changed=tell)
    journal = SqlJournal(database, clock, decide_in)
    acts = ActService(database, clock, make_id, freeze_base)
    suggestions = SuggestionService(database, clock, show)
    versions = VersionService(database, journal, clock, show)
    workers = Workers(settings.workers)
    points = RestorePoints(database, journal, clock, prove_with(workers))
    playback = Playback(journal, points)
    history = HistoryService(database, journal, versions, playback)
    comparisons = CompareService(Sources(versions, history, journal))
    writer = JournalWriter(journal)
    broker: Broker = RedisBroker(settings.redis_url) if settings.redis_url else LocalBroker()
    compactor = Compactor(journal, prove_with(workers))
    compact = points.with_compaction(compactor.compact_if_due)
    around = partial(Surroundings, settings=settings, clock=clock, journal=journal, writer=writer, broker=broker, sessions=authenticator)
    registry = Registry(around(authorize=Rights(acts.accesses, accounts), compact=compact, records=suggestions, workers=workers))
    tell.append(registry.access_changed)
    rules = load(Path(settings.policy_file)) if settings.policy_file else default_rules()
    parts = Parts(
        settings=settings,
        clock=clock,
        make_id=make_id,
        database=database,
        journal=journal,
        acts=acts,
        participants=ParticipantService(database, clock, on_access_changed=tell),
        suggestions=suggestions,
        versions=versions,
        packages=PackageService(database, clock, versions),
        points=points,
        playback=playback,
        history=history,
        comparisons=comparisons,
        office=(office := Office(database, clock, make_id, rules, Assessor(versions, comparisons, rules.policy), show)),
        passwords=passwords,
        metrics=metrics,
        health=(health := Health(database, clock, broker.state)),
        nodes=Nodes(broker, registry, health, clock),
        authenticator=authenticator,
        auth=auth,
        accounts=accounts,
        writer=writer,
        broker=broker,
        compactor=compactor,
        workers=workers,
        registry=registry,
        deadlines=DeadlineEngine(PositionService(office), clock, time.monotonic),
        listeners=tell,
    )
    return replace(parts, endpoints=_endpoints(parts, tell, show))


def _auth(  # noqa: PLR0913 - what signing in is made of
    settings: Settings,
    database: Database,
    clock: Clock,
    make_id: NewId,
    passwords: Passwords,
    metrics: Metrics,
    tell: Callable[[AccessChange], None],
) -> AuthService:
    return AuthService(
        database,
        passwords,
        clock,
        make_id,
        on_access_changed=tell,
        on_sign_in=lambda outcome: metrics.sign_ins.labels(outcome).inc(),
        session_days=settings.session_days,
        demo=settings.demo,
    )


def _endpoints(
    parts: Parts, tell: Callable[[AccessChange], None], show: Callable[[DocumentId, View], None]
) -> Sequence[Endpoint[Any]]:  # Any: each its own input
    """Every operation of the API; `tell` says that rights changed, `show` tells a document's room something."""
    settings, database, journal, clock = parts.settings, parts.database, parts.journal, parts.clock
    restoring = RestoreService(database, parts.versions, parts.points, InsideWriter(parts.registry), clock)
    texts = TextService(database, journal, parts.workers)
    operator = OperatorService(database, journal, parts.registry, parts.broker, parts.playback, parts.points, parts.workers, clock)
    return [
        *AuthApi(parts.auth, parts.authenticator, parts.acts.access).endpoints(),
        *AccountsApi(parts.accounts, parts.authenticator, demo_mode=settings.demo).endpoints(),
        *AuditApi(database).endpoints(),
        *OperatorApi(operator, parts.nodes).endpoints(),
        *ActsApi(parts.acts, parts.participants, texts, parts.packages.export, max_upload_bytes=settings.max_upload_bytes).endpoints(),
        *SuggestionsApi(parts.suggestions).endpoints(),
        *AuthorshipApi(AuthorshipService(database, journal)).endpoints(),
        *VersionsApi(parts.versions, restoring).endpoints(),
        *HistoryApi(parts.history).endpoints(),
        *CompareApi(parts.comparisons, max_upload_bytes=settings.max_upload_bytes).endpoints(),
        *ApprovalApi(parts.office, SealService(parts.office, journal, on_access_changed=tell)).endpoints(),
        *CommentsApi(
            CommentService(database, clock, parts.make_id, show),
            RemarkService(database, clock, parts.make_id, show, parts.suggestions),
        ).endpoints(),
    ]


def _routes(parts: Parts, sync: SyncEndpoint, static: Path) -> list[BaseRoute]:
    document = cache(partial(describe, parts.endpoints, version("zlahoda")))  # half a second of work that a start need not wait for

    async def openapi(_request: Request) -> Response:
        return JSONResponse(document(), headers={"cache-control": "no-cache"})

    return [
        *sync_routes(sync),  # first: a thousand may come at once
        *build_routes(parts.endpoints, parts.authenticator),
        Route("/api/openapi.json", openapi),
        *parts.health.routes(),
        *_metrics_routes(parts),
        *http_routes(parts.registry, parts.authenticator),
        *FrontEnd(static).routes(),
    ]


def _metrics_routes(parts: Parts) -> list[Route]:
    parts.metrics.registry.register(
        ProcessMetrics(parts.registry, parts.writer, parts.broker, parts.compactor, parts.workers, parts.loop_watch, parts.clock)
    )
    networks = parse_networks(parts.settings.metrics_addresses, "ZLAHODA_METRICS_ADDRESSES")
    return MetricsEndpoint(parts.metrics, parts.authenticator, token=parts.settings.metrics_token, networks=networks).routes()


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    cluster = await prepare(parts)
    parts.nodes.drain = parts.drain
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(part.run())
                for part in (parts.writer, parts.suggestions, parts.registry, parts.points, parts.deadlines, parts.loop_watch, parts.nodes)
            ]
            running.append(tasks.create_task(parts.broker.run(cluster)))
            yield
            await parts.drain()
            for task in running:
                task.cancel()
    finally:
        parts.have_ended = True
        parts.passwords.close()
        parts.playback.close()
        await parts.workers.close()
        await parts.database.close()


async def prepare(parts: Parts) -> str:
    """Bring the database to today's schema and add the bodies, and for a demo its people; the name its processes have in common.

    Safe to repeat. Writes in any case, so that a database that only reads is found here.
    """
    await migrate(parts.database)
    await parts.accounts.seed(demo.PEOPLE if parts.settings.demo else ())
    if parts.settings.demo:
        await _seed_demo_act(parts)
    return await parts.database.write(lambda connection: cluster_in(connection, parts.make_id))


async def _seed_demo_act(parts: Parts) -> None:
    found = [await parts.accounts.find_by_email(person.email) for person in demo.PEOPLE]
    people = {demo.key_of(person.email): Actor(person.id, person.name, person.body, person.role) for person in found if person is not None}
    drafter = people["drafter-mvs"]
    if not (await parts.acts.list(drafter, Wanted())).cards:
        await make_demo_act(parts.acts, parts.participants, people)
