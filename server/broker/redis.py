"""The wire over Redis pub/sub: no key is ever written, so that nothing is lost when Redis is flushed, evicts or starts anew (P7).

One connection listens, one speaks. What is published while the last lot is under way goes out in one round trip after it: no timer,
and never one command per edit. Where `PUBLISH` says that nobody else listened, the node is silent about that document until another
one joins. While Redis is away everything is dropped; when it is back every subscriber is told `Interrupted` and reads the journal.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.broker import wire
from server.broker.broker import (
    BrokerMessage,
    Changed,
    Committed,
    Interrupted,
    Joined,
    Notice,
    NoticeReceiver,
    Present,
    Receiver,
    WireState,
)
from server.errors import ConfigurationError
from server.ids import DocumentId

CONFIRM_TIMEOUT_S = 1.0
"""How long a room that opens waits for Redis to confirm its subscription; it opens all the same, and reads the journal later."""
ANSWER_TIMEOUT_S = 5.0
RETRY_S = (0.1, 0.5, 1.0, 2.0)
PING_S = 5.0
"""A silent line is asked for a sign of life this often: a cut network sends no end of the connection."""
MAX_WAITING_BYTES = 16 * 1024 * 1024
"""Above this the slow wire gets nothing more: receivers find the gap and read the journal."""

_MAX_REASONS = 16
"""Kinds of unreadable messages that are told."""

_log = structlog.get_logger(__name__)
_FAILURES = (RedisError, OSError, TimeoutError)

_Waiting = tuple[str, BrokerMessage | Notice]
"""A channel without the cluster's prefix, and what goes there."""


@dataclass(slots=True)
class BrokerCounters:
    """For /metrics."""

    published: int = 0
    round_trips: int = 0
    heard: int = 0
    dropped: int = 0
    unreadable: int = 0
    interruptions: int = 0


_NOTICES = "notices"
"""The channel of notices; no document is named so."""


@dataclass(slots=True)
class _Topic:
    """One document here. `alone`: at the last publishing nobody else listened, and nobody was heard since; `heard` counts messages."""

    document: DocumentId
    subscriptions: list["RedisSubscription"] = field(default_factory=list)
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)
    alone: bool = False
    heard: int = 0
    late: bool = False
    """Somebody here went on without the confirmation: on it they are told that they may have missed something."""


class RedisBroker:
    """Fulfils Broker between processes that share a database; two clusters may share one Redis."""

    def __init__(self, url: str) -> None:
        """Raises ConfigurationError for an address that is none; nothing is connected before `run`."""
        self.counters = BrokerCounters()
        self.is_up = False
        self._sender = wire.Sender(secrets.token_bytes(wire.SENDER_BYTES))
        self._prefix = ""
        self._redis = _client(url)
        self._pubsub: PubSub | None = None
        self._topics: dict[DocumentId, _Topic] = {}
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0
        self._something_waits = asyncio.Event()
        self._notice_receivers: list[NoticeReceiver] = []
        self._signs_of_life = 0
        self._unreadable: set[str] = set()

    # -- Broker --------------------------------------------------------------------------------------------------------

    async def subscribe(self, document: DocumentId, receiver: Receiver) -> "RedisSubscription":
        topic = self._topics.get(document)
        if topic is None:
            topic = self._topics[document] = _Topic(document)
        subscription = RedisSubscription(self, topic, receiver)
        topic.subscriptions.append(subscription)
        if len(topic.subscriptions) == 1:
            await self._listen(topic)
        await self._wait_for(topic)
        if topic.confirmed.is_set():
            subscription.publish(Joined(document))
        return subscription

    def announce(self, message: Changed | Notice) -> None:
        self._put(_NOTICES if isinstance(message, Notice) else message.document, message)

    def on_notice(self, receiver: NoticeReceiver) -> None:
        self._notice_receivers.append(receiver)

    def state(self) -> WireState:
        counted = self.counters
        outcomes = ("published", "heard", "dropped", "unreadable")
        messages = {outcome: getattr(counted, outcome) for outcome in outcomes}
        return WireState(
            has_wire=True, is_up=self.is_up, messages=messages, round_trips=counted.round_trips, interruptions=counted.interruptions
        )

    # -- for subscriptions ---------------------------------------------------------------------------------------------

    def publish(self, subscription: "RedisSubscription", message: BrokerMessage) -> None:
        """To the document's other subscribers in this process, and over the wire."""
        topic = subscription.topic
        loop = asyncio.get_running_loop()
        for other in topic.subscriptions:
            if other is not subscription:
                loop.call_soon(other.deliver, message)
        if not topic.alone:
            self._put(topic.document, message)

    async def cancel(self, subscription: "RedisSubscription") -> None:
        """Take one subscriber off; the last one takes the channel with it."""
        topic = subscription.topic
        if subscription in topic.subscriptions:
            topic.subscriptions.remove(subscription)
        if topic.subscriptions or self._topics.get(topic.document) is not topic:
            return
        del self._topics[topic.document]
        if self._pubsub is not None:
            with contextlib.suppress(*_FAILURES):
                await self._pubsub.unsubscribe(self._prefix + topic.document)

    # -- running -------------------------------------------------------------------------------------------------------

    async def run(self, cluster: str) -> None:
        """Keep both connections up until cancelled."""
        self._prefix = f"zlahoda:{cluster}:"
        attempt = 0
        try:
            while True:
                try:
                    async with self._connected() as pubsub:
                        attempt = 0
                        await self._serve(pubsub)
                except* _FAILURES as group:
                    if attempt == 0:  # once for each time it goes away
                        _log.warning("Redis does not answer; nodes follow the journal meanwhile", reason=_reason(group))
                await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
                attempt += 1
        finally:
            await self._redis.aclose()

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[PubSub]:
        """Listening to every channel there is and will be."""
        pubsub = self._redis.pubsub()
        try:
            await pubsub.subscribe(self._prefix + _NOTICES)
            self._pubsub = pubsub
            self.is_up = True
            if self._topics:
                await pubsub.subscribe(*(self._prefix + topic.document for topic in self._topics.values()))
            yield pubsub
        finally:
            self.is_up = False
            self._pubsub = None
            self.counters.interruptions += 1
            self._forget_waiting()
            for topic in self._topics.values():
                topic.confirmed.clear()
                topic.late = True
            with contextlib.suppress(*_FAILURES):
                await pubsub.aclose()  # type: ignore[no-untyped-call]
                await self._redis.connection_pool.disconnect()  # an answer may still be on its way there

    async def _serve(self, pubsub: PubSub) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hear(pubsub))
            tasks.create_task(self._speak())
            tasks.create_task(self._ping(pubsub))

    # -- listening -----------------------------------------------------------------------------------------------------

    async def _listen(self, topic: _Topic) -> None:
        if self._pubsub is not None:
            with contextlib.suppress(*_FAILURES):  # `run` sees the same failure and connects anew
                async with asyncio.timeout(CONFIRM_TIMEOUT_S):
                    await self._pubsub.subscribe(self._prefix + topic.document)

    async def _wait_for(self, topic: _Topic) -> None:
        try:
            async with asyncio.timeout(CONFIRM_TIMEOUT_S if self.is_up else 0):
                await topic.confirmed.wait()
        except TimeoutError:
            topic.late = True

    async def _ping(self, pubsub: PubSub) -> None:
        while not _is_ending():
            before = self._signs_of_life
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                await pubsub.ping()
            await asyncio.sleep(PING_S)
            if self._signs_of_life == before:
                raise TimeoutError

    async def _hear(self, pubsub: PubSub) -> None:
        while not _is_ending():
            message = await pubsub.get_message(timeout=None)
            self._signs_of_life += 1
            match message:
                case {"type": "message", "channel": bytes(channel), "data": bytes(data)}:
                    if not self._sender.wrote(data):
                        self._take(channel.decode().removeprefix(self._prefix), data)
                case {"type": "subscribe", "channel": bytes(channel)}:
                    self._confirm(channel.decode().removeprefix(self._prefix))
                case _:
                    pass  # a pong, or the end of a subscription

    def _confirm(self, name: str) -> None:
        """Redis sends this channel's messages from now on; what came before is in the journal."""
        topic = self._topics.get(DocumentId(name))
        if topic is None:
            return
        topic.confirmed.set()
        topic.alone = False
        if topic.late:
            topic.late = False
            for subscription in list(topic.subscriptions):
                subscription.deliver(Interrupted(topic.document))
            self._put(name, Joined(topic.document))

    def _take(self, name: str, data: bytes) -> None:
        """One message of another node. What cannot be read counts as lost."""
        self.counters.heard += 1
        if name == _NOTICES:
            self._take_notice(data)
            return
        topic = self._topics.get(DocumentId(name))
        if topic is None:
            return
        message: BrokerMessage
        try:
            message = wire.decode(data, topic.document)
        except wire.Unreadable as error:
            self._count_unreadable(error)
            message = Interrupted(topic.document)
        topic.alone = False
        topic.heard += 1
        for subscription in list(topic.subscriptions):
            subscription.deliver(message)

    def _take_notice(self, data: bytes) -> None:
        try:
            notice = wire.decode_notice(data)
        except wire.Unreadable as error:
            self._count_unreadable(error)
            return
        for receiver in self._notice_receivers:
            receiver(notice)

    def _count_unreadable(self, error: wire.Unreadable) -> None:
        """A node of another version, or garbage: said once for each reason, however many messages come."""
        self.counters.unreadable += 1
        reason = str(error)
        if reason not in self._unreadable and len(self._unreadable) < _MAX_REASONS:
            self._unreadable.add(reason)
            _log.warning("another node's messages cannot be read; what they bring is read from the journal", reason=reason)

    # -- speaking ------------------------------------------------------------------------------------------------------

    def _put(self, channel: str, message: BrokerMessage | Notice) -> None:
        size = _size(message)
        if not self.is_up or self._waiting_bytes + size > MAX_WAITING_BYTES:
            self.counters.dropped += 1
            return
        self._waiting.append((channel, message))
        self._waiting_bytes += size
        self._something_waits.set()

    def _forget_waiting(self) -> None:
        self.counters.dropped += len(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        self._something_waits.clear()

    async def _speak(self) -> None:
        while not _is_ending():
            await self._something_waits.wait()
            lot, self._waiting = self._waiting, []
            self._waiting_bytes = 0
            self._something_waits.clear()
            async with asyncio.timeout(ANSWER_TIMEOUT_S):  # not wait_for: in Python 3.11 it may swallow the end of the task
                await self._send(_joined_up(lot))

    async def _send(self, lot: list[_Waiting]) -> None:
        topics = [self._topics.get(DocumentId(channel)) for channel, _ in lot]
        heard_of = [topic and topic.heard for topic in topics]
        async with self._redis.pipeline(transaction=False) as pipeline:
            for channel, message in lot:
                pipeline.publish(self._prefix + channel, wire.encode(message, self._sender))
            listening = await pipeline.execute()
        self.counters.published += len(lot)
        self.counters.round_trips += 1
        for topic, count, before in zip(topics, listening, heard_of, strict=True):
            if topic is not None and topic.heard == before:
                topic.alone = count <= 1  # ourselves


class RedisSubscription:
    """Fulfils Subscription."""

    def __init__(self, broker: RedisBroker, topic: _Topic, receiver: Receiver) -> None:
        self.topic = topic
        self._broker = broker
        self._receiver = receiver
        self._cancelled = False

    def publish(self, message: BrokerMessage) -> None:
        self._broker.publish(self, message)

    def deliver(self, message: BrokerMessage) -> None:
        """Hand over one message, unless the subscription was cancelled meanwhile."""
        if not self._cancelled:
            self._receiver(message)

    async def cancel(self) -> None:
        self._cancelled = True
        await self._broker.cancel(self)


def _is_ending() -> bool:
    """The running task was told to end: redis-py may swallow that while it reads or writes. (Says too much in a TaskGroup's own task.)"""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _client(url: str) -> "Redis":
    """A client that repeats nothing by itself: `run` must know of every interruption. Raises ConfigurationError."""
    try:
        return Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=ANSWER_TIMEOUT_S,
            health_check_interval=0,
            client_name="zlahoda",
        )
    except ValueError as error:
        raise ConfigurationError(f"ZLAHODA_REDIS_URL: {error}; write redis://host:port/0 or rediss://…") from None


def _joined_up(lot: list[_Waiting]) -> list[_Waiting]:
    """Neighbouring runs of one document's updates as one message, and what says the same again left out."""
    result: list[_Waiting] = []
    for channel, message in lot:
        if isinstance(message, Changed) and (channel, message) in result:
            continue
        if isinstance(message, Committed) and result:
            before = result[-1][1]
            if isinstance(before, Committed) and _follows(before, message):
                result[-1] = (channel, Committed(before.document, before.epoch, before.first, before.entries + message.entries))
                continue
        result.append((channel, message))
    return result


def _follows(before: Committed, message: Committed) -> bool:
    same = before.document == message.document and before.epoch == message.epoch
    return same and before.first + len(before.entries) == message.first


def _size(message: BrokerMessage | Notice) -> int:
    match message:
        case Committed(entries=entries):
            return sum(len(entry.update) for entry in entries)
        case Present(update=update):
            return len(update)
        case _:
            return 0


def _reason(group: BaseExceptionGroup[Exception]) -> str:
    """The first failure in words; an address may hold a password and is not in it."""
    first = group.exceptions[0]
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return type(first).__name__
