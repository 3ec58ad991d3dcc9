"""The wire over a real Redis: what it may lose it says it lost, and Redis may do whatever it likes (P7)."""

import asyncio
import contextlib
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from server.broker import wire
from server.broker.broker import BrokerMessage, Changed, Committed, Interrupted, Joined, Notice, Present
from server.broker.redis import RedisBroker
from server.errors import ConfigurationError
from server.ids import DocumentId, Epoch, Seq, UserId
from server.journal.journal import Entry
from tests.broker.nodes import node, until
from tests.services import RedisService, redis

pytestmark = pytest.mark.services

ACT, OTHER = DocumentId("a" * 32), DocumentId("b" * 32 + ".записка")


@pytest.fixture
def own_redis() -> Iterator[RedisService]:
    """A Redis that may be killed."""
    with redis() as server:
        yield server


def committed(first: int, *words: str) -> Committed:
    return Committed(ACT, Epoch("0" * 16), Seq(first), tuple(Entry(word.encode(), UserId("олена")) for word in words))


async def test_a_burst_of_updates_goes_in_few_round_trips_and_arrives_as_runs(redis_server: RedisService) -> None:
    heard: list[BrokerMessage] = []
    async with node(redis_server.url) as one, node(redis_server.url) as two:
        speaker = await one.subscribe(ACT, print)
        await two.subscribe(ACT, heard.append)
        for number in range(1, 1001):
            speaker.publish(committed(number, f"слово {number}"))
        await until(lambda: sum(len(each.entries) for each in heard if isinstance(each, Committed)) == 1000)
        words = [entry.update.decode() for each in heard if isinstance(each, Committed) for entry in each.entries]
        assert words == [f"слово {number}" for number in range(1, 1001)]
        assert one.counters.round_trips <= 5


async def test_a_node_that_is_alone_with_a_document_says_nothing_until_somebody_joins(redis_server: RedisService) -> None:
    async with node(redis_server.url, "сам") as one:
        speaker = await one.subscribe(ACT, print)
        await until(lambda: one.counters.published == 1)  # Joined, heard by nobody
        for number in range(1, 101):
            speaker.publish(committed(number, "ніхто не чує"))
        assert one.counters.published + len(one._waiting) == 1
        heard: list[BrokerMessage] = []
        joined: list[BrokerMessage] = []
        await speaker.cancel()
        speaker = await one.subscribe(ACT, joined.append)
        async with node(redis_server.url, "сам") as two:
            await two.subscribe(ACT, heard.append)
            await until(lambda: joined == [Joined(ACT)])
            speaker.publish(committed(101, "чуєш?"))
            await until(lambda: heard == [committed(101, "чуєш?")])


async def test_two_clusters_on_one_redis_do_not_hear_each_other(redis_server: RedisService) -> None:
    heard: list[BrokerMessage] = []
    notices: list[Notice] = []
    async with node(redis_server.url, "перший") as one, node(redis_server.url, "другий") as two, node(redis_server.url, "другий") as three:
        await two.subscribe(ACT, heard.append)
        two.on_notice(notices.append)
        stranger = await one.subscribe(ACT, print)
        stranger.publish(committed(1, "чуже"))
        one.announce(Notice("access"))
        await until(lambda: one.counters.published >= 2)
        own = await three.subscribe(ACT, print)
        own.publish(committed(1, "своє"))
        three.announce(Notice("access", (("user", "олена"),)))
        await until(lambda: len(heard) == 2 and notices)
        assert heard == [Joined(ACT), committed(1, "своє")]
        assert notices == [Notice("access", (("user", "олена"),))]


async def test_what_stands_beside_the_text_is_announced_without_a_place_in_the_room(redis_server: RedisService) -> None:
    heard: list[BrokerMessage] = []
    async with node(redis_server.url) as one, node(redis_server.url) as two:
        await two.subscribe(OTHER, heard.append)
        one.announce(Changed(OTHER))
        await until(lambda: heard == [Changed(OTHER)])


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"", id="nothing"),
        pytest.param("сміття".encode(), id="garbage"),
        pytest.param(bytes([0, wire.Kind.JOINED]) + b"12345678", id="of an older version"),
        pytest.param(bytes([wire.VERSION + 1, wire.Kind.JOINED]) + b"12345678", id="of a newer version"),
        pytest.param(bytes([wire.VERSION, 99]) + b"12345678", id="of an unknown kind"),
        pytest.param(bytes([wire.VERSION, wire.Kind.COMMITTED]) + b"12345678\xff\xff", id="broken off"),
    ],
)
async def test_what_cannot_be_read_counts_as_lost_and_the_next_is_heard(redis_server: RedisService, garbage: bytes) -> None:
    heard: list[BrokerMessage] = []
    async with (
        node(redis_server.url, "сміття") as one,
        node(redis_server.url, "сміття") as two,
        Redis.from_url(redis_server.url) as stranger,
    ):
        await two.subscribe(ACT, heard.append)
        await stranger.publish(f"zlahoda:сміття:{ACT}", garbage)
        await stranger.publish("zlahoda:сміття:notices", garbage)
        speaker = await one.subscribe(ACT, print)
        speaker.publish(committed(1, "далі"))
        await until(lambda: len(heard) == 3)
        assert heard == [Interrupted(ACT), Joined(ACT), committed(1, "далі")]
        assert two.counters.unreadable == 2


async def test_after_redis_was_killed_everyone_is_told_once_and_hears_again(own_redis: RedisService) -> None:
    heard: list[BrokerMessage] = []
    async with node(own_redis.url) as one, node(own_redis.url) as two:
        speaker = await one.subscribe(ACT, print)
        await two.subscribe(ACT, heard.append)
        own_redis.kill()
        await until(lambda: not one.is_up and not two.is_up)
        speaker.publish(committed(1, "у порожнечу"))
        late: list[BrokerMessage] = []
        await two.subscribe(OTHER, late.append)  # a room opens without Redis
        own_redis.start()
        await until(lambda: Interrupted(ACT) in heard and Interrupted(OTHER) in late and one.is_up)
        await until(lambda: Joined(ACT) in heard)
        speaker.publish(committed(2, "знову"))
        await until(lambda: committed(2, "знову") in heard)
        assert committed(1, "у порожнечу") not in heard
        assert heard.count(Interrupted(ACT)) == 1


async def test_flushing_redis_and_cutting_its_clients_off_is_survived(own_redis: RedisService) -> None:
    heard: list[BrokerMessage] = []
    async with node(own_redis.url) as one, node(own_redis.url) as two, Redis.from_url(own_redis.url) as operator:
        speaker = await one.subscribe(ACT, print)
        await two.subscribe(ACT, heard.append)
        await operator.flushall()
        assert await operator.keys("*") == []
        speaker.publish(committed(1, "після очищення"))
        await until(lambda: committed(1, "після очищення") in heard)
        await operator.client_kill_filter(_type="pubsub")
        await until(lambda: Interrupted(ACT) in heard)
        await until(lambda: heard[-1] == Joined(ACT))
        speaker.publish(committed(2, "після розриву"))
        await until(lambda: committed(2, "після розриву") in heard)


async def test_a_redis_that_evicts_since_others_have_filled_it_carries_on(own_redis: RedisService) -> None:
    heard: list[BrokerMessage] = []
    async with node(own_redis.url) as one, node(own_redis.url) as two, Redis.from_url(own_redis.url) as stranger:
        await two.subscribe(ACT, heard.append)
        speaker = await one.subscribe(ACT, print)
        await stranger.config_set("maxmemory", "2mb")
        for number, policy in enumerate(("allkeys-lru", "noeviction"), 1):
            await stranger.config_set("maxmemory-policy", policy)
            with contextlib.suppress(ResponseError):  # full, and nothing may go
                for key in range(100):
                    await stranger.set(f"чуже {key}", bytes(100_000))
            speaker.publish(committed(number, policy))
            await until(lambda: len([each for each in heard if isinstance(each, Committed)]) == number)  # noqa: B023 - waited for here
        assert Interrupted(ACT) not in heard


async def test_a_redis_that_does_not_answer_stops_nobody(own_redis: RedisService) -> None:
    async with node(own_redis.url) as one:
        speaker = await one.subscribe(ACT, print)
        other = await one.subscribe(OTHER, print)
        own_redis.pause()
        try:
            for number in range(200):
                speaker.publish(Present(ACT, "присутність".encode() * number))
            late = await one.subscribe(DocumentId("c" * 32), print)
            await asyncio.wait_for(asyncio.gather(late.cancel(), other.cancel()), 30)
            await until(lambda: not one.is_up, "the silence to be noticed")
        finally:
            own_redis.resume()
        await until(lambda: one.is_up)


async def test_a_slow_wire_is_given_no_more_than_it_may_hold(own_redis: RedisService) -> None:
    async with node(own_redis.url) as one, node(own_redis.url) as two:
        await two.subscribe(ACT, print)
        speaker = await one.subscribe(ACT, print)
        own_redis.pause()
        try:
            for number in range(40):
                speaker.publish(Committed(ACT, Epoch("0" * 16), Seq(2 * number + 1), (Entry(bytes(1024 * 1024), UserId("олена")),)))
            assert one.counters.dropped >= 20
            assert one._waiting_bytes <= 16 * 1024 * 1024
        finally:
            own_redis.resume()


@pytest.mark.parametrize("url", ["localhost:6379", "http://127.0.0.1/0", "redis://127.0.0.1:порт/0"])
def test_an_address_that_is_none_is_told_in_one_line(url: str) -> None:
    with pytest.raises(ConfigurationError, match="ZLAHODA_REDIS_URL"):
        RedisBroker(url)


def test_every_message_comes_back_from_its_bytes() -> None:
    sender = wire.Sender(b"12345678")
    messages: list[BrokerMessage] = [
        Committed(ACT, Epoch("1f" * 8), Seq(7), (Entry("Ґанок 🏡".encode(), UserId("олена")), Entry(b"", UserId("петро")))),
        Committed(ACT, Epoch("1f" * 8), Seq(9), ()),
        Present(ACT, b"\x00"),
        Joined(ACT),
        Changed(ACT),
    ]
    for message in messages:
        data = wire.encode(message, sender)
        assert sender.wrote(data)
        assert not wire.Sender(b"87654321").wrote(data)
        assert wire.decode(data, ACT) == message
        for cut in range(len(data)):
            with pytest.raises(wire.Unreadable):
                wire.decode(data[:cut], ACT)
    notice = Notice("access", (("user", "олена"), ("act", "")))
    assert wire.decode_notice(wire.encode(notice, sender)) == notice
    with pytest.raises(TypeError):
        wire.encode(Interrupted(ACT), sender)
