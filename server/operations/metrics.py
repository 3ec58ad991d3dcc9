"""`/metrics` in Prometheus' text format: read from what the parts count anyway, only when somebody asks."""

import time
from collections.abc import Iterator, Sequence
from hmac import compare_digest
from ipaddress import ip_address

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.access.policy import Action, can
from server.auth.authenticator import Authenticator
from server.broker.broker import Broker
from server.clock import Clock
from server.errors import NotFound, NotSignedIn
from server.http.middleware import Network
from server.journal.compaction import Compactor
from server.journal.writer import JournalWriter
from server.observability.loop import LoopWatch
from server.observability.metrics import Metrics, Timing
from server.rooms.registry import Registry
from server.workers.pool import Workers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class ProcessMetrics(Collector):
    """The state of rooms, journal, wire and loop at the moment of asking."""

    def __init__(  # noqa: PLR0913 - everything that is counted
        self,
        registry: Registry,
        writer: JournalWriter,
        broker: Broker,
        compactor: Compactor,
        workers: Workers,
        loop: LoopWatch,
        clock: Clock,
    ) -> None:
        self._registry = registry
        self._writer = writer
        self._broker = broker
        self._compactor = compactor
        self._workers = workers
        self._loop = loop
        self._clock = clock

    def collect(self) -> Iterator[_Family]:
        """As Prometheus' library asks."""
        yield from self._rooms()
        yield from self._edits()
        yield from self._journal()
        yield from self._wire()
        yield from self._heavy()
        yield _histogram("zlahoda_event_loop_late_seconds", "How late a timer of the event loop rang", self._loop.late)
        yield _gauge("zlahoda_event_loop_longest_late_seconds", "The latest since the start", self._loop.longest_s)

    def _rooms(self) -> Iterator[_Family]:
        registry = self._registry
        waiting = [seat.connection.transport.buffered_bytes for seat in registry.seats]
        stopped = sum(home.room.saving_stopped for home in registry.homes)
        yield _gauge("zlahoda_rooms", "Documents open in this process", len(registry.homes))
        yield _gauge("zlahoda_rooms_saving_stopped", "Open documents whose edits cannot be saved now", stopped)
        yield _gauge("zlahoda_connections", "Live connections to documents", len(registry.seats))
        yield _gauge("zlahoda_sockets", "WebSockets open", registry.socket_count)
        yield _gauge("zlahoda_outbox_bytes", "Bytes that wait for slow clients", sum(waiting))
        yield _gauge("zlahoda_outbox_largest_bytes", "Bytes that wait for the slowest client", max(waiting, default=0))
        behind = sum(seat.connection.behind is not None for seat in registry.seats)
        yield _gauge("zlahoda_connections_behind", "Slow clients that will be caught up by difference", behind)
        yield _gauge("zlahoda_draining", "1 while the process takes no more work", registry.draining)

    def _edits(self) -> Iterator[_Family]:
        counters = self._registry.counters
        yield _counter("zlahoda_updates", "Updates saved and shown", counters.updates)
        yield _counter("zlahoda_update_bytes", "Bytes of updates saved and shown", counters.update_bytes)
        yield _counter("zlahoda_batches", "Batches saved and shown", counters.batches)
        yield _counter("zlahoda_frames", "Frames sent to clients", counters.frames)
        refused = CounterMetricFamily("zlahoda_updates_refused", "Updates turned down, by rule (docs/spec/guard.md)", labels=["rule"])
        for rule, count in sorted(counters.refusals.items()):
            refused.add_metric([rule], count)
        yield refused
        yield _counter("zlahoda_resyncs", "Times a client was asked to send everything we lack", counters.resyncs)
        yield _counter("zlahoda_updates_quarantined", "Updates that could not be applied and are kept", counters.quarantined)
        yield _counter("zlahoda_updates_caught_up", "Updates of other nodes taken from the wire or the journal", counters.caught_up)
        yield _counter("zlahoda_rooms_failed", "Rooms that were dropped after an error inside", counters.failed_rooms)
        yield _histogram("zlahoda_fan_out_seconds", "From a commit's answer to the last frame in an outbox", counters.show_seconds)

    def _journal(self) -> Iterator[_Family]:
        counters, done = self._writer.counters, self._compactor.counters
        pending = sum(home.room.pending_bytes for home in self._registry.homes)
        yield _histogram("zlahoda_journal_append_seconds", "Time of a group commit", counters.commit_times)
        yield _counter("zlahoda_journal_commits", "Group commits", counters.commits)
        yield _counter("zlahoda_journal_failures", "Shares of documents that could not be stored and are tried again", counters.failures)
        yield _counter("zlahoda_save_failures", "Attempts of rooms to save that failed", self._registry.counters.save_failures)
        yield _gauge("zlahoda_journal_waiting_bytes", "Bytes that wait for the next commit", counters.waiting_bytes)
        yield _gauge("zlahoda_pending_bytes", "Bytes received by rooms and not on disk", pending)
        yield _gauge("zlahoda_journal_lag_seconds", "How long the oldest unsaved edit has waited", self.lag_s())
        yield _counter("zlahoda_checkpoints", "Checkpoints made", done.done)
        yield _counter("zlahoda_checkpoints_refused", "Checkpoints that could not be proved: look at the log", done.refused)
        yield _counter("zlahoda_checkpoints_put_off", "Checkpoints that wait for missing updates", done.waiting)
        yield _counter("zlahoda_checkpoint_seconds", "Time spent on checkpoints", done.seconds)

    def lag_s(self) -> float:
        """How long the oldest unsaved edit has waited, in seconds; 0 when everything is on disk."""
        began = [since for home in self._registry.homes if (since := home.room.unsaved_since) is not None]
        lag_s = (self._clock() - min(began)) / 1000 if began else 0.0
        commit = self._writer.counters.commit_began
        return max(lag_s, 0.0 if commit is None else time.perf_counter() - commit)

    def _wire(self) -> Iterator[_Family]:
        state = self._broker.state()
        yield _gauge("zlahoda_redis_configured", "1 where several processes follow each other over Redis", state.has_wire)
        yield _gauge("zlahoda_redis_up", "1 while Redis answers", state.has_wire and state.is_up)
        messages = CounterMetricFamily("zlahoda_redis_messages", "Messages between nodes, by what became of them", labels=["outcome"])
        for outcome, count in state.messages.items():
            messages.add_metric([outcome], count)
        yield messages
        yield _counter("zlahoda_redis_round_trips", "Round trips to Redis", state.round_trips)
        yield _counter("zlahoda_redis_interruptions", "Times the connection to Redis ended", state.interruptions)

    def _heavy(self) -> Iterator[_Family]:
        counted = self._workers.counters
        work = CounterMetricFamily("zlahoda_worker_jobs", "Heavy work of the processes beside the server, by outcome", labels=["outcome"])
        for outcome in ("done", "failed", "died", "timed_out"):
            work.add_metric([outcome], getattr(counted, outcome))
        yield work
        yield _gauge("zlahoda_worker_waiting", "Heavy work that waits or is under way", counted.waiting)
        yield _counter("zlahoda_worker_seconds", "Time the processes beside the server worked", counted.seconds)


class MetricsEndpoint:
    """Answers scrapes of `/metrics`: by the token of the settings, from an allowed address, or for an administrator."""

    def __init__(self, metrics: Metrics, authenticator: Authenticator, *, token: str, networks: Sequence[Network]) -> None:
        self._metrics = metrics
        self._authenticator = authenticator
        self._token = token
        self._networks = networks

    async def read(self, request: Request) -> Response:
        """Raises NotFound to whoever may not ask: that there is something here is nobody else's business."""
        if not await self._may_read(request):
            raise NotFound
        return Response(generate_latest(self._metrics.registry), headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE)

    async def _may_read(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if self._token and scheme.lower() == "bearer" and compare_digest(given.strip().encode(), self._token.encode()):
            return True
        if self._is_allowed(request.client.host if request.client else ""):
            return True
        try:
            return can(await self._authenticator.from_request(request), Action.OPERATE)
        except NotSignedIn:
            return False

    def _is_allowed(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    def routes(self) -> list[Route]:
        return [Route("/metrics", self.read)]


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, value=float(value))


def _counter(name: str, help_text: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(name, help_text, value=float(value))


def _histogram(name: str, help_text: str, timing: Timing) -> HistogramMetricFamily:
    return HistogramMetricFamily(name, help_text, buckets=timing.buckets(), sum_value=timing.total_s)
